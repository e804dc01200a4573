"""Growth rate of corrugations by their wavelength, against linear theory."""

from collections.abc import Iterator

import numpy as np

from zinterphase.case import Case
from zinterphase.experiments.course import Course
from zinterphase.experiments.experiment import (
    Axis,
    Curve,
    Experiment,
    OnWaves,
    Panel,
    Reduced,
    quantity,
)
from zinterphase.experiments.parameters import PLATING_CURRENT, Parameter, Values
from zinterphase.experiments.waves import Wave, waves
from zinterphase.output.figures import AxisQuantity

WAVELENGTH = Axis("wavelength", "m", AxisQuantity("Wavelength", "µm", 1e6), log=True)
RATE = Axis("growth_rate", "1/s", AxisQuantity("Growth rate", "h$^{-1}$", 3600.0), log=True)
DEVIATION = Axis("deviation", "1", AxisQuantity("Deviation from theory", "%", 100.0))
SAME = 1e-9
"""Relative difference of rates below which films do nothing."""


def on_waves(values: Values, case: Case) -> tuple[float, list[Wave]]:
    """The current density, plating, and the surfaces."""
    cells = values.count("cells")
    chosen = waves(case, values.each("wavelengths"), values["steepness"], cells)
    return -values["current"], chosen


def reduce(course: Course, values: Values) -> Reduced:
    """Rates, their deviation, and what films make of them."""
    wavelength, rate = course["wavelength"], course["rate"]
    theory, bare = course["theory"], course["bare"]
    deviation = rate / theory - 1.0
    fastest = int(np.argmax(rate))
    named = {
        f"growth_rate.at_{1e6 * length:.4g}_um": quantity(value, "1/s")
        for length, value in zip(wavelength, rate, strict=True)
    }
    lines = [Curve("growth", wavelength, rate), Curve("growth", wavelength, theory, guide=True)]
    film = np.abs(theory - bare).max() > SAME * np.abs(bare).max()
    if film:
        lines.append(Curve("growth", wavelength, bare, guide=True))
    return Reduced(
        {
            **named,
            "growth_rate.largest": quantity(rate[fastest], "1/s"),
            "wavelength.fastest": quantity(wavelength[fastest], "m"),
            "amplification.largest": quantity(float((rate / bare).max()), "1"),
            "amplification.least": quantity(float((rate / bare).min()), "1"),
            "deviation.largest": quantity(float(np.abs(deviation).max()), "1"),
        },
        (*lines, Curve("deviation", wavelength, deviation)),
        "; ".join(_remarks(course, film=film)),
    )


def _remarks(course: Course, *, film: bool) -> Iterator[str]:
    share = course["rate"] / course["bare"]
    ends = (f"{share[k]:.4g} at {1e6 * course['wavelength'][k]:.4g} um" for k in (0, -1))
    grown = f"growth over that of the bare metal: {', '.join(ends)}"
    yield grown if film else "no film changes the growth"
    if course.facts.get("surface_energy", 0.0) > 0.0:
        yield "rates and theory leave out the surface energy of the case"


EXPERIMENT = Experiment(
    name="dispersion",
    what="growth rate of corrugations by their wavelength, against linear theory",
    measure=OnWaves(on_waves),
    parameters=(
        PLATING_CURRENT,
        Parameter(
            "wavelengths",
            "2 um, 5 um, 10 um, 20 um, 50 um, 100 um, 200 um, 500 um",
            "m",
            "wavelengths of the corrugations",
            several=True,
        ),
        Parameter("steepness", "0.02", "1", "amplitude over the least of 1/k and the films"),
        Parameter("cells", "64", "1", "cells of the mesh a wavelength", least=16),
    ),
    reduce=reduce,
    panels=(
        Panel("growth", WAVELENGTH, RATE, marked=True),
        Panel("deviation", WAVELENGTH, DEVIATION, marked=True),
    ),
    headline=("deviation.largest", "largest deviation from linear theory"),
    source="Barton and Bockris, Proc. R. Soc. A 268 (1962) 485; Mullins and Sekerka, J. Appl. "
    "Phys. 35 (1964) 444",
    guides="theory",
)
