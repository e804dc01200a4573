"""Zinc against zinc in an ideal salt at level `electroneutral`."""

from __future__ import annotations

from collections.abc import Iterator

import scipy
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.run import solve
from zinterphase.verification.cells import VT, Metal, binary, case_of, current, potential, si
from zinterphase.verification.closed.binary import BinaryCell
from zinterphase.verification.known import Check, KnownProblem, at_least, order_of, relative

DIFFUSIVITIES = (0.703e-9, 1.065e-9)
CELLS = {
    "10 mM, 50 um": (10.0, 50e-6),
    "2 M, 200 um": (2000.0, 200e-6),
    "2 M, 5 mm": (2000.0, 5e-3),
}
DILUTE = "10 mM, 50 um"


def closed_form(name: str) -> BinaryCell:
    """Lumped Butler-Volmer with 20 A/m2 at 1 mol/L."""
    concentration, gap = CELLS[name]
    return BinaryCell(concentration, gap, DIFFUSIVITIES[0], 20.0, 1000.0, VT)


def cell(name: str, control: dict[str, str], cells: int = 400) -> Case:
    """The same cell as a case, on ``cells`` equal rows."""
    concentration, gap = CELLS[name]
    exchange = 20.0 * (concentration / 1000.0) ** 0.5
    size = si(gap / cells, "m")
    return case_of(
        "electroneutral",
        gap,
        binary(2, concentration, DIFFUSIVITIES),
        Metal(exchange),
        counter=True,
        control=control,
        mesh={"first_cell": size, "far_size": size},
    )


def symmetric_cell(comm: MPI.Intracomm) -> Iterator[Check]:
    """Voltage, concentration at the cathode and kinetic share at 1 and 5 mA/cm2."""
    for name in CELLS:
        known = closed_form(name)
        for i in (10.0, 50.0):
            at = f"{name}, {i:g} A/m2"
            result = solve(cell(name, current(-i)), comm)
            yield relative(f"voltage, {at} [V]", -result.potential, known.voltage(i), 2e-5)
            cathode = known.wall_concentrations(i)[0]
            found = result.surface.mean("concentration")
            yield relative(f"c at the cathode, {at} [mol/m3]", found, cathode, 2e-5)
            assert result.voltage is not None
            kinetic = -(result.voltage.kinetic + result.voltage.counter_kinetic)
            yield relative(f"kinetic share, {at} [V]", kinetic, known.kinetic(i), 2e-5)


def convergence(comm: MPI.Intracomm) -> Iterator[Check]:
    """Order of the voltage at half the limiting current."""
    cells, exact = (25, 50, 100), closed_form(DILUTE).voltage(50.0)
    cases = [cell(DILUTE, current(-50.0), n) for n in cells]
    errors = [abs(solve(case, comm).potential + exact) for case in cases]
    yield order_of("the voltage", [1 / n for n in cells], errors, 2.0, 0.2)


def near_the_limit(comm: MPI.Intracomm) -> Iterator[Check]:
    """At 99 % of the limiting current, and the current at 500 mV."""
    known = closed_form(DILUTE)
    result = solve(cell(DILUTE, current(-0.99 * known.limiting_current), 800), comm)
    left, exact = result.surface, known.wall_concentrations(0.99 * known.limiting_current)[0]
    yield relative("c at the cathode, 0.99 i_lim [mol/m3]", left.mean("concentration"), exact, 2e-3)
    yield at_least("smallest c there [mol/m3]", float(left.values["concentration"].min()), 0.0)
    drive = 0.5
    found = -solve(cell(DILUTE, potential(-drive), 800), comm).mean_current_density
    limit = known.limiting_current
    i = float(
        scipy.optimize.brentq(
            lambda i: known.voltage(i) - drive, 1.0, limit * (1 - 1e-12), xtol=1e-13
        )
    )
    quantity = f"current at 500 mV, {100 * i / limit:.3g} % of i_lim [A/m2]"
    yield relative(quantity, found, i, 1e-4)


PROBLEMS = (
    KnownProblem(
        "binary-cell.zinc-against-zinc",
        "voltage, cathode concentration, kinetic share; 10 mM and 2 M, 1 and 5 mA/cm2",
        "steady closed form (reference case 3)",
        symmetric_cell,
        fast=False,
    ),
    KnownProblem(
        "binary-cell.limiting-current",
        "concentration left at 0.99 i_lim, current at 500 mV",
        "i_lim = 8 F D+ c0/L and closed form",
        near_the_limit,
        fast=False,
    ),
    KnownProblem(
        "binary-cell.convergence",
        "order of the cell voltage on three meshes",
        "P1: order 2",
        convergence,
        fast=False,
    ),
)
