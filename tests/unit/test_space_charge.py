"""Space charge at a drop against closed forms, and where a case's double layers are compressed."""

from math import cosh, exp, inf, log, sinh

import pytest

from zinterphase.case import Case
from zinterphase.cell.double_layers import compressed_lengths
from zinterphase.cell.electrodes import cell_of
from zinterphase.cell.rates import current_density
from zinterphase.cell.space_charge import SpaceCharge, face_potential, wall_potential
from zinterphase.geometry.recipe import recipe_from_case
from zinterphase.scales import AVOGADRO, FARADAY, VACUUM_PERMITTIVITY, thermal_voltage
from zinterphase.verification.closed.diffuse import DiffuseLayer

VT = thermal_voltage(298.15)
WATER = 78.49


def liquid(diameter: float | None = None, **more: float) -> SpaceCharge:
    site = None if diameter is None else AVOGADRO * diameter**3
    values = {"porosity": 1.0, "fixed_charge": 0.0, **more}
    ions = ((2, 10.0), (-2, 10.0))
    return SpaceCharge(ions, permittivity=VACUUM_PERMITTIVITY * WATER, thermal_voltage=VT,
                       site_volume=site, **values)  # fmt: skip


@pytest.mark.parametrize("diameter", [None, 0.5e-9])
@pytest.mark.parametrize("drop", [-5.0, 0.01, 2.0, 9.0])
def test_charge_is_that_of_gouy_and_of_ions_with_a_size(
    diameter: float | None, drop: float
) -> None:
    exact = DiffuseLayer(2, 10.0, WATER, VT, diameter).surface_charge(drop * VT)
    assert liquid(diameter).charge(drop) == pytest.approx(exact, rel=1e-6)


def test_length_falls_as_the_inverse_hyperbolic_cosine() -> None:
    debye = DiffuseLayer(2, 10.0, WATER, VT).debye_length
    assert liquid().length(3.0) == pytest.approx(debye / cosh(3.0), rel=1e-9)
    assert liquid().length(0.5) == inf


def test_crowded_ions_have_a_thicker_layer_than_points() -> None:
    assert liquid(0.5e-9).length(9.0) > 10 * liquid().length(9.0)


def test_fixed_charge_sets_donnan_potential_and_faces_balance() -> None:
    film = liquid(fixed_charge=-400.0)
    assert sinh(2 * film.inside) * 2 * 2 * 10.0 == pytest.approx(-400.0)
    face = face_potential(film, liquid(), 0.0)
    assert film.inside < face < 0.0
    assert film.charge(face) == pytest.approx(-liquid().charge(face))


def test_the_compact_layer_bounds_the_charge() -> None:
    layer = liquid()
    plane = wall_potential(layer, 0.2, -40.0)
    assert layer.charge(plane) == pytest.approx(0.2 * VT * (-40.0 - plane))
    # Ideal ions: concentrations at the plane follow from the charge (Grahame, 1947).
    density = layer.charge(plane) ** 2 / (2 * VACUUM_PERMITTIVITY * WATER * VT * FARADAY * 10.0)
    assert plane == pytest.approx(-log(density) / 2, rel=1e-3)


def test_pores_pull_the_liquid_to_their_metal() -> None:
    assert liquid(pore_capacitance=1e12, pore_potential=-3.0).inside == pytest.approx(-3.0, abs=0.1)


def case(pzc: str, **more: object) -> Case:
    data = {
        "level": "pnp",
        "geometry": {"width": "10 nm"},
        "layers": [
            {"name": "zinc", "material": "Zn", "thickness": "1 um"},
            {"name": "electrolyte", "material": "electrolyte", "thickness": "100 nm"},
        ],
        "electrolyte": {"salt": "ZnSO4", "concentration": "0.01 mol/L"},
        "kinetics": {"zinc": {"pzc": pzc, "stern_capacitance": "0.3 F/m^2"}},
        "control": {"potential": "0 V"},
        "reference": "Zn",
        **more,
    }
    return Case.from_dict(data)


def first_cells(of: Case) -> tuple[float, float]:
    layer = recipe_from_case(of).layers[0]
    return layer.first_lower, layer.first_upper


def test_a_weak_double_layer_keeps_its_mesh_and_a_strong_one_does_not() -> None:
    weak = first_cells(case("0 V"))[0]
    assert weak == pytest.approx(0.3 * cell_of(case("0 V")).bulk.debye_length, rel=1e-4)
    assert first_cells(case("0.02 V"))[0] == weak
    assert first_cells(case("0.4 V"))[0] < 0.3 * weak
    assert first_cells(case("-0.4 V"))[0] < 0.3 * weak


def test_the_overpotential_of_an_imposed_current_counts() -> None:
    current = {"current_density": "-100 A/m^2"}
    slow = {"pzc": "0 V", "stern_capacitance": "0.3 F/m^2", "exchange_current_density": "1 mA/m^2"}
    driven = case("0 V", control=current, kinetics={"zinc": slow})
    assert first_cells(driven)[0] < first_cells(case("0 V"))[0]


def test_both_electrodes_of_a_cell_are_looked_at() -> None:
    lengths = compressed_lengths(cell_of(case("0.4 V", counter={"type": "electrode"})))
    lower, upper = lengths["electrolyte"]
    assert lower == pytest.approx(upper)
    assert upper < 1e-9


def test_the_given_first_cell_is_obeyed() -> None:
    given = case("0.4 V", mesh={"first_cell": "0.4 nm"})
    assert first_cells(given)[0] == pytest.approx(0.4e-9)


def test_the_rate_in_numbers_is_that_of_the_solver() -> None:
    """Mass action, barrier and Frumkin's correction at a plane off the bulk's potential."""
    barrier = {"overpotential": "60 mV", "width": "5 mV", "coverage": 0.2}
    table = {"pzc": "0 V", "stern_capacitance": "0.3 F/m^2", "nucleation": barrier}
    reaction = cell_of(case("0 V", kinetics={"zinc": table})).working.surface.main
    rate, i0 = reaction.rate, reaction.equilibrium.exchange_current_density
    plane, drop = -0.7, -3.0

    def deposit(eta: float) -> float:
        return i0 * (exp(rate.alpha_a * eta) - exp(-rate.alpha_c * eta) * exp(-2 * plane))

    bare = min(deposit(drop + 0.06 / VT), 0.0)
    driving = drop + plane
    open_share = 1 / (1 + exp((driving + 0.06 / VT) / (0.005 / VT)))
    expected = 0.2 * deposit(drop) + 0.8 * open_share * bare
    gauge = reaction.equilibrium.potential
    charges = {"Zn2+": 2, "SO4 2-": -2}
    found = current_density(reaction, drop, plane, charges, gauge, VT)
    assert found == pytest.approx(expected, rel=1e-9)


def test_conductors_of_the_counter_electrode_pull_the_liquid_too() -> None:
    """Carbon far off its potential of zero charge makes a double layer at the separator's face."""

    def upper(pzc: str) -> float:
        host_layer = {"name": "host", "material": "carbon", "thickness": "100 nm"}
        layers = [
            {"name": "zinc", "material": "Zn", "thickness": "1 um"},
            {"name": "separator", "material": "electrolyte", "thickness": "100 nm"},
            {**host_layer, "specific_area": "1e9 1/m"},
            {"name": "collector", "material": "graphite", "thickness": "1 um"},
        ]
        plated = {"equation": "Zn2+ + 2 e- -> Zn(s)", "exchange_current_density": "1 A/m^2"}
        host = {"pzc": pzc, "stern_capacitance": "0.3 F/m^2", "reactions": {"zinc": plated}}
        zinc = {"pzc": "0 V", "stern_capacitance": "0.3 F/m^2"}
        kinetics, counter = {"zinc": zinc, "host": host}, {"type": "electrode"}
        of = case("0 V", layers=layers, kinetics=kinetics, counter=counter)
        return compressed_lengths(cell_of(of))["separator"][1]

    assert upper("0 V") == inf
    assert upper("0.4 V") < 1e-9
