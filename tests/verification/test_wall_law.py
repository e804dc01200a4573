"""Thin double layers at the walls of neutral levels, against closed forms and level `pnp`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from mpi4py import MPI
from scipy.optimize import brentq

from zinterphase.case import Case
from zinterphase.result import Result
from zinterphase.run import solve
from zinterphase.scales import FARADAY, VACUUM_PERMITTIVITY
from zinterphase.verification.cells import (
    VT,
    WATER,
    Metal,
    binary,
    case_of,
    current,
    film,
    potential,
    si,
)
from zinterphase.verification.closed.planar import Wall, neutral_cell_potential, neutral_flux

GAP = 50e-6
CONCENTRATION = 10.0
DIFFUSIVITY = 0.7e-9
UNIT = 2 * FARADAY * DIFFUSIVITY * CONCENTRATION / GAP
"""A/m2 of a dimensionless flux of one; the limiting flux is -2 against a reservoir."""
LAYER = float(np.sqrt(VACUUM_PERMITTIVITY * WATER * VT / (FARADAY * CONCENTRATION)))
STERN = 0.2
EXCHANGE = 0.5 * UNIT
SERIES = 5e-5
"""Distance in kT/e where the series of the diffuse charge takes over, well below its threshold."""


def wall_at(voltage: float, pzc: float) -> Wall:
    """The same wall in the dimensionless numbers of the closed form."""
    compact = VACUUM_PERMITTIVITY * WATER / STERN / GAP
    return Wall(LAYER / GAP, compact, EXCHANGE / UNIT, pzc, voltage)


def cell(level: str, pzc: float = 5.0, **more: Any) -> Case:
    """Two ions over a flat metal; thin layers by the wall law or resolved."""
    resolved = level == "pnp"
    first = 0.05 * LAYER / np.sqrt(8) if resolved else GAP / 1e4
    options = {"far_size": si(GAP / 100, "m"), "growth": 1.05, "first_cell": si(first, "m")}
    return case_of(
        level,
        GAP,
        binary(2, CONCENTRATION, (DIFFUSIVITY, 1.5 * DIFFUSIVITY)),
        Metal(EXCHANGE, pzc=pzc * VT, stern=STERN),
        wall_law="none" if resolved else "gouy_chapman_stern",
        mesh=options,
        **more,
    )


def flux_of(result: Result) -> float:
    return result.mean_current_density / UNIT


@pytest.mark.parametrize(
    ("voltage", "pzc"), [(-1.0, 5.0), (-4.0, 5.0), (-9.0, 5.0), (3.0, -6.0), (-2.0, -2.0 + SERIES)]
)
def test_flux_is_that_of_the_closed_form(voltage: float, pzc: float) -> None:
    """Salt linear in the gap, Frumkin-corrected kinetics at its end; P1 has ln c to integrate."""
    result = solve(cell("electroneutral", pzc, control=potential(voltage * VT)), MPI.COMM_SELF)
    assert flux_of(result) == pytest.approx(neutral_flux(wall_at(voltage, pzc)), rel=3e-4)


@pytest.mark.parametrize("fraction", [0.1, 0.5, 0.9, 0.98])
def test_agrees_with_resolved_layers_up_to_the_limiting_current(fraction: float) -> None:
    """Current at the same potential, within 1e-3 of itself up to 98 % of the limit.

    At the limit itself the layers are no longer thin against what is left of the salt: at the same
    current the potentials differ by 0.5 mV at 98 %.
    """
    drive = {"control": current(-2 * fraction * UNIT)}
    resolved = solve(cell("pnp", **drive), MPI.COMM_SELF)
    same = {"control": potential(resolved.potential)}
    thin = solve(cell("electroneutral", **same), MPI.COMM_SELF)
    assert flux_of(thin) == pytest.approx(flux_of(resolved), rel=1e-3)
    plain = solve(cell("electroneutral", **drive).model_copy(update={"wall_law": "none"}))
    assert abs(plain.potential / resolved.potential - 1) > 0.05  # what the law is there for


def test_both_electrodes_of_a_closed_cell() -> None:
    drive = {"control": current(-2.0 * UNIT), "counter": True}
    result = solve(cell("electroneutral", **drive), MPI.COMM_SELF)
    expected = VT * neutral_cell_potential(wall_at(0.0, 5.0), -2.0)
    assert result.potential == pytest.approx(expected, rel=3e-4)


def plane_drops(result: Result) -> np.ndarray:
    """The last unknown at every node [RT/F]."""
    problem = result.problem
    size = len(problem.level.component_names)
    return np.asarray(problem.liquid_field.x.array.reshape(-1, size)[:, -1])


def test_unknown_lives_at_the_electrode_only() -> None:
    result = solve(cell("electroneutral", control=potential(-VT)), MPI.COMM_SELF)
    height = result.problem.liquid.scalar.tabulate_dof_coordinates()[:, 1]
    drops = plane_drops(result)
    assert np.all(drops[height > 1e-12] == 0.0)
    assert np.all(drops[height < 1e-12] < -1.0)


@pytest.mark.parametrize("fixed", [-60.0, 40.0])
def test_rest_under_a_charged_film_is_that_of_resolved_layers(fixed: float) -> None:
    """At rest the levels differ in nothing: drop of the plane against the bulk, Donnan included.

    `concentrated` has the activities of the real salt, whose ions are ideal in the diffuse layer.
    """
    coat = film("titania", 200e-9, transport=0.2, fixed_charge=si(fixed, "mol/m^3"))

    def made(level: str) -> Case:
        table = {
            "title": "rest",
            "level": level,
            "accept_invalid": True,
            "reference": "Zn",
            "geometry": {"width": "50 nm"},
            "layers": [
                {"name": "metal", "material": "Zn", "thickness": "1 um"},
                coat,
                {"name": "liquid", "material": "electrolyte", "thickness": "500 nm"},
            ],
            "electrolyte": {"salt": "ZnSO4", "concentration": "0.06 mol/L", "permittivity": 78.4},
            "kinetics": {"metal": {"pzc": "0.1 V", "contact_fraction": 1.0}},
            "control": {"potential": "0 V"},
            "mesh": {"lateral_size": "50 nm", "growth": 1.1, "first_cell": "0.03 nm"},
            "metrics": {"smoothing_radius": "5 nm"},
        }
        if level != "pnp":
            table["wall_law"] = "gouy_chapman_stern"
        return Case.from_dict(table)

    resolved = solve(made("pnp"), MPI.COMM_SELF).problem
    height = resolved.liquid.scalar.tabulate_dof_coordinates()[:, 1]
    wall = resolved.liquid_field.x.array.reshape(-1, 3)[height < 1e-12, 2]
    thin = plane_drops(solve(made("concentrated"), MPI.COMM_SELF))
    thin = thin[np.abs(thin) > 0]
    assert thin == pytest.approx(np.full(thin.shape, wall.mean()), rel=2e-3)


def test_charge_follows_grahame() -> None:
    """C_S (0 - pzc - y) = (8 eps RT c)^1/2 sinh(y) at rest."""
    result = solve(cell("electroneutral", control=potential(0.0)), MPI.COMM_SELF)
    prefactor = np.sqrt(8 * VACUUM_PERMITTIVITY * WATER * FARADAY * VT * CONCENTRATION)

    def imbalance(drop: float) -> float:
        return float(STERN * VT * (-5.0 - drop) - prefactor * np.sinh(drop))

    expected = brentq(imbalance, -10, 10, xtol=1e-14)
    found = plane_drops(result)
    assert found[found != 0.0] == pytest.approx(expected, rel=1e-9)
