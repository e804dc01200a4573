"""Potentials beyond the limiting current: the plateau, or a refusal."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.errors import SolveError
from zinterphase.run import solve
from zinterphase.scales import FARADAY
from zinterphase.verification.cells import VT, Metal, binary, case_of, film, potential

GAP = 20e-6
CONCENTRATION = 50.0
DIFFUSIVITY = 0.7e-9
LIMIT = -4 * FARADAY * DIFFUSIVITY * CONCENTRATION / GAP
"""-z F D (1 + z/|z_-|) c/L of a 2:2 salt against its bulk, with migration [A/m2]."""
FINE = {"far_size": "0.4 um"}
WALL = {"wall_law": "gouy_chapman_stern"}


def cell(voltage: float, level: str = "electroneutral", **more: Any) -> Case:
    """A flat metal under a dilute salt; ``voltage`` in RT/F."""
    ions = binary(2, CONCENTRATION, (DIFFUSIVITY, 1.5 * DIFFUSIVITY))
    control = potential(voltage * VT)
    return case_of(level, GAP, ions, Metal(5.0, pzc=-2 * VT), control=control, **more)


@pytest.mark.parametrize("more", [{}, WALL], ids=["bare", "wall"])
@pytest.mark.parametrize("voltage", [-25.0, -80.0, -195.0])
def test_beyond_the_limit_the_current_is_the_plateau(voltage: float, more: dict[str, Any]) -> None:
    """Whatever the drop of ln c in the first cell, up to -5 V."""
    result = solve(cell(voltage, **more), MPI.COMM_SELF)
    assert result.mean_current_density == pytest.approx(LIMIT, rel=1e-3)


def test_current_is_monotone_in_the_potential_on_a_rough_metal() -> None:
    """On the way to the plateau and on it, where every part of the surface is depleted."""
    surface = {"shape": "sinusoidal", "amplitude": "0.5 um", "wavelength": "10 um"}
    currents = []
    for voltage in (-5.0, -10.0, -15.0, -20.0, -30.0, -80.0):
        case = cell(voltage, width=10e-6, surface=surface, mesh={"lateral_size": "0.5 um"})
        currents.append(-solve(case, MPI.COMM_SELF).mean_current_density)
    assert np.all(np.diff(currents) > -1e-9 * currents[-1])
    assert currents[-1] == pytest.approx(currents[-2], rel=1e-6)


def test_a_closed_cell_is_limited_at_the_electrode_that_plates() -> None:
    """Either sign: the amount of anions is fixed, the limit twice that against the bulk.

    Within the part of the amount that the quadrature misses in the depleted cell.
    """
    for sign in (-1, 1):
        result = solve(cell(sign * 60.0, counter=True, mesh=FINE), MPI.COMM_SELF)
        assert result.mean_current_density == pytest.approx(sign * abs(2 * LIMIT), rel=4e-3)


def test_a_charged_film_passes_its_own_limit() -> None:
    """Donnan cells are averaged like others: same current at any potential on the plateau."""
    layer = film("film", 1e-6, transport=0.3, fixed_charge="20 mol/m^3")
    found = [
        solve(cell(voltage, films=[layer]), MPI.COMM_SELF).mean_current_density
        for voltage in (-40.0, -120.0)
    ]
    assert found[0] == pytest.approx(found[1], rel=1e-4)


def test_second_order_refuses_what_its_quadrature_misses() -> None:
    """Its first cell is not averaged exactly: below the plateau by what the check sees, where
    Newton's loop comes so far."""
    said = "a concentration falls within less than a cell|transport limits"
    with pytest.raises(SolveError, match=said):
        solve(cell(-80.0, mesh={"order": 2}), MPI.COMM_SELF)
