"""When a condition of a step is met, and the step of time that ends there."""

from collections.abc import Callable

from zinterphase.case.condition import Condition
from zinterphase.march.bracket import Bracket
from zinterphase.march.point import Trial
from zinterphase.march.sample import Origin, Sample, excess, is_met, slack

type Conditions = tuple[Condition, ...]

TRIES = 30
"""Steps to find the time of an event at most."""
INSTANT = 1e-9
"""Of a step's length: an event is found to this part of it."""
NEAR = 1e-6
"""Of what a quantity changes in the step: an event is found to this part of it, which is far below
the local error of the step."""


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
    """The step that ends where the first condition is just met, and not before.

    ``found`` is one that ends beyond, ``attempt`` tries another length [s] from ``before``; its
    sample is None where there is no state. The quantity then is the condition's to :data:`NEAR` of
    its change in the step: what is linear in time, as charge at a constant current, to rounding.
    """
    trial, above = found
    start, below = before.time, before
    whole = above.time - start
    sought: Condition | None = None
    for _ in range(TRIES):
        condition = _first_met(conditions, below, above, origin)
        if condition != sought:
            ends = [(s.time - start, excess(condition, s, origin)) for s in (below, above)]
            bracket, sought = Bracket(*ends), condition
        band = slack(condition, origin)
        band = max(band, NEAR * abs(bracket.above[1] - excess(condition, before, origin)))
        if bracket.above[1] <= band or bracket.width <= INSTANT * whole:
            break
        # A value just short of the condition is as good as one just beyond, which ends the step.
        is_short = -bracket.below[1] < band
        length = bracket.guess(band / 2 if is_short else 0.0)
        tried, sample = attempt(length)
        if sample is None:
            break
        is_beyond = bool(met(conditions, sample, origin))
        bracket.take((length, excess(condition, sample, origin)), is_above=is_beyond)
        if is_beyond:
            trial, above = tried, sample
        else:
            below = sample
    return trial, above


def _first_met(conditions: Conditions, below: Sample, above: Sample, origin: Origin) -> Condition:
    """Of those met at ``above`` the one that the line between the samples meets first."""

    def crossing(condition: Condition) -> float:
        a, b = (excess(condition, s, origin) for s in (below, above))
        return a / (a - b) if a < 0.0 < b else 1.0 if a < 0.0 else 0.0

    return min((c for c in conditions if is_met(c, above, origin)), key=crossing)
