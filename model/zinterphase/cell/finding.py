"""One line of advice on a case."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["note", "warning", "refusal"]


@dataclass(frozen=True)
class Finding:
    """One line of advice; ``field`` names what to change."""

    severity: Severity
    field: str
    text: str

    def __str__(self) -> str:
        """The line."""
        return f"{self.severity}: {self.field}: {self.text}"
