"""A symmetric cell whose current is switched on and off, against reference 12.

Potentials there are counter minus working electrode while the working electrode plates.
"""

from __future__ import annotations

import pytest
import ufl

from zinterphase.materials.electrolyte import zinc_sulphate
from zinterphase.physics.salt import SaltProperties

from ..verification.solving import transport_by
from .marching import Passed, marched, reference, symmetric

REFERENCE = reference("case12")
EXPECTED = {key: entry["value"] for key, entry in REFERENCE["expected"].items()}
PARAMETERS = REFERENCE["parameters"]
SHARE = 1e-4
"""Of the largest c0 - c, and of the largest voltage, in a step."""


def assert_concentrations(name: str, passed: Passed, times: list[float], bulk: float) -> None:
    """Both electrodes, with the accuracy meant for the step's largest distance from the bulk."""
    keys = [f"{name}|t{time:g}|c_" for time in times]
    largest = max(
        *(abs(EXPECTED[f"{key}cathode"] - bulk) for key in keys),
        abs(passed.after.concentration_working - bulk),
    )
    for time, key in zip(times, keys, strict=True):
        found, near = passed.at(time), SHARE * largest
        assert found.concentration_working == pytest.approx(EXPECTED[f"{key}cathode"], abs=near)
        assert found.concentration_counter == pytest.approx(EXPECTED[f"{key}anode"], abs=near)


def assert_voltages(name: str, passed: Passed, times: list[float]) -> None:
    """Before the current is off they are large and hardly change: there to their own size."""
    largest = abs(passed.after.voltage)
    for time in times:
        expected = EXPECTED[f"{name}|t{time:g}|V"]
        assert -passed.at(time).voltage == pytest.approx(expected, abs=SHARE * largest)


@pytest.mark.parametrize("name", ["A", "B", "C"])
def test_electroneutral(name: str) -> None:
    """Ideal salt, no double layer: diffusion in series, kinetics in closed form."""
    given = PARAMETERS["configs"][name]
    text = symmetric(
        "electroneutral",
        given["L"],
        [f"plate at {given['i']} A/m^2 for {given['t_on']} s", f"rest for {given['t_on']} s"],
        cells=300,
        concentration=given["c0"],
        kinetics="""exchange_current_density = "20 A/m^2"
            reference_concentration = "1 mol/L"
            alpha_a = 1
            alpha_c = 1""",
        more="time.rtol = 4e-6",
    )
    on, off = marched(text)
    expected = EXPECTED[f"NP|{name}|on|t0|V"]
    assert -on.after.voltage == pytest.approx(expected, rel=SHARE)
    for kind, passed in (("on", on), ("rest", off)):
        assert_concentrations(f"NP|{name}|{kind}", passed, given["times"], given["c0"])
        assert_voltages(f"NP|{name}|{kind}", passed, given["times"])


class ConstantFactor:
    """ln a of a salt whose thermodynamic factor does not depend on its concentration."""

    def __init__(self, factor: float) -> None:
        self.factor = factor

    def __call__(self, concentration: object) -> object:
        return self.factor * ufl.ln(concentration)

    def slope(self, concentration: object) -> object:
        return self.factor


def test_concentrated_in_a_separator(monkeypatch: pytest.MonkeyPatch) -> None:
    """Conductivity, diffusivity and transference number are the library's between 1 and 2 mol/L;
    the reference has a constant thermodynamic factor, which takes the place of the library's."""
    given = PARAMETERS["concentrated"]
    library = zinc_sulphate().properties
    salt = SaltProperties(
        library.conductivity,
        library.diffusivity,
        library.transference_number,
        ConstantFactor(given["chi"]),  # type: ignore[arg-type]
        library.valid,
    )
    transport_by(salt, monkeypatch)
    bulk, order = given["c0"], given["chi"] * given["alpha_a"] / 2
    exchange = given["i0_ref"] * (bulk / given["c_ref"]) ** order
    text = symmetric(
        "concentrated",
        given["L"],
        [f"plate at {given['i']} A/m^2 for {given['t_on']} s", f"rest for {given['t_on']} s"],
        cells=300,
        concentration=bulk,
        medium=f"""material = "separator"
            porosity = {given["eps"]}
            tortuosity_factor = {given["eps"] / given["D_factor"]!r}""",
        kinetics=f"""exchange_current_density = "{exchange!r} A/m^2"
            reference_concentration = "{bulk} mol/m^3"
            alpha_a = {given["alpha_a"]}
            alpha_c = {given["alpha_c"]}""",
        more="time.rtol = 4e-6",
    )
    on, off = marched(text)
    assert -on.after.voltage == pytest.approx(EXPECTED["CONC|on|t0|V"], rel=SHARE)
    for kind, passed in (("on", on), ("rest", off)):
        assert_concentrations(f"CONC|{kind}", passed, given["times"], bulk)
        assert_voltages(f"CONC|{kind}", passed, given["times"])


@pytest.mark.parametrize("alphas", ["1/1", "1.5/0.5"])
def test_double_layer(alphas: str) -> None:
    """A capacitor beside each reaction and an ohmic resistance between."""
    given = PARAMETERS["double_layer"]
    anodic, cathodic = alphas.split("/")
    text = symmetric(
        "secondary",
        given["L"],
        [f"plate at {given['i']} A/m^2 for {given['t_on']} s", f"rest for {given['t_on']} s"],
        cells=4,
        electrolyte=f'salt = "ZnSO4"\nconductivity = "{given["kappa"]} S/m"',
        kinetics=f"""exchange_current_density = "{given["i0"]} A/m^2"
            alpha_a = {anodic}
            alpha_c = {cathodic}
            double_layer_capacitance = "{given["C_dl"]} F/m^2" """,
        more="time.rtol = 2e-6",
    )
    on, off = marched(text)
    ohmic = given["i"] * given["L"] / given["kappa"]
    near = SHARE * max(abs(sample.voltage) for sample in on.samples)
    assert -on.after.voltage == pytest.approx(ohmic, abs=near)
    assert off.before.voltage - off.after.voltage == pytest.approx(-ohmic, abs=near)
    for kind, passed in (("on", on), ("rest", off)):
        for time in given["times"]:
            expected = EXPECTED[f"DL|{alphas}|{kind}|t{time:g}|V"]
            assert -passed.at(time).voltage == pytest.approx(expected, abs=near)
