"""The advice on levels judges the one in use and names none that the case cannot use."""

import pytest

from zinterphase.case import Case, Draft
from zinterphase.case.levels import LEVELS
from zinterphase.cell.advice import regime_of
from zinterphase.cell.finding import Finding
from zinterphase.cell.level_advice import verdict
from zinterphase.errors import CaseError

from .case_samples import CASES

IONS = ",".join(
    f"{{name='{name}',charge={z},diffusivity='1e-9 m^2/s',concentration='1 mol/L'}}"
    for name, z in (("Zn2+", 2), ("SO42-", -2))
)
SPECIES = f"electrolyte={{species=[{IONS}]}}"
CHANGES = {
    "salt": [],
    "dilute": ["electrolyte.concentration=0.01 mol/L", "level=pnp"],
    "species": [SPECIES, "level=electroneutral"],
    "species with conductivity": [f"electrolyte={{species=[{IONS}], conductivity='5 S/m'}}"],
    "wall law": ["level=concentrated", "wall_law=gouy_chapman_stern"],
    "metal resolved": ["layers.zinc.potential=resolved"],
    "porous conductor": [
        "layers.titania.conducting=true",
        "kinetics.titania={}",
        "layers.titania.electronic_conductivity=1 S/m",
    ],
    "two charged films": [
        "layers.titania.fixed_charge=10 mol/m^3",
        "layers.electrolyte.fixed_charge=20 mol/m^3",
    ],
}


def advice(*changes: str, name: str = "bare") -> Finding:
    regime = regime_of(Case.load(CASES / f"{name}.toml", changes))
    (found,) = [f for f in regime.findings if f.field == "level"]
    return found


@pytest.mark.parametrize("name", CHANGES)
def test_a_level_is_usable_where_the_case_loads_at_it(name: str) -> None:
    """Advice and checks are one: what is called usable loads, what is not is refused so."""
    draft = Draft.load(CASES / "titania.toml", ["level=secondary", *CHANGES[name]])
    case = draft.case()
    regime = regime_of(case)
    usable = {level: verdict(case, regime, level).usable for level in LEVELS}
    assert usable == {level: _loads(draft, level) for level in LEVELS}


def _loads(draft: Draft, level: str) -> bool:
    try:
        draft.changed({"level": level}).case()
    except CaseError:
        return False
    return True


def test_the_level_in_use_is_judged() -> None:
    assert advice().severity == "note"
    assert advice().text.startswith("concentrated is valid; also valid: secondary; not valid: ")
    ideal = "pnp and electroneutral (ideal ions at a Debye length of 0.105 nm, below the ion size"
    assert ideal in advice().text
    used = advice("level=electroneutral")
    assert used.severity == "warning"
    assert used.text.startswith("electroneutral is not valid: ideal ions at a Debye length of 0.1")
    assert "; valid: concentrated, secondary; " in used.text
    fast = advice("level=secondary", "control.current_density=-100 mA/cm^2")
    assert fast.text.startswith("secondary is not valid: ignores depletion at i/i_lim = 0.2")
    assert "primary is not valid: ignores kinetics at a Wagner" in advice("level=primary").text


def test_levels_that_species_rule_out_are_said_to_be() -> None:
    """Ideal ions at 1 mol/L: no level knows their activities."""
    found = advice(SPECIES, "level=electroneutral")
    assert found.severity == "warning"
    assert "no level is valid here" in found.text
    assert "not for this case: concentrated (electrolyte.species: a salt" in found.text
    assert "secondary and primary (electrolyte.conductivity" in found.text


def test_electroneutral_is_named_where_it_is_valid() -> None:
    found = advice("electrolyte.concentration=0.06 mol/L", "level=pnp")
    assert found.text.startswith("pnp is valid; also valid: concentrated, electroneutral, ")


def test_an_imposed_potential_leaves_the_depletion_open() -> None:
    found = advice("control.potential=-820 mV")
    assert "also valid: secondary (while i/i_lim stays below 0.1)" in found.text


def test_layers_as_thin_as_double_layers_need_them_resolved() -> None:
    thin = ["electrolyte.concentration=0.01 mol/L", "layers.titania.thickness=5 nm", "level=pnp"]
    found = advice(*thin, name="titania")
    assert found.text.startswith("pnp is valid; ")
    assert "electroneutral (no double layers, and titania is 3.3 Debye lengths thick)" in found.text


def test_a_salt_beyond_its_measured_range_is_refused_before_solving() -> None:
    changes = ["electrolyte.concentration=0.01 mol/L", "electrolyte.conductivity=0.1 S/m"]
    with pytest.raises(CaseError, match=r"electrolyte\.concentration = \"0\.01 mol/L\".*0\.05 to"):
        Case.load(CASES / "bare.toml", changes)
