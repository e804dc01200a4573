"""Finite rates of equilibria in a case file: what they mean, and what is refused."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from zinterphase.case import Case
from zinterphase.cell.bulk import bulk_of
from zinterphase.errors import CaseError
from zinterphase.materials.aqueous import constant_of

from .test_aqueous_case import case

DECAY: dict[str, Any] = {"decay_rate_constant": "1e5 1/s"}
ACID: dict[str, Any] = {"pH": 3.0}


def with_rates(level: str = "electroneutral", **rates: Any) -> Case:
    return case(level, electrolyte={**ACID, "rates": rates})


def test_the_complex_is_a_species_in_equilibrium_with_the_bulk() -> None:
    at_once, slow = (bulk_of(found) for found in (with_rates(), with_rates(bisulfate=DECAY)))
    assert "HSO4-" not in at_once.names
    assert slow.names[-1] == "HSO4-"
    assert [c.name for c in slow.complexes] == ["OH-", "ZnOH+"]
    for name in at_once.charges:
        assert slow.held(name) == pytest.approx(at_once.held(name), rel=1e-12)
    assert slow.debye_length == pytest.approx(at_once.debye_length, rel=1e-12)


def test_one_constant_gives_the_other() -> None:
    """k_f/k_d is the equilibrium constant for mol/L; bisulfate's is 10^1.99."""
    formed = with_rates(bisulfate={"formation_rate_constant": f"{10**6.99} 1/s"})
    decaying = with_rates(bisulfate=DECAY)
    rates = [f.electrolyte.decay_constants["HSO4-"] for f in (formed, decaying)]
    assert rates[0] == pytest.approx(rates[1], rel=1e-9)


def test_exchange_of_water() -> None:
    """H+ + OH- meet at k c c: 1.4e11 L/mol/s makes 1.4e-3 mol/L/s of water, whatever the pH."""
    found = bulk_of(with_rates(water={"decay_rate_constant": "1.4e11 1/s"}))
    (formation,) = found.formations
    assert found.exchange_rate(formation) == pytest.approx(1.4e-3 * 1000, rel=1e-2)


def test_at_concentrated_the_salt_counts_its_ions_in_complexes() -> None:
    (formation,) = bulk_of(with_rates("concentrated", bisulfate=DECAY)).formations
    assert formation.makes == {"HSO4-": 1.0, "H+": -1.0}
    (formation,) = bulk_of(with_rates("electroneutral", bisulfate=DECAY)).formations
    assert formation.makes == {"HSO4-": 1.0, "H+": -1.0, "SO42-": -1.0}


def test_a_resolved_case_is_read_back_as_it_was() -> None:
    found = with_rates(bisulfate=DECAY, water={"formation_rate_constant": "1e-5 1/s"})
    assert Case.from_dict(tomllib.loads(found.to_toml())) == found
    (own,) = bulk_of(own_complex(DECAY)).formations
    assert own.name == "ZnX"
    assert own.made.constant == pytest.approx(constant_of(1.0, {"Zn2+": 1.0}))


def test_no_equilibria_stay_none_in_a_written_case() -> None:
    found = case("electroneutral", electrolyte={**ACID, "equilibria": []})
    assert Case.from_dict(tomllib.loads(found.to_toml())).electrolyte.equilibria == ()


def own_complex(rate: dict[str, Any]) -> Case:
    made = {
        "name": "ZnX",
        "charge": 2,
        "diffusivity": "1e-9 m^2/s",
        "composition": {"Zn2+": 1.0},
        "log_K": 1.0,
    }
    ions = [
        {"name": n, "charge": z, "diffusivity": "1e-9 m^2/s", "concentration": f"{c} mol/m^3"}
        for n, z, c in (("Zn2+", 2, 1000.0), ("SO42-", -2, 11000.0))
    ]
    return Case.from_dict(
        {
            "level": "electroneutral",
            "geometry": {"dimension": 1},
            "layers": [
                {"name": "zinc", "material": "Zn", "thickness": "50 um"},
                {"name": "liquid", "material": "electrolyte", "thickness": "100 um"},
            ],
            "electrolyte": {"species": ions, "complexes": [made], "rates": {"ZnX": rate}},
            "kinetics": {"zinc": {"contact_fraction": 1.0}},
            "counter": {"type": "reservoir"},
            "control": {"current_density": "0 A/m^2"},
        }
    )


@pytest.mark.parametrize(
    ("level", "rates", "why"),
    [
        ("electroneutral", {"wine": DECAY}, "wine.*bisulfate"),
        ("electroneutral", {"bisulfate": {}}, "either it or decay_rate_constant"),
        ("electroneutral", {"bisulfate": {**DECAY, "formation_rate_constant": "1 1/s"}}, "either"),
        ("electroneutral", {"bisulfate": {"decay_rate_constant": "-1 1/s"}}, "0 to 1e"),
        ("electroneutral", {"bisulfate": {"decay_rate_constant": "1 m/s"}}, "1/s"),
        ("electroneutral", {"bisulfate": {"rate": "1 1/s"}}, "unknown|formation_rate_constant"),
        ("secondary", {"bisulfate": DECAY}, "none at level secondary"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(level: str, rates: Any, why: str) -> None:
    with pytest.raises(CaseError, match=why) as caught:
        with_rates(level, **rates)
    assert "\n" not in str(caught.value)
    assert "electrolyte.rates" in str(caught.value)
