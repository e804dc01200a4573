"""Acid, base, complexes and reactions in a case file: what is read, and what is refused."""

from __future__ import annotations

import math
import tomllib
from typing import Any

import pytest

from zinterphase.case import Case
from zinterphase.cell.bulk import bulk_of
from zinterphase.cell.electrodes import cell_of
from zinterphase.errors import CaseError

from .case_samples import CASES


def case(level: str = "concentrated", **tables: Any) -> Case:
    reactions = tables.pop("reactions", {})
    return Case.from_dict(
        {
            "level": level,
            "geometry": {"dimension": 1},
            "layers": [
                {"name": "zinc", "material": "Zn", "thickness": "50 um"},
                {"name": "liquid", "material": "electrolyte", "thickness": "100 um"},
            ],
            "electrolyte": {"concentration": "2 mol/L", **tables.pop("electrolyte", {})},
            "kinetics": {"zinc": {"contact_fraction": 1.0, "reactions": reactions}},
            "counter": {"type": "reservoir"},
            "control": {"current_density": "0 A/m^2"},
            **tables,
        }
    )


HYDROGEN: dict[str, Any] = {"hydrogen_evolution": {}}


@pytest.mark.parametrize("level", ["electroneutral", "concentrated"])
def test_the_solution_at_a_given_acidity(level: str) -> None:
    """Mass action, neutrality, and all sulfate as given."""
    bulk = bulk_of(case(level, electrolyte={"pH": 3.0}))
    held = {name: bulk.held(name) for name in bulk.charges}
    assert held["H+"] == pytest.approx(1.0)
    assert held["OH-"] == pytest.approx(1e-8)
    gamma = 1.0 if level == "electroneutral" else 0.0735 / 2.0
    free = held["SO42-"] * gamma
    assert held["HSO4-"] == pytest.approx(free * held["H+"] / (1000 * 10**-1.99), rel=2e-3)
    assert held["ZnOH+"] == pytest.approx(held["Zn2+"] * gamma * 10**-8.96 * 1000, rel=2e-3)
    if level == "electroneutral":
        charge = sum(z * held[name] for name, z in bulk.charges.items())
        assert charge == pytest.approx(0.0, abs=1e-9)
        assert held["SO42-"] + held["HSO4-"] == pytest.approx(2000.0)


def test_zero_on_the_zinc_scale_is_free_zinc() -> None:
    """Acid and complexes move the equilibrium with the bulk; the scale's zero moves along."""
    found = case("electroneutral", electrolyte={"pH": 2.0}, reference="Zn")
    assert cell_of(found).working.equilibrium_potential == pytest.approx(0.0, abs=1e-12)


def test_a_library_reaction_needs_no_numbers_and_says_where_they_come_from() -> None:
    found = case(electrolyte={"pH": 4.3}, reactions=HYDROGEN)
    rate = found.kinetics["zinc"].reactions["hydrogen_evolution"]
    assert (rate.form, rate.alpha_a, rate.gas) == ("tafel", 0.0, {"H2": -1.0})
    assert rate.alpha_c == pytest.approx(math.log(10) * 0.0256926 / 0.12, rel=1e-5)
    sources = {p.field: p.source for p in found.provenance}
    where = "kinetics.zinc.reactions.hydrogen_evolution"
    assert "parasitic.HER_i0_Zn" in sources[f"{where}.exchange_current_density"]
    assert "parasitic.HER_tafel_Zn" in sources[f"{where}.alpha_c"]


def test_lumped_hydrogen_has_the_rate_that_the_library_states() -> None:
    """2.5 uA/cm2 at -0.795 V and pH 4.5."""
    found = cell_of(case(electrolyte={"pH": 4.5}, reactions=HYDROGEN)).working.surface
    reaction = found.reactions[1]
    drop = (-0.795 - reaction.equilibrium.potential) / 0.0256926
    rate = reaction.equilibrium.exchange_current_density * math.exp(-reaction.rate.alpha_c * drop)
    assert rate == pytest.approx(0.025, rel=0.05)


def test_a_resolved_case_is_read_back_as_it_was() -> None:
    found = case(electrolyte={"pH": 4.3, "oxygen": "air"}, reactions=HYDROGEN)
    assert Case.from_dict(tomllib.loads(found.to_toml())) == found


MINE = {
    "exchange_current_density": "1 A/m^2",
    "reference_concentration": "2 mol/L",
    "formal_potential": "-0.7 V",
}


@pytest.mark.parametrize(
    ("tables", "why"),
    [
        ({"electrolyte": {"pH": 15}}, "electrolyte.pH"),
        ({"electrolyte": {"pH": 4, "equilibria": ["wine"]}}, "bisulfate"),
        ({"electrolyte": {"equilibria": ["water"]}}, "OH-"),
        ({"electrolyte": {"oxygen": "some"}}, "electrolyte.oxygen"),
        (
            {"level": "electroneutral", "electrolyte": {"concentration": "1 mmol/L", "pH": 0}},
            "acid",
        ),
        ({"reactions": HYDROGEN}, "H\\+"),
        ({"reactions": {"mine": {"equation": "Zn2+ + e- -> Zn(s)", **MINE}}}, "charge"),
        (
            {"reactions": {"mine": {"equation": "Zn2+ + 2 e- -> Zn(s)", "electrons": 2, **MINE}}},
            "beside equation",
        ),
        (
            {
                "electrolyte": {"pH": 4},
                "reactions": {"hydrogen_evolution": {"tafel_slope": "1 mV"}},
            },
            "tafel_slope",
        ),
        (
            {
                "electrolyte": {"pH": 4},
                "reactions": {"hydrogen_evolution": {"alpha_a": 0.5, "alpha_c": 0.5}},
            },
            "one of them above 0",
        ),
        (
            {"electrolyte": {"pH": 4}, "reactions": {"hydrogen_evolution": {"orders": {"Q": 1}}}},
            "orders",
        ),
        (
            {"electrolyte": {"pH": 4}, "reactions": HYDROGEN, "counter": {"type": "electrode"}},
            "no steady state",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(tables: dict[str, Any], why: str) -> None:
    with pytest.raises(CaseError, match=why) as caught:
        case(**tables)
    assert "\n" not in str(caught.value)


def test_dissolved_oxygen_reacts_on_every_metal() -> None:
    found = case(electrolyte={"pH": 4.3, "oxygen": "air"})
    rate = found.kinetics["zinc"].reactions["oxygen_reduction"]
    assert rate.orders is not None
    assert rate.electrons == 4
    assert rate.orders["O2"] == 1.0
    assert found.electrolyte.oxygen == pytest.approx(0.25)


def test_reactions_of_the_same_species_share_one_equilibrium() -> None:
    again = {"reactant": "Zn2+", "alpha_a": 1.0, "alpha_c": 1.0, **MINE}
    with pytest.raises(CaseError, match="one equilibrium"):
        cell_of(case(reactions={"again": again}))
    same = {**again, "formal_potential": "-0.795 V"}
    assert len(cell_of(case(reactions={"again": same})).working.surface.reactions) == 2


def test_an_equilibrium_that_is_named_twice_is_refused_by_its_own_key() -> None:
    twice = 'electrolyte.equilibria=["water", "bisulfate", "water"]'
    with pytest.raises(CaseError) as caught:
        Case.load(CASES / "lsv_sodium_sulfate.toml", [twice])
    assert caught.value.field == "electrolyte.equilibria"
