"""How plating on a fresh substrate sets in: the dip of the voltage, and when deposit covers all."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import isnan, nan
from typing import Any

from zinterphase.march.sample import Sample

COVERED = 0.99
"""Mean coverage of what counts as covered."""


@dataclass
class Onset:
    """Of the first step of the protocol that plates, the rest of it left alone.

    ``begin`` [s] of the step (NaN before there is one), ``charge`` [C/m2] that had passed then,
    ``lowest`` and ``last`` [V] its voltages, ``covered`` [s] when the mean coverage reached
    ``COVERED`` first, from the beginning of the step; ``former`` is the last instant.
    """

    begin: float = nan
    charge: float = nan
    lowest: float = nan
    last: float = nan
    covered: float = nan
    over: bool = False
    former: Sample | None = None

    @property
    def overpotential(self) -> float:
        """Of the first nuclei, as it is read from a voltage curve [V]: how far the voltage dips
        below that at the end of the step. NaN where nothing was plated."""
        return self.last - self.lowest

    def starts(self, after: Sample) -> None:
        """A step begins."""
        if self.over or isnan(after.coverage):
            return
        self.begin, self.charge, self.covered = after.time, after.charge, nan
        self.lowest = self.last = after.voltage
        self.former = after

    def goes_on(self, sample: Sample) -> None:
        """A step of time was taken."""
        if self.over or isnan(self.begin):
            return
        self.lowest, self.last = min(self.lowest, sample.voltage), sample.voltage
        former, self.former = self.former, sample
        assert former is not None
        if isnan(self.covered) and former.coverage < COVERED <= sample.coverage:
            part = (COVERED - former.coverage) / (sample.coverage - former.coverage)
            self.covered = former.time + part * (sample.time - former.time) - self.begin

    def ends(self, sample: Sample) -> None:
        """The step is over."""
        if not isnan(self.begin) and sample.charge < self.charge:
            self.over = True

    def memory(self) -> dict[str, Any]:
        """Everything as plain data."""
        return asdict(self)

    @classmethod
    def recalled(cls, memory: Mapping[str, Any]) -> "Onset":
        """As it was when it gave this memory."""
        former = memory["former"]
        return cls(**{**memory, "former": None if former is None else Sample(**former)})
