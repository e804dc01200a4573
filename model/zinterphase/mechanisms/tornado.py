"""How much each uncertain number moves the answer when it goes through its range alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mpi4py import MPI

from zinterphase.ensemble.groups import Progress
from zinterphase.ensemble.subject import Subject
from zinterphase.mechanisms.points import Answer, Points, points_of, solve_points
from zinterphase.mechanisms.ranges import Anodes, Point

ENDS = (0.0, 1.0)


@dataclass(frozen=True)
class Bar:
    """One factor at both ends of its range, at one current."""

    factor: str
    title: str
    current: float
    ends: tuple[str, str]
    low: Answer
    high: Answer


@dataclass(frozen=True, eq=False)
class Tornado:
    """The anode itself and all bars, in the order of the factors.

    Attributes
    ----------
    subject : What the numbers are of.
    anode : What is switched on in the anode.
    seeds : Seeds behind every number.
    nominal : The anode with all factors at their own values, by current.
    bars : Both ends of every factor, by current.
    """

    subject: Subject
    anode: tuple[str, ...]
    seeds: tuple[int, ...]
    nominal: dict[float, Answer]
    bars: tuple[Bar, ...]


def plan_tornado(setting: Anodes, currents: Sequence[float], seeds: Sequence[int]) -> Points:
    """The anode, then every factor at its lower and its upper end. Raises :class:`CaseError`."""
    points: list[Point] = [{}]
    points += [{factor.name: end} for factor in setting.factors for end in ENDS]
    return points_of(setting, points, currents, seeds)


def tornado(
    setting: Anodes,
    asked: Points,
    *,
    comm: MPI.Intracomm = MPI.COMM_WORLD,
    members_at_once: int | None = None,
    progress: Progress = lambda text, done, total: None,
    folder: Path | None = None,
) -> Tornado:
    """Solve a plan; collective. Ends without a solution stay in it with their reason."""
    answers = solve_points(
        asked, comm=comm, members_at_once=members_at_once, progress=progress, folder=folder
    )
    bars = []
    for current in asked.currents:
        for k, factor in enumerate(setting.factors):
            low, high = answers[1 + 2 * k][current], answers[2 + 2 * k][current]
            ends = (factor.shown(0.0, setting.width), factor.shown(1.0, setting.width))
            bars.append(Bar(factor.name, factor.title, current, ends, low, high))
    return Tornado(asked.subject, setting.switched, asked.seeds, answers[0], tuple(bars))
