"""Mesh recipes of cases: which sizes the physics asks for where, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zinterphase.case import Case
from zinterphase.errors import CaseError
from zinterphase.geometry.double_layers import debye_length
from zinterphase.geometry.recipe import meshed_layers, recipe_from_case
from zinterphase.geometry.source import mesh_of_case

UM = 1e-6
MESHES = Path(__file__).parents[2] / "meshes"


def case(**changes: object) -> Case:
    """A dual-layer case at level pnp; ``changes`` replace whole tables."""
    tables: dict[str, object] = {
        "title": "mesh",
        "level": "pnp",
        "geometry": {"width": "60 um"},
        "layers": [
            {"name": "zinc", "material": "Zn", "thickness": "2 um"},
            {
                "name": "titania",
                "material": "TiO2",
                "thickness": "1 um",
                "fixed_charge": "-125 mol/m^3",
            },
            {"name": "electrolyte", "material": "electrolyte", "thickness": "50 um"},
        ],
        "electrolyte": {"salt": "ZnSO4", "concentration": "0.05 mol/L"},
        "control": {"current_density": "-1 mA/cm^2"},
    }
    return Case.from_dict(tables | changes)


def with_surface(**surface: object) -> Case:
    return case(geometry={"width": "60 um", "surface": surface})


def test_recipe_of_a_charged_film() -> None:
    loaded = case()
    spec = recipe_from_case(loaded)
    film, electrolyte = spec.layers
    assert [layer.name for layer in meshed_layers(loaded)] == ["titania", "electrolyte"]
    assert spec.solid_layers == 0
    assert film.first_lower == film.first_upper < electrolyte.first_lower
    bulk = debye_length(loaded, loaded.layers[-1])
    permittivity = loaded.electrolyte.permittivity
    ions = sum(s.charge**2 * s.concentration for s in loaded.electrolyte.resolved_species)
    expected = np.sqrt(8.8541878128e-12 * permittivity * 8.314462618 * loaded.temperature / ions)
    assert bulk == pytest.approx(expected / 96485.33212, rel=1e-6)
    assert electrolyte.first_lower == pytest.approx(0.3 * bulk)
    assert electrolyte.first_upper == electrolyte.largest == spec.far_size == pytest.approx(5 * UM)
    assert spec.lateral_size == pytest.approx(60 * UM / 64)
    assert recipe_from_case(case(level="secondary")).layers[0].first_lower > 1e-8


def test_case_overrides_the_sizes() -> None:
    mesh = {"first_cell": "1 nm", "lateral_size": "2 um", "far_size": "6 um", "growth": 1.2}
    spec = recipe_from_case(case(mesh=mesh))
    assert [layer.first_lower for layer in spec.layers] == pytest.approx([1e-9, 1e-9])
    assert (spec.lateral_size, spec.far_size, spec.growth) == pytest.approx((2 * UM, 6 * UM, 1.2))


def test_lateral_size_follows_surface_and_kinetics() -> None:
    rough = {"shape": "random", "rms": "0.1 um", "correlation_length": "4 um"}
    assert recipe_from_case(with_surface(**rough)).lateral_size == pytest.approx(0.5 * UM)
    spread = {"spread": {"sigma_ln": 0.5, "correlation_length": "2 um"}}
    patchy = recipe_from_case(case(kinetics={"zinc": spread}))
    assert patchy.lateral_size == pytest.approx(0.25 * UM)


@pytest.mark.parametrize(
    ("surface", "field"),
    [
        ({"shape": "sinusoidal", "amplitude": "1 um", "wavelength": "50 um"}, "wavelength"),
        ({"shape": "random", "rms": "1 um", "correlation_length": "31 um"}, "correlation_length"),
        (
            {"shape": "protrusion", "height": "1 um", "tip_radius": "1 um", "position": "61 um"},
            "position",
        ),
    ],
)
def test_surfaces_that_do_not_fit_are_refused(surface: dict[str, str], field: str) -> None:
    with pytest.raises(CaseError) as caught:
        recipe_from_case(with_surface(**surface))
    assert caught.value.field == f"geometry.surface.{field}"


def test_too_coarse_a_lateral_size_is_refused() -> None:
    rough = {"shape": "random", "rms": "0.1 um", "correlation_length": "4 um"}
    geometry = {"width": "60 um", "surface": rough}
    with pytest.raises(CaseError, match=r"mesh\.lateral_size"):
        recipe_from_case(case(geometry=geometry, mesh={"lateral_size": "0.6 um"}))


def test_height_map_of_a_case(tmp_path: Path) -> None:
    path = tmp_path / "heights.csv"
    path.write_text("x,height\n0,0\n3e-5,2e-7\n6e-5,-1e-7\n")
    spec = recipe_from_case(with_surface(shape="map", file=str(path)))
    middle = spec.surface.height(np.array([[1.5e-5], [4.5e-5]]))
    np.testing.assert_allclose(middle, [1e-7, 0.5e-7])
    before = spec.key()
    path.write_text("x,height\n0,0\n3e-5,3e-7\n6e-5,-1e-7\n")
    assert recipe_from_case(with_surface(shape="map", file=str(path))).key() != before
    for content in ("x,height\n0,0\n5e-5,0\n", "x,y,height\n0,0,0\n", "x,height\n0,zero\n"):
        path.write_text(content)
        with pytest.raises(CaseError, match=r"geometry\.surface\.file"):
            recipe_from_case(with_surface(shape="map", file=str(path)))


def test_mesh_of_a_case_within_the_budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZINTERPHASE_CACHE", str(tmp_path))
    rough = {"shape": "random", "rms": "0.3 um", "correlation_length": "5 um"}
    geometry = {"width": "60 um", "surface": rough}
    assert len(mesh_of_case(case(geometry=geometry)).points) < 12_000
    assert len(mesh_of_case(case(geometry=geometry, level="secondary")).points) < 5_000
