"""Reference case 1 at level `pnp`: the diffuse layer at a plane wall.

The metal sits at its equilibrium potential with the bulk, so that no current passes, and its
potential of zero charge is moved instead: V - pzc is the reference's wall potential. A compact
layer of very large capacitance makes it the liquid's potential at the wall (GC, BIK);
C_S = 0.2 F/m2 is the reference's Stern layer (GCS, SIG). Excess amounts are left out: with the
charge and the profile they hold nothing new.
"""

from __future__ import annotations

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.errors import CaseError
from zinterphase.result import Result
from zinterphase.scales import FARADAY, VACUUM_PERMITTIVITY
from zinterphase.studies import solve

from .cells import VT, WATER, Metal, binary, case_of, potential, reference, si, values

EXPECTED = values("case01")
PROFILES = reference("case01")["profiles"]
BULKS = [(z, c) for z in (1, 2) for c in (1, 100, 2000)]
RIGID = 1e7  # capacitance of the compact layer over sigma/V: phi_OHP = V to 1e-7


def debye_length(z: int, c: int) -> float:
    return EXPECTED[f"GC|z{z}|c{c}|lambda_D"]


def cell(
    z: int,
    c: int,
    wall: float,
    stern: float,
    *,
    diameter: float | None = None,
    inner: float | None = None,
    fine: float = 0.5,
) -> Case:
    """25 Debye lengths of liquid over a metal ``wall`` volts from its potential of zero charge.

    ``inner`` is the potential in the liquid that the first cell is graded for (default ``wall``),
    ``fine`` scales all cells, ``diameter`` [nm] is that of the ions.
    """
    length, half = debye_length(z, c), z / 2
    reduced = z * (wall if inner is None else inner) / VT
    thinning = 1 + 2 * np.sinh(reduced / 2)
    first = 0.1 * length / thinning
    if diameter is not None:
        first = 0.05 * length / min(thinning, 200.0)
    steric = {} if diameter is None else {"steric_diameter": si(diameter, "nm")}
    mesh = {
        "first_cell": si(fine * first, "m"),
        "growth": 1 + 0.2 * fine,
        "far_size": si(0.5 * fine * length, "m"),
    }
    metal = Metal(1.0, half, half, pzc=-wall, stern=stern)
    ions, zero = binary(z, c), potential(0.0)
    return case_of("pnp", 25 * length, ions, metal, control=zero, mesh=mesh, electrolyte=steric)


def charge(result: Result) -> float:
    """Charge density of the metal [C/m2]."""
    return -result.surface.mean("normal_field") * WATER * VACUUM_PERMITTIVITY


def wall_potential(result: Result) -> float:
    """phi at the outer Helmholtz plane [V], the mean over the surface."""
    kinetics = result.case.kinetics["metal"]
    return -kinetics.pzc - charge(result) / kinetics.stern_capacitance


@pytest.mark.parametrize(("z", "c"), BULKS)
def test_gouy_chapman(z: int, c: int) -> None:
    """25 to 250 mV, the stress test of 5.6e11 mol/m3 at a 2:2, 2 M wall included."""
    assert debye_length(z, c) > 0
    for millivolt in (25, 50, 100, 250):
        key = f"GC|z{z}|c{c}|V{millivolt}"
        expected = EXPECTED[f"{key}|sigma"]
        wall = millivolt / 1000
        result = solve(cell(z, c, wall, RIGID * expected / wall), MPI.COMM_SELF)
        assert charge(result) == pytest.approx(expected, rel=4e-4)
        assert result.mean_current_density == pytest.approx(0.0, abs=1e-8)
        co_ion = result.surface.values["concentration"]
        assert co_ion == pytest.approx(EXPECTED[f"{key}|c_co_wall"], rel=1e-5)
        assert_profile(result, PROFILES[f"{key}|phi"])


def assert_profile(result: Result, profile: dict) -> None:
    """Electrostatic potential at heights of the reference, in the mean over the strip."""
    problem = result.problem
    height = problem.liquid.scalar.tabulate_dof_coordinates()[:, 1]
    phi = problem.liquid_field.x.array.reshape(-1, 3)[:, 2] * problem.bulk.thermal_voltage
    levels, index = np.unique(height, return_inverse=True)
    means = np.bincount(index, phi) / np.bincount(index)
    expected = np.array(profile["columns"]["phi"]["values"])
    found = np.interp(profile["x"], levels, means)
    assert found == pytest.approx(expected, abs=2e-3 * expected[0])


@pytest.mark.parametrize(("z", "c"), BULKS)
def test_gouy_chapman_stern(z: int, c: int) -> None:
    """Charge and drop over the diffuse layer behind 0.2 F/m2."""
    for millivolt in (25, 50, 100, 250):
        key = f"GCS|z{z}|c{c}|V{millivolt}"
        drop = EXPECTED[f"{key}|phi_d"]
        result = solve(cell(z, c, millivolt / 1000, 0.2, inner=drop), MPI.COMM_SELF)
        assert charge(result) == pytest.approx(EXPECTED[f"{key}|sigma"], rel=3e-4)
        assert wall_potential(result) == pytest.approx(drop, rel=2e-3)


@pytest.mark.parametrize(("z", "c"), BULKS)
def test_grahame(z: int, c: int) -> None:
    """q = sqrt(8 eps R T c0) sinh(z F phi_OHP / 2RT) with both sides computed, and SIG."""
    slope = np.sqrt(8 * WATER * VACUUM_PERMITTIVITY * FARADAY * VT * c)
    for sigma in (0.01, 0.05, 0.2):
        expected = EXPECTED[f"SIG|z{z}|c{c}|s{sigma:g}|phi_wall"]
        result = solve(cell(z, c, expected + sigma / 0.2, 0.2, inner=expected), MPI.COMM_SELF)
        found = wall_potential(result)
        assert found == pytest.approx(expected, rel=2e-3)
        assert charge(result) == pytest.approx(slope * np.sinh(z * found / VT / 2), rel=1e-3)


@pytest.mark.parametrize(("z", "c"), BULKS)
def test_steric_ions(z: int, c: int) -> None:
    """Bikerman / Kilic-Bazant-Ajdari with one ion size."""
    for diameter in (0.4, 0.6, 0.7 if c == 2000 else 0.8):
        for millivolt in (50, 250):
            key = f"BIK|z{z}|c{c}|V{millivolt}|a{diameter:g}"
            expected, wall = EXPECTED[f"{key}|sigma"], millivolt / 1000
            stern = RIGID * expected / wall
            result = solve(cell(z, c, wall, stern, diameter=diameter), MPI.COMM_SELF)
            assert charge(result) == pytest.approx(expected, rel=4e-4)
            co_ion = result.surface.values["concentration"]
            assert co_ion == pytest.approx(EXPECTED[f"{key}|c_co_wall"], rel=1e-4)


def test_more_ions_than_sites_are_refused() -> None:
    """a = 0.8 nm at 2 M: nu = 1.23 in the bulk."""
    with pytest.raises(CaseError, match="more ions than sites"):
        cell(1, 2000, 0.1, 0.2, diameter=0.8)


@pytest.mark.parametrize("diameter", [None, 0.6])
def test_differential_capacitance(diameter: float | None) -> None:
    """C = d sigma / d V by a centred difference of 0.1 mV at 100 mV, 1:1, 0.1 M."""
    key = "GC|z1|c100|V100|C_diff" if diameter is None else "BIK|z1|c100|V100|a0.6|C_diff"
    stern = RIGID * EXPECTED["GC|z1|c100|V100|sigma"] / 0.1
    sides = [
        charge(solve(cell(1, 100, 0.1 + step, stern, diameter=diameter), MPI.COMM_SELF))
        for step in (-5e-5, 5e-5)
    ]
    assert (sides[1] - sides[0]) / 1e-4 == pytest.approx(EXPECTED[key], rel=1e-3)


@pytest.mark.parametrize("diameter", [None, 0.6])
def test_charge_converges_at_second_order(diameter: float | None) -> None:
    """Halved cells, P1: 2:2, 0.1 M, 100 mV."""
    key = "GC|z2|c100|V100|sigma" if diameter is None else "BIK|z2|c100|V100|a0.6|sigma"
    expected = EXPECTED[key]
    errors = [
        charge(solve(cell(2, 100, 0.1, RIGID * expected / 0.1, diameter=diameter, fine=f), comm))
        / expected
        - 1
        for comm, f in ((MPI.COMM_SELF, 0.5), (MPI.COMM_SELF, 0.25), (MPI.COMM_SELF, 0.125))
    ]
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert np.all((orders > 1.8) & (orders < 2.2)), errors
