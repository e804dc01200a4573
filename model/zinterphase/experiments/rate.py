"""Rate test: the same capacity at ever larger currents."""

import numpy as np

from zinterphase.experiments import sentences
from zinterphase.experiments.course import Course
from zinterphase.experiments.experiment import (
    CURRENT,
    HYSTERESIS,
    TIME,
    VOLTAGE,
    Blocks,
    Curve,
    Experiment,
    InTime,
    Panel,
    Reduced,
    quantity,
)
from zinterphase.experiments.halves import pairs
from zinterphase.experiments.parameters import CUTOFF, Parameter, Values


def blocks(values: Values, rest_voltage: float) -> Blocks:
    """A block of cycles for every current, in the order given."""
    enough = sentences.passed(values["capacity"])
    above = sentences.above(rest_voltage + values["cutoff"])
    return [
        {
            "repeat": values.count("cycles"),
            "steps": [
                sentences.plate(current, enough),
                sentences.strip(current, f"{enough} or {above}"),
            ],
        }
        for current in values.each("currents")
    ]


def reduce(course: Course, values: Values) -> Reduced:
    """Hysteresis of the last cycle at every current."""
    found = {pair.current: pair.hysteresis for pair in pairs(course)}
    currents = np.array(sorted(found))
    hysteresis = np.array([found[current] for current in currents])
    named = {
        f"hysteresis.at_{0.1 * current:.4g}_mA_cm2": quantity(value, "V")
        for current, value in zip(currents, hysteresis, strict=True)
    }
    return Reduced(
        {**named, "hysteresis.largest_current": quantity(hysteresis[-1], "V")},
        (
            Curve("hysteresis", currents, hysteresis),
            Curve("voltage", course["time"], course["voltage"]),
        ),
    )


EXPERIMENT = Experiment(
    name="rate",
    what="rate test: hysteresis against current density at one capacity",
    measure=InTime(blocks),
    parameters=(
        Parameter(
            "currents",
            "0.5 mA/cm^2, 1 mA/cm^2, 2 mA/cm^2, 5 mA/cm^2, 10 mA/cm^2",
            "A/m^2",
            "current densities in their order",
            several=True,
        ),
        Parameter("capacity", "0.5 mAh/cm^2", "C/m^2", "charge of each half-cycle"),
        Parameter("cycles", "1", "1", "number of cycles at each current density", least=1),
        CUTOFF,
    ),
    reduce=reduce,
    panels=(
        Panel("hysteresis", CURRENT, HYSTERESIS, marked=True),
        Panel("voltage", TIME, VOLTAGE),
    ),
    headline=("hysteresis.largest_current", "hysteresis at the largest current density"),
)
