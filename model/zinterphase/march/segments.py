"""What a step of a protocol imposes, piece by piece: within a piece nothing jumps."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from zinterphase.case.step import Step


@dataclass(frozen=True)
class Target:
    """A mean current density [A/m2] or a voltage of the terminal [V]; one of them is None."""

    current: float | None = None
    voltage: float | None = None


@dataclass(frozen=True)
class Segment:
    """``target`` by the time since its beginning, for ``duration`` s (None: without end)."""

    target: Callable[[float], Target]
    duration: float | None = None


def segments(step: Step) -> Iterator[Segment]:
    """The pieces of a step in their order; the step's own end may come before."""
    match step.mode:
        case "current":
            yield Segment(_constant(Target(current=step.current_density)))
        case "rest":
            yield Segment(_constant(Target(current=0.0)))
        case "voltage":
            yield Segment(_constant(Target(voltage=step.voltage)))
        case "sweep":
            yield _sweep(step)
        case "pulse":
            yield from _pulses(step)
        case "file":
            rows = zip(step.table.times, step.table.currents, strict=True)
            for (begin, first), (end, last) in pairwise(rows):
                yield _ramp(end - begin, first, last)


def _constant(target: Target) -> Callable[[float], Target]:
    return lambda time: target


def _sweep(step: Step) -> Segment:
    assert step.start is not None
    assert step.stop is not None
    assert step.rate is not None
    start, rate = step.start, step.rate if step.stop > step.start else -step.rate
    duration = abs(step.stop - step.start) / step.rate
    return Segment(lambda time: Target(voltage=start + rate * time), duration)


def _pulses(step: Step) -> Iterator[Segment]:
    while True:
        yield Segment(_constant(Target(current=step.on)), step.on_time)
        yield Segment(_constant(Target(current=step.off)), step.off_time)


def _ramp(duration: float, first: float, last: float) -> Segment:
    slope = (last - first) / duration
    return Segment(lambda time: Target(current=first + slope * time), duration)
