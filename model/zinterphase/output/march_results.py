"""Numbers of a run in time by their keys: the content of its `results.json`."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from math import isnan

from zinterphase.march.cycles import CycleRow
from zinterphase.march.driver import Cost
from zinterphase.march.losses import Losses
from zinterphase.march.onset import Onset
from zinterphase.march.sample import Sample
from zinterphase.observe import keys
from zinterphase.observe.quantity import Kind, Quantity

Entries = Iterator[tuple[str, Quantity]]
NO_ERROR = (
    "one mesh: no error of the mesh known; run.time_error... are estimates of the error of time"
)
UNDEFINED = "not defined: see docs/protocols.md"


def march_quantities(
    last: Sample,
    cycles: Sequence[CycleRow],
    onset: Onset,
    cost: Cost,
    mismatch: float,
    time_errors: Sequence[float],
) -> dict[str, Quantity]:
    """The end of the run, how plating set in, the last cycle, what it took, and the largest errors
    of time of voltage [V] and current density [A/m2]."""
    found = [*_end(last), *_onset(onset, last), *_solids(last), *_front(last)]
    found += _last_cycle(cycles)
    return dict([*found, *_cost(cost, len(cycles), mismatch), *_time_errors(time_errors)])


def _end(last: Sample) -> Entries:
    yield "end.time", _number(last.time, "s")
    yield "end.voltage", _number(last.voltage, "V")
    yield "end.mean_current_density", _number(last.current, "A/m^2")
    yield "end.charge", _number(last.charge, "C/m^2")
    yield "end.thickness.mean", _number(last.thickness, "m")
    yield "end.thickness.min", _number(last.thickness_min, "m")
    yield "end.thickness.max", _number(last.thickness_max, "m")
    yield "end.thickness.cv", _number(last.thickness_cv, "1")
    yield "end.dissolved_charge", _number(last.dissolved, "C/m^2")
    yield "end.isolated_charge", _number(last.isolated, "C/m^2")
    yield "end.hydrogen", _number(last.hydrogen, "mol/m^2")
    yield "end.side_current_density", _number(last.side_current, "A/m^2")
    yield "end.least_concentration.working", _number(last.concentration_working, "mol/m^3")
    yield "end.least_concentration.counter", _number(last.concentration_counter, "mol/m^3")


def _onset(onset: Onset, last: Sample) -> Entries:
    """Only of a surface that changes in time."""
    if not isnan(last.coverage):
        yield "end.coverage", _number(last.coverage, "1")
        yield keys.NUCLEATION, _number(onset.overpotential, "V")
        yield keys.COVERAGE_TIME, _number(onset.covered, "s")
    if last.nuclei > 0.0:
        yield keys.NUCLEI, _number(last.nuclei, "1/m^2")
        yield "end.nuclei_spacing", _number(last.nuclei**-0.5, "m")
    if not isnan(last.alloyed):
        yield "end.alloyed_charge", _number(last.alloyed, "C/m^2")


def _solids(last: Sample) -> Entries:
    """Where acid is solved, and of what precipitates."""
    for name, number, unit in (
        ("wall_pH", last.wall_pH, "1"),
        ("precipitated", last.precipitated, "mol/m^2"),
        ("blocked_fraction", last.blocked, "1"),
        ("open_pores", last.open_pores, "1"),
    ):
        if not isnan(number):
            yield f"end.{name}", _number(number, unit)


def _front(last: Sample) -> Entries:
    """Only of a surface that moves."""
    for name in ("gap", "sa", "sq", "peak", "valley", "arc", "clearance"):
        number = getattr(last, name)
        if not isnan(number):
            yield f"end.{name}", _number(number, "m")


def _last_cycle(cycles: Sequence[CycleRow]) -> Entries:
    if not cycles:
        return
    row = cycles[-1]
    yield "last_cycle.number", Quantity(float(row.number), "1", Kind.COUNT)
    yield "last_cycle.plated", _number(row.plated, "C/m^2")
    yield "last_cycle.stripped", _number(row.stripped, "C/m^2")
    yield keys.EFFICIENCY, _number(row.efficiency, "1")
    yield keys.PLATING_EFFICIENCY, _number(row.plating_efficiency, "1")
    for name in ("plating", "resting", "stripping"):
        yield f"last_cycle.side_{name}", _number(getattr(row, f"side_{name}"), "C/m^2")
    yield "last_cycle.dissolved_charge", _number(row.dissolved, "C/m^2")
    yield keys.HYDROGEN_OF_CYCLE, _number(row.hydrogen, "mol/m^2")
    for name in (*(f"lost_{f.name}" for f in fields(Losses)), "bound"):
        yield f"last_cycle.{name}", _number(getattr(row, name), "1")
    yield keys.HYSTERESIS, _number(row.hysteresis, "V")
    yield "last_cycle.thickness.cv", _number(row.thickness_cv, "1")


def _cost(cost: Cost, cycles: int, mismatch: float) -> Entries:
    counts = {
        "cycles": cycles,
        "time_steps": cost.steps,
        "rejected_time_steps": cost.rejected,
        "newton_iterations": cost.iterations,
    }
    for name, count in counts.items():
        yield f"run.{name}", Quantity(float(count), "1", Kind.COUNT)
    yield keys.LARGEST_MISMATCH, Quantity(mismatch, "1", Kind.ESTIMATE)


def _time_errors(largest: Sequence[float]) -> Entries:
    """Local errors of all steps, carried along by the linearised equations."""
    for name, unit, error in zip(
        ("voltage", "current_density", "thickness"), ("V", "A/m^2", "m"), largest, strict=True
    ):
        yield f"run.time_error.{name}", Quantity(error, unit, Kind.ESTIMATE)


def _number(value: float, unit: str) -> Quantity:
    if isnan(value):
        return Quantity(None, unit, Kind.DISCRETISED, reason=UNDEFINED)
    return Quantity(value, unit, Kind.DISCRETISED, reason=NO_ERROR)
