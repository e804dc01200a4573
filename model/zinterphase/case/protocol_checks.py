"""Rules within a block of a protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zinterphase.case.step_checks import NO_CAPACITY
from zinterphase.case.table import refused

if TYPE_CHECKING:
    from zinterphase.case.protocol import Block

_AT_A_CYCLES_END = ("time", "thickness", "thickness_total", "CE", "hysteresis", "concentration")


def check_block(block: Block) -> None:
    """Raise the error of the first rule that is broken."""
    for part in block.steps:
        for inner in getattr(part, "steps", ()):
            if hasattr(inner, "steps"):
                raise refused("steps", "blocks within blocks, but no further")
    for condition in block.stop:
        if condition.quantity == "capacity":
            raise refused("stop", NO_CAPACITY)
        if condition.quantity not in _AT_A_CYCLES_END:
            named = ", ".join(_AT_A_CYCLES_END)
            raise refused("stop", f'one of {named}, in place of "{condition}"')
