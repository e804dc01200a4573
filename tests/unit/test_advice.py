"""Regime numbers against physics that can be computed by hand, and the advice they lead to."""

from pathlib import Path

import pytest

from zinterphase.case import Case
from zinterphase.cell.advice import regime_of, require_valid
from zinterphase.errors import CaseError
from zinterphase.physics.polarisation import apparent_conductivity
from zinterphase.scales import thermal_voltage

VT = thermal_voltage(298.15)
CASES = Path(__file__).parents[2] / "cases"


def bare(*overrides: str) -> Case:
    """The bare anode with some changes."""
    return Case.load(CASES / "bare.toml", overrides)


@pytest.mark.parametrize(
    ("concentration", "nanometres"), [("0.01", 1.520), ("0.1", 0.4807), ("1", 0.1520)]
)
def test_debye_length(concentration: str, nanometres: float) -> None:
    """2:2 salt, eps_r 78.4: lambda^2 = eps RT/(8 F^2 c)."""
    case = bare(
        f"electrolyte.concentration={concentration} mol/L", "electrolyte.permittivity=78.4",
        "level=pnp",
    )  # fmt: skip
    assert regime_of(case).debye_length * 1e9 == pytest.approx(nanometres, rel=1e-3)


def test_limiting_current_of_a_nernst_layer_at_2_molar() -> None:
    """2 F D c/((1-t) L) with D 0.42e-9, t 0.30: 116 mA/cm2 over 200 um; twice in a closed cell."""
    case = bare("layers.electrolyte.thickness=200 um")
    assert regime_of(case).limiting_current / 10 == pytest.approx(115.8, rel=1e-3)
    closed = bare(
        "layers.electrolyte.thickness=200 um", "counter.type=electrode", "counter.like=zinc"
    )
    assert regime_of(closed).limiting_current / 10 == pytest.approx(231.6, rel=1e-3)


def test_wagner_length_at_vanishing_current() -> None:
    """kappa RT/(2 F i0): 14.5 mm at 0.5 mA/cm2, 5.65 S/m."""
    case = bare("level=secondary", "control.current_density=-1e-6 mA/cm^2")
    assert regime_of(case).wagner_length * 1e3 == pytest.approx(14.5, rel=3e-3)


def test_apparent_conductivity_is_three_resistances_in_series() -> None:
    """0.177 + 0.082 + 0.039 ohm m at 2 M, 1 mA/cm2, i0 0.5 mA/cm2, lumped: 3.36 S/m."""
    lumped = ["kinetics.zinc.alpha_a=1.0", "kinetics.zinc.alpha_c=1.0"]
    regime = regime_of(bare("level=concentrated", *lumped))
    resistance = regime.polarisation_resistance
    by_hand = apparent_conductivity(
        5.65, 0.42e-9, 0.30, 1.05, 2000.0, (2, -2), VT, resistance * 5.0
    )
    assert by_hand == pytest.approx(3.36, rel=5e-3)
    # The program's activity slope has d ln m/d ln c too, 1.02 at 2 M, also in the order of i0.
    assert regime.apparent_conductivity == pytest.approx(by_hand, rel=0.02)
    assert regime.wagner_length == regime.apparent_conductivity * resistance
    ohmic = regime_of(bare("level=secondary", *lumped))
    assert ohmic.apparent_conductivity == ohmic.conductivity == pytest.approx(5.65, rel=2e-3)


def test_polarisation_resistance_is_the_tangent() -> None:
    """18.2 ohm cm2 lumped, 42.3 two-step at 1 mA/cm2 and i0 0.5 mA/cm2."""
    two_step = regime_of(bare())
    lumped = regime_of(bare("kinetics.zinc.alpha_a=1.0", "kinetics.zinc.alpha_c=1.0"))
    assert two_step.polarisation_resistance * 1e4 == pytest.approx(42.3, rel=3e-3)
    assert lumped.polarisation_resistance * 1e4 == pytest.approx(18.2, rel=3e-3)


def test_pnp_is_refused_where_the_debye_length_is_below_the_ion_size() -> None:
    with pytest.raises(CaseError, match=r"electrolyte\.concentration.*2 mol/L"):
        require_valid(bare("level=pnp"))
    regime = require_valid(bare("level=pnp", "accept_invalid=true"))
    assert [f.field for f in regime.refusals] == ["electrolyte.concentration"]
    assert not require_valid(bare("level=pnp", "electrolyte.concentration=0.05 mol/L")).refusals


def test_beyond_the_limiting_current() -> None:
    """Refused without concentrations, a warning with i/i_lim where they are solved."""
    current = "control.current_density=-1 A/cm^2"
    with pytest.raises(CaseError, match=r"i/i_lim"):
        require_valid(bare(current))
    regime = require_valid(bare(current, "level=pnp", "electrolyte.concentration=0.05 mol/L"))
    assert any(f.severity == "warning" and "i/i_lim" in f.text for f in regime.findings)
    assert not require_valid(bare("control.current_density=1 A/cm^2")).refusals  # dissolution


def test_wide_pores_with_smeared_charge_are_warned_of() -> None:
    case = Case.load(
        CASES / "titania.toml",
        [
            "level=pnp",
            "electrolyte.concentration=0.05 mol/L",
            "layers.titania.fixed_charge=10 mol/m^3",
        ],
    )
    (finding,) = [f for f in regime_of(case).findings if f.field == "layers.titania"]
    assert "pore radius" in finding.text
    assert finding.severity == "warning"


def test_charge_without_effect_is_warned_of() -> None:
    changes = ["level=secondary", "layers.titania.fixed_charge=10 mol/m^3"]
    case = Case.load(CASES / "titania.toml", changes)
    fields = [f.field for f in regime_of(case).findings if f.severity == "warning"]
    assert fields == ["layers.titania.fixed_charge"]


def test_a_supporting_electrolyte_leaves_little_migration() -> None:
    """About z^2 c over twice the sum of z^2 c, as the reactant falls linearly: 1 %."""
    species = (
        "{name='Zn2+',charge=2,diffusivity='7e-10 m^2/s',concentration='1 mol/m^3'},"
        "{name='Na+',charge=1,diffusivity='1.3e-9 m^2/s',concentration='98 mol/m^3'},"
        "{name='Cl-',charge=-1,diffusivity='2e-9 m^2/s',concentration='100 mol/m^3'}"
    )
    regime = regime_of(bare(f"electrolyte={{species=[{species}]}}", "level=pnp"))
    without = 2 * 96485.33212 * 7e-10 * 1.0 / 50e-6
    assert regime.limiting_current / without == pytest.approx(1.01, rel=1e-3)


def test_wall_law_beyond_mean_field_theory_is_warned_of() -> None:
    """Its Debye length is 0.1 nm at 2 M; a potential of zero charge needs it, or pnp."""
    patches = "kinetics.zinc.patches={fraction=0.5, pzc='-0.7 V'}"
    law = "wall_law=gouy_chapman_stern"
    fields = {f.field for f in regime_of(bare(law, patches)).findings}
    assert fields == {"wall_law", "level"}
    dilute = ["electrolyte.concentration=0.1 mol/L", law]
    assert {f.field for f in regime_of(bare(*dilute, patches)).findings} == {"level"}
    without = {f.field for f in regime_of(bare(patches)).findings}
    assert without == {"kinetics.zinc.patches.pzc", "level"}


def test_dissolution_raises_the_salt_and_with_it_the_exchange_current() -> None:
    """The last of the three resistances changes its sign; linear kinetics have none."""
    plating, stripping, linear = (
        regime_of(bare("level=concentrated", *changes))
        for changes in (
            ["control.current_density=-5 mA/cm^2"],
            ["control.current_density=5 mA/cm^2"],
            ["kinetics.zinc.form=linear"],
        )
    )
    assert plating.apparent_conductivity < linear.apparent_conductivity
    assert linear.apparent_conductivity < stripping.apparent_conductivity


def test_polarisation_resistance_is_per_geometric_area() -> None:
    half, full = (
        regime_of(bare("control.current_density=-1e-6 mA/cm^2", *changes))
        for changes in (["kinetics.zinc.blocked_fraction=0.5"], [])
    )
    assert half.polarisation_resistance == pytest.approx(2 * full.polarisation_resistance, rel=1e-5)


@pytest.mark.parametrize("alpha_a", [1e-2, 1.99])
@pytest.mark.parametrize("current", [-1e6, -1.0, 0.0, 1.0, 1e6])
def test_polarisation_resistance_at_any_asymmetry(alpha_a: float, current: float) -> None:
    """Steep exponentials do not overflow (a warning is an error here)."""
    settings = [f"kinetics.zinc.alpha_a={alpha_a}", f"kinetics.zinc.alpha_c={2.0 - alpha_a}"]
    settings.append(f"control.current_density={current} A/m^2")
    assert 0.0 < regime_of(bare(*settings)).polarisation_resistance < 1e9
