"""When a condition of a step is met, and the step of time that ends there."""

from collections.abc import Callable

from zinterphase.case.condition import Condition
from zinterphase.march.sample import Origin, Sample, excess, is_just_met, is_met
from zinterphase.march.stepper import Trial

type Conditions = tuple[Condition, ...]

TRIES = 30
"""Steps to find the time of an event at most."""
INSTANT = 1e-9
"""Of a step's length: an event is found to this part of it."""
NEAREST = 1e-3
"""Part of an interval from its ends where regula falsi would stand still."""


def met(conditions: Conditions, sample: Sample, origin: Origin) -> str:
    """The first condition that holds, as text; empty where none does."""
    return next((str(c) for c in conditions if is_met(c, sample, origin)), "")


def located(
    conditions: Conditions,
    origin: Origin,
    before: Sample,
    found: tuple[Trial, Sample],
    attempt: Callable[[float], tuple[Trial, Sample | None]],
) -> tuple[Trial, Sample]:
    """The step that ends where the first condition is just met; the Illinois method.

    ``found`` is one that ends beyond, ``attempt`` tries another length [s] from ``before``; its
    sample is None where there is no state. Dahlquist & Bjorck (1974), Numerical Methods, 6.4.
    """
    trial, above = found
    low, high, below = 0.0, above.time - before.time, before
    whole, weights = high, (1.0, 1.0)
    for _ in range(TRIES):
        condition = _first_met(conditions, below, above, origin)
        if is_just_met(condition, above, origin) or high - low <= INSTANT * whole:
            break
        a = excess(condition, below, origin) * weights[0]
        b = excess(condition, above, origin) * weights[1]
        part = min(1.0, max(NEAREST, a / (a - b)))
        length = low + part * (high - low)
        tried, sample = attempt(length)
        if sample is None:
            break
        if met(conditions, sample, origin):
            trial, above, high, weights = tried, sample, length, (weights[0] / 2, 1.0)
        else:
            below, low, weights = sample, length, (1.0, weights[1] / 2)
    return trial, above


def _first_met(conditions: Conditions, below: Sample, above: Sample, origin: Origin) -> Condition:
    """Of those met at ``above`` the one that the line between the samples meets first."""

    def crossing(condition: Condition) -> float:
        a, b = (excess(condition, s, origin) for s in (below, above))
        return a / (a - b) if a < 0.0 < b else 1.0 if a < 0.0 else 0.0

    return min((c for c in conditions if is_met(c, above, origin)), key=crossing)
