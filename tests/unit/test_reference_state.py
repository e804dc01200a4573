"""The reference state of the kinetics is one thing: i0, concentration and equilibrium potential."""

from __future__ import annotations

import tomllib
from math import log
from typing import Any

import pytest

from zinterphase.case import Case, Draft
from zinterphase.errors import CaseError
from zinterphase.materials.electrolyte import activity
from zinterphase.mechanisms.switches import switchboard
from zinterphase.scales import thermal_voltage
from zinterphase.solve.bulk import bulk_of

from .case_samples import CASES, SAMPLE, tables

VT = thermal_voltage(298.15)
MOVED = "moved by Nernst's law from 2 mol/L to"
LEVELS = ("pnp", "electroneutral", "concentrated", "secondary", "primary")


def stack(level: str, scale: str, bulk: str, **kinetics: Any) -> Case:
    """Porous silver on dense silver under ZnSO4; ``kinetics`` are those of both."""
    layers = [
        {"name": "silver", "material": "Ag", "thickness": "1 um", "potential": "resolved"},
        {"name": "porous", "material": "Ag_nanoparticles", "thickness": "1 um"},
        {"name": "liquid", "material": "electrolyte", "thickness": "5 um"},
    ]
    return Case.from_dict(
        {
            "level": level,
            "reference": scale,
            "geometry": {"width": "5 um"},
            "layers": layers,
            "electrolyte": {"concentration": bulk, "conductivity": "4 S/m"},
            "kinetics": {"silver": kinetics, "porous": {}},
            "control": {"potential": "0 V"},
        }
    )


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("scale", ["SHE", "Zn"])
@pytest.mark.parametrize("reference", ["0.001 mol/L", "0.3 mol/L", "2 mol/L", "2.4 mol/L"])
def test_any_reference_state_is_in_equilibrium_with_the_same_bulk(
    level: str, scale: str, reference: str
) -> None:
    found = stack(level, scale, "0.5 mol/L", reference_concentration=reference)
    bulk = bulk_of(found)
    moved, default = (bulk.equilibrium(found.kinetics[n]) for n in ("silver", "porous"))
    assert moved.potential == pytest.approx(default.potential, abs=1e-14)
    assert moved.exchange_current_density == pytest.approx(default.exchange_current_density)
    if scale == "Zn":
        assert moved.potential == pytest.approx(0.0, abs=1e-14)


def test_the_scale_of_zinc_refuses_a_potential_against_nernsts_law() -> None:
    """What obeys the law is taken, and anything against SHE."""
    state = {"reference_concentration": "0.5 mol/L"}
    with pytest.raises(CaseError, match=r'silver\.formal_potential = "0\.01 V at 0\.5'):
        stack("pnp", "Zn", "0.5 mol/L", **state, formal_potential="10 mV")
    assert stack("pnp", "Zn", "0.5 mol/L", **state, formal_potential="0 V").kinetics
    free = stack("pnp", "SHE", "0.5 mol/L", **state, formal_potential="10 mV")
    assert bulk_of(free).equilibrium(free.kinetics["silver"]).potential == 0.01


def test_a_potential_without_its_concentration_is_refused() -> None:
    with pytest.raises(CaseError, match=r"kinetics\.silver\.reference_concentration"):
        stack("pnp", "SHE", "0.5 mol/L", formal_potential="-0.8 V")


def test_what_moved_is_in_the_provenance() -> None:
    """By concentrations at a level of ions, by Pitzer's activities with the salt."""
    state = {"reference_concentration": "0.1 mol/L"}
    for level, ratio in (
        ("pnp", 0.05),
        ("concentrated", activity(100.0) / activity(2000.0)),
    ):
        found = stack(level, "SHE", "0.5 mol/L", **state)
        kinetics = found.kinetics["silver"]
        assert kinetics.formal_potential == pytest.approx(-0.795 + VT / 2 * log(ratio))
        assert kinetics.exchange_current_density == pytest.approx(15.0 * ratio**0.75)
        source = {entry.field: entry.source for entry in found.provenance}
        assert f"{MOVED} 0.1 mol/L" in source["kinetics.silver.formal_potential"]
        assert "mass action" in source["kinetics.silver.exchange_current_density"]
        assert source["kinetics.silver.reference_concentration"] == "case file"
        assert MOVED not in source["kinetics.porous.formal_potential"]


@pytest.mark.parametrize("level", LEVELS)
def test_one_rule_says_where_activities_are_concentrations(level: str) -> None:
    """-0.8128 V with concentrations, -0.8057 V with Pitzer's activities, at 0.5 mol/L."""
    found = stack(level, "Zn", "0.5 mol/L")
    ions = level in ("pnp", "electroneutral")
    assert found.reference_potential == pytest.approx(-0.8128 if ions else -0.8057, abs=5e-5)
    for entry in found.provenance:
        if entry.field.startswith("kinetics."):
            assert entry.source != "case file", entry.field
    assert bulk_of(found).measured_activity is not ions


def test_species_are_ideal_at_every_level() -> None:
    ions = [
        {"name": name, "charge": z, "diffusivity": "1e-9 m^2/s", "concentration": "0.5 mol/L"}
        for name, z in (("Zn2+", 2), ("SO42-", -2))
    ]
    data = tables() | {"reference": "Zn"}
    data["electrolyte"] = {"species": ions, "conductivity": "4 S/m"}
    del data["kinetics"]
    found = Case.from_dict(data)
    assert found.level == "secondary"
    assert found.reference_potential == pytest.approx(-0.8128, abs=5e-5)


def test_a_study_at_another_level_has_the_scale_of_that_level() -> None:
    changes = ["reference=Zn", "level=electroneutral", "electrolyte.concentration=0.5 mol/L"]
    base = switchboard(Draft.load(CASES / "bare.toml", changes)).base.case()
    assert base.level == "concentrated"
    assert base.kinetics["zinc"].pzc + base.reference_potential == pytest.approx(-0.91, abs=1e-12)


def silver_plating(**kinetics: Any) -> dict[str, Any]:
    """Ag+ on silver."""
    ions = [
        {"name": name, "charge": z, "diffusivity": "1.6e-9 m^2/s", "concentration": "0.1 mol/L"}
        for name, z in (("Ag+", 1), ("NO3-", -1))
    ]
    return {
        "level": "electroneutral",
        "geometry": {"width": "20 um"},
        "layers": [
            {"name": "metal", "material": "Ag", "thickness": "1 um"},
            {"name": "liquid", "material": "electrolyte", "thickness": "100 um"},
        ],
        "electrolyte": {"species": ions},
        "kinetics": {"metal": {"reactant": "Ag+", **kinetics}},
        "control": {"potential": "0 V"},
    }


def test_another_reaction_takes_nothing_of_zincs() -> None:
    """The compact layer is the metal's own."""
    with pytest.raises(CaseError) as caught:
        Case.from_dict(silver_plating(exchange_current_density="10 A/m^2"))
    assert str(caught.value).startswith('kinetics.metal = "Ag+ on Ag"')
    missing = "reference_concentration, alpha_a, alpha_c, formal_potential given"
    assert missing in str(caught.value)
    whole = {
        "exchange_current_density": "10 A/m^2",
        "reference_concentration": "0.1 mol/L",
        "alpha_a": 0.5,
        "alpha_c": 0.5,
        "formal_potential": "0.74 V",
    }
    found = Case.from_dict(silver_plating(**whole))
    sources = {e.field: e.source for e in found.provenance if e.field.startswith("kinetics")}
    assert set(sources) == {
        f"kinetics.metal.{name}" for name in ("pzc", "stern_capacitance", "contact_fraction")
    }
    assert found.kinetics["metal"].pzc == -0.7
    for part, key in (("spread", "sigma_ln"), ("nucleation", "overpotential")):
        with pytest.raises(CaseError, match=rf"kinetics\.metal\.{part}\.{key}"):
            Case.from_dict(silver_plating(**whole, **{part: {}}))


def test_protons_on_zinc_take_nothing_of_zincs() -> None:
    data = tomllib.loads(SAMPLE)
    data["level"] = "electroneutral"
    data["electrolyte"] = {
        "species": [
            {"name": name, "charge": z, "diffusivity": "1e-9 m^2/s", "concentration": c}
            for name, z, c in (
                ("Zn2+", 2, "1 mol/L"),
                ("H+", 1, "1 mmol/L"),
                ("Cl-", -1, "2.001 mol/L"),
            )
        ]
    }
    data["kinetics"] = {"zinc": {"reactant": "H+"}}
    with pytest.raises(CaseError, match=r'kinetics\.zinc = "H\+ on Zn'):
        Case.from_dict(data)


def test_a_misspelt_key_is_named_first() -> None:
    with pytest.raises(CaseError, match="did you mean formal_potential"):
        Case.from_dict(silver_plating(formal_potentail="0.74 V"))


def test_a_reference_beyond_the_measured_activities_is_named() -> None:
    with pytest.raises(CaseError, match=r"kinetics\.silver\.reference_concentration = .5 mol/L"):
        stack("concentrated", "SHE", "0.5 mol/L", reference_concentration="5 mol/L")
