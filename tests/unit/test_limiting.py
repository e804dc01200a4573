"""Limiting currents of several ions and charged layers, by quadrature of the 1-D problem."""

from __future__ import annotations

from math import inf
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from zinterphase.case import Case
from zinterphase.cell.limiting import (
    Composition,
    Resistance,
    filling,
    limiting_flux,
    limiting_flux_between_electrodes,
)
from zinterphase.errors import CaseError
from zinterphase.scales import FARADAY

ANODES = Path(__file__).parents[2] / "cases"
IONS = Composition((2, 100.0), ((1, 20.0), (-1, 30.0), (-2, 95.0)), 7.03e-10)
"""Zinc from acid sulfate."""
SALT = Composition((2, 10.0), ((-2, 10.0),), 0.703e-9)
GAP = Resistance(100e-6, 100e-6, 0.0)


def membrane(fixed_charge: float) -> Resistance:
    """5 um with porosity one half and tortuosity factor two."""
    return Resistance(5e-6 / 0.25, 2.5e-6, fixed_charge)


def by_integration(thickness: float) -> float:
    """Flux at which dp/dy, marched from the bulk, uses up the reactant at the metal."""

    def left(flux: float) -> float:
        def slope(_: float, p: np.ndarray) -> np.ndarray:
            c = IONS.concentration(p[0], 0.0)
            strength = sum(z**2 * x * np.exp(-z * p[0]) for z, x in IONS.resting)
            return np.array([-flux / IONS.diffusivity / (strength / 2 + 2 * c)])

        end = solve_ivp(slope, (0, thickness), [0.0], rtol=1e-10, atol=1e-12).y[0, -1]
        return IONS.concentration(float(end), 0.0)

    guess = IONS.diffusivity * 100.0 / thickness
    return float(brentq(left, guess, 2 * guess))


def test_four_ions_need_the_migration_of_all() -> None:
    """An independent integration of Nernst-Planck from the bulk to the metal."""
    length = 120e-6
    found = limiting_flux([Resistance(length, length, 0.0)], IONS)
    assert found == pytest.approx(by_integration(length), rel=1e-6)
    assert 2 * FARADAY * limiting_flux([membrane(0.0), GAP], IONS) == pytest.approx(
        189.958, rel=1e-5
    )


def test_a_binary_salt_has_its_formula() -> None:
    expected = 2 * SALT.diffusivity * 10.0 / 100e-6
    assert limiting_flux([GAP], SALT) == pytest.approx(expected, rel=1e-9)
    closed = limiting_flux_between_electrodes([GAP], SALT, filling([GAP], SALT, True))
    assert closed == pytest.approx(2 * expected, rel=1e-9)


def test_cation_selective_pores_alone_have_no_limit() -> None:
    """They hold the reactant at any potential; free liquid above them limits as without them."""
    layer = membrane(-50.0)
    assert limiting_flux([layer], SALT) == inf
    expected = 2 * SALT.diffusivity * 10.0 / 100e-6
    assert limiting_flux([layer, GAP], SALT) == pytest.approx(expected, rel=1e-9)


def test_only_a_closed_cell_is_filled() -> None:
    with pytest.raises(CaseError, match=r"counter\.filling.*electrode"):
        Case.load(ANODES / "bare.toml", ["counter.filling=bulk"])
