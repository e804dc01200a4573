"""What a cell is put through in time: blocks of steps, and the order in which they come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, Discriminator, Tag, model_validator

from zinterphase.case.bounds import MOST_ENTRIES
from zinterphase.case.condition import Conditions
from zinterphase.case.protocol_checks import check_block
from zinterphase.case.quantities import PositiveCount, Title, not_allowed
from zinterphase.case.step import Record, Step
from zinterphase.case.table import Table


def _read_step(value: Any) -> Any:
    if isinstance(value, str):
        return {"sentence": value}
    if not isinstance(value, dict | Table):
        raise not_allowed('a sentence between quotes, or a table with "mode" or "steps"')
    return value


def _few(value: Any) -> Any:
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= MOST_ENTRIES:
        raise not_allowed(f"a list of 1 to {MOST_ENTRIES} entries")
    return value


def _kind(value: Any) -> str:
    is_block = isinstance(value, Block) or (isinstance(value, dict) and "steps" in value)
    return "block" if is_block else "step"


Part = Annotated[
    Annotated[Step, Tag("step")] | Annotated["Block", Tag("block")],
    Discriminator(_kind),
    BeforeValidator(_read_step),
]


class Block(Table):
    """Steps, ``repeat`` times one after the other; a step may be a block of steps itself.

    ``stop`` is judged at the end of every pass and skips the passes that are left. ``record`` is
    that of steps that have none. Experiment strings, ``pybamm``, may stand in place of steps.
    """

    consumed_keys: ClassVar[tuple[str, ...]] = ("pybamm", "discharge")

    label: Title = ""
    repeat: PositiveCount = 1
    steps: Annotated[tuple[Part, ...], BeforeValidator(_few)]
    stop: Conditions = ()
    record: Record | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_block(self)
        return self


Protocol = Annotated[tuple[Block, ...], BeforeValidator(_few)]


@dataclass(frozen=True)
class Visit:
    """One step when its turn has come.

    ``block`` counts the file's blocks from 0, ``cycle`` the passes of steps over the whole file
    from 1, ``number`` the steps as they are written in the file from 1. A cycle is one pass of
    the innermost block; steps before and behind an inner block are cycles of their own.
    ``last`` says whether the step ends its cycle.
    """

    block: int
    cycle: int
    number: int
    step: Step
    record: Record
    last: bool


LEAVE = -1
"""In place of a number of passes to leave out: the block is over."""


@dataclass(frozen=True)
class PassEnd:
    """A pass of ``block`` is over that was so many ``cycles``; ``left`` are still to come."""

    block: Block
    left: int
    cycles: int


def visits(
    protocol: Sequence[Block], left_out: Callable[[PassEnd], int] = lambda end: 0
) -> Iterator[Visit]:
    """Walk the steps in their order.

    Parameters
    ----------
    protocol : the case's blocks.
    left_out : asked at the end of every pass of a block, after its last step has been dealt with,
        how many of the passes to come are left out, which count as cycles all the same, or
        :data:`LEAVE`.
    """
    walk = _Walk(left_out)
    number = 1
    for index, block in enumerate(protocol):
        yield from walk.block(index, block, number, Record())
        number += statements(block)


def statements(block: Block) -> int:
    """Number of steps as they are written."""
    return sum(statements(part) if isinstance(part, Block) else 1 for part in block.steps)


class _Walk:
    """Counts cycles on the way."""

    def __init__(self, left_out: Callable[[PassEnd], int]) -> None:
        self._left_out = left_out
        self._cycle = 0

    def block(self, index: int, block: Block, first: int, record: Record) -> Iterator[Visit]:
        """Visits of all passes of a block whose first step has the number ``first``."""
        record = block.record or record
        left = block.repeat
        while left > 0:
            before = self._cycle
            yield from self._once(index, block, first, record)
            end = PassEnd(block, left - 1, self._cycle - before)
            over = self._left_out(end)
            if over == LEAVE:
                return
            left -= 1 + over
            self._cycle += over * end.cycles

    def _once(self, index: int, block: Block, first: int, record: Record) -> Iterator[Visit]:
        number, fresh = first, True
        for place, part in enumerate(block.steps):
            if isinstance(part, Block):
                yield from self.block(index, part, number, record)
                number, fresh = number + statements(part), True
                continue
            if fresh:
                self._cycle, fresh = self._cycle + 1, False
            following = block.steps[place + 1] if place + 1 < len(block.steps) else None
            yield Visit(
                index,
                self._cycle,
                number,
                part,
                part.record or record,
                not isinstance(following, Step),
            )
            number += 1
