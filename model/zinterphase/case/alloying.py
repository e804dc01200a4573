"""A metal that takes up the metal plated on it."""

from __future__ import annotations

from typing import Annotated, Literal

from zinterphase.case.bounds import Bounds
from zinterphase.case.quantities import (
    Dimensional,
    InnerFraction,
    Length,
    Number,
    PositivePotential,
)
from zinterphase.case.table import Table

ALLOYING = "alloying"
"""Name of the reaction that plates into the host."""
SolidDiffusivity = Annotated[
    float, Dimensional("m^2/s", "a diffusivity", "3e-20 m^2/s", Bounds(1e-30, 1e-6))
]
SolidConcentration = Annotated[
    float, Dimensional("mol/m^3", "a concentration", "2.9e5 mol/m^3", Bounds(1.0, 1e6))
]
DepthCells = Annotated[int, Number(Bounds(4, 1000), integer=True)]


class Alloying(Table):
    """Zinc that diffuses into a silver layer, up to AgZn3.

    ``capacity`` is zinc per volume of silver [mol/m3] at most; compositions are shares of it.
    ``alpha``, ``gamma`` and ``epsilon`` are potentials of the saturated phases against zinc,
    ``composition`` is what the layer holds at the start. ``thickness`` is that of the solid behind
    the reacting surface; behind it is zinc (``back``), or nothing. ``cells`` divide the depth.
    """

    thickness: Length
    diffusivity: SolidDiffusivity
    capacity: SolidConcentration
    alpha: PositivePotential
    gamma: PositivePotential
    epsilon: PositivePotential
    composition: InnerFraction = 1e-3
    back: Literal["zinc", "none"] = "zinc"
    cells: DepthCells = 64
