"""Cycles as they are counted in a laboratory: charges, efficiency, hysteresis, ends of steps."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import isnan, nan
from typing import Any

import numpy as np

from zinterphase.case.condition import Condition
from zinterphase.case.protocol import Block, Visit
from zinterphase.march.losses import Losses, losses
from zinterphase.march.sample import Sample

SMALLEST = 1e-9
"""Part of a cycle's charge below which a step passed none."""


@dataclass(frozen=True)
class CycleRow:
    """One cycle; SI units, NaN where a quantity is not defined.

    ``plated`` and ``stripped`` [C/m2] are magnitudes per projected area, ``efficiency`` the second
    over the first (not defined where the stripping ended by its charge), ``hysteresis`` [V] that
    between stripping and plating at half of each one's charge, ``end_voltage_plating`` and
    ``end_voltage_stripping`` [V] those of the last such steps. ``thickness`` [m] is the mean
    deposit at the end. ``ended_by`` says for each step what ended it.

    Where other reactions run beside the metal's own, ``plating_efficiency`` is the metal's share of
    the charge that plated it; ``side_plating``, ``side_resting`` and ``side_stripping`` [C/m2] are
    what the others took in such steps (at rest that is corrosion), ``dissolved`` [C/m2] the charge
    of what chemical steps took of the working metal, ``hydrogen`` [mol/m2] is what evolved at both
    electrodes in the cycle.

    The ``lost_...`` are the :class:`Losses` of a cycle that plates and strips over ``plated``: they
    add up to 1 - ``stripped``/``plated``. ``bound`` is the plated ion in solids that formed in the
    cycle, as charge over ``plated``; it passed no current and is none of them. ``jumped`` are the
    cycles before this one that were not marched but jumped over.
    """

    number: int
    label: str
    begin: float
    end: float
    plated: float = 0.0
    stripped: float = 0.0
    efficiency: float = nan
    hysteresis: float = nan
    end_voltage_plating: float = nan
    end_voltage_stripping: float = nan
    thickness: float = nan
    thickness_cv: float = nan
    concentration: float = nan
    plating_efficiency: float = nan
    side_plating: float = 0.0
    side_resting: float = 0.0
    side_stripping: float = 0.0
    dissolved: float = 0.0
    hydrogen: float = 0.0
    lost_plating: float = nan
    lost_resting: float = nan
    lost_stripping: float = nan
    lost_alloyed: float = nan
    lost_isolated: float = nan
    lost_left: float = nan
    lost_layer: float = nan
    bound: float = nan
    jumped: int = 0
    ended_by: tuple[str, ...] = ()


@dataclass
class _Course:
    """Charge passed and voltage during one step of a protocol; what of it was the metal's."""

    begin: float
    metal_begin: float
    side_begin: float
    charges: list[float] = field(default_factory=list)
    voltages: list[float] = field(default_factory=list)
    metal: float = 0.0
    side: float = 0.0

    def add(self, sample: Sample) -> None:
        self.charges.append(sample.charge - self.begin)
        self.voltages.append(sample.voltage)
        self.metal = sample.metal_charge - self.metal_begin
        self.side = self.side_begin - sample.side_charge

    @property
    def passed(self) -> float:
        return self.charges[-1]

    def at_half(self) -> float:
        """Voltage at half of the charge."""
        charges = np.abs(self.charges)
        return float(np.interp(charges[-1] / 2, charges, self.voltages))


class CycleBook:
    """Keeps a row for each cycle; the same on all ranks."""

    def __init__(self, rows: Sequence[CycleRow] = ()) -> None:
        """Go on after ``rows`` that are complete."""
        self.rows = list(rows)
        self._courses: list[tuple[_Course, str]] = []
        self._course: _Course | None = None
        self._start: Sample | None = None
        self._jumped = 0
        self.jumped = 0
        """Cycles that were jumped over until now."""

    def jump(self, cycles: int) -> None:
        """So many cycles are not marched."""
        self._jumped += cycles
        self.jumped += cycles

    def memory(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "rows": [asdict(row) for row in self.rows],
            "courses": [[asdict(course), why] for course, why in self._courses],
            "course": None if self._course is None else asdict(self._course),
            "start": None if self._start is None else asdict(self._start),
            "jumped": self._jumped,
        }

    @classmethod
    def recalled(cls, memory: Mapping[str, Any]) -> "CycleBook":
        """As it was when it gave this memory."""
        rows = [CycleRow(**{**r, "ended_by": tuple(r["ended_by"])}) for r in memory["rows"]]
        book = cls(rows)
        book._courses = [(_Course(**course), why) for course, why in memory["courses"]]
        book._course = None if memory["course"] is None else _Course(**memory["course"])
        book._start = None if memory["start"] is None else Sample(**memory["start"])
        book._jumped = memory["jumped"]
        book.jumped = book._jumped + sum(row.jumped for row in rows)
        return book

    def begin(self, visit: Visit, before: Sample, after: Sample) -> None:
        """A step begins; its switch is over at ``after``."""
        if self._start is None:
            self._start = before
        self._course = _Course(before.charge, before.metal_charge, before.side_charge)
        self._course.add(after)

    def step(self, sample: Sample) -> None:
        """A step of time was taken."""
        assert self._course is not None
        self._course.add(sample)

    def end(self, visit: Visit, sample: Sample, label: str, why: str) -> CycleRow | None:
        """A step of the protocol is over; the cycle's row if that is over too."""
        assert self._course is not None
        self._courses.append((self._course, why))
        if not visit.last:
            return None
        assert self._start is not None
        row = self._row(visit, label, self._start, sample)
        self.rows.append(row)
        self._courses, self._start, self._jumped = [], None, 0
        return row

    def stopped(self, block: Block) -> bool:
        """Whether the last cycles meet a condition of ``block.stop``."""
        return any(self._meets(condition) for condition in block.stop)

    def _meets(self, condition: Condition) -> bool:
        count = condition.cycles or 1
        rows = self.rows[-count:]
        found = [of_cycle(condition.quantity, row) for row in rows]
        return len(found) == count and all(
            not isnan(value) and condition.met_by(value) for value in found
        )

    def _row(self, visit: Visit, label: str, start: Sample, sample: Sample) -> CycleRow:
        size = max((abs(course.passed) for course, _ in self._courses), default=0.0)
        plating = [c for c, _ in self._courses if c.passed < -SMALLEST * size]
        stripping = [(c, why) for c, why in self._courses if c.passed > SMALLEST * size]
        plated = float(abs(sum(c.passed for c in plating)))
        stripped = float(sum(c.passed for c, _ in stripping))
        resting = [c for c, _ in self._courses if abs(c.passed) <= SMALLEST * size]
        both = bool(plating and stripping)
        by_charge = any(why.startswith("charge") for _, why in stripping)
        side = (_beside(plating), _beside(resting), _beside([c for c, _ in stripping]))
        lost = losses(start, sample, side).over(plated) if both else Losses()
        return CycleRow(
            visit.cycle,
            label,
            start.time,
            sample.time,
            plated,
            stripped,
            stripped / plated if both and not by_charge else nan,
            stripping[-1][0].at_half() - plating[-1].at_half() if both else nan,
            plating[-1].voltages[-1] if plating else nan,
            stripping[-1][0].voltages[-1] if stripping else nan,
            sample.thickness,
            sample.thickness_cv,
            sample.concentration,
            abs(sum(c.metal for c in plating)) / plated if plating else nan,
            *side,
            sample.dissolved - start.dissolved,
            sample.hydrogen - start.hydrogen,
            bound=(sample.bound - start.bound) / plated if both else nan,
            jumped=self._jumped,
            ended_by=tuple(why for _, why in self._courses),
            **{f"lost_{name}": value for name, value in asdict(lost).items()},
        )


def _beside(courses: Sequence[_Course]) -> float:
    return sum(course.side for course in courses)


def of_cycle(name: str, row: CycleRow) -> float:
    """What a condition of ``stop`` asks of a cycle; NaN where it has none."""
    values = {
        "CE": row.efficiency,
        "hysteresis": row.hysteresis,
        "thickness_total": row.thickness,
        "thickness": row.thickness,
        "concentration": row.concentration,
        "time": row.end,
    }
    return values.get(name, nan)
