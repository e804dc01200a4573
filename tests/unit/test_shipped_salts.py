"""Salts of the library besides ZnSO4: what a case takes of them, and what their numbers obey."""

from __future__ import annotations

import tomllib
from math import exp, log, sqrt
from typing import Any

import pytest

from zinterphase.case import Case
from zinterphase.cell.advice import regime_of
from zinterphase.cell.electrodes import cell_of
from zinterphase.materials.salts import shipped_salts

SALTS = {"ZnCl2": (0.3469, 2.19, -0.1659, 0.022), "Zn(ClO4)2": (0.6747, 2.396, 0.02134, 0.068)}
"""Pitzer's parameters as Pitzer & Mayorga print them (4/3 beta0, 4/3 beta1, 2^(5/2)/3 C), and the
apparent volume [L/mol]."""


def case(salt: str, **changes: Any) -> Case:
    tables = {
        "reference": "Zn",
        "geometry": {"dimension": 1},
        "layers": [
            {"name": "zinc", "material": "Zn", "thickness": "50 um"},
            {"name": "liquid", "material": "electrolyte", "thickness": "50 um"},
        ],
        "electrolyte": {"salt": salt, "concentration": "0.5 mol/L"},
        "kinetics": {
            "zinc": {
                "exchange_current_density": "0.5 mA/cm^2",
                "reference_concentration": "0.5 mol/L",
            }
        },
        "control": {"current_density": "-1 mA/cm^2"},
    }
    return Case.from_dict(tables | changes)


def pitzer(salt: str, molality: float) -> float:
    """Mean activity coefficient of a 2:1 salt; Pitzer & Mayorga, 1973, eq. 3."""
    beta0, beta1, c, _ = SALTS[salt]
    strength = 3 * molality
    root = sqrt(strength)
    debye = -2 * 0.3915 * (root / (1 + 1.2 * root) + 2 / 1.2 * log(1 + 1.2 * root))
    ranged = beta1 / (2 * strength) * (1 - (1 + 2 * root - 2 * strength) * exp(-2 * root))
    return exp(debye + molality * (2 * beta0 + ranged) + 1.5 * molality**2 * c)


@pytest.mark.parametrize("name", SALTS)
def test_activity_is_that_of_the_published_parameters(name: str) -> None:
    salt = case(name).electrolyte.known_salt
    volume = SALTS[name][3]
    for c in (0.05, 0.2, 0.5, 1.0):
        molality = c / (0.99705 * (1 - volume * c))
        assert salt.activity(1000 * c) == pytest.approx(molality * pitzer(name, molality), rel=1e-2)


@pytest.mark.parametrize("name", SALTS)
def test_a_dilute_solution_conducts_less_than_its_free_ions(name: str) -> None:
    """By Nernst and Einstein at 0.05 mol/L, 15 to 40 % above what is measured of 2:1 salts."""
    salt = case(name).electrolyte.known_salt
    ions = sum(s.charge**2 * s.diffusivity * s.concentration for s in salt.species(50.0))
    free = 96485.33212**2 / (8.314462618 * 298.15) * ions
    assert 1.15 < free / salt.conductivity(50.0) < 1.5


@pytest.mark.parametrize("name", SALTS)
def test_a_case_says_what_is_estimated_and_goes_with_the_temperature(name: str) -> None:
    sources = {entry.field: entry for entry in case(name).provenance}
    assert sources["electrolyte.properties.diffusivity"].confidence == "low"
    assert "Pitzer" in sources["electrolyte.properties.activity_coefficient"].source
    warm, cold = (cell_of(case(name, temperature=t)).bulk.salt for t in ("318.15 K", "298.15 K"))
    assert warm is not None
    assert cold is not None
    ratio = exp(18500.0 / 8.314462618 * (1 / 298.15 - 1 / 318.15))
    for law in ("conductivity", "diffusivity"):
        moved = getattr(warm.properties, law)(500.0) / getattr(cold.properties, law)(500.0)
        assert moved == pytest.approx(ratio, rel=1e-6)
    refused = regime_of(case(name, temperature="330 K", accept_invalid=True)).refusals
    assert "electrolyte.salt" in refused[0].text


def test_properties_that_a_case_gives_are_its_own() -> None:
    """Under the name of a salt of the library, with another diffusivity."""
    tables = tomllib.loads(case("ZnCl2").to_toml())
    tables["electrolyte"]["properties"]["diffusivity"] = {"values": [1.1e-9]}
    given = Case.from_dict(tables)
    fields = {entry.field for entry in given.provenance}
    assert given.electrolyte.known_salt.properties.diffusivity(500.0) == 1.1e-9
    assert not {name for name in fields if name.startswith("electrolyte.properties")}


def test_a_conductivity_is_as_sure_as_its_entry() -> None:
    found = case("Zn(ClO4)2", level="secondary").provenance
    entry = next(each for each in found if each.field == "electrolyte.conductivity")
    assert (entry.confidence, entry.basis) == ("low", "computed")
    assert "MgCl2" in entry.source


def test_every_number_of_them_has_a_range_or_a_source() -> None:
    for group in shipped_salts().groups.values():
        for entry in (*group.entries.values(), *(c.entry for c in group.curves.values())):
            assert len(entry.source) > 10
            assert entry.confidence != "high" or entry.basis in ("lookup", "recalled")
