"""Sweeps of the potential away from open circuit, and straight lines in their currents."""

from dataclasses import dataclass

import numpy as np

from zinterphase.experiments.course import Array, Course
from zinterphase.experiments.experiment import Blocks
from zinterphase.experiments.parameters import Values
from zinterphase.units import with_unit

FEWEST = 5
"""Points that a line is laid through at least."""
STEPS = 60
"""Steps of time in a sweep at least."""


def sweep(begin: float, end: float, rate: float, largest: float) -> dict[str, object]:
    """A step from one voltage to another [V] at ``rate`` [V/s], no further than a current of the
    magnitude ``largest`` [A/m2]."""
    sign, comparison = (-1.0, "<=") if end < begin else (1.0, ">=")
    return {
        "mode": "sweep",
        "from": with_unit(begin, "V"),
        "to": with_unit(end, "V"),
        "rate": with_unit(rate, "V/s"),
        "until": [f"current {comparison} {with_unit(sign * largest, 'A/m^2')}"],
    }


def longest_step(values: Values) -> float:
    """Of time [s], for sweeps of ``window`` [V] at ``rate`` [V/s]."""
    return values["window"] / values["rate"] / STEPS


def outwards(rest_voltage: float, width: float, rate: float, largest: float) -> Blocks:
    """Down and up from open circuit, each after as long a rest: before the first one metal and
    acid come to a state at rest."""
    down, up = rest_voltage - width, rest_voltage + width
    return [
        {
            "label": "sweeps",
            "steps": [
                {"mode": "rest", "for": with_unit(width / rate, "s")},
                sweep(rest_voltage, down, rate, largest),
                {"mode": "rest", "for": with_unit(width / rate, "s")},
                sweep(rest_voltage, up, rate, largest),
            ],
        }
    ]


@dataclass(frozen=True)
class TafelLine:
    """log10|i| = ``intercept`` + eta/``slope``: i in A/m2, eta from the rest potential [V], slope
    in V per decade with its sign, over a window of ``points`` rows."""

    intercept: float
    slope: float
    points: int

    def at(self, overpotential: Array | float) -> Array:
        """Magnitude of the current [A/m2]."""
        return np.asarray(10.0 ** (self.intercept + np.asarray(overpotential) / self.slope))

    def meets(self, other: "TafelLine") -> tuple[float, float]:
        """Overpotential [V] and current [A/m2] of the point that both go through."""
        eta = (other.intercept - self.intercept) / (1.0 / self.slope - 1.0 / other.slope)
        return eta, float(self.at(eta))


def tafel_line(branch: Course, window: tuple[float, float]) -> TafelLine | None:
    """Through the rows whose overpotential has a magnitude within ``window`` [V]; None where there
    are too few."""
    eta = branch["voltage"] - branch.facts["rest_voltage"]
    inside = (np.abs(eta) >= window[0]) & (np.abs(eta) <= window[1])
    inside &= np.abs(branch["current"]) > 0.0
    if np.count_nonzero(inside) < FEWEST:
        return None
    logarithm = np.log10(np.abs(branch["current"][inside]))
    gradient, intercept = np.polyfit(eta[inside], logarithm, 1)
    return TafelLine(float(intercept), 1.0 / float(gradient), int(np.count_nonzero(inside)))
