"""Acidity of the liquid and how far it is supersaturated with solids."""

import ufl

from zinterphase.cell.precipitation import solids_of
from zinterphase.expressions import Expr
from zinterphase.levels.base import ElectrodePlane
from zinterphase.materials.aqueous import LITRE, PROTON
from zinterphase.physics.precipitation import ln_saturation
from zinterphase.scales import LN10
from zinterphase.solve.problem import Problem

ACIDITY = "pH"
SATURATION = "saturation_index_"
PRECIPITATION, PRECIPITATE = "precipitation_", "precipitate_"
"""Before the name of a solid."""


def acidity(problem: Problem, plane: ElectrodePlane) -> dict[str, Expr]:
    """`pH` of the pore liquid and the saturation index log10 Omega of each solid that it may form,
    by name; empty where no acid is solved.

    ``plane`` is the liquid's state there. The activity of H+ is its concentration in mol/L.
    """
    found = problem.level.concentrations(problem.unknowns.liquid, problem.media.liquid)
    if PROTON not in found:
        return {}
    fields = {ACIDITY: -ufl.ln(found[PROTON] / LITRE) / LN10}
    for solid in solids_of(problem.case, problem.bulk):
        ln_omega = ln_saturation(solid.ln_saturation, solid.dissolved, plane.ln_activity)
        fields[f"{SATURATION}{solid.name}"] = ln_omega / LN10
    return fields
