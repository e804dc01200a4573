"""Beyond 298.15 K: what the library knows is moved, what it does not know is refused."""

from math import exp

import pytest

from zinterphase.advice import regime_of, require_valid
from zinterphase.case import Case, Draft
from zinterphase.errors import CaseError

from .case_samples import CASES

GAS = 8.31446261815324
SPECIES = ",".join(
    f"{{name='{name}',charge={z},diffusivity='1e-9 m^2/s',concentration='1 mol/L'}}"
    for name, z in (("Zn2+", 2), ("SO42-", -2))
)
GIVEN = [f"electrolyte={{species=[{SPECIES}]}}", "level=electroneutral", "reference=Zn"]


def bare(*changes: str) -> Case:
    return Case.load(CASES / "bare.toml", changes)


def test_measured_properties_are_refused_elsewhere() -> None:
    for level, fields in (
        ("concentrated", "electrolyte.salt, kinetics.zinc.formal_potential;"),
        (
            "secondary",
            "electrolyte.salt, electrolyte.conductivity, kinetics.zinc.formal_potential;",
        ),
    ):
        with pytest.raises(CaseError, match=r'temperature = "318\.15 K"') as caught:
            require_valid(bare("temperature=45 degC", f"level={level}"))
        assert f"the library knows {fields}" in str(caught.value)
        accepted = bare("temperature=45 degC", f"level={level}", "accept_invalid=true")
        assert [f.field for f in require_valid(accepted).refusals] == ["temperature"]


def test_a_case_that_gives_its_properties_is_taken() -> None:
    assert not regime_of(bare("temperature=45 degC", *GIVEN)).refusals
    against_hydrogen = bare("temperature=45 degC", *GIVEN[:2])
    assert "formal_potential" in regime_of(against_hydrogen).refusals[0].text
    walls = bare("temperature=45 degC", *GIVEN, "wall_law=gouy_chapman_stern")
    text = regime_of(walls).refusals[0].text
    assert "electrolyte.permittivity" in text
    assert "kinetics.zinc.pzc, kinetics.zinc.stern_capacitance" in text
    assert not regime_of(bare("temperature=298.5 K")).refusals


def test_the_exchange_current_of_the_library_is_activated() -> None:
    """35 kJ/mol: 2.43 times as much at 45 degC; nothing is known beyond 323 K."""
    silver = ["layers.zinc.material=Ag", *GIVEN]
    data = Case.load(CASES / "bare.toml", [*silver, "temperature=45 degC"])
    assert data.kinetics["zinc"].exchange_current_density == 5.0  # the case's own

    def library(kelvin: float) -> Case:
        draft = Draft.load(CASES / "bare.toml", [*silver, f"temperature={kelvin} K"])
        return draft.changed({"kinetics.zinc.exchange_current_density": None}).case()

    warm = library(318.15)
    ratio = exp(-35000.0 / GAS * (1 / 318.15 - 1 / 298.15))
    assert ratio == pytest.approx(2.43, abs=0.01)
    assert warm.kinetics["zinc"].exchange_current_density == pytest.approx(15.0 * ratio)
    source = {entry.field: entry.source for entry in warm.provenance}
    assert "to 318.15 K" in source["kinetics.zinc.exchange_current_density"]
    assert not regime_of(warm).refusals
    assert "exchange_current_density" in regime_of(library(333.15)).refusals[0].text
