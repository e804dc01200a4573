"""Rate capability of a full cell: what it gives back at ever larger C-rates."""

import numpy as np

from zinterphase.experiments.course import Course
from zinterphase.experiments.experiment import (
    CAPACITY,
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
from zinterphase.experiments.halves import Pair
from zinterphase.experiments.parameters import Parameter, Values
from zinterphase.output.figures import AxisQuantity


def blocks(values: Values, rest_voltage: float) -> Blocks:
    """The cell is emptied, then charged and discharged at every rate, in the order given."""
    rates = values.each("c_rates")
    cycles = [
        {
            "repeat": values.count("cycles"),
            "steps": [charge(rate, values), discharge(rate, values)],
        }
        for rate in rates
    ]
    return [{"label": "emptied", "steps": [discharge(rates[0], values)]}, *cycles]


def reduce(course: Course, values: Values) -> Reduced:
    """The last cycle at every rate."""
    rates, count = values.each("c_rates"), values.count("cycles")
    _, *steps = course.visits()  # by place: a step may pass no charge
    last = range(2 * (count - 1), len(steps), 2 * count)
    found = {rate: Pair(*steps[k : k + 2]) for rate, k in zip(rates, last, strict=True)}
    order = sorted(found)
    capacities = np.array([found[rate].stripping.passed for rate in order])
    named = {}
    for rate in order:
        named[f"capacity.at_{rate:g}_C"] = quantity(found[rate].stripping.passed, "C/m^2")
        named[f"efficiency.at_{rate:g}_C"] = quantity(_efficiency(found[rate]), "1")
    return Reduced(
        {**named, "capacity.largest_rate": quantity(capacities[-1], "C/m^2")},
        (
            Curve("capacity", np.array(order), capacities),
            Curve("voltage", course["time"], course["voltage"]),
        ),
    )


def _efficiency(pair: Pair) -> float:
    """Discharged over charged; the discharge ends by its voltage."""
    return ratio(-pair.stripping.passed, pair.plating.passed)


EXPERIMENT = Experiment(
    name="rate_capability",
    what="rate capability of a full cell: discharge capacity against C-rate",
    measure=InTime(blocks),
    parameters=(
        Parameter("c_rates", "0.5, 1, 2, 5, 10", "1", "C-rates in their order", several=True),
        Parameter("cycles", "1", "1", "number of cycles at each rate", least=1),
        UPPER,
        LOWER,
    ),
    reduce=reduce,
    panels=(
        Panel("capacity", Axis("c_rate", "1", AxisQuantity("C-rate", "")), CAPACITY, marked=True),
        Panel("voltage", TIME, VOLTAGE),
    ),
    headline=("capacity.largest_rate", "discharge capacity at the largest rate"),
)
