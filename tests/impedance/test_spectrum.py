"""Spectra with their parts: limits that are known, and what a laboratory reads from them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.cell.characteristic import conductivity
from zinterphase.errors import CaseError
from zinterphase.impedance.circuit import fitted
from zinterphase.impedance.frequencies import default_range, resolved
from zinterphase.impedance.kramers_kronig import kramers_kronig_residuals
from zinterphase.impedance.numbers import impedance_quantities
from zinterphase.impedance.prepared import steady
from zinterphase.impedance.spectrum import Spectrum, spectrum
from zinterphase.impedance.temperatures import read_temperatures, temperature_series
from zinterphase.impedance.transference import transference_numbers
from zinterphase.impedance.warburg import warburg_coefficient
from zinterphase.materials.electrolyte import zinc_sulphate
from zinterphase.materials.library import parameter
from zinterphase.scales import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY
from zinterphase.verification.cells import (
    VT,
    Metal,
    binary,
    current,
    film,
    on_a_line,
    potential,
    si,
    tables,
)

from ..march.marching import symmetric
from .spectra import PARAMETERS, binary_tables
from .test_states import prepared

ROOT = Path(__file__).parents[2]
KAPPA, GAP, FILM = 2.0, 100e-6, 5e-6


def of(case: Case, low: float | None = None, high: float | None = None) -> Spectrum:
    ends = default_range(case)
    chosen = low or ends[0], high or ends[1]
    prepared = steady(case, MPI.COMM_SELF, chosen[1])
    return spectrum(prepared, *chosen, given=low is not None)


@pytest.fixture(scope="module")
def dilute() -> Spectrum:
    """B of the reference at rest."""
    return of(Case.from_dict(binary_tables("B", 0.0)))


def test_parts_of_a_film_and_a_liquid() -> None:
    """Ohm's law and R_ct || C_dl, each where it belongs, at level `secondary`."""
    layer = {"double_layer_capacitance": "0.3 F/m^2"}
    data = tables(
        "secondary", GAP, binary(2, 1000.0), Metal(5.0, extra=layer),
        films=[film("film", FILM, transport=0.1)], conductivity=KAPPA, control=potential(0.0),
    )  # fmt: skip
    case = Case.from_dict(on_a_line(data))
    found = of(case, 1.0, 1e5)
    omega = 2j * np.pi * found.frequency
    surface = steady(case, MPI.COMM_SELF, 1.0).problem.cell.working.surface
    transfer = VT / (2 * surface.exchange_current_density)
    known = {
        "liquid": GAP / KAPPA + 0 * omega,
        "film": FILM / (0.1 * KAPPA) + 0 * omega,
        "charge_transfer_working": 1 / (1 / transfer + 0.3 * omega),
    }
    for name, part in known.items():
        assert found.parts[name] == pytest.approx(part, rel=1e-9), name
    assert np.abs(found.parts["diffusion"]).max() < 1e-9 * abs(found.impedance[0])
    assert found.impedance == pytest.approx(sum(known.values()), rel=1e-9)
    assert found.resistance == pytest.approx(transfer, rel=1e-9)
    assert found.capacitance == pytest.approx(0.3, rel=1e-9)


def test_a_blocking_cell_and_what_lies_outside() -> None:
    """Two capacitors behind ohm's law, and a resistance of leads."""
    text = symmetric(
        "secondary", GAP, ["rest for 1 s"], cells=4,
        electrolyte=f'salt = "ZnSO4"\nconductivity = "{KAPPA} S/m"',
        kinetics="""reactions = []
            exchange_current_density = "10 A/m^2"
            double_layer_capacitance = "0.3 F/m^2" """,
        more='terminal.series_resistance = "1 ohm cm^2"',
    )  # fmt: skip
    state = prepared(text)
    found = spectrum(state, 1.0, 1e4, given=True)
    capacitors = 2 / (0.3 * 2j * np.pi * found.frequency)
    assert found.impedance == pytest.approx(1e-4 + GAP / KAPPA + capacitors, rel=1e-9)
    assert found.parts["series"] == pytest.approx(1e-4 + 0 * capacitors)
    assert (found.resistance, found.capacitance) == (None, pytest.approx(0.15))
    numbers = impedance_quantities(
        state.problem.case, found, fitted(found.frequency, found.impedance), None
    )
    assert numbers["impedance.circuit.C_dl"].value == pytest.approx(0.15, rel=1e-6)
    assert numbers["impedance.circuit.R_ct"].value is None


def test_a_spectrum_reads_as_its_laws(dilute: Spectrum) -> None:
    circuit = fitted(dilute.frequency, dilute.impedance)
    assert circuit is not None
    sigma = warburg_coefficient(Case.from_dict(binary_tables("B", 0.0)))
    assert dilute.resistance is not None
    assert dilute.capacitance == pytest.approx(0.15, rel=1e-9)
    assert circuit.transfer == pytest.approx(dilute.resistance, rel=1e-3)
    assert circuit.capacitance == pytest.approx(0.15, rel=1e-3)
    assert circuit.resistance == pytest.approx(dilute.parts["liquid"][-1].real, rel=1e-2)
    assert circuit.warburg == pytest.approx(sigma, rel=2e-2)
    # Where diffusion reaches into the cell and not across it: sigma (1 - i)/sqrt(w).
    middle = np.argmin(np.abs(dilute.frequency - 1.0))
    root = np.sqrt(2 * np.pi * dilute.frequency[middle])
    assert dilute.parts["diffusion"][middle] == pytest.approx(sigma * (1 - 1j) / root, rel=2e-2)


def test_transference_number_of_bruce_vincent_and_evans(dilute: Spectrum) -> None:
    """Of ideal ions it is the true one; of a real salt it is not: 1/(1 + Ne)."""
    case = Case.from_dict(binary_tables("B", 0.0))
    seen, true = transference_numbers(case, dilute)
    assert true == pytest.approx(PARAMETERS["t_plus"], rel=1e-12)
    assert seen == pytest.approx(true, rel=1e-4)
    data = tomllib.loads((ROOT / "cases/symmetric_cell.toml").read_text(encoding="utf-8"))
    del data["protocol"]
    real = Case.from_dict({**data, "control": {"current_density": "0 A/m^2"}})
    seen, true = transference_numbers(real, of(real, 1e-5, 1.0))
    salt = zinc_sulphate().properties
    kappa, d, chi = (f(2000.0) for f in (salt.conductivity, salt.diffusivity, salt.activity_slope))
    newman = kappa * VT * (1 - true) ** 2 * chi / (2 * FARADAY * d * 2000.0)
    assert seen == pytest.approx(1 / (1 + newman), rel=1e-3)
    assert abs(seen - true) > 0.2


def test_kramers_and_kronig(dilute: Spectrum) -> None:
    f, z = dilute.frequency, dilute.impedance
    assert np.abs(kramers_kronig_residuals(f, z)).max() < 1e-4
    drifting = z * (1 + 0.02 * np.sin(np.arange(len(f))))
    assert np.abs(kramers_kronig_residuals(f, drifting)).max() > 5e-3


def test_diffuse_layers_charge_like_capacitors() -> None:
    """Between the diffusion across the cell and the relaxation of its charge a blocking electrode
    is the compact layer in series with the diffuse one, eps/lambda_D without a drop; beyond, the
    cell is a dielectric. Far slower kinetics stand for none."""
    stern, gap = 0.2, 1e-6
    data = on_a_line(
        tables(
            "pnp", gap, binary(2, 10.0), Metal(1e-6, stern=stern), counter=True,
            control=current(0.0), mesh={"order": 2},
        )
    )  # fmt: skip
    case = Case.from_dict(data)
    prepared = steady(case, MPI.COMM_SELF, 1e10)
    found = spectrum(prepared, 1e3, 1e10, given=True)
    bulk = prepared.problem.bulk
    permittivity = VACUUM_PERMITTIVITY * bulk.permittivity
    layers = 2 / stern + 2 * bulk.debye_length / permittivity
    ohmic = gap / conductivity(bulk)
    omega = 2j * np.pi * found.frequency
    slow = found.frequency < 1e5
    assert found.impedance[slow].imag == pytest.approx((layers / omega[slow]).imag, rel=5e-3)
    assert found.impedance[found.frequency < 3e5][-1].real == pytest.approx(ohmic, rel=1e-2)
    plates = gap / (permittivity * omega[-1])
    assert found.impedance[-1] == pytest.approx(plates, rel=1e-2)
    assert found.parts["liquid"][slow].real == pytest.approx(ohmic, rel=1e-3)


def test_local_impedances_lie_side_by_side() -> None:
    """What flows through all places is what flows through the cell."""
    kinetics = {
        "double_layer_capacitance": "0.3 F/m^2",
        "spread": {"sigma_ln": 0.7, "correlation_length": "5 um", "seed": 1},
    }
    data = tables(
        "secondary", 20e-6, binary(2, 1000.0), Metal(5.0, extra=kinetics), width=20e-6,
        conductivity=KAPPA, control=potential(0.0), mesh={"lateral_size": si(5e-7, "m")},
    )  # fmt: skip
    found = of(Case.from_dict(data), 1.0, 1e5)
    assert len(found.maps) == 3
    for frequency, local in found.maps.items():
        whole = found.impedance[np.argmin(np.abs(found.frequency - frequency))]
        together = found.areas.sum() / np.sum(found.areas / local)
        assert together == pytest.approx(whole, rel=1e-6)
    spread = [np.ptp(np.abs(local)) / np.abs(local).mean() for local in found.maps.values()]
    assert spread[0] > 0.5  # patches at low frequencies
    assert spread[-1] < 0.05  # the same capacitance everywhere


def test_activation_energy_of_charge_transfer() -> None:
    """Of i0 less R T, by Arrhenius' law of the library."""
    energy = parameter("zn_kinetics.Ea_i0").si
    data = tomllib.loads((ROOT / "cases/impedance_cell.toml").read_text(encoding="utf-8"))
    del data["kinetics"]["zinc"]["exchange_current_density"]  # the library's moves
    data |= {"accept_invalid": True, "level": "secondary"}
    temperatures = read_temperatures("45 degC, 5 degC, 298.15 K")
    assert temperatures == pytest.approx([278.15, 298.15, 318.15])
    cases = [Case.from_dict({**data, "temperature": f"{t} K"}) for t in temperatures]
    series = temperature_series(cases, MPI.COMM_SELF)
    expected = energy - GAS_CONSTANT * 298.15
    assert series.activation_energy == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize("text", ["", "25 degC", "25 degC, 25 degC", "25 degC, 3 m", "0 K, 300 K"])
def test_temperatures_that_are_none(text: str) -> None:
    with pytest.raises(CaseError, match="allowed two different temperatures"):
        read_temperatures(text)


def arc(frequency: float) -> complex:
    return 1.0 + 10.0 / (1 + 2j * np.pi * frequency * 1e-2)


def test_frequencies_go_where_it_bends() -> None:
    frequency, z = resolved(arc, 1.0, 1e3)
    assert np.all(np.diff(frequency) > 0)
    assert abs(z[0].imag) < 0.011 * abs(z[0])
    assert abs(z[-1].imag) < 0.011 * abs(z[-1])
    chords = np.diff(z)
    turns = np.abs(np.angle(chords[1:] / chords[:-1]))
    assert turns[np.abs(chords[1:]) > 0.05].max() < np.deg2rad(13)
    ends, _ = resolved(arc, 1.0, 1e3, given=True)
    assert (ends[0], ends[-1]) == (1.0, pytest.approx(1e3))
