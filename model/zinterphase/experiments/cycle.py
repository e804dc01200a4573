"""Galvanostatic cycles of one current and one capacity."""

import numpy as np

from zinterphase.experiments import sentences
from zinterphase.experiments.course import Course
from zinterphase.experiments.experiment import (
    HYSTERESIS,
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
from zinterphase.experiments.halves import pairs
from zinterphase.experiments.parameters import CUTOFF, PLATING_CURRENT, Parameter, Values
from zinterphase.output.figures import AxisQuantity

BY_CHARGE = "not defined: the stripping ended by its charge, as it was told to"


def blocks(values: Values, rest_voltage: float) -> Blocks:
    """Plate, then strip as much unless the voltage rises too far."""
    enough = sentences.passed(values["capacity"])
    above = sentences.above(rest_voltage + values["cutoff"])
    return [
        {
            "label": "cycling",
            "repeat": values.count("cycles"),
            "steps": [
                sentences.plate(values["current"], enough),
                sentences.strip(values["current"], f"{enough} or {above}"),
            ],
        }
    ]


def reduce(course: Course, values: Values) -> Reduced:
    """Hysteresis between stripping and plating at half of each one's charge, cycle by cycle."""
    found = pairs(course)
    hysteresis = np.array([pair.hysteresis for pair in found])
    last = found[-1]
    return Reduced(
        {
            "hysteresis.first": quantity(hysteresis[0], "V"),
            "hysteresis.last": quantity(hysteresis[-1], "V"),
            "overpotential.plating": quantity(
                last.plating.at_half() - course.facts["rest_voltage"], "V"
            ),
            "overpotential.stripping": quantity(
                last.stripping.at_half() - course.facts["rest_voltage"], "V"
            ),
            "coulombic_efficiency.last": quantity(last.efficiency, "1", BY_CHARGE),
            "deposit_thickness_cv": quantity(last.plating["thickness_cv"][-1], "1"),
        },
        (
            Curve("voltage", course["time"], course["voltage"]),
            Curve("hysteresis", np.arange(1.0, len(found) + 1), hysteresis),
        ),
    )


EXPERIMENT = Experiment(
    name="cycle",
    what="galvanostatic cycles: voltage in time, hysteresis of every cycle",
    measure=InTime(blocks),
    parameters=(
        PLATING_CURRENT,
        Parameter("capacity", "1 mAh/cm^2", "C/m^2", "charge of each"),
        Parameter("cycles", "3", "1", "number of cycles", least=1),
        CUTOFF,
    ),
    reduce=reduce,
    panels=(
        Panel("voltage", TIME, VOLTAGE),
        Panel("hysteresis", Axis("cycle", "1", AxisQuantity("Cycle", "")), HYSTERESIS, marked=True),
    ),
    headline=("hysteresis.last", "hysteresis of the last cycle"),
)
