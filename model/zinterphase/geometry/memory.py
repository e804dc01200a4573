"""What memory a steady run of a case will take."""

from math import log

from zinterphase.case import Case
from zinterphase.case.levels import LEVELS
from zinterphase.cell.bulk import Bulk
from zinterphase.cell.unknowns import liquid_components
from zinterphase.geometry.quality import MeshQuality

PROCESS = 310e6
"""A rank with its libraries, pictures drawn [bytes]."""
FACTORS = 540.0
"""Factors of MUMPS, those of the richer problem that tells the errors included, per component of a
node, unknown and the logarithm of their number, in 2D [bytes]."""
SOLVE_ALONE = 0.43
"""Share of it without estimates of the error."""
SECOND_ORDER = 0.64
"""Share of it with unknowns of second order, whose richer problem has 9/4 of them and not 4."""
NODE, FIELD_SPLIT, NEXT = 3.6e3, 1.2e3, 0.9e3
"""In 3D, mesh and pictures per node, matrix, multigrid and fields per unknown, and per unknown the
next Jacobian beside the factors of the last, where a solve takes several; estimates of the error
come on top [bytes]."""


def foretold(case: Case, bulk: Bulk, quality: MeshQuality, ranks: int) -> float:
    """Peak of all ranks together [bytes].

    Constants are measured (x86-64, DOLFINx 0.11, PETSc 3.25; 4e3 to 1.6e5 unknowns in 2D at two
    and three components, 3.8e4 to 3.9e5 in 3D): the law is within 15 % there.
    """
    dimension, each = case.geometry.dimension, liquid_components(case, bulk)
    nodes = float(quality.vertices * case.mesh.order**dimension)
    if dimension == 3:
        split = FIELD_SPLIT + (NEXT if LEVELS[case.level].double_layer else 0.0)
        return ranks * PROCESS + (NODE + split * each) * nodes
    share = SECOND_ORDER if case.mesh.order == 2 else 1.0
    if dimension == 1 or case.output.errors is False:
        share *= SOLVE_ALONE
    return ranks * PROCESS + share * FACTORS * each**2 * nodes * log(each * nodes)
