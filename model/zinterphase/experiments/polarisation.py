"""Steady polarisation curve from open circuit towards the limiting current."""

from math import inf, isfinite, nan, pi, sin

import numpy as np

from zinterphase.case import Case
from zinterphase.cell.advice import regime_of
from zinterphase.experiments.course import Array, Course
from zinterphase.experiments.experiment import (
    CURRENT,
    MAGNITUDE,
    POTENTIAL,
    Curve,
    Experiment,
    Panel,
    Reduced,
    Steady,
    quantity,
)
from zinterphase.experiments.parameters import Parameter, Values

SLOPE = 0.01
"""Current over the exchange current, to both sides, between which the slope at zero is taken: the
curvature of sinh is 2e-5 of it there."""
NO_LIMIT = "not defined: the level knows no limiting current"


def currents(values: Values, case: Case) -> list[float]:
    """Two beside zero for the slope, then towards the limit, closer and closer to it."""
    regime = regime_of(case)
    near = SLOPE * regime.exchange_current
    limit = regime.limiting_current
    end = min(values["part"] * limit if isfinite(limit) else inf, values["largest"])
    return [0.0, near, -near, *(-i for i in rising(10 * near, end, values.count("points")))]


def rising(begin: float, end: float, count: int) -> list[float]:
    """Magnitudes for an axis of either kind: by equal factors to half the end, then ever closer."""
    even = count // 2
    if begin >= end / 2:
        return [end * (k + 1) / count for k in range(count)]
    factor = (end / 2 / begin) ** (1 / max(even - 1, 1))
    lower = [begin * factor**k for k in range(even)]
    steps = count - even
    return [*lower, *(end / 2 * (1 + sin(pi / 2 * (k + 1) / steps)) for k in range(steps))]


def reduce(course: Course, values: Values) -> Reduced:
    """R = dE/di at zero; i0 = (RT/nF)/R_ct with the working electrode's kinetic part of it."""
    current, potential = course["current"], course["voltage"]
    facts = course.facts
    resistance = slope(current, potential)
    transfer = slope(current, course["kinetic"])
    exchange = facts["thermal_voltage"] / facts["electrons"] / transfer
    curve, plating = current <= 0.0, current < 0.0
    limit, reached = facts.get("limiting_current", nan), float(-current.min())
    return Reduced(
        {
            "polarisation_resistance": quantity(resistance, "ohm m^2"),
            "charge_transfer_resistance": quantity(transfer, "ohm m^2"),
            "exchange_current_density.from_slope": quantity(exchange, "A/m^2"),
            "exchange_current_density.of_case": quantity(
                facts["exchange_current_density"], "A/m^2"
            ),
            "limiting_current": quantity(limit, "A/m^2", NO_LIMIT),
            "largest_current": quantity(reached, "A/m^2"),
            "overpotential.largest_current": quantity(
                float(potential[np.argmin(current)] - facts["rest_voltage"]), "V"
            ),
        },
        (
            Curve("curve", potential[curve], current[curve]),
            Curve("magnitude", potential[plating], -current[plating]),
        ),
        _why(limit, reached, values),
    )


def slope(current: Array, potential: Array) -> float:
    """dE/di at zero current [ohm m2] by the central difference of the two rows beside it."""
    up = int(np.argmax(current))
    down = int(np.argmin(np.abs(current + current[up])))
    return float((potential[up] - potential[down]) / (current[up] - current[down]))


def _why(limit: float, reached: float, values: Values) -> str:
    if not isfinite(limit):
        return f"the curve ends at {0.1 * reached:.4g} mA/cm2, the level knows no limit"
    text = (
        f"the curve ends at {0.1 * reached:.4g} mA/cm2, {reached / limit:.3g} of the limiting "
        f"current of {0.1 * limit:.4g} mA/cm2"
    )
    is_short = reached < (1.0 - 1e-6) * min(values["part"] * limit, values["largest"])
    return text + (", beyond which no valid state was found" if is_short else "")


EXPERIMENT = Experiment(
    name="polarisation",
    what="steady polarisation curve: resistance at zero, exchange current, limiting current",
    measure=Steady(currents),
    parameters=(
        Parameter("points", "20", "1", "points from zero to the end", least=4),
        Parameter("part", "0.95", "1", "of the limiting current at which the curve ends"),
        Parameter("largest", "1 A/cm^2", "A/m^2", "current density at which it ends without one"),
    ),
    reduce=reduce,
    panels=(
        Panel("curve", POTENTIAL, CURRENT, marked=True),
        Panel("magnitude", POTENTIAL, MAGNITUDE, marked=True),
    ),
    headline=("exchange_current_density.from_slope", "exchange current density by the slope"),
    source="Bard and Faulkner, Electrochemical Methods, 2nd ed., eq. 3.4.12 and 3.4.13",
)
