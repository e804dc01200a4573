"""Closed forms of `zinterphase verify` against references of 40 to 50 digits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zinterphase.verification.binary_cell import CELLS, closed_form
from zinterphase.verification.closed.distribution import (
    PROTRUSIONS,
    Film,
    corrugation_response,
    patch_response,
)
from zinterphase.verification.closed.membrane import ChargedLayer, Plating
from zinterphase.verification.compared import reference, values
from zinterphase.verification.corrugation import FILMS, GAP, KAPPA, RESISTANCES, WAVELENGTHS
from zinterphase.verification.diffuse_layer import BULKS, layer_of

REFERENCE = Path(__file__).parent / "reference"
DIFFUSE = values("case01", REFERENCE)
DISTRIBUTION = values("case05")
BINARY = values("case03", REFERENCE)
PROFILES = reference("case01", REFERENCE)["profiles"]
EXACT = 1e-9  # the references take the 2018 value of eps0


@pytest.mark.parametrize(("z", "c"), BULKS)
def test_gouy_chapman_and_stern(z: int, c: int) -> None:
    layer = layer_of(z, c)
    assert layer.debye_length == pytest.approx(DIFFUSE[f"GC|z{z}|c{c}|lambda_D"], rel=EXACT)
    for millivolt in (25, 50, 100, 250):
        wall, key = millivolt / 1000, f"z{z}|c{c}|V{millivolt}"
        assert layer.surface_charge(wall) == pytest.approx(DIFFUSE[f"GC|{key}|sigma"], rel=EXACT)
        assert layer.capacitance(wall) == pytest.approx(DIFFUSE[f"GC|{key}|C_diff"], rel=EXACT)
        assert layer.co_ion(wall) == pytest.approx(DIFFUSE[f"GC|{key}|c_co_wall"], rel=EXACT)
        drop = layer.drop_behind(0.2, wall)
        assert drop == pytest.approx(DIFFUSE[f"GCS|{key}|phi_d"], rel=EXACT)
        assert layer.surface_charge(drop) == pytest.approx(DIFFUSE[f"GCS|{key}|sigma"], rel=1e-8)
        profile = PROFILES[f"GC|{key}|phi"]
        found = layer.potential(np.array(profile["x"]), wall)
        assert found == pytest.approx(profile["columns"]["phi"]["values"], rel=1e-8)


@pytest.mark.parametrize(("z", "c"), BULKS)
def test_grahame(z: int, c: int) -> None:
    for sigma in (0.01, 0.05, 0.2):
        expected = DIFFUSE[f"SIG|z{z}|c{c}|s{sigma:g}|phi_wall"]
        assert layer_of(z, c).drop_of_charge(sigma) == pytest.approx(expected, rel=EXACT)


@pytest.mark.parametrize(("z", "c"), BULKS)
def test_steric_ions(z: int, c: int) -> None:
    for diameter in (0.4, 0.6, 0.7 if c == 2000 else 0.8):
        layer = layer_of(z, c, diameter)
        for millivolt in (25, 50, 100, 250):
            key, wall = f"BIK|z{z}|c{c}|V{millivolt}|a{diameter:g}", millivolt / 1000
            assert layer.surface_charge(wall) == pytest.approx(DIFFUSE[f"{key}|sigma"], rel=EXACT)
            assert layer.capacitance(wall) == pytest.approx(DIFFUSE[f"{key}|C_diff"], rel=EXACT)
            assert layer.co_ion(wall) == pytest.approx(DIFFUSE[f"{key}|c_co_wall"], rel=EXACT)


@pytest.mark.parametrize("resistance", RESISTANCES)
@pytest.mark.parametrize("micrometres", WAVELENGTHS)
def test_waves_under_films(micrometres: int, resistance: str) -> None:
    key, k = f"corr|lam{micrometres}um|Rct{resistance}|", 2 * np.pi / (micrometres * 1e-6)
    given = KAPPA, GAP, RESISTANCES[resistance]
    found = corrugation_response(k, *given, None)
    assert found == pytest.approx(DISTRIBUTION[f"{key}T_nofilm"], rel=EXACT)
    for thickness, conductivity in FILMS:
        for conformal in (False, True):
            found = corrugation_response(k, *given, Film(thickness, conductivity, conformal))
            top = "conformal" if conformal else "flat"
            name = f"T_film_d{thickness * 1e6:.0f}um_kf{conductivity:g}_{top}"
            assert found == pytest.approx(DISTRIBUTION[key + name], rel=EXACT), name


def test_protrusions() -> None:
    assert PROTRUSIONS["hemisphere"] == DISTRIBUTION["protrusion|hemisphere_tip"]
    assert PROTRUSIONS["ridge"] == DISTRIBUTION["protrusion|semicircular_ridge_tip"]


@pytest.mark.parametrize(
    ("ratio", "shares"),
    [
        (None, (1.0, 0.9999, 0.9989)),
        (0.25, (1.0, 0.9997, 0.9987)),
        (1e-3, (0.9892, 0.9424, 0.9347)),
        (1e-4, (0.9012, 0.6209, 0.5921)),
        (1e-5, (0.4771, 0.1408, 0.1269)),
    ],
)
def test_patches_under_films(ratio: float | None, shares: tuple[float, ...]) -> None:
    """Tabulated to four digits for 1, 10 and 100 um, kappa = 5.65 S/m, R_ct = 25.7 ohm cm2."""
    layer = None if ratio is None else Film(1e-6, 5.65 * ratio)
    for micrometres, share in zip((1, 10, 100), shares, strict=True):
        found = patch_response(2 * np.pi / (micrometres * 1e-6), 5.65, 25.7e-4, layer)
        assert found == pytest.approx(share, abs=6e-5)


@pytest.mark.parametrize(("name", "key"), list(zip(CELLS, "ABC", strict=True)))
def test_binary_cell(name: str, key: str) -> None:
    cell = closed_form(name)
    assert cell.limiting_current == pytest.approx(BINARY[f"{key}|i_lim"], rel=EXACT)
    for i in (10.0, 50.0):
        at = f"{key}|i{i:.0f}|"
        assert cell.voltage(i) == pytest.approx(BINARY[f"{at}V_cell"], rel=EXACT)
        walls = BINARY[f"{at}c_cathode"], BINARY[f"{at}c_anode"]
        assert cell.wall_concentrations(i) == pytest.approx(walls, rel=EXACT)
        drop = BINARY[f"{at}dphi_electrolyte"]
        assert cell.liquid_drop(i) == pytest.approx(drop, rel=1e-8)
        kinetic = BINARY[f"{at}eta_s_anode"] - BINARY[f"{at}eta_s_cathode"]
        assert cell.kinetic(i) == pytest.approx(kinetic, rel=EXACT)


def test_charged_layer_without_charge_is_the_neutral_liquid() -> None:
    known = Plating(ChargedLayer(2, 100.0, 0.0), 1e-6, 0.25, 2e-6, 0.7e-9)
    flux = 5e-3
    neutral = 100.0 - flux / (2 * 0.7e-9) * (2e-6 + 1e-6 / 0.25)
    assert known.reactant_potential(flux) == pytest.approx(2 * np.log(neutral / 100), rel=1e-12)


def test_face_of_a_charged_layer_by_its_first_integrals() -> None:
    """The field is continuous: eps/2 E^2 of both sides agree at the face."""
    layer = ChargedLayer(2, 100.0, -400.0)
    u, deep = layer.face_potential, layer.donnan_potential
    outside = np.cosh(u) - 1
    inside = np.cosh(u) - np.cosh(deep) - layer.fixed_charge / (2 * 2 * 100.0) * (u - deep)
    assert inside == pytest.approx(outside, rel=1e-12)
