"""Materials of one's own: what a file gives to a case, and what is refused."""

from __future__ import annotations

import tomllib
from math import exp, isclose
from pathlib import Path
from typing import Any

import pytest

from zinterphase.case import Case
from zinterphase.ensemble.jobs import fingerprint
from zinterphase.errors import CaseError
from zinterphase.materials.own import own_library
from zinterphase.physics.curves import MeasuredActivity, RootPolynomial, spline

from .case_samples import CASES

LAB = CASES / "library/my_lab.toml"
ENTRY = 'value = {}\nunit = "{}"\nsource = "s"\nconfidence = "low"\nbasis = "measured"\n'


def own_case(**changes: Any) -> dict[str, Any]:
    """Zinc under a film in a line of the laboratory's salt."""
    tables = {
        "library": [str(LAB)],
        "geometry": {"dimension": 1},
        "layers": [
            {"name": "zinc", "material": "Zn", "thickness": "50 um"},
            {"name": "film", "material": "ZnF2", "thickness": "1 um"},
            {"name": "electrolyte", "material": "electrolyte", "thickness": "50 um"},
        ],
        "electrolyte": {"salt": "ZnCl2", "concentration": "20 mmol/L"},
        "kinetics": {
            "zinc": {
                "exchange_current_density": "0.1 mA/cm^2",
                "reference_concentration": "20 mmol/L",
            }
        },
        "control": {"current_density": "-0.1 mA/cm^2"},
    }
    return tables | changes


def test_a_solid_gives_what_its_file_has_with_its_source() -> None:
    case = Case.from_dict(own_case())
    film = case.layer("film")
    assert (film.porosity, film.tortuosity_factor, film.conducting) == (0.25, 3.0, False)
    sources = {entry.field: entry for entry in case.provenance}
    assert sources["layers.film.porosity"].source.startswith("ZnF2.porosity: place for")
    assert sources["layers.film.porosity"].confidence == "low"
    assert sources["electrolyte.properties.conductivity"].basis == "computed"


def test_a_resolved_case_holds_the_salt_and_loads_to_an_equal_one() -> None:
    case = Case.from_dict(own_case())
    again = Case.from_dict(tomllib.loads(case.to_toml()))
    assert again == case
    assert again.electrolyte.known_salt.charges == (2, -1)
    assert again.provenance == case.provenance


def test_the_ions_of_a_salt_are_neutral_together() -> None:
    cation, anion = Case.from_dict(own_case()).electrolyte.resolved_species
    assert (cation.name, cation.concentration) == ("Zn2+", 20.0)
    assert (anion.name, anion.concentration) == ("Cl-", 40.0)


def test_the_zinc_potential_follows_the_activity_of_the_salt() -> None:
    case = Case.from_dict(own_case())
    sulfate = Case.load(CASES / "bare.toml")
    ratio = case.electrolyte.known_salt.activity(20.0) / 0.0735
    difference = case.scale.zinc_at(20.0) - sulfate.scale.zinc_at(2000.0)
    assert isclose(exp(2 * difference / 0.0256926), ratio, rel_tol=2e-3)


def test_an_exchange_current_density_is_not_taken_into_another_salt() -> None:
    kinetics = {"zinc": {"reference_concentration": "20 mmol/L"}}
    with pytest.raises(CaseError, match=r"that in ZnCl2: the library's was fitted in ZnSO4"):
        Case.from_dict(own_case(kinetics=kinetics))
    layers = own_case()["layers"]
    layers[0] = {"name": "copper", "material": "Cu", "thickness": "1 um"}
    with pytest.raises(CaseError, match=r"that in ZnCl2: that of Cu was fitted in ZnSO4"):
        Case.from_dict(own_case(layers=layers, kinetics={}))


def test_explicit_ions_with_another_anion_are_warned_of() -> None:
    def ion(name: str, charge: int, concentration: str) -> dict[str, Any]:
        return {
            "name": name, "charge": charge, "diffusivity": "1e-9 m^2/s",
            "concentration": concentration,
        }  # fmt: skip

    zinc = ion("Zn2+", 2, "10 mmol/L")
    chloride = {"species": [zinc, ion("Cl-", -1, "20 mmol/L")]}
    sulfate = {"species": [zinc, ion("SO42-", -2, "10 mmol/L")]}
    warned = [
        Case.from_dict(own_case(electrolyte=liquid, kinetics={})).warnings
        for liquid in (chloride, sulfate)
    ]
    assert "fitted in ZnSO4, here beside Cl-" in warned[0][-1]
    assert not warned[1]


def test_a_metal_gives_its_kinetics() -> None:
    layers = own_case()["layers"]
    layers[0] = {"name": "copper", "material": "Cu", "thickness": "1 um"}
    electrolyte = {"concentration": "2 mol/L"}
    case = Case.from_dict(own_case(layers=layers, electrolyte=electrolyte, kinetics={}))
    copper = case.kinetics["copper"]
    assert copper.exchange_current_density == pytest.approx(5.0)
    assert copper.pzc == pytest.approx(-0.03)
    assert copper.formal_potential == pytest.approx(case.scale.zinc_at(2000.0))
    sources = {entry.field: entry.source for entry in case.provenance}
    assert sources["kinetics.copper.pzc"].startswith("Cu.pzc: ")


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"electrolyte": {"salt": "ZnBr2", "concentration": "1 mol/L"}}, "'ZnSO4', 'ZnCl2'"),
        ({"electrolyte": {"salt": "ZnCl2", "concentration": "1 mol/L"}}, "0.001 to 0.05 mol/L"),
        ({"electrolyte": {"salt": "ZnCl2", "concentration": "0.02 mol/L", "pH": 4.0}}, "ZnSO4"),
        ({"wall_law": "gouy_chapman_stern"}, "that is not z:z"),
        ({"library": ["absent.toml"]}, "an existing file"),
    ],
)
def test_what_a_case_cannot_have_beside_its_own_salt(changes: dict[str, Any], line: str) -> None:
    with pytest.raises(CaseError) as caught:
        Case.from_dict(own_case(**changes))
    assert line in str(caught.value)


def test_fixed_charge_beside_a_salt_that_is_not_symmetric_is_refused() -> None:
    layers = own_case()["layers"]
    layers[1]["fixed_charge"] = "-10 mol/m^3"
    with pytest.raises(CaseError, match=r"layers\.film\.fixed_charge = .*not z:z"):
        Case.from_dict(own_case(layers=layers))


@pytest.mark.parametrize(
    ("text", "field", "allowed"),
    [
        ("[a]\n", "a.kind", "solid, metal, salt"),
        ('[a]\nkind = "solid"\n', "a.porosity", "needs"),
        ('[a]\nkind = "solid"\n[a.porosity]\nvalue = 0.2\n', "a.porosity.unit", "library"),
        ('[a]\nkind = "solid"\n[a.porosty]\n' + ENTRY.format(0.2, "-"), "a.porosty", "porosity"),
        ('[a]\nkind = "solid"\n[a.porosity]\n' + ENTRY.format(0.2, "blub"), "porosity.unit", "SI"),
        ('[a]\nkind = "solid"\n[a.porosity]\n' + ENTRY.format(0.2, "-").replace("low", "good"),
         "porosity.confidence", "high, medium, low"),
        ('[a]\nkind = "salt"\n', "a.cation_diffusivity", "needs"),
    ],
)  # fmt: skip
def test_a_file_is_refused_by_entry(text: str, field: str, allowed: str, tmp_path: Path) -> None:
    path = tmp_path / "lab.toml"
    path.write_text("format = 1\n" + text, encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        own_library([path])
    assert field in caught.value.field
    assert allowed in caught.value.allowed


def test_a_salt_that_would_conduct_backwards_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lab.toml"
    text = LAB.read_text(encoding="utf-8").replace("[0.0, 0.0, 25.82]", "[0.0, 1.0, -25.82]")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError, match=r"library: ZnCl2\.conductivity = .*above 0"):
        Case.from_dict(own_case(library=[str(path)]))


def test_a_run_is_told_apart_by_its_files(tmp_path: Path) -> None:
    path = tmp_path / "lab.toml"
    path.write_text(LAB.read_text(encoding="utf-8"), encoding="utf-8")
    case = Case.from_dict(own_case(library=[str(path)]))
    before = fingerprint(case)
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert fingerprint(case) != before


def test_a_spline_goes_through_its_rows_and_its_slope_is_the_derivative() -> None:
    rows = [(10.0, 0.7), (100.0, 0.52), (500.0, 0.4), (1000.0, 0.34)]
    for law in (spline(rows), RootPolynomial((1.0, -2.0, 0.5))):
        for c in (5.0, 50.0, 100.0, 300.0, 999.0, 2000.0):
            step = 1e-5
            slope = (law(c * (1 + step)) - law(c * (1 - step))) / (2 * step)
            assert law.slope(c) == pytest.approx(slope, rel=1e-4, abs=1e-6)
    assert [spline(rows)(c) for c, _ in rows] == pytest.approx([y for _, y in rows], rel=1e-12)
    ideal = MeasuredActivity(RootPolynomial((0.0,)))
    assert (ideal(1000.0), ideal.slope(70.0)) == (0.0, 1.0)
