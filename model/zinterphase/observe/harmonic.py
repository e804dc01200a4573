"""The wave of a current over a corrugated surface."""

import numpy as np

from zinterphase.observe.surface import SurfaceMap


def first_harmonic(chart: SurfaceMap, wavelength: float) -> float:
    """Coefficient of cos(2 pi x/wavelength) in the current density per projected area [A/m2].

    The map covers a whole number of half-waves.
    """
    wave = np.cos(2.0 * np.pi * chart.position[:, 0] / wavelength)
    weighted = chart.area * chart.values["current_density"]
    return float(2.0 * (weighted @ wave) / chart.projected_area.sum())
