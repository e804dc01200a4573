"""What a case does by what it leaves unsaid is said."""

import tomllib
from pathlib import Path

import pytest

from zinterphase.advice import regime_of
from zinterphase.case import Case, Draft
from zinterphase.ensemble.setting import notices
from zinterphase.finding import Finding

from .case_samples import CASES


def said(case: Case) -> dict[str, Finding]:
    return {finding.field: finding for finding in regime_of(case).findings}


def under_titania(**kinetics: object) -> Draft:
    tables = tomllib.loads((CASES / "titania.toml").read_text())
    tables["kinetics"] = {"zinc": kinetics}
    return Draft(tables, Path())


def test_the_wetted_share_that_a_film_leaves_is_named() -> None:
    case = under_titania().changed({"layers.titania.porosity": 0.3}).case()
    finding = said(case)["kinetics.zinc.contact_fraction"]
    assert finding.text.startswith("0.3 of zinc is wetted, an assumption: the porosity of titania")
    assert "3.33 times the mean current density" in finding.text
    assert finding.severity == "warning"
    (lines,) = notices([case], [-10.0], [1])
    assert any(line.startswith("warning: kinetics.zinc.contact_fraction: 0.3") for line in lines)
    given = under_titania(contact_fraction=0.3).changed({"layers.titania.porosity": 0.4}).case()
    assert "kinetics.zinc.contact_fraction" not in said(given)
    assert "kinetics.zinc.contact_fraction" not in said(Case.load(CASES / "bare.toml"))


def test_an_exchange_current_without_its_concentration_is_named() -> None:
    """(0.5/2)^0.75 with concentrations: 0.354 of 6 A/m2."""
    field = "kinetics.zinc.exchange_current_density"
    dilute = ["electrolyte.concentration=0.5 mol/L", "level=electroneutral"]
    dilute.append("kinetics.zinc.exchange_current_density=6 A/m^2")
    text = said(Case.load(CASES / "bare.toml", dilute))[field].text
    assert text.startswith("6 A/m^2 is that at the library's 2 mol/L, hence 2.12 A/m^2")
    state = "kinetics.zinc.reference_concentration=0.5 mol/L"
    assert field not in said(Case.load(CASES / "bare.toml", [*dilute, state]))
    assert field not in said(Case.load(CASES / "bare.toml"))


@pytest.mark.parametrize(
    ("scale", "potential", "severity", "text"),
    [
        ("SHE", "-50 mV", "warning", "this dissolves Zn at +0.745 V against its equilibrium, "),
        ("SHE", "-850 mV", "note", "this plates Zn2+ at -0.055 V against its equilibrium, -0.795"),
        ("Zn", "50 mV", "note", "this dissolves Zn at +0.05 V against its equilibrium, 0 V vs z"),
    ],
)
def test_the_direction_of_an_imposed_potential(
    scale: str, potential: str, severity: str, text: str
) -> None:
    case = Case.load(CASES / "bare.toml", [f"reference={scale}", f"control.potential={potential}"])
    finding = said(case)["control.potential"]
    assert (finding.severity, finding.text[: len(text)]) == (severity, text)
