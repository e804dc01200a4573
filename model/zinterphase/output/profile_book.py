"""Which profiles through a cell a run in time keeps, and their table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from zinterphase.observe.through_cell import CellProfile
from zinterphase.output.files import write_rows

CELL_PROFILES, CELL_PROFILES_FIGURE = "cell_profiles.csv", "cell_profiles.png"
MOST = 6
"""Profiles that are shown."""


class ProfileBook:
    """Keeps the profiles at the last ends of steps of two cycles, and those of times that were
    asked for, a bounded number of each."""

    def __init__(self, memory: Mapping[str, Any] | None = None) -> None:
        """Empty, or as :attr:`memory` said."""
        self._ends: list[CellProfile] = []
        self._asked: list[CellProfile] = []
        if memory is not None:
            self._ends, self._asked = (
                [CellProfile.of_plain(each) for each in memory[key]] for key in ("ends", "asked")
            )

    @property
    def memory(self) -> dict[str, Any]:
        """As plain data."""
        return {"ends": [p.plain() for p in self._ends], "asked": [p.plain() for p in self._asked]}

    def ends(self, profile: CellProfile) -> None:
        """That at the end of a step."""
        kept = [p for p in self._ends if p.cycle >= profile.cycle - 1]
        own = [p for p in kept if p.cycle == profile.cycle]
        others = [p for p in kept if p.cycle != profile.cycle]
        self._ends = [*others, *own[-MOST + 1 :], profile]

    def asked(self, profile: CellProfile) -> None:
        """That of a time which was asked for."""
        self._asked = [*self._asked[-MOST + 1 :], profile]

    @property
    def shown(self) -> tuple[CellProfile, ...]:
        """In the order of time: ends of the cycle that has the most of them, the later one of two
        alike, and what was asked for."""
        cycles = [p.cycle for p in self._ends]
        chosen = max(sorted(set(cycles), reverse=True), key=cycles.count, default=0)
        ends = [p for p in self._ends if p.cycle == chosen]
        found = {p.time: p for p in (*self._asked[-MOST:], *ends)}
        times = sorted(found)
        picked = np.linspace(0, len(times) - 1, min(MOST, len(times))).round().astype(int)
        return tuple(found[times[k]] for k in picked)


def write_profiles(profiles: Sequence[CellProfile], path: Path) -> None:
    """A row for each place of each profile; cells are empty where there is nothing to tell."""
    rows = [
        {
            "time": p.time, "cycle": p.cycle, "step": p.step, "layer": p.layers[k],
            "height": float(p.height[k]),
            **{n: None if np.isnan(v[k]) else float(v[k]) for n, v in p.values.items()},
        }
        for p in profiles
        for k in range(len(p.height))
    ]  # fmt: skip
    write_rows(path, rows)
