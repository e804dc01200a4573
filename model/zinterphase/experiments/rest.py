"""Calendar test: what is lost of a deposit at open circuit."""

from zinterphase.experiments import sentences
from zinterphase.experiments.course import Course
from zinterphase.experiments.experiment import (
    TIME,
    VOLTAGE,
    Axis,
    Blocks,
    Curve,
    Experiment,
    InTime,
    Panel,
    Reduced,
    quantity,
)
from zinterphase.experiments.parameters import CUTOFF, PLATING_CURRENT, Parameter, Values
from zinterphase.output.figures import AxisQuantity

ROUNDING = 1e-9
"""Part of the charge plated that is no loss."""


def blocks(values: Values, rest_voltage: float) -> Blocks:
    """Plate and strip at once; plate, rest and strip."""
    current, cutoff = values["current"], rest_voltage + values["cutoff"]
    emptied = sentences.emptied("thickness", values["capacity"], current, cutoff)
    plating = sentences.plate(current, sentences.passed(values["capacity"]))
    stripping = sentences.strip(current, emptied)
    return [
        {"label": "without", "steps": [plating, stripping]},
        {"label": "with", "steps": [plating, sentences.rest(values["duration"]), stripping]},
    ]


def reduce(course: Course, values: Values) -> Reduced:
    """Capacity lost: the difference of both stripped charges over the charge plated."""
    plating, at_once, _, resting, later = course.visits()
    plated = -plating.passed
    lost = at_once.passed - later.passed
    lost = lost if abs(lost) > ROUNDING * plated else 0.0
    voltage = resting["voltage"]
    return Reduced(
        {
            "capacity_lost": quantity(lost / plated, "1"),
            "charge_lost": quantity(lost, "C/m^2"),
            "corrosion_rate": quantity(lost / float(resting.elapsed[-1]), "A/m^2"),
            "open_circuit_voltage": quantity(voltage[-1], "V"),
            "open_circuit_drift": quantity(voltage[-1] - voltage[1], "V"),
            "efficiency_without_rest": quantity(at_once.passed / plated, "1"),
            "efficiency_with_rest": quantity(later.passed / plated, "1"),
        },
        (
            Curve("voltage", course["time"], course["voltage"]),
            Curve("open circuit", resting.elapsed, voltage),
        ),
        _why(course, resting, lost),
    )


def _why(course: Course, resting: Course, lost: float) -> str:
    if not course.others:
        return "the case has one reaction on the metal: nothing takes its electrons at rest"
    gone = float(resting.side_charge[0] - resting.side_charge[-1])
    names = ", ".join(course.others)
    return f"{names} passed {gone / 36.0:.4g} uAh/cm2 at rest, {lost / 36.0:.4g} were lost"


EXPERIMENT = Experiment(
    name="rest",
    what="calendar test: capacity lost at open circuit between plating and stripping",
    measure=InTime(blocks),
    parameters=(
        PLATING_CURRENT,
        Parameter("capacity", "1 mAh/cm^2", "C/m^2", "charge plated"),
        Parameter("duration", "24 h", "s", "time at open circuit"),
        CUTOFF,
    ),
    reduce=reduce,
    panels=(
        Panel("voltage", TIME, VOLTAGE),
        Panel(
            "open circuit",
            Axis("time_at_rest", "s", AxisQuantity("Time at rest", "s")),
            Axis("open_circuit_voltage", "V", AxisQuantity("Open-circuit voltage", "mV", 1e3)),
        ),
    ),
    headline=("capacity_lost", "part of the capacity lost at rest"),
    needs=("hydrogen", "host"),
)
