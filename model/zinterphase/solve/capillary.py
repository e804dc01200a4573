"""How the curvature of a metal shifts its equilibrium."""

from dataclasses import dataclass

from dolfinx import fem

from zinterphase.case import Case
from zinterphase.cell.deposit import volume_per_charge
from zinterphase.cell.electrodes import Cell
from zinterphase.fem_types import Function, new_function
from zinterphase.mesh import Domain
from zinterphase.physics.stability import capillarity


@dataclass(frozen=True, eq=False)
class Capillary:
    """Gibbs and Thomson: U = U_flat - gamma Vm/(nF) K with the sum K of the principal curvatures,
    positive where the metal is convex.

    ``function`` is that shift [RT/F] at the nodes of the mesh, ``scale`` [m] that of unit
    curvature.
    """

    function: Function
    scale: float


def capillary_of(case: Case, cell: Cell, domain: Domain) -> Capillary | None:
    """Of a front with a surface energy, flat at first; None without."""
    if case.front is None or case.front.surface_energy == 0.0:
        return None
    space = fem.functionspace(domain.mesh, ("Lagrange", domain.order))
    per_charge = volume_per_charge(cell.working.surface.main)
    scale = capillarity(case.front.surface_energy, per_charge) / cell.bulk.thermal_voltage
    return Capillary(new_function(space, "capillary"), scale)
