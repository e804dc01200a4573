"""Several reactions on one electrode: each has its own current and its own ion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import scipy
from mpi4py import MPI

from zinterphase.case import DEPOSITION
from zinterphase.observe.reactions import reaction_currents
from zinterphase.result import Result
from zinterphase.run import solve
from zinterphase.verification.cells import VT, Metal, SampleIon, case_of, current, potential, si
from zinterphase.verification.closed.series import butler_volmer_current
from zinterphase.verification.closed.two_metals import PlatedIon, TwoMetals
from zinterphase.verification.known import Check, KnownProblem, order_of, relative

KAPPA, GAP = 5.65, 200e-6
ACID = (
    SampleIon("M", 2, 0.7e-9, 1000.0),
    SampleIon("H", 1, 9.3e-9, 10.0),
    SampleIon("A", -2, 1.05e-9, 1005.0),
)
MIXED = (
    SampleIon("M", 2, 0.7e-9, 100.0),
    SampleIon("Q", 2, 0.9e-9, 20.0),
    SampleIon("A", -2, 1.05e-9, 120.0),
)
SECOND = {"exchange": 0.3, "alpha_a": 0.5, "equilibrium": 0.1}
NOBLE = {"exchange": 3.0, "alpha_a": 1.0, "equilibrium": 0.03}


def _second(ion: SampleIon, law: dict[str, float]) -> dict[str, Any]:
    """The table of a further reaction; its reference state is the bulk."""
    return {
        "reactant": ion.name,
        "exchange_current_density": si(law["exchange"], "A/m^2"),
        "reference_concentration": si(ion.concentration, "mol/m^3"),
        "alpha_a": law["alpha_a"],
        "alpha_c": ion.charge - law["alpha_a"],
        "formal_potential": si(law["equilibrium"], "V"),
    }


def _currents(result: Result) -> tuple[float, float]:
    """Of deposition and of the second reaction [A/m2]."""
    problem = result.problem
    parts = reaction_currents(problem.cell.working, result.currents.working, problem.projected_area)
    found = {part.name: part.mean_current_density for part in parts}
    return found[DEPOSITION], found["second"]


def ohmic(comm: MPI.Intracomm) -> Iterator[Check]:
    """Two rate laws in parallel behind the resistance of the electrolyte."""
    metal = Metal(5.0, 1.5, 0.5, extra={"reactions": {"second": _second(ACID[1], SECOND)}})
    first = (5.0, 1.5, 0.5, VT)
    other = (SECOND["exchange"], SECOND["alpha_a"], 1.0 - SECOND["alpha_a"], VT)

    def parts(total: float, volts: float) -> tuple[float, float]:
        at_metal = volts - total * GAP / KAPPA
        return (
            butler_volmer_current(at_metal, *first),
            butler_volmer_current(at_metal - SECOND["equilibrium"], *other),
        )

    for volts in (-0.1, -0.02, 0.05):
        total = scipy.optimize.brentq(
            lambda i, v=volts: sum(parts(i, v)) - i, -1e5, 1e5, xtol=1e-13, rtol=1e-14
        )
        known = parts(total, volts)
        for way, control in (("potential", potential(volts)), ("current", current(total))):
            case = case_of("secondary", GAP, ACID, metal, conductivity=KAPPA, control=control)
            result = solve(case, comm)
            at = f"{1e3 * volts:g} mV, {way} imposed"
            for name, value, exact in zip(
                ("first", "second"), _currents(result), known, strict=True
            ):
                yield relative(f"{name} reaction, {at} [A/m2]", value, exact, 1e-9)
            yield relative(f"potential, {at} [V]", result.potential, volts, 1e-9)


def two_metals(comm: MPI.Intracomm) -> Iterator[Check]:
    """Two cations at `electroneutral`, one near its limiting current: order 2 in the mesh."""
    gap, exchange = 50e-6, 10.0
    known = TwoMetals(
        (
            PlatedIon(MIXED[0].diffusivity, MIXED[0].concentration, exchange, 1.0, 0.0),
            PlatedIon(MIXED[1].diffusivity, MIXED[1].concentration, **NOBLE),
        ),
        gap,
        VT,
    )
    metal = Metal(exchange, extra={"reactions": {"second": _second(MIXED[1], NOBLE)}})
    for volts in (-0.02, -0.06):
        exact = known.currents(volts)
        errors, cells = [], (50, 100, 200)
        for count in cells:
            size = si(gap / count, "m")
            mesh = {"first_cell": size, "far_size": size}
            case = case_of("electroneutral", gap, MIXED, metal, control=potential(volts), mesh=mesh)
            found = _currents(solve(case, comm))
            errors.append(max(abs(a / b - 1) for a, b in zip(found, exact, strict=True)))
        at = f"{1e3 * volts:g} mV"
        for name, value, right in zip(("first", "second"), found, exact, strict=True):
            yield relative(f"current of the {name} metal, {at} [A/m2]", value, right, 1e-6)
        sizes = [1.0 / count for count in cells]
        yield order_of(f"the larger error, {at}", sizes, errors, 2.0, 0.2)


PROBLEMS = (
    KnownProblem(
        "reactions.ohmic",
        "two reactions in parallel, flat, at `secondary`",
        "one equation for the current, in closed form but for its root",
        ohmic,
    ),
    KnownProblem(
        "reactions.two-metals",
        "two metals plated from three ions, flat, at `electroneutral`",
        "closed form of the concentrations, see `TwoMetals`",
        two_metals,
    ),
)
