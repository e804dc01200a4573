"""Beyond 298.15 K: what the library knows is moved, what it does not know is refused."""

from math import exp

import pytest

from zinterphase.case import Case, Draft
from zinterphase.cell.advice import regime_of, require_valid
from zinterphase.cell.electrodes import cell_of
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
    for kelvin, level, fields in (
        (318.15, "concentrated", "kinetics.zinc.formal_potential;"),
        (318.15, "secondary", "kinetics.zinc.formal_potential;"),
        (333.15, "concentrated", "electrolyte.salt, kinetics.zinc.exchange_current_density, "),
        (
            333.15,
            "secondary",
            "electrolyte.salt, electrolyte.conductivity, kinetics.zinc.exchange_current_density, ",
        ),
    ):
        there = (f"temperature={kelvin} K", f"level={level}")
        with pytest.raises(CaseError, match=rf'temperature = "{kelvin} K"') as caught:
            require_valid(bare(*there))
        assert f"the library knows {fields}" in str(caught.value)
        accepted = bare(*there, "accept_invalid=true")
        assert [f.field for f in require_valid(accepted).refusals] == ["temperature"]


WARM = ("temperature=45 degC", "reference=Zn")
RATIO = (1 / 298.15 - 1 / 318.15) / GAS


def test_what_moves_in_a_salt_is_activated() -> None:
    """17.6 kJ/mol of the conductivity, 18.5 of the diffusivity; what it is made of stays."""
    warm, cold = (cell_of(bare(*words)).bulk for words in (WARM, WARM[1:]))
    assert warm.salt is not None
    assert cold.salt is not None
    for c in (100.0, 2000.0):
        for name, energy in (("conductivity", 17600.0), ("diffusivity", 18500.0)):
            moved, known = (getattr(b.salt.properties, name)(c) for b in (warm, cold))
            assert moved / known == pytest.approx(exp(energy * RATIO), rel=1e-12)
        assert warm.salt.activity(c) == cold.salt.activity(c)
    assert not regime_of(bare(*WARM)).refusals
    secondary = [bare(*words, "level=secondary") for words in (WARM, WARM[1:])]
    values = [case.electrolyte.conductivity for case in secondary]
    assert values[0] / values[1] == pytest.approx(exp(17600.0 * RATIO), rel=1e-12)
    assert not regime_of(secondary[0]).refusals


def test_what_a_salt_does_not_know_of_the_temperature_is_refused() -> None:
    by_ion = bare(*WARM, "level=electroneutral")
    assert "electrolyte.salt" in regime_of(by_ion).refusals[0].text
    acid = bare(*WARM, "electrolyte.pH=4")
    assert "electrolyte.salt" in regime_of(acid).refusals[0].text


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
