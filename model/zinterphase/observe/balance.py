"""Two separately computed values that must agree."""

from dataclasses import dataclass

TOLERANCE = 1e-8
"""Largest admissible mismatch of a balance, relative to its scale."""


@dataclass(frozen=True)
class Balance:
    """Two values that must agree: ``left`` and ``right`` in ``unit``, judged against ``scale``."""

    name: str
    left: float
    right: float
    scale: float
    unit: str

    @property
    def mismatch(self) -> float:
        """Difference relative to the scale."""
        return abs(self.left - self.right) / self.scale

    @property
    def closed(self) -> bool:
        """Whether the two values agree."""
        return self.mismatch <= TOLERANCE
