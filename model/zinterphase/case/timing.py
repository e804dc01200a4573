"""What belongs to a case in time besides its protocol: steps of time, terminal, limits."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from zinterphase.case.cycling import Area, AreaResistance, Duration, LevelRange
from zinterphase.case.quantities import Length, PositiveCount, Potential, Tolerance
from zinterphase.case.table import Table, refused


class Jump(Table):
    """Passes of repeated blocks are jumped over where their change is slow enough to be foretold.

    ``tolerance`` bounds the error of one jump over the charge of a pass, ``longest`` its passes.
    """

    tolerance: Tolerance = 1e-3
    longest: PositiveCount = 50


class TimeOptions(Table):
    """Steps of time; ``rtol`` bounds the local error relative to the largest |c - c_bulk|."""

    rtol: Tolerance = 1e-4
    max_step: Duration | None = None
    first_step: Duration | None = None
    jump: Jump | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        first, longest = self.first_step, self.max_step
        if first is not None and longest is not None and first > longest:
            raise refused("first_step", f"at most max_step, {longest:g} s")
        return self


class Terminal(Table):
    """Leads: ``series_resistance`` [ohm m2] times current is part of voltage and of its limits;
    the electrode's ``area`` [m2] gives amperes."""

    series_resistance: AreaResistance = 0.0
    area: Area | None = None


class Limits(Table):
    """What ends a run that is not planned to go there.

    ``voltage`` [V] of the terminal and ``concentration`` [mol/m3] at electrodes, lowest and highest
    each; ``gap`` [m]: the electrodes come no closer.
    """

    voltage: tuple[Potential, Potential] = (-10.0, 10.0)
    concentration: tuple[LevelRange, LevelRange] | None = None
    gap: Length | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        for key, pair in (("voltage", self.voltage), ("concentration", self.concentration)):
            if pair is not None and pair[0] >= pair[1]:
                raise refused(key, "the lowest before the highest")
        return self
