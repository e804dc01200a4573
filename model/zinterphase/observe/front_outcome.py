"""What a front has come to, against how it began and against linear theory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zinterphase.case import Case
from zinterphase.cell.stability import exponents_of
from zinterphase.observe.conformality import Conformality, conformality
from zinterphase.observe.relief import Relief, ReliefGrowth, relief_growth
from zinterphase.observe.relief_spectrum import ModeGrowth, growth_by_wavelength
from zinterphase.observe.surface import FloatArray


@dataclass(frozen=True, eq=False)
class FrontOutcome:
    """Growth of a relief, the deposit on it, and its waves.

    ``theory`` is ln of the growth of each wave over the whole protocol by linear theory, shape (m,)
    as the waves, NaN where it is not known. ``modes`` are the reason where there are none.
    """

    growth: ReliefGrowth
    deposit: Conformality
    modes: ModeGrowth | str
    theory: FloatArray


def front_outcome(case: Case, now: Relief, before: Relief) -> FrontOutcome:
    """Of two reliefs of one front that has lateral directions, the later one first."""
    modes = growth_by_wavelength(now, before, case.geometry.extents)
    theory = np.zeros(0) if isinstance(modes, str) else exponents_of(case, modes.wavelength)
    return FrontOutcome(relief_growth(now, before), conformality(now, before), modes, theory)
