"""The protocol of a case as a table."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from zinterphase.case import Block, Case
from zinterphase.case.plan import ALWAYS_MARCHED, is_jumped_over, longest_time, planned


def show_jumps(console: Console, case: Case) -> None:
    """Which blocks' passes may be jumped over; nothing where the case asks for none."""
    jump = case.time.jump
    if jump is None or not case.protocol:
        return
    blocks = [each for n, b in enumerate(case.protocol, 1) for each in _named(b.label or str(n), b)]
    found = [name for name, block in blocks if is_jumped_over(block)]
    what = f"up to {jump.longest} passes at once of block(s) {', '.join(found)}"
    none = f"nothing: no block is repeated more than {ALWAYS_MARCHED} times"
    console.print(
        f"time.jump jumps over {what if found else none}; error of a jump at most "
        f"{jump.tolerance:g} of a cycle's charge",
        soft_wrap=True,
    )


def _named(name: str, block: Block) -> Iterator[tuple[str, Block]]:
    """A block and those within, with the names that the table has."""
    yield name, block
    for place, part in enumerate(block.steps, 1):
        if isinstance(part, Block):
            yield from _named(f"{name}.{place}", part)


def show_protocol(console: Console, protocol: tuple[Block, ...]) -> None:
    """Every step as it is written, how often it comes and how long it may take; nothing without."""
    steps = planned(protocol)
    if not steps:
        return
    table = Table("step", "block", "times", "at most", "what", title="Protocol")
    for number, entry in enumerate(steps, 1):
        each = "not known" if entry.longest is None else duration(entry.longest)
        table.add_row(str(number), entry.block, str(entry.times), each, entry.step.text)
    console.print(table)
    total = longest_time(steps)
    known = "not known before it is run" if total is None else f"at most {duration(total)}"
    console.print(f"{sum(entry.times for entry in steps)} steps at most, time: {known}")
    for number, block in enumerate(protocol, 1):
        if block.stop:
            conditions = " or ".join(str(condition) for condition in block.stop)
            console.print(f"block {block.label or number} stops when {conditions}", soft_wrap=True)


def duration(seconds: float) -> str:
    """A time in the unit that people would take."""
    for unit, size in (("h", 3600.0), ("min", 60.0)):
        if seconds >= size:
            return f"{seconds / size:.4g} {unit}"
    return f"{seconds:.4g} s"
