"""A solution that does not conserve is seen; one that does, closes."""

from pathlib import Path

import pytest

from zinterphase import Case, solve
from zinterphase.errors import BalanceError
from zinterphase.observe.balance import TOLERANCE
from zinterphase.observe.conservation import balances, require_closed
from zinterphase.observe.currents import currents_of
from zinterphase.run import mesh_case
from zinterphase.solve.model import Model
from zinterphase.solve.problem import Problem
from zinterphase.solve.terms import Rows, Term

CASES = Path(__file__).parents[2] / "cases"
DILUTE = ["level=pnp", "electrolyte.concentration=0.05 mol/L"]
COARSE = ["geometry.width=10 um", "mesh.far_size=20 um"]
VARIANTS = {
    "secondary": [],
    "pnp": DILUTE,
    "resolved metal": [*DILUTE, "layers.silver.potential=resolved"],
    "porous conductor": [*DILUTE, "layers.silver.material=Ag_nanoparticles"],
    "conducting film": ["layers.titania.conducting=true"],
    "closed cell": [*DILUTE, "counter.type=electrode", "counter.like=silver"],
    "charged film": [*DILUTE, "layers.titania.fixed_charge=-125 mol/m^3"],
    "charged face": [*DILUTE, "layers.titania.surface_charge=0.02 C/m^2"],
    "steric ions": [*DILUTE, "electrolyte.steric_diameter=0.55 nm"],
    "primary": ["level=primary"],
    "axisymmetric": [*DILUTE, "geometry.coordinates=axisymmetric"],
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_balances_close_and_voltage_parts_sum(variant: str) -> None:
    overrides = [*COARSE, *VARIANTS[variant]]
    result = solve(Case.load(CASES / "dual_layer.toml", overrides))
    assert max(row.mismatch for row in result.balances) < TOLERANCE
    assert result.mean_current_density == pytest.approx(-10.0, rel=1e-9)
    assert all(row.unit.endswith("of depth") for row in result.balances) == (
        variant != "axisymmetric"
    )
    assert result.voltage.sum == pytest.approx(result.voltage.total, rel=1e-8)


@pytest.mark.parametrize("component", [0, 1, 2])
def test_a_planted_leak_is_seen(component: int) -> None:
    """A source in one equation of the liquid, unknown to the balances, must break one of them."""
    case = Case.load(CASES / "titania.toml", [*COARSE, *DILUTE])
    domain = mesh_case(case).domain
    problem = Problem(case, domain)
    problem.solve()
    require_closed(balances(problem, currents_of(problem)))
    assert case.control.current_density is not None
    leak = 1e-6 * abs(case.control.current_density) / case.layer("electrolyte").thickness
    if (
        component == 2
    ):  # a millionth of the compact layer's charge per RT/F, as Poisson's row counts
        capacitance = case.kinetics["zinc"].stern_capacitance * problem.bulk.thermal_voltage
        leak = 1e-6 * capacitance * problem.bulk.charge_rate / case.layer("electrolyte").thickness

    def leaking(model: Model) -> list[Term]:
        integrand = leak * model.unknowns.liquid_test[component]
        rows = Rows(model.measures.over_layers(integrand, model.stack.liquid))
        return [*model.terms(), Term("leak", rows)]

    problem = Problem(case, domain, leaking)
    problem.solve()
    with pytest.raises(BalanceError, match="is open"):
        require_closed(balances(problem, currents_of(problem)))


def test_no_parts_of_the_voltage_without_a_current() -> None:
    overrides = [*COARSE, "control.current_density=0 mA/cm^2"]
    result = solve(Case.load(CASES / "silver.toml", overrides))
    assert result.voltage is None
    assert result.potential == pytest.approx(0.0, abs=1e-12)
