"""What drives the cell."""

from __future__ import annotations

from typing import Literal

from zinterphase.case.quantities import CurrentDensity, PositiveCount, Potential, Text
from zinterphase.case.table import Table


class Counter(Table):
    """The far side: bulk reservoir, or an electrode with the kinetics of the layer ``like``."""

    type: Literal["reservoir", "electrode"] = "reservoir"
    like: Text | None = None


class Control(Table):
    """Mean current density per projected area (cathodic negative) or electrode potential."""

    current_density: CurrentDensity | None = None
    potential: Potential | None = None
    ramp_steps: PositiveCount = 1
