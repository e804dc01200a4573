"""The case file: what it resolves to, and the round trip."""

import pickle
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from zinterphase.case import Case, RandomSurface
from zinterphase.errors import CaseError

from .case_samples import CASES, CONTROL, SALT_FREE, SAMPLE, case, silver_under_titania, tables


def test_values_are_si() -> None:
    found = case()
    assert found.geometry.width == 6e-05
    assert found.geometry.extents == (6e-05,)
    assert isinstance(found.geometry.surface, RandomSurface)
    assert found.geometry.surface.rms == 3e-07
    assert found.control.current_density == -10.0
    assert found.electrolyte.concentration == 2000.0
    assert found.electrolyte.conductivity == pytest.approx(5.65, rel=1e-3)
    assert found.kinetics["zinc"].exchange_current_density == 5.0
    assert found.output.normals == ((0.0,), (1e-05,))
    assert found.output.probes == ((1e-05, 2e-06),)
    assert [layer.meshed for layer in found.layers] == [False, True, True]


def test_layers_carry_their_medium() -> None:
    found = case("layers.titania.porosity=0.4", "layers.titania.fixed_charge=-125 mol/m^3")
    film = found.layer("titania").medium
    assert film.kind == "porous_insulator"
    assert film.porosity == 0.4
    assert film.fixed_charge == -125.0
    assert film.electronic_conductivity == 0.0
    assert film.specific_area == pytest.approx(6.0 * 0.6 / 25e-9)
    assert found.layer("zinc").medium.kind == "dense_conductor"
    assert found.layer("electrolyte").medium.permittivity == found.electrolyte.permittivity


def test_conducting_titania_is_solved_for_electrons() -> None:
    film = case("layers.titania.conducting=true").layer("titania")
    assert film.medium.kind == "porous_conductor"
    assert film.medium.electronic_conductivity == 1e-4
    assert film.potential == "resolved"


def test_species_come_from_the_salt_or_the_case() -> None:
    ions = case().electrolyte.resolved_species
    assert [(s.name, s.charge, s.concentration) for s in ions] == [
        ("Zn2+", 2, 2000.0),
        ("SO42-", -2, 2000.0),
    ]
    assert ions[0].diffusivity == 7.03e-10
    data = tables() | {"electrolyte": {"species": SALT_FREE}, "level": "pnp"}
    explicit = Case.from_dict(data).electrolyte
    assert explicit.salt is None
    assert explicit.find("Cl-").charge == -1
    with pytest.raises(KeyError):
        explicit.find("Br-")


def test_missing_kinetics_come_from_the_library() -> None:
    data = tables()
    del data["kinetics"]
    kinetics = Case.from_dict(data).kinetics["zinc"]
    assert kinetics.exchange_current_density == 5.0
    assert kinetics.contact_fraction == 0.5  # porosity of the titania on it
    assert kinetics.spread is None
    silver = case(text=silver_under_titania().split("[kinetics.silver]")[0] + CONTROL)
    assert set(silver.kinetics) == {"silver"}
    assert silver.kinetics["silver"].exchange_current_density == 15.0
    assert silver.kinetics["silver"].pzc == -0.7


def test_factor_multiplies_only_when_asked() -> None:
    found = case("kinetics.zinc.exchange_current_density_factor=1.5")
    assert found.kinetics["zinc"].exchange_current_density == 7.5
    source = sources(found)["kinetics.zinc.exchange_current_density"]
    assert "cases.TiO2_only_i0_factor = 1.5" in source


def sources(found: Case) -> dict[str, str]:
    return {entry.field: entry.source for entry in found.provenance}


def test_provenance_tells_library_from_case_file() -> None:
    found = sources(case("layers.titania.porosity=0.4"))
    assert found["layers.titania.porosity"] == "case file"
    assert found["layers.titania.tortuosity_factor"].startswith("tio2.tortuosity_factor: ")
    assert "-125" in found["layers.titania.fixed_charge"]
    assert found["kinetics.zinc.contact_fraction"] == "case file"
    assert found["electrolyte.conductivity"].startswith("electrolyte.kappa_max: ")


def test_potentials_on_the_zinc_scale() -> None:
    data = tables() | {"reference": "Zn"}
    del data["kinetics"]
    found = Case.from_dict(data)
    assert found.reference_potential == pytest.approx(-0.795)
    assert found.kinetics["zinc"].formal_potential == pytest.approx(0.0, abs=1e-15)
    assert found.kinetics["zinc"].pzc == pytest.approx(-0.115)
    dilute = Case.from_dict(data | {"electrolyte": {"concentration": "1 mol/L"}})
    assert dilute.reference_potential == pytest.approx(-0.802, abs=1e-3)
    assert case().reference_potential == 0.0


VARIANTS: dict[str, Callable[[], Case]] = {
    "sample": case,
    "silver": lambda: case(text=silver_under_titania()),
    "dilute pnp": lambda: case("level=pnp", "electrolyte.concentration=10 mM"),
    "species": lambda: Case.from_dict(
        tables() | {"electrolyte": {"species": SALT_FREE}, "level": "pnp"}
    ),
    "zinc scale": lambda: case(
        "reference=Zn", "kinetics.zinc.formal_potential=0 V", "control.potential=-50 mV"
    ),
    "three dimensions": lambda: case("geometry.dimension=3", "output={}"),
    "odd numbers": lambda: case("geometry.width=0.7123456789 in", "solver.tolerance=3.3e-11"),
    "quotes": lambda: case(r'title="a \"quoted\" \\ title, 🔋 and #"'),
    "electrodes": lambda: case("counter.type=electrode", "counter.like=zinc"),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_written_case_loads_to_an_equal_case(name: str, tmp_path: Path) -> None:
    original = VARIANTS[name]()
    file = tmp_path / "case.toml"
    file.write_text(original.to_toml(), encoding="utf-8")
    again = Case.load(file)
    assert again == original
    assert again.provenance == original.provenance
    assert again.to_toml() == original.to_toml()
    assert pickle.loads(pickle.dumps(again)) == original


def test_written_case_names_units_and_sources() -> None:
    text = case().to_toml()
    assert 'width = "6e-05 m"  # m' in text
    assert "porosity = 0.5  # dimensionless; tio2.porosity: " in text
    assert "confidence medium]" in text


def test_data_files_are_relative_to_the_case_file(tmp_path: Path) -> None:
    (tmp_path / "heights.csv").write_text("x,height\n0,0\n6e-5,0\n")
    data = tables()
    surface = 'shape = "map"\nfile = "heights.csv"\n'
    start = SAMPLE.index('shape = "random"')
    text = SAMPLE[:start] + surface + SAMPLE[SAMPLE.index("[[layers]]") :]
    file = tmp_path / "sub.toml"
    file.write_text(text)
    found = Case.load(file)
    assert found.geometry.surface.shape == "map"
    assert found.geometry.surface.file == tmp_path / "heights.csv"
    data["geometry"]["surface"] = {"shape": "map", "file": "absent.csv"}
    with pytest.raises(CaseError, match=r"geometry\.surface\.file = .*an existing file"):
        Case.from_dict(data, folder=tmp_path)


def test_seed_and_current_are_replaced() -> None:
    found = case().with_seed(7).with_current(-50.0)
    assert isinstance(found.geometry.surface, RandomSurface)
    assert found.geometry.surface.seed == 7
    assert found.kinetics["zinc"].spread is not None
    assert found.kinetics["zinc"].spread.seed == 7
    assert found.control.current_density == -50.0
    driven = case("control.potential=-50 mV").with_current(-10.0)
    assert (driven.control.current_density, driven.control.potential) == (-10.0, None)
    assert case().with_seed(1) == case()
    for bad in (-1, 1.5, True):
        with pytest.raises(CaseError, match="a whole number"):
            case().with_seed(bad)  # type: ignore[arg-type]
        with pytest.raises(CaseError, match="a whole number"):
            case().kinetics["zinc"].with_seed(bad)  # type: ignore[arg-type]
    for endless in (float("nan"), float("inf")):
        with pytest.raises(CaseError, match="a current density"):
            case().with_current(endless)


def test_case_is_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        case().geometry.width = 1.0  # type: ignore[misc]


def test_overriding_one_control_drops_the_other() -> None:
    control = case("control.potential=-50 mV").control
    assert (control.current_density, control.potential) == (None, -0.05)


def test_warnings() -> None:
    assert case().warnings == ()
    narrow = case("geometry.width=40 um").warnings
    assert [line.split(" = ")[0] for line in narrow] == [
        "geometry.surface.correlation_length",
        "kinetics.zinc.spread.correlation_length",
    ]


@pytest.mark.parametrize("name", ["bare", "silver", "titania", "dual_layer"])
def test_starter_cases_load_without_warnings(name: str) -> None:
    found = Case.load(CASES / f"{name}.toml")
    assert found.warnings == ()
    assert Case.from_dict(tomllib.loads(found.to_toml())) == found


def test_starter_cases_share_geometry_drive_and_seeds() -> None:
    found = [Case.load(CASES / f"{n}.toml") for n in ("bare", "silver", "titania", "dual_layer")]
    assert all(c.geometry == found[0].geometry for c in found)
    assert all(c.control == found[0].control for c in found)
    top = [next(iter(c.kinetics.values())) for c in found]
    assert [k.exchange_current_density for k in top] == [5.0, 15.0, 7.5, 15.0]
    assert [k.spread.sigma_ln for k in top if k.spread] == [0.7, 0.25, 0.7, 0.25]
    assert {k.spread.seed for k in top if k.spread} == {1}
