"""Level `concentrated` against the same equations integrated along a line by SciPy.

The property functions here are written a second time, in NumPy, from the formulas and numbers of
the material library; the integration is solve_ivp's, not that of finite elements.
"""

from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from zinterphase import Case, Result, solve
from zinterphase.errors import CaseError, SolveError

CASES = Path(__file__).parents[2] / "cases"
F = 96485.33212
VT = 8.31446261815324 * 298.15 / F
Z = 2
BULK = 2000.0
Layers = list[tuple[float, float, float]]
FLAT = [
    "level=concentrated", "geometry.surface={shape='flat'}", "geometry.width=10 um",
    "kinetics.zinc.spread={sigma_ln=1e-12,correlation_length='5 um'}",
]  # fmt: skip


def kappa(c: float) -> float:
    """Casteel-Amis [S/m]; c in mol/m3."""
    distance = c / 1000 - 1.924
    shape = -0.0777 * distance**2 - 0.7835 * distance / 1.924
    return float(5.66 * (c / 1924) ** 0.7835 * np.exp(shape))


def diffusivity(c: float) -> float:
    """Rows of the library over the root of the concentration [m2/s]."""
    nodes = np.sqrt([0, 100, 1000, 2000, 3000])
    return float(np.interp(np.sqrt(c), nodes, [8.47e-10, 6e-10, 4.8e-10, 4.2e-10, 3.5e-10]))


def transference(c: float) -> float:
    """Rows of the library over the root of the concentration."""
    return float(np.interp(np.sqrt(c), np.sqrt([0, 100, 1000, 2000]), [0.3976, 0.37, 0.33, 0.30]))


def ln_activity(c: float) -> float:
    """Pitzer's equation for a 2:2 salt."""
    apparent = (1 - (1302 - 2000 * 0.16144) / 997.05) / 2000
    m = c / (997.05 * (1 - apparent * c))
    root = np.sqrt(4 * m)

    def g(x: float) -> float:
        return float(2 * (1 - (1 + x - x * x / 2) * np.exp(-x)) / x**2)

    debye = -0.3915 * (root / (1 + 1.2 * root) + 2 / 1.2 * np.log(1 + 1.2 * root))
    second = 2 * 0.1991 + 2.63 * g(1.4 * root) - 37.74 * g(12 * root)
    return float(4 * debye + m * second + 1.5 * 0.02892 * m**2 + np.log(m))


def slope(c: float) -> float:
    """d ln a / d ln c by a central difference."""
    h = 1e-4
    return (ln_activity(c * (1 + h)) - ln_activity(c * (1 - h))) / (2 * h)


def gradients(c: float, i: float, k: float, charge: float) -> tuple[float, float]:
    """dc/dy and dPhi/dy of the virtual salt for a current density i along y."""
    half = -charge / (2 * Z * c)
    ratio = half + np.sqrt(half**2 + 1)
    free = transference(c)
    s = free * ratio + (1 - free) / ratio
    t = free * ratio / s
    dc = -(1 - t) * i / (Z * F) / (k * diffusivity(c) / s)
    return dc, -i / (k * kappa(c) * s) + VT * 2 / Z * (1 - t) * slope(c) * dc / c


def integrate(start: float, i: float, layers: Layers) -> tuple[float, float, float]:
    """Salt and potential after going down through layers (thickness, transport factor, X), and
    the amount of salt per pore area of the last one."""
    c, phi, amount = start, 0.0, 0.0
    for thickness, k, charge in layers:
        done = solve_ivp(
            lambda y, u, k=k, charge=charge: (*gradients(u[0], i, k, charge), u[0]),
            (0, -thickness),
            [c, phi, 0.0],
            rtol=1e-11,
            atol=1e-14,
        )
        c, phi, amount = (float(x) for x in done.y[:, -1])
    return c, phi, -amount


def overpotential(i: float, c: float, i0_at_2_molar: float = 5.0) -> float:
    """Two-step Butler-Volmer, i0 of order 0.75 in the local activity."""
    i0 = i0_at_2_molar * np.exp(0.75 * (ln_activity(c) - ln_activity(BULK)))

    def excess(eta: float) -> float:
        return float(i0 * (np.exp(1.5 * eta / VT) - np.exp(-0.5 * eta / VT)) - i)

    return float(brentq(excess, -0.8, 0.8, xtol=1e-15))


def run(*overrides: str, case: str = "bare") -> Result:
    """A one-dimensional solution."""
    return solve(Case.load(CASES / f"{case}.toml", [*FLAT, *overrides]))


@pytest.mark.parametrize("current", [-10.0, -1000.0, 250.0])
def test_against_a_reservoir(current: float) -> None:
    """Plating and dissolution over 200 um of free electrolyte: at 100 mA/cm2 the salt is depleted
    to a tenth and its properties vary by tens of per cent."""
    result = run(
        "layers.electrolyte.thickness=200 um",
        f"control.current_density={current} A/m^2",
        "mesh.far_size=1 um",
    )
    c, phi, _ = integrate(BULK, current, [(200e-6, 1.0, 0.0)])
    assert result.surface.mean("concentration") == pytest.approx(c, rel=1e-4)
    assert result.potential == pytest.approx(phi + overpotential(current, c), rel=1e-5)
    concentration = sum(result.voltage.concentration.values())
    assert concentration + sum(result.voltage.ohmic.values()) == pytest.approx(phi, rel=1e-4)


def test_surface_concentration_converges_at_second_order() -> None:
    c, _, _ = integrate(BULK, -900.0, [(200e-6, 1.0, 0.0)])
    sizes = np.array([20.0, 10.0, 5.0])
    errors = []
    for size in sizes:
        result = run(
            "layers.electrolyte.thickness=200 um",
            "control.current_density=-900 A/m^2",
            f"mesh.far_size={size} um",
            f"mesh.first_cell={size} um",
        )
        errors.append(abs(result.surface.mean("concentration") - c))
    assert np.polyfit(np.log(sizes), np.log(errors), 1)[0] > 1.8


@pytest.mark.parametrize("charge", [-2000.0, 0.0, 1500.0])
def test_charged_film_under_current(charge: float) -> None:
    """Donnan equilibrium at both faces: the virtual salt is continuous, no jump is imposed."""
    result = run(
        f"layers.titania.fixed_charge={charge} mol/m^3",
        "control.current_density=-500 A/m^2",
        "kinetics.zinc.exchange_current_density=0.5 mA/cm^2",
        "mesh.far_size=1 um",
        case="titania",
    )
    c, phi, _ = integrate(BULK, -500.0, [(50e-6, 1.0, 0.0), (1e-6, 0.5 * 0.7 / 2.0, charge)])
    # The case multiplies i0 by the library's factor 1.5 of a TiO2-covered anode.
    i0 = result.problem.surface.law.kinetics.exchange_current_density
    assert result.potential == pytest.approx(phi + overpotential(-500.0, c, i0), rel=1e-5)


@pytest.mark.parametrize(("current", "drop"), [(-10.0, 10.1), (-50.0, 50.6)])
def test_closed_cell_with_a_separator(current: float, drop: float) -> None:
    """Glass fibre, 200 um: the line integral with the amount of salt kept, and c0 - c_s = 10.1 and
    50.6 mol/m3 (closed estimate with D and t+ at 2 mol/L and D_eff 0.359e-9 m2/s)."""
    result = run(
        "layers.electrolyte.material=separator",
        "layers.electrolyte.thickness=200 um",
        "counter.type=electrode",
        "counter.like=zinc",
        "kinetics.zinc.contact_fraction=1.0",
        f"control.current_density={current} A/m^2",
        "mesh.far_size=2 um",
    )
    layers = [(200e-6, 0.9 / 1.05, 0.0)]
    top = brentq(lambda c: integrate(c, current, layers)[2] / 200e-6 - BULK, 1990, 2300, xtol=1e-9)
    c, phi, _ = integrate(top, current, layers)
    kinetic = overpotential(current, c) - overpotential(-current, top)
    assert result.surface.mean("concentration") == pytest.approx(c, rel=1e-5)
    assert BULK - c == pytest.approx(drop, rel=0.01)
    assert result.potential == pytest.approx(phi + kinetic, rel=1e-5)


def test_ohmic_and_concentration_parts_of_a_symmetric_cell() -> None:
    """Zn//Zn, 200 um of glass fibre, 1 mA/cm2: 0.41 + 0.19 mV with the thermodynamic factor 1.05;
    here it is 1.07, with the change from molality to concentration."""
    result = run(
        "layers.electrolyte.material=separator",
        "layers.electrolyte.thickness=200 um",
        "counter.type=electrode",
        "counter.like=zinc",
        "kinetics.zinc.contact_fraction=1.0",
    )
    assert -sum(result.voltage.ohmic.values()) * 1e3 == pytest.approx(0.41, rel=0.02)
    assert -sum(result.voltage.concentration.values()) * 1e3 == pytest.approx(0.19, rel=0.04)


def test_against_secondary_at_vanishing_current() -> None:
    """The same kinetic and ohmic resistance; on top Newman's (1-t)^2 diffusion resistance."""
    current = "control.current_density=-1e-3 A/m^2"
    concentrated, secondary = run(current), run(current, "level=secondary")
    ohmic = sum(concentrated.voltage.ohmic.values())
    assert ohmic == pytest.approx(sum(secondary.voltage.ohmic.values()), rel=1e-6)
    resistance = (1 - transference(BULK)) ** 2 * slope(BULK) * VT / (Z * F * BULK)
    resistance *= 50e-6 / diffusivity(BULK)
    extra = concentrated.potential - secondary.potential
    assert extra / -1e-3 == pytest.approx(resistance, rel=1e-3)


def test_leaving_the_range_of_the_data_is_an_error() -> None:
    with pytest.raises(SolveError, match=r"measured from 0\.05 to 2\.6 mol/L"):
        run("electrolyte.concentration=0.06 mol/L", "control.current_density=-15 mA/cm^2")


def test_single_ions_have_no_measured_properties() -> None:
    ions = (
        "electrolyte={species=["
        "{name='Zn2+',charge=2,diffusivity='7e-10 m^2/s',concentration='100 mol/m^3'},"
        "{name='X-',charge=-1,diffusivity='1e-9 m^2/s',concentration='200 mol/m^3'}]}"
    )
    with pytest.raises(CaseError, match=r"electrolyte\.species"):
        run(ions)
