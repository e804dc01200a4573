"""Plating on a fresh substrate: the dip of the voltage and the plateau behind it."""

from math import nan

import numpy as np

from zinterphase.experiments import sentences
from zinterphase.experiments.course import Array, Course
from zinterphase.experiments.experiment import (
    CAPACITY,
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
from zinterphase.experiments.parameters import Parameter, Values
from zinterphase.output.figures import AxisQuantity

TAIL = 0.1
"""Part of the charge, at its end, over which the plateau is the mean."""
SUBSTRATE = "not defined: deposit covers the substrate from the beginning"
SLIGHT = 1e-3
"""Of the plateau's overpotential: a dip below it is none."""


def blocks(values: Values, rest_voltage: float) -> Blocks:
    """Plate once."""
    enough = sentences.passed(values["capacity"])
    return [{"label": "plating", "steps": [sentences.plate(values["current"], enough)]}]


def reduce(course: Course, values: Values) -> Reduced:
    """Nucleation overpotential: the most negative voltage against that of the plateau."""
    plating = course.visit(0)
    capacity, voltage = plating.capacity, plating["voltage"]
    rest = course.facts["rest_voltage"]
    lowest = int(np.argmin(voltage))
    plateau = _tail(capacity, voltage)
    dip = max(plateau - float(voltage[lowest]), 0.0)
    later = plating.elapsed > 0.0
    return Reduced(
        {
            "nucleation_overpotential": quantity(dip, "V"),
            "dip": quantity(voltage[lowest] - rest, "V"),
            "plateau": quantity(plateau - rest, "V"),
            "dip_time": quantity(plating.elapsed[lowest], "s"),
            "dip_capacity": quantity(capacity[lowest], "C/m^2"),
            "coverage.end": quantity(_coverage(plating), "1", SUBSTRATE),
        },
        (
            Curve("plating", capacity, voltage),
            Curve("dip", plating.elapsed[later], voltage[later]),
        ),
        "" if dip > SLIGHT * abs(plateau - rest) else "no dip: the voltage is level, or falls",
    )


def _coverage(plating: Course) -> float:
    """Share that deposit covers at the end."""
    return float(plating["coverage"][-1]) if "coverage" in plating.columns else nan


def _tail(capacity: Array, voltage: Array) -> float:
    """Mean over the last part of the charge."""
    begin = (1.0 - TAIL) * capacity[-1]
    inside = capacity > begin
    x = np.concatenate([[begin], capacity[inside]])
    y = np.concatenate([[np.interp(begin, capacity, voltage)], voltage[inside]])
    return float(np.trapezoid(y, x) / (x[-1] - x[0]))


EXPERIMENT = Experiment(
    name="nucleation",
    what="plating on a fresh substrate: dip of the voltage against its plateau",
    measure=InTime(blocks),
    parameters=(
        Parameter("current", "1 mA/cm^2", "A/m^2", "current density"),
        Parameter("capacity", "0.5 mAh/cm^2", "C/m^2", "charge plated"),
    ),
    reduce=reduce,
    panels=(
        Panel("plating", CAPACITY, VOLTAGE),
        Panel("dip", Axis("time", "s", AxisQuantity("Time", "s"), log=True), VOLTAGE),
    ),
    headline=("nucleation_overpotential", "nucleation overpotential"),
    needs=("substrate",),
)
