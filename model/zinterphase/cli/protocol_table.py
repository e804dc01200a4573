"""The protocol of a case as a table."""

from rich.console import Console
from rich.table import Table

from zinterphase.case import Block
from zinterphase.case.plan import longest_time, planned


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
