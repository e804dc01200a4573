"""The library and the laws built on it, against the acceptance numbers of the physical model."""

import math

import pytest

from zinterphase import scales
from zinterphase.errors import CaseError
from zinterphase.materials import electrolyte
from zinterphase.materials.kinetics import kinetic_defaults, spread_defaults, under_titania
from zinterphase.materials.library import library, parameter
from zinterphase.materials.media import MATERIALS, Medium, kind_of, layer_defaults
from zinterphase.units import UnitError

LOGARITHMS_AND_RATE_LAWS = {
    "electrolyte.K_pair_logK",
    "electrolyte.K_pair2_logK",
    "parasitic.ZHS_logK",
    "parasitic.ZnOH2_eps_logK",
    "parasitic.ZnO_logK",
}


def medium(material: str, porosity: float, conducting: bool) -> Medium:
    values = layer_defaults(material, porosity, electrolyte_permittivity=75.0)
    numbers = {field: float(entry.value) for field, entry in values.items()} | {
        "porosity": porosity
    }
    return Medium(**numbers, kind=kind_of(porosity, conducting))


def test_every_entry_states_its_origin() -> None:
    assert len(library()) > 150
    for entry in library().values():
        assert entry.source
        assert entry.unit
        assert entry.confidence in ("high", "medium", "low")
        assert entry.basis in ("lookup", "recalled", "computed", "assumption")


def test_ranges_hold_their_values() -> None:
    for entry in library().values():
        if entry.range is not None:
            low, high = entry.range
            assert isinstance(entry.value, float)
            assert low <= entry.value <= high, entry.key


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("tio2.porosity", 0.5),
        ("zn_kinetics.E_eq_2M", -0.795),
        ("silver.pzc_Ag", -0.7),
        ("tio2.site_density", 5e18),
        ("cases.Ag_i0_factor", 3.0),
        ("electrolyte.kappa_cmax", 1924.0),
        ("tio2.fixed_charge_X", -125.0),
        ("iodine.loading", 0.02),
        ("source_paper.sym_life_1mA", 3800.0 * 3600.0),
        ("zn_kinetics.thickness_per_mAh", 1.708e-6 / 36000.0),
        ("silver.work_function_Ag", 4.26 * 1.602176634e-19),
    ],
)
def test_values_convert_to_si(key: str, value: float) -> None:
    assert parameter(key).si == pytest.approx(value, rel=1e-12)


def test_only_logarithms_and_rate_laws_have_no_si_value() -> None:
    for entry in library().values():
        if entry.key in LOGARITHMS_AND_RATE_LAWS:
            with pytest.raises(UnitError, match=entry.key):
                _ = entry.si
        elif isinstance(entry.value, float):
            assert math.isfinite(entry.si)


def test_unknown_and_textual_entries() -> None:
    with pytest.raises(KeyError, match=r"no entry .*colour"):
        parameter("tio2.colour")
    with pytest.raises(UnitError, match="text, not a number"):
        _ = parameter("tio2.Zn_adsorption").si


@pytest.mark.parametrize(("molar", "expected"), [(0.1, 0.905), (1.0, 4.62), (2.0, 5.65)])
def test_conductivity(molar: float, expected: float) -> None:
    assert electrolyte.zinc_sulphate().conductivity(1000.0 * molar) == pytest.approx(
        expected, rel=1e-3
    )


def test_conductivity_peaks_where_the_fit_says() -> None:
    peak = parameter("electrolyte.kappa_cmax").si
    highest = electrolyte.zinc_sulphate().conductivity(peak)
    assert highest == pytest.approx(parameter("electrolyte.kappa_max").si, rel=1e-14)
    assert highest > max(
        electrolyte.zinc_sulphate().conductivity(0.99 * peak),
        electrolyte.zinc_sulphate().conductivity(1.01 * peak),
    )


@pytest.mark.parametrize("concentration", [49.0, 2601.0])
def test_conductivity_outside_the_data_is_refused(concentration: float) -> None:
    with pytest.raises(CaseError, match=r"electrolyte\.concentration = .*0\.05 to 2\.6 mol/L"):
        electrolyte.zinc_sulphate().conductivity(concentration)


@pytest.mark.parametrize(
    ("molal", "expected"), [(0.1, 0.154), (1.0, 0.0438), (2.0, 0.0360), (3.0, 0.0417)]
)
def test_mean_activity_coefficient(molal: float, expected: float) -> None:
    assert electrolyte.mean_activity_coefficient(molal) == pytest.approx(expected, rel=2e-3)


def test_dilute_activity_follows_the_limiting_law() -> None:
    # Debye-Hueckel for 2:2 with A_phi = 0.3915: ln gamma = -4 * 3 A_phi sqrt(I), I = 4 m
    molal = 1e-8
    expected = -4.0 * 3.0 * 0.3915 * math.sqrt(4.0 * molal)
    found = math.log(electrolyte.mean_activity_coefficient(molal))
    assert found == pytest.approx(expected, rel=0.02)
    assert electrolyte.mean_activity_coefficient(0.0) == 1.0


def test_thermodynamic_factor_is_not_monotonic() -> None:
    # 1 + dln(gamma)/dln(m) of the physical model, section 2.1
    def factor(molal: float) -> float:
        step = 1e-5
        up = electrolyte.mean_activity_coefficient(molal * math.exp(step))
        down = electrolyte.mean_activity_coefficient(molal * math.exp(-step))
        return 1.0 + math.log(up / down) / (2.0 * step)

    found = [factor(m) for m in (0.1, 1.0, 2.04, 3.0)]
    assert found == pytest.approx([0.49, 0.52, 1.05, 1.80], abs=0.01)


def test_molality_and_activity_of_two_molar() -> None:
    assert electrolyte.zinc_sulphate().properties.ln_activity.molality(2000.0) == pytest.approx(
        2.043, abs=5e-4
    )
    assert electrolyte.zinc_sulphate().properties.ln_activity.molality(1.0) == pytest.approx(
        1.0 / 997.05, rel=1e-4
    )
    assert electrolyte.activity(2000.0) == pytest.approx(0.0735, abs=1e-4)
    with pytest.raises(CaseError, match="a molality up to"):
        electrolyte.activity(4000.0)


def test_equilibrium_potential_against_she() -> None:
    thermal = parameter("constants.RT_over_F").si
    for concentration, expected in ((100.0, -0.816), (1000.0, -0.802), (2000.0, -0.795)):
        activity = electrolyte.activity(concentration)
        potential = parameter("zn_kinetics.E0").si + 0.5 * thermal * math.log(activity)
        assert potential == pytest.approx(expected, abs=1e-3)


def test_nernst_einstein_overestimates_the_conductivity() -> None:
    # 4 F^2/RT (D+ + D-) c over the measured value: 2.9 / 5.7 / 9.4 (physical model, section 12)
    faraday, thermal = parameter("constants.F").si, parameter("constants.RT_over_F").si
    for concentration, ratio in ((100.0, 2.9), (1000.0, 5.7), (2000.0, 9.4)):
        ions = electrolyte.zinc_sulphate().species(concentration)
        ideal = sum(s.charge**2 * s.diffusivity * s.concentration for s in ions)
        ideal *= faraday / thermal
        assert ideal / electrolyte.zinc_sulphate().conductivity(concentration) == pytest.approx(
            ratio, rel=0.02
        )


@pytest.mark.parametrize(
    ("concentration", "nanometres"),
    [(10.0, 1.520), (100.0, 0.4807), (1000.0, 0.1520), (2000.0, 0.1075)],
)
def test_debye_length_of_water_permittivity(concentration: float, nanometres: float) -> None:
    faraday, thermal = parameter("constants.F").si, parameter("constants.RT_over_F").si
    permittivity = parameter("constants.eps0").si * parameter("electrolyte.eps_r_water").si
    strength = sum(
        s.charge**2 * s.concentration for s in electrolyte.zinc_sulphate().species(concentration)
    )
    debye = math.sqrt(permittivity * thermal / (faraday * strength))
    assert debye * 1e9 == pytest.approx(nanometres, rel=5e-4)


def test_permittivity_runs_from_water_to_two_molar() -> None:
    assert electrolyte.permittivity(0.0) == 78.4
    assert electrolyte.permittivity(4.0 * 2000.0) == pytest.approx(75.0)


def test_titania_film() -> None:
    film = medium("TiO2", 0.5, conducting=False)
    assert film.ionic_conductivity_factor == pytest.approx(0.175)
    assert film.specific_area == pytest.approx(parameter("tio2.specific_area").si)
    assert film.pore_radius == pytest.approx(parameter("tio2.pore_radius").si, rel=0.01)
    assert film.fixed_charge == 0.0
    assert film.kind == "porous_insulator"
    charge = layer_defaults("TiO2", 0.5, 75.0)["fixed_charge"]
    assert charge.basis == "assumption"
    assert "-125" in charge.source


def test_silver_nanoparticles_follow_their_porosity() -> None:
    film = medium("Ag_nanoparticles", 0.4, conducting=True)
    assert film.kind == "porous_conductor"
    assert film.specific_area == pytest.approx(6.0 * 0.6 / 50e-9)
    assert film.ionic_conductivity_factor == pytest.approx(0.4**1.5)
    assert film.electronic_conductivity == 1e7
    assert layer_defaults("Ag_nanoparticles", 0.4, 75.0)["porosity"].source.startswith("assumption")


def test_separator_and_limits() -> None:
    assert medium("separator", 0.9, False).ionic_conductivity_factor == pytest.approx(
        0.857, abs=1e-3
    )
    free = medium("electrolyte", 1.0, conducting=False)
    assert (free.kind, free.ionic_conductivity_factor, free.pore_radius) == (
        "electrolyte",
        1.0,
        math.inf,
    )
    assert medium("Zn", 0.0, conducting=True).electronic_conductivity == 1.69e7
    assert kind_of(0.0, conducting=False) == "dense_insulator"


def test_every_material_states_the_source_of_every_value() -> None:
    for material in MATERIALS:
        for field, entry in layer_defaults(material, 0.5, 75.0).items():
            assert entry.source, (material, field)


def test_kinetic_defaults_per_metal() -> None:
    zinc, silver = kinetic_defaults("Zn2+", "Zn"), kinetic_defaults("Zn2+", "Ag")
    assert zinc["exchange_current_density"].value == 5.0
    assert silver["exchange_current_density"].value == 15.0
    assert "cases.Ag_i0_factor = 3" in silver["exchange_current_density"].source
    assert (zinc["pzc"].value, silver["pzc"].value) == (-0.91, -0.7)
    assert (zinc["alpha_a"].value, zinc["alpha_c"].value) == (1.5, 0.5)
    assert kinetic_defaults("Zn2+", "TiO2")["exchange_current_density"].value == 5.0
    assert kinetic_defaults("Zn2+", "TiO2")["exchange_current_density"].basis == "assumption"
    assert kinetic_defaults("Zn2+", "electrolyte") == {}
    assert spread_defaults("Zn2+", "Zn")["sigma_ln"].value == 0.7
    assert spread_defaults("Zn2+", "Ag_nanoparticles")["sigma_ln"].value == 0.25
    covered = under_titania("Zn2+", "Zn")
    assert covered is not None
    assert covered.value == 7.5


@pytest.mark.parametrize("concentration", [60.0, 700.0, 2400.0])
def test_the_thermodynamic_factor_is_the_slope_of_the_activity(concentration: float) -> None:
    law = electrolyte.zinc_sulphate().properties.ln_activity
    up, down = law(concentration * math.exp(1e-4)), law(concentration * math.exp(-1e-4))
    assert law.slope(concentration) == pytest.approx((up - down) / 2e-4, rel=1e-7)
    assert under_titania("Zn2+", "Ag") is None


def test_constants_are_those_of_the_library() -> None:
    found = (scales.FARADAY, scales.GAS_CONSTANT, scales.VACUUM_PERMITTIVITY)
    assert found == tuple(parameter(f"constants.{name}").si for name in ("F", "R", "eps0"))
