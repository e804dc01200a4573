"""Jacobian and factors serve as long as Newton's steps fall fast; answers stay what they are."""

from pathlib import Path

import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.run import mesh_case
from zinterphase.solve import newton
from zinterphase.solve.control import Drive
from zinterphase.solve.problem import Problem

CASE = Path(__file__).parents[2] / "cases/dual_layer.toml"
SMALL = ["geometry.width=10 um", "mesh.far_size=20 um"]
RESOLVED = ["level=pnp", "electrolyte.concentration=0.05 mol/L"]


def solved(problem: Problem) -> tuple[float, int]:
    """The potential [RT/F] from rest, and how many Jacobians it took."""
    problem.forget_factors()
    before = problem.linear.updates
    problem.solve()
    return problem.potential.value, problem.linear.updates - before


@pytest.mark.parametrize("level", [[], RESOLVED], ids=["concentrated", "pnp"])
def test_few_jacobians_give_the_same_potential(
    level: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case.load(CASE, [*SMALL, *level, "control.current_density=-5 mA/cm^2"])
    problem = Problem(case, mesh_case(case, MPI.COMM_SELF).domain)
    potential, jacobians = solved(problem)
    monkeypatch.setattr(newton, "NEAR", 0.0)  # a new one in every iteration
    exact, every = solved(problem)
    assert potential == pytest.approx(exact, rel=1e-9)
    assert jacobians <= 0.7 * every
    problem.close()


def test_an_imposed_current_costs_no_more_jacobians_than_its_potential() -> None:
    case = Case.load(CASE, [*SMALL, "control.current_density=-5 mA/cm^2"])
    problem = Problem(case, mesh_case(case, MPI.COMM_SELF).domain)
    potential, jacobians = solved(problem)
    problem.drive_by(Drive.by_potential(potential))
    assert jacobians == solved(problem)[1] == 1
    problem.close()
