"""One anode of a comparison, as figures show it."""

from __future__ import annotations

from dataclasses import dataclass

from zinterphase.observe.spectrum import Spectrum
from zinterphase.observe.statistics import Interval
from zinterphase.observe.surface import SurfaceMap


@dataclass(frozen=True, eq=False)
class Anode:
    """One anode at one current, as the comparison shows it.

    Attributes
    ----------
    label : Name in the legend.
    current : Mean current density [A/m2].
    surface : Map of the seed whose profile is drawn; None where that gave no solution.
    spectra : Spectrum of each seed.
    cv : CV over the seeds.
    limiting_fraction : Current over the limiting current, where known.
    homogenisation : H against the first anode; None for that one itself.
    corrosion : Corrosion current density at open circuit [A/m2]; None elsewhere.
    """

    label: str
    current: float
    surface: SurfaceMap | None
    spectra: tuple[Spectrum, ...]
    cv: Interval
    limiting_fraction: float | None = None
    homogenisation: Interval | None = None
    corrosion: Interval | None = None
