"""Errors a user can meet. Each prints as one line."""

from __future__ import annotations

from typing import Any

from zinterphase.printable import printable

LONGEST_LINE = 280
"""Characters of a message at most."""
_LONGEST_FIELD = 80
_LONGEST_VALUE = 80


class ZinterphaseError(Exception):
    """Base of every error the package raises on purpose."""


class CaseError(ZinterphaseError, ValueError):
    """A case file asks for something that is not allowed.

    Parameters
    ----------
    field : dotted name of the entry, layers by name, e.g. ``layers.titania.porosity``.
    value : what was found there (None when nothing was).
    allowed : what would have been accepted.
    """

    def __init__(self, field: str, value: Any, allowed: str) -> None:
        super().__init__(field, value, allowed)
        self.field = field
        self.value = value
        self.allowed = allowed

    def __str__(self) -> str:
        field = shortened(self.field, _LONGEST_FIELD)
        return shortened(f"{field} = {_shown(self.value)}: allowed {self.allowed}", LONGEST_LINE)


class UsageError(ZinterphaseError):
    """A command line is not one of the program's."""


class MeshError(ZinterphaseError):
    """A mesh cannot be made, read, or used for this case."""


class SolveError(ZinterphaseError):
    """The equations could not be solved to the requested tolerance."""


class OutOfMemory(ZinterphaseError):
    """The equations take more memory than there is; smaller steps do not help."""


class BalanceError(ZinterphaseError):
    """Two separately computed terms of a conservation law disagree."""


class VerificationError(ZinterphaseError):
    """A computed value is farther from its known value than its tolerance."""


class FileError(ZinterphaseError):
    """A file or folder cannot be read or written."""


class Interrupted(ZinterphaseError):
    """The run was asked to stop; the last good state is kept."""


class BudgetSpent(Interrupted):
    """The wall time or memory allowed is used up."""


class AccuracyNotMet(ZinterphaseError):
    """What was solved is not known to the accuracy asked for."""


def shortened(text: str, longest: int) -> str:
    """The text on one line of printable characters, cut where it is too long."""
    head = " ".join(text[: 2 * longest].split())
    line = printable(head)
    whole = len(text) <= 2 * longest and len(line) <= longest
    return line if whole else line[: longest - 3] + "..."


def _shown(value: Any) -> str:
    """Return the value as it would stand in a TOML file, shortened."""
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return str(value).lower()
    try:
        text = f'"{value}"' if isinstance(value, str) else str(value)
    except ValueError:  # Python does not write whole numbers of more than 4300 digits
        text = "a number of more than 4300 digits"
    return shortened(text, _LONGEST_VALUE)
