"""Impedances against closed forms and collocation of 10 digits (reference case 14)."""

from __future__ import annotations

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.impedance.prepared import steady
from zinterphase.materials.electrolyte import zinc_sulphate
from zinterphase.physics.functions import ln
from zinterphase.scales import FARADAY
from zinterphase.verification.cells import VT, si

from ..verification.solving import transport_by
from .spectra import FREQUENCIES, HIGHEST, PARAMETERS, REFERENCE, binary_tables, impedances, known

CONC = PARAMETERS["concentrated"]


@pytest.mark.parametrize("carrier", ["cation", "anion"])
@pytest.mark.parametrize(("name", "density"), [("A", 0.0), ("A", 50.0), ("B", 0.0), ("B", 100.0)])
def test_zinc_against_zinc_at_rest_and_under_current(
    name: str, density: float, carrier: str
) -> None:
    found = impedances(Case.from_dict(binary_tables(name, density, carrier)))
    exact = known(name, density, carrier)
    assert np.all(np.abs(found - exact) < 1e-6 * np.abs(exact))


@pytest.mark.parametrize(("order", "expected"), [(1, 2.0), (2, 4.0)])
def test_order_of_the_impedance(order: int, expected: float) -> None:
    """Twice the order of the unknowns: it is a functional of them and of their adjoint."""
    exact = known("A", 50.0, "cation")
    errors = []
    for refinement in (1.0, 2.0):
        data = binary_tables("A", 50.0, cells=20, order=order)
        data["mesh"]["refinement"] = refinement
        found = impedances(Case.from_dict(data))
        errors.append(np.max(np.abs(found - exact) / np.abs(exact)))
    assert np.log2(errors[0] / errors[1]) == pytest.approx(expected, abs=0.4)


@pytest.mark.parametrize(("name", "density"), [("A", 0.0), ("A", 50.0), ("B", 0.0), ("B", 100.0)])
def test_low_frequencies_come_to_the_slope_of_the_polarisation_curve(
    name: str, density: float
) -> None:
    """The reference's slope, and the one between two steady states here."""
    (low,) = impedances(Case.from_dict(binary_tables(name, density)), [1e-6])
    assert low.real == pytest.approx(REFERENCE[f"{name}|idc{density:g}|R_dc"], rel=1e-6)
    assert abs(low.imag) < 1e-5 * low.real
    step = 1e-3 * max(density, 1.0)
    ends = []
    for i in (density - step, density + step):
        problem = steady(Case.from_dict(binary_tables(name, i)), MPI.COMM_SELF, HIGHEST).problem
        ends.append(problem.potential.value * VT)
    assert (ends[1] - ends[0]) / (2 * step) == pytest.approx(low.real, rel=1e-5)


class ConstantSalt:
    """The properties of the reference, whatever the concentration."""

    valid = zinc_sulphate().properties.valid

    def conductivity(self, c):  # type: ignore[no-untyped-def]
        return CONC["kappa"] + 0 * c

    def diffusivity(self, c):  # type: ignore[no-untyped-def]
        return CONC["D"] + 0 * c

    def transference_number(self, c):  # type: ignore[no-untyped-def]
        return CONC["t_plus"] + 0 * c

    def ln_activity(self, c):  # type: ignore[no-untyped-def]
        return CONC["chi"] * ln(c)

    def activity_slope(self, c):  # type: ignore[no-untyped-def]
        return CONC["chi"] + 0 * c


def concentrated_case() -> Case:
    length = CONC["L"]
    return Case.from_dict(
        {
            "level": "concentrated",
            "geometry": {"dimension": 1},
            "layers": [
                {"name": "zinc", "material": "Zn", "thickness": "50 um"},
                {
                    "name": "liquid",
                    "material": "separator",
                    "thickness": si(length, "m"),
                    "porosity": CONC["eps"],
                    "tortuosity_factor": CONC["eps"] / CONC["factor"],
                    "constrictivity": 1.0,
                },
            ],
            "electrolyte": {"salt": "ZnSO4", "concentration": si(CONC["c0"], "mol/m^3")},
            "kinetics": {
                "zinc": {
                    "exchange_current_density": si(CONC["i0_ref"], "A/m^2"),
                    "alpha_a": CONC["alpha_a"],
                    "alpha_c": CONC["alpha_c"],
                    "contact_fraction": 1.0,
                    "double_layer_capacitance": si(CONC["C_dl"], "F/m^2"),
                }
            },
            "counter": {"type": "electrode", "like": "zinc"},
            "control": {"current_density": "0 A/m^2"},
            "mesh": {"first_cell": "20 nm", "far_size": si(length / 50, "m"), "order": 2},
        }
    )


def closed_form(frequency: float) -> complex:
    """Z of a symmetric cell of a salt at rest, with the double layer on phi_M - phi, derived in
    docs/theory.md."""
    omega, k = 2j * np.pi * frequency, CONC
    diffusivity, kappa = k["D"] * k["factor"], k["kappa"] * k["factor"]
    blocked, chi = 1 - k["t_plus"], k["chi"]
    transfer = VT / ((k["alpha_a"] + k["alpha_c"]) * k["i0_ref"])
    root = np.sqrt(omega * k["eps"] / diffusivity)
    wall = blocked * np.tanh(root * k["L"] / 2) / (2 * FARADAY * k["c0"] * diffusivity * root)
    diffusion = 2 * VT * blocked * chi * wall
    drawn = 1 - omega * k["C_dl"] * VT * chi / 2 * wall
    return complex(k["L"] / kappa + diffusion + 2 * drawn / (1 / transfer + omega * k["C_dl"]))


def test_a_concentrated_salt(monkeypatch: pytest.MonkeyPatch) -> None:
    transport_by(ConstantSalt(), monkeypatch)
    found = impedances(concentrated_case())
    exact = np.array([closed_form(f) for f in FREQUENCIES])
    assert np.all(np.abs(found - exact) < 1e-6 * np.abs(exact))
    keys = [f"CONC|f{f:g}" for f in FREQUENCIES]
    on_reference = np.array([complex(REFERENCE[f"{k}|ReZ"], REFERENCE[f"{k}|ImZ"]) for k in keys])
    assert np.all(np.abs(found - on_reference) < 2e-4 * np.abs(on_reference))
