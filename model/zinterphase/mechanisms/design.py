"""Which combinations of switches a study solves: none, each alone, all pairs, all together."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from zinterphase.errors import CaseError
from zinterphase.mechanisms.switches import Switchboard

Combination = tuple[str, ...]
BASE: Combination = ()


@dataclass(frozen=True)
class Design:
    """Combinations of switches by name, the base first.

    Attributes
    ----------
    switches : Every switch of the study.
    combinations : What is solved.
    together : The combination of all that go together.
    excluded : Pairs left out because their switches exclude each other.
    aside : Switches that are not in ``together`` because one that is excludes them.
    """

    switches: tuple[str, ...]
    combinations: tuple[Combination, ...]
    together: Combination
    excluded: tuple[Combination, ...]
    aside: tuple[str, ...]

    def label(self, combination: Combination) -> str:
        """The combination as tables and progress show it."""
        if combination == self.together and len(combination) > 2:
            return "all together"
        return " + ".join(combination) or "base"


def design(
    board: Switchboard, only: Sequence[str] | None = None, together: Sequence[str] | None = None
) -> Design:
    """Combinations of the switches of ``board``, or of those named.

    Of switches that exclude each other, the first one of the definitions is in ``together``.

    Parameters
    ----------
    board : Base and switches.
    only : Names of the switches to study; all by default.
    together : What is solved as "all together", in place of the default.

    Raises
    ------
    CaseError
        A name is unknown or cannot act, none is left, or switches of ``together``
        exclude each other.
    """
    wanted = [switch.name for switch in board.switches] if only is None else only
    names = tuple(switch.name for switch in board.chosen(wanted))
    if not names:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in board.left_out.items())
        raise CaseError("switches", None, f"at least one that acts here ({reasons})")
    pairs = list(combinations(names, 2))
    excluded = tuple(pair for pair in pairs if board.defined.excluded(pair))
    whole = _compatible(board, names) if together is None else _given(board, names, together)
    found = [BASE, *((name,) for name in names), *(p for p in pairs if p not in excluded), whole]
    aside = tuple(name for name in names if name not in whole)
    return Design(names, tuple(dict.fromkeys(found)), whole, excluded, aside)


def _compatible(board: Switchboard, names: Combination) -> Combination:
    chosen: Combination = ()
    for name in names:
        if board.defined.excluded((*chosen, name)) is None:
            chosen = (*chosen, name)
    return chosen


def _given(board: Switchboard, names: Combination, together: Sequence[str]) -> Combination:
    board.draft(together)
    if strange := [name for name in together if name not in names]:
        raise CaseError("together", strange[0], f"switches of this study: {', '.join(names)}")
    return tuple(name for name in names if name in together)
