"""Tip-to-base ratio of maps of a bump."""

import numpy as np
import pytest

from zinterphase.observe.surface import SurfaceMap
from zinterphase.observe.tip import tip_to_base


def bump(height: float, slope_only: bool) -> SurfaceMap:
    """A gaussian bump whose current doubles towards the tip, or follows nothing but the slope."""
    x = np.linspace(0.0, 1.0, 401)
    y = height * np.exp(-(((x - 0.5) / 0.1) ** 2))
    area = np.hypot(np.diff(x), np.diff(y))
    middle = (y[1:] + y[:-1]) / 2
    current = -(np.ones(400) if slope_only else 1.0 + middle / height)
    position = np.stack([(x[1:] + x[:-1]) / 2, middle], axis=1)
    count = np.arange(400)
    return SurfaceMap(position, area, np.diff(x), count, {"current_density": current})


def test_a_current_that_doubles_towards_the_tip() -> None:
    assert tip_to_base(bump(0.2, slope_only=False)) == pytest.approx(2.0, rel=0.05)


def test_slopes_alone_leave_it_at_one() -> None:
    assert tip_to_base(bump(0.2, slope_only=True)) == pytest.approx(1.0, rel=1e-12)


def test_a_flat_surface_has_neither_tip_nor_base() -> None:
    assert tip_to_base(bump(1e-12, slope_only=True)) is None
