"""Current after a step of the potential, read as the field reads it, and what the model says."""

from dataclasses import dataclass, replace
from math import nan

import numpy as np

from zinterphase.experiments import sentences
from zinterphase.experiments.course import Course
from zinterphase.experiments.experiment import (
    CURRENT,
    TIME,
    Blocks,
    Curve,
    Experiment,
    InTime,
    Panel,
    Reduced,
    quantity,
)
from zinterphase.experiments.parameters import Parameter, Values

SETTLED = 0.05
"""Part of its last value within which a current is called steady."""
PARTS = {
    "kinetic": "kinetics at the electrode",
    "counter_kinetic": "kinetics at the counter electrode",
    "ohmic": "ohmic drops",
    "rest": "diffusion",
}
"""Columns of the parts of a voltage, in words."""


def blocks(values: Values, rest_voltage: float) -> Blocks:
    """Hold the working electrode below its voltage at open circuit."""
    voltage = rest_voltage - values["overpotential"]
    return [{"label": "step", "steps": [sentences.hold(voltage, values["duration"])]}]


@dataclass(frozen=True)
class Transient:
    """A current that settles: magnitudes at the beginning and the end [A/m2], time until it stays
    within `SETTLED` of the end [s]."""

    begin: float
    end: float
    settling: float

    @property
    def change(self) -> float:
        """Of the magnitude, relative to the end."""
        return self.begin / self.end - 1.0 if self.end else nan

    @property
    def reading(self) -> str:
        """As it is read of zinc anodes: while the current still changes adatoms are said to move
        along the surface (2D), once it is steady to be reduced where they arrive (3D)."""
        if self.settling <= 0.0:
            return "would be read as 3D diffusion from the first moment"
        return f"would be read as 2D diffusion for {self.settling:.3g} s, then 3D"


def transient(course: Course) -> Transient:
    """Of one step at a constant voltage."""
    current = np.abs(course["current"])
    away = np.flatnonzero(np.abs(current - current[-1]) > SETTLED * current[-1])
    settling = 0.0
    if len(away):
        settling = float(course.elapsed[min(away[-1] + 1, len(current) - 1)])
    return Transient(float(current[0]), float(current[-1]), settling)


def reduce(course: Course, values: Values) -> Reduced:
    """Currents, the time of the transient, and which part of the voltage has changed over it."""
    step = course.visit(0)
    found = transient(step)
    shares = {name: float(step[name][-1] - step[name][0]) for name in PARTS}
    moved = {name: quantity(value, "V") for name, value in shares.items()}
    concentration = step["concentration_working"]
    return Reduced(
        {
            "current.begin": quantity(float(step["current"][0]), "A/m^2"),
            "current.end": quantity(float(step["current"][-1]), "A/m^2"),
            "transient_time": quantity(found.settling, "s"),
            "transient_change": quantity(found.change, "1"),
            **{f"change.{name}": value for name, value in moved.items()},
            "least_concentration.end": quantity(float(concentration[-1]), "mol/m^3"),
        },
        (
            Curve("current", step.elapsed, step["current"]),
            Curve("early", step.elapsed[1:], step["current"][1:]),
        ),
        _why(found, shares, concentration),
    )


def _why(found: Transient, shares: dict[str, float], concentration: np.ndarray) -> str:
    known = {name: value for name, value in shares.items() if np.isfinite(value)}
    if not known:
        return found.reading
    grown = min(known, key=lambda name: known[name])  # cathodic: the most negative has grown most
    text = (
        f"{found.reading}; in the model no adatom moves: |i| goes from {0.1 * found.begin:.4g} to "
        f"{0.1 * found.end:.4g} mA/cm2 while {PARTS[grown]} takes {-1e3 * known[grown]:.3g} mV more"
    )
    if np.isfinite(concentration[-1]):
        text += (
            f" and the ion's concentration at the metal goes from {concentration[0]:.4g} to "
            f"{concentration[-1]:.4g} mol/m3"
        )
    return text


EXPERIMENT = Experiment(
    name="chronoamperometry",
    what="current after a step of the potential below open circuit",
    measure=InTime(blocks),
    parameters=(
        Parameter("overpotential", "150 mV", "V", "how far below the voltage at open circuit"),
        Parameter("duration", "300 s", "s", "how long it is held"),
    ),
    reduce=reduce,
    panels=(
        Panel("current", TIME, CURRENT),
        Panel("early", replace(TIME, log=True), CURRENT),
    ),
    headline=("transient_time", f"time until the current stays within {SETTLED:.0%} of its end"),
    source="the reading: e.g. Zhao et al., Energy Environ. Sci. 2019, 10.1039/c9ee00596j",
)
