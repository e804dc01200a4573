"""What can be said of a protocol before it is run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zinterphase.case.protocol import Block
from zinterphase.case.step import Step
from zinterphase.case.step_text import longest


@dataclass(frozen=True)
class PlannedStep:
    """A step as it is written: its ``block`` by label or number, how many ``times`` it comes at
    most, and after how many seconds it is over at the latest (None: not known)."""

    block: str
    step: Step
    times: int
    longest: float | None


ALWAYS_MARCHED = 6
"""Passes of a block in which no jump over some of them would pay."""


def is_jumped_over(block: Block) -> bool:
    """Whether passes of a block may be jumped over: it has enough, and no block in it has."""
    inner = any(isinstance(part, Block) and is_jumped_over(part) for part in block.steps)
    return block.repeat > ALWAYS_MARCHED and not inner


def planned(protocol: Sequence[Block]) -> list[PlannedStep]:
    """Every step in the file's order."""
    return [
        step
        for number, block in enumerate(protocol, 1)
        for step in _of_block(block, str(number), block.repeat)
    ]


def longest_time(steps: Sequence[PlannedStep]) -> float | None:
    """Time [s] that the steps take at most; None where one of them is not known."""
    known = [entry.longest * entry.times for entry in steps if entry.longest is not None]
    return sum(known) if len(known) == len(steps) else None


def largest_current(protocol: Sequence[Block]) -> float:
    """Imposed current density [A/m2] of the largest magnitude, plating first; 0 without one."""
    currents = [i for entry in planned(protocol) for i in _currents(entry.step)]
    return max(currents, key=lambda i: (abs(i), i < 0.0), default=0.0)


def imposed(protocol: Sequence[Block]) -> tuple[list[float], list[float]]:
    """The extreme current densities [A/m2] and voltages [V] that the steps impose, lowest first;
    empty where they impose none."""
    steps = [entry.step for entry in planned(protocol)]
    currents = [i for step in steps for i in _currents(step)]
    voltages = [v for step in steps for v in (step.voltage, step.start, step.stop) if v is not None]
    found = [[min(values), max(values)] if values else [] for values in (currents, voltages)]
    return found[0], found[1]


def _of_block(block: Block, number: str, times: int) -> Iterator[PlannedStep]:
    name = block.label or number
    for place, part in enumerate(block.steps, 1):
        if isinstance(part, Block):
            yield from _of_block(part, f"{name}.{place}", times * part.repeat)
        else:
            yield PlannedStep(name, part, times, longest(part))


def _currents(step: Step) -> list[float]:
    if step.mode == "file":
        return list(step.table.currents)
    return [i for i in (step.current_density, step.on, step.off) if i is not None]
