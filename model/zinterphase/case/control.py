"""What drives the cell."""

from __future__ import annotations

from typing import Literal

from zinterphase.case.quantities import CurrentDensity, PositiveCount, Potential, Text
from zinterphase.case.table import Table


class Counter(Table):
    """The far side: bulk reservoir, or an electrode with the kinetics of the layer ``like``.

    ``filling`` says how a closed cell got its ions: pores in equilibrium with the bulk (Donnan, a
    soaked film), or filled with liquid of the bulk's composition.
    """

    type: Literal["reservoir", "electrode"] = "reservoir"
    like: Text | None = None
    filling: Literal["equilibrium", "bulk"] = "equilibrium"


class Control(Table):
    """Mean current density per projected area (cathodic negative) or electrode potential."""

    current_density: CurrentDensity | None = None
    potential: Potential | None = None
    ramp_steps: PositiveCount = 1
