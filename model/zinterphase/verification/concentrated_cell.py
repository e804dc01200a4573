"""Concentrated zinc sulphate at level `concentrated`, flat cells of 2 mol/L."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.result import Result
from zinterphase.run import solve
from zinterphase.verification.cells import SLENDER, current, si
from zinterphase.verification.closed import salt_layer as salt
from zinterphase.verification.known import Check, KnownProblem, order_of, relative

SEPARATOR = 0.9 / 1.05
"""Transport factor of the library's glass fibre."""
COAT = 0.5 * 0.7 / 2.0
"""Transport factor of the titania film."""


def cell(
    thickness: float,
    density: float,
    *,
    level: str = "concentrated",
    material: str = "electrolyte",
    films: Sequence[Mapping[str, Any]] = (),
    closed: bool = False,
    rows: int = 100,
    **mesh: str,
) -> Case:
    """Zinc under films and 2 mol/L of ZnSO4, two-step kinetics of 0.5 mA/cm2; a strip."""
    width = thickness / SLENDER
    return Case.from_dict(
        {
            "title": "verification",
            "level": level,
            "geometry": {"width": si(width, "m")},
            "layers": [
                {"name": "zinc", "material": "Zn", "thickness": "50 um"},
                *(dict(film) for film in films),
                {"name": "electrolyte", "material": material, "thickness": si(thickness, "m")},
            ],
            "electrolyte": {"salt": "ZnSO4", "concentration": "2 mol/L"},
            "kinetics": {
                "zinc": {"exchange_current_density": "0.5 mA/cm^2", "contact_fraction": 1.0}
            },
            "counter": {"type": "electrode", "like": "zinc"} if closed else {"type": "reservoir"},
            "control": current(density),
            "mesh": {
                "lateral_size": si(width, "m"),
                "far_size": si(thickness / rows, "m"),
                **mesh,
            },
            "metrics": {"smoothing_radius": si(width / 10, "m")},
        }
    )


def wall(result: Result) -> float:
    """Mean concentration at the metal [mol/m3]."""
    return result.surface.mean("concentration")


def reservoir(comm: MPI.Intracomm) -> Iterator[Check]:
    """Plating and dissolution over 200 um: at 100 mA/cm2 the salt is depleted to a tenth and its
    properties vary by tens of per cent."""
    for density in (-10.0, -1000.0, 250.0):
        at = f"{density:g} A/m2"
        result = solve(cell(200e-6, density, rows=200), comm)
        c, phi, _ = salt.integrate(salt.BULK, density, [(200e-6, 1.0, 0.0)])
        yield relative(f"c at the metal, {at} [mol/m3]", wall(result), c, 1e-4)
        exact = phi + salt.overpotential(density, c)
        yield relative(f"potential, {at} [V]", result.potential, exact, 1e-5)
        assert result.voltage is not None
        parts = [*result.voltage.ohmic.values(), *result.voltage.concentration.values()]
        yield relative(f"drop of the liquid, {at} [V]", sum(parts), phi, 1e-4)


def convergence(comm: MPI.Intracomm) -> Iterator[Check]:
    """Order of the wall concentration at 90 mA/cm2."""
    c, _, _ = salt.integrate(salt.BULK, -900.0, [(200e-6, 1.0, 0.0)])
    sizes = (20e-6, 10e-6, 5e-6)
    cases = [cell(200e-6, -900.0, far_size=si(h, "m"), first_cell=si(h, "m")) for h in sizes]
    errors = [abs(wall(solve(case, comm)) - c) for case in cases]
    yield order_of("c at the metal", sizes, errors, 2.0, 0.2)


def separator(comm: MPI.Intracomm) -> Iterator[Check]:
    """Zinc against zinc through 200 um of glass fibre with the amount of salt kept."""
    for density in (-10.0, -50.0, 500.0):
        at = f"{density:g} A/m2"
        case = cell(200e-6, density, material="separator", closed=True)
        result = solve(case, comm)
        c, top, phi = salt.closed_cell(density, (200e-6, SEPARATOR, 0.0))
        kinetic = salt.overpotential(density, c) - salt.overpotential(-density, top)
        yield relative(f"c at the working electrode, {at} [mol/m3]", wall(result), c, 1e-5)
        yield relative(f"voltage, {at} [V]", result.potential, phi + kinetic, 1e-5)
        assert result.voltage is not None
        parts = [*result.voltage.ohmic.values(), *result.voltage.concentration.values()]
        # The parts weigh the drop by the dissipation, quadratic in the mesh size.
        yield relative(f"drop of the liquid, {at} [V]", sum(parts), phi, 1e-4)


def vanishing_current(comm: MPI.Intracomm) -> Iterator[Check]:
    """Against `secondary`: Newman's (1-t)^2 resistance on top of ohm and kinetics."""
    density, gap = -1e-3, 50e-6
    both = [solve(cell(gap, density, level=level), comm) for level in ("concentrated", "secondary")]
    ohmic = []
    for result in both:
        assert result.voltage is not None
        ohmic.append(sum(result.voltage.ohmic.values()))
    yield relative("ohmic drop [V]", ohmic[0], ohmic[1], 1e-6)
    transference = salt.transference(salt.BULK)
    resistance = (1 - transference) ** 2 * salt.slope(salt.BULK) * salt.VT
    resistance *= gap / salt.diffusivity(salt.BULK) / (salt.Z * salt.F * salt.BULK)
    found = (both[0].potential - both[1].potential) / density
    yield relative("resistance of diffusion [ohm m2]", found, resistance, 1e-3)


_LINE = "the equations integrated along a line (SciPy), properties written out again"
PROBLEMS = (
    KnownProblem(
        "concentrated-cell.reservoir",
        "wall concentration and potential against a reservoir, -100 to 25 mA/cm2",
        _LINE,
        reservoir,
        fast=False,
    ),
    KnownProblem(
        "concentrated-cell.separator",
        "Zn//Zn through glass fibre: concentration, voltage and its parts",
        _LINE,
        separator,
        fast=False,
    ),
    KnownProblem(
        "concentrated-cell.vanishing-current",
        "diffusion resistance on top of `secondary`",
        "Newman & Thomas-Alyea, (1-t)^2 resistance in closed form",
        vanishing_current,
        fast=False,
    ),
    KnownProblem(
        "concentrated-cell.convergence",
        "order of the wall concentration on three meshes",
        "P1: order 2",
        convergence,
        fast=False,
    ),
)
