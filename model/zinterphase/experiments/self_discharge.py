"""Self-discharge of a full cell: what is lost of its charge at open circuit."""

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
from zinterphase.experiments.full_cells import LOWER, UPPER, charge, discharge, ratio
from zinterphase.experiments.parameters import Parameter, Values
from zinterphase.output.figures import AxisQuantity


def blocks(values: Values, rest_voltage: float) -> Blocks:
    """Empty, charge and discharge at once; charge, rest and discharge."""
    into, out = (each(values["c_rate"], values) for each in (charge, discharge))
    return [
        {"label": "emptied", "steps": [out]},
        {"label": "without", "steps": [into, out]},
        {"label": "with", "steps": [into, sentences.rest(values["duration"]), out]},
    ]


def reduce(course: Course, values: Values) -> Reduced:
    """The difference of both discharges over the one at once."""
    _, charging, at_once, _, resting, later = course.visits()
    cell_voltage = -resting["voltage"]
    lost = at_once.passed - later.passed
    return Reduced(
        {
            "capacity_lost": quantity(ratio(lost, at_once.passed), "1"),
            "charge_lost": quantity(lost, "C/m^2"),
            "self_discharge_current": quantity(lost / float(resting.elapsed[-1]), "A/m^2"),
            "efficiency_without_rest": quantity(ratio(-at_once.passed, charging.passed), "1"),
            "open_circuit_voltage": quantity(cell_voltage[-1], "V"),
        },
        (
            Curve("voltage", course["time"], course["voltage"]),
            Curve("open circuit", resting.elapsed, cell_voltage),
        ),
    )


EXPERIMENT = Experiment(
    name="self_discharge",
    what="self-discharge of a full cell: capacity lost at open circuit",
    measure=InTime(blocks),
    parameters=(
        Parameter("c_rate", "2", "1", "C-rate of charge and discharge"),
        Parameter("duration", "24 h", "s", "time at open circuit"),
        UPPER,
        LOWER,
    ),
    reduce=reduce,
    panels=(
        Panel("voltage", TIME, VOLTAGE),
        Panel(
            "open circuit",
            Axis("time_at_rest", "s", AxisQuantity("Time at rest", "s")),
            Axis("open_circuit_voltage", "V", AxisQuantity("Open-circuit voltage", "V")),
        ),
    ),
    headline=("capacity_lost", "part of the capacity lost at rest"),
)
