"""Level `concentrated`: estimates of the theory, and what is refused.

Its numbers against an independent integration are those of `zinterphase verify`.
"""

from pathlib import Path

import pytest

from zinterphase import Case, Result, solve
from zinterphase.errors import CaseError, SolveError

CASES = Path(__file__).parents[2] / "cases"
FLAT = [
    "level=concentrated", "geometry.surface={shape='flat'}", "geometry.width=10 um",
    "kinetics.zinc.spread={sigma_ln=1e-6,correlation_length='5 um'}",
]  # fmt: skip


def run(*overrides: str, case: str = "bare") -> Result:
    """A one-dimensional solution."""
    return solve(Case.load(CASES / f"{case}.toml", [*FLAT, *overrides]))


@pytest.mark.parametrize(("current", "drop"), [(-10.0, 10.1), (-50.0, 50.6)])
def test_depletion_in_a_separator(current: float, drop: float) -> None:
    """Glass fibre, 200 um: c0 - c_s = 10.1 and 50.6 mol/m3, a closed estimate with D and t+ at
    2 mol/L and D_eff 0.359e-9 m2/s."""
    result = run(
        "layers.electrolyte.material=separator",
        "layers.electrolyte.thickness=200 um",
        "counter.type=electrode",
        "counter.like=zinc",
        "kinetics.zinc.contact_fraction=1.0",
        f"control.current_density={current} A/m^2",
        "mesh.far_size=2 um",
    )
    assert 2000.0 - result.surface.mean("concentration") == pytest.approx(drop, rel=0.01)


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
