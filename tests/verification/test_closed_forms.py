"""Closed forms of `zinterphase verify` against references of 40 to 50 digits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zinterphase.verification.closed.distribution import (
    PROTRUSIONS,
    Film,
    corrugation_response,
    patch_response,
)
from zinterphase.verification.corrugation import FILMS, GAP, KAPPA, RESISTANCES, WAVELENGTHS
from zinterphase.verification.diffuse_layer import BULKS, layer_of
from zinterphase.verification.references import reference, values

REFERENCE = Path(__file__).parent / "reference"
DIFFUSE = values("case01", REFERENCE)
DISTRIBUTION = values("case05")
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
