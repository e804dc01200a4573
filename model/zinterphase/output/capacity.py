"""What a full cell took up and gave back, cycle by cycle, from its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import isnan, nan
from pathlib import Path

import numpy as np
import numpy.typing as npt

from zinterphase.march.cycles import CycleRow
from zinterphase.output.files import write_rows
from zinterphase.output.history import History

Array = npt.NDArray[np.float64]
CAPACITY, CAPACITY_FIGURE = "capacity.csv", "capacity.png"
STILL = 1e-6
"""Of the largest current of a run: below it the cell rests, what is there is what Newton leaves."""


@dataclass(frozen=True)
class CellCycle:
    """Charges [C/m2] and energies [J/m2] per area of one cycle; NaN where nothing passed.

    Voltages [V] are means over the charge, of the counter electrode against the metal.
    ``dissolved`` is the charge of the metal that chemical steps took, the shuttle's part of what
    does not come back.
    """

    number: int
    charged: float
    discharged: float
    efficiency: float
    energy_charged: float
    energy_discharged: float
    energy_efficiency: float
    voltage_charging: float
    voltage_discharging: float
    dissolved: float = nan


@dataclass(frozen=True, eq=False)
class Course:
    """Cell voltage [V] over the charge that has passed [C/m2], in one direction."""

    charge: Array
    voltage: Array

    @property
    def passed(self) -> float:
        """All of it."""
        return float(self.charge[-1]) if len(self.charge) else 0.0

    @property
    def energy(self) -> float:
        """Per area [J/m2]."""
        return float(np.trapezoid(self.voltage, self.charge))


def still(history: History) -> float:
    """Current density [A/m2] of a whole run up to which the cell rests."""
    return STILL * float(np.nanmax(np.abs(history.current), initial=0.0))


def course(history: History, least: float, *, charging: bool) -> Course:
    """Of the rows of a cycle in which the cell is charged, or discharged, by more than ``least``:
    zinc plates while it is charged, and the cell voltage is minus that of the working electrode."""
    current = -history.current if charging else history.current
    passes = current > least
    steps = np.where(passes[1:] & passes[:-1], np.abs(np.diff(history.charge)), 0.0)
    rows = np.flatnonzero(passes)
    charge = np.concatenate([[0.0], np.cumsum(steps)])
    return Course(charge[rows], -history.voltage[rows])


def cell_cycles(history: History, whole: Sequence[CycleRow] = ()) -> list[CellCycle]:
    """Of all cycles that have rows, in their order; ``whole`` are those that are over."""
    numbers = np.unique(history.cycle[~np.isnan(history.cycle)])
    dissolved, least = {row.number: row.dissolved for row in whole}, still(history)
    return [
        _of_cycle(int(number), history.of_cycle(number), least, dissolved.get(int(number), nan))
        for number in numbers
    ]


def write_capacity(cycles: list[CellCycle], path: Path) -> None:
    """A row for each of them; cells are empty where nothing is known."""
    rows = [
        {name: None if isnan(value) else value for name, value in asdict(cycle).items()}
        for cycle in cycles
    ]
    write_rows(path, rows)


def _of_cycle(number: int, rows: History, least: float, dissolved: float) -> CellCycle:
    into, out = (course(rows, least, charging=charging) for charging in (True, False))
    return CellCycle(
        number,
        into.passed,
        out.passed,
        _ratio(out.passed, into.passed),
        into.energy,
        out.energy,
        _ratio(out.energy, into.energy),
        _ratio(into.energy, into.passed),
        _ratio(out.energy, out.passed),
        dissolved,
    )


def _ratio(value: float, over: float) -> float:
    return value / over if value > 0.0 and over > 0.0 else nan
