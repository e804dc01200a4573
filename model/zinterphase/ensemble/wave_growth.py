"""Growth of a moving surface's waves by their length, over seeds, against linear theory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np
import numpy.typing as npt

from zinterphase.case import Case
from zinterphase.ensemble.members import Record
from zinterphase.observe.free_course import FreeCourse
from zinterphase.observe.front_course import FrontCourse
from zinterphase.observe.front_outcome import front_outcome
from zinterphase.observe.statistics import Interval, power_growth

Array = npt.NDArray[np.float64]
WAVELENGTH, BEFORE, NOW, THEORY = "wavelength", "wave_before", "wave_now", "wave_theory"
"""Columns of a record: amplitudes, NaN where the surface has no such wave, and ln of growths."""


@dataclass(frozen=True)
class WaveGrowth:
    """One wave of an anode over the whole protocol.

    ``exponent`` is ln of the growth of its root mean square amplitude over the seeds, ``theory``
    that of linear theory, None where it is not known.
    """

    label: str
    wavelength: float
    exponent: Interval
    theory: float | None


def wave_columns(case: Case, course: FrontCourse | FreeCourse) -> dict[str, Array] | None:
    """What a record keeps of its surface's waves, at the end of the protocol; None without any."""
    if not course.is_graph:
        return None
    found = front_outcome(case, course.relief(), course.first_relief())
    if isinstance(found.modes, str):
        return None
    absent = np.isnan(found.modes.exponent)
    return {
        WAVELENGTH: found.modes.wavelength,
        BEFORE: np.where(absent, np.nan, found.modes.before),
        NOW: np.where(absent, np.nan, found.modes.now),
        THEORY: found.theory,
    }


def wave_growth(label: str, records: Sequence[Record]) -> Iterator[WaveGrowth]:
    """Of the records of one anode, waves from long to short; finer meshes reach further, and only
    waves that every record reaches count."""
    courses: list[Mapping[str, Array]] = [
        r.course for r in records if r.course is not None and NOW in r.course
    ]
    if not courses:
        return
    shared = min(len(course[NOW]) for course in courses)
    for k in range(shared):
        pairs = [(float(course[BEFORE][k]), float(course[NOW][k])) for course in courses]
        pairs = [pair for pair in pairs if not isnan(pair[0])]
        if not pairs:
            continue
        wavelength, theory = (float(courses[0][name][k]) for name in (WAVELENGTH, THEORY))
        growth = power_growth(*zip(*pairs, strict=True))
        yield WaveGrowth(label, wavelength, growth, None if isnan(theory) else theory)
