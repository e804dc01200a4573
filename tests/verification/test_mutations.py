"""`zinterphase verify` fails where a single law is wrong.

Each test plants one fault and runs the cheapest problem that sees it, to its first breach.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import ufl
from dolfinx import fem
from mpi4py import MPI
from scipy.sparse.linalg import spsolve

from zinterphase.levels import Conduction, PoissonNernstPlanck
from zinterphase.physics.kinetics import butler_volmer
from zinterphase.result import Result
from zinterphase.scales import VACUUM_PERMITTIVITY
from zinterphase.solve import ratelaw
from zinterphase.solve.compact_layer import CompactLayer
from zinterphase.solve.media import MediaFields
from zinterphase.verification.cells import VT, WATER
from zinterphase.verification.known import Check, KnownProblem
from zinterphase.verification.registry import select
from zinterphase.verification.runner import Outcome, run_one

Patch = Callable[[pytest.MonkeyPatch], None]


def to_the_first_breach(problem: KnownProblem) -> Outcome:
    """The problem without what comes after its first failing check."""

    def checks(comm: MPI.Intracomm) -> Any:
        for check in problem.checks(comm):
            yield check
            if not check.passed:
                return

    return run_one(KnownProblem(problem.name, problem.what, "", checks), MPI.COMM_SELF)


def wrong_sign_of_the_faradaic_flux(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Conduction, "source", lambda self, rates, v: self._charge_of(rates) * v[0])


def flux_not_divided_by_z(patch: pytest.MonkeyPatch) -> None:
    right = PoissonNernstPlanck.source

    def source(self: Any, rates: Any, v: Any) -> Any:
        charges = {ion.name: ion.charge for ion in self._ions}
        return right(self, {name: charges[name] * rate for name, rate in rates.items()}, v)

    patch.setattr(PoissonNernstPlanck, "source", source)


def boltzmann_without_z(patch: pytest.MonkeyPatch) -> None:
    def activities(mu: Any, charges: Any, phi: Any) -> list[Any]:
        return [ufl.exp(m - np.sign(z) * phi) for m, z in zip(mu, charges, strict=True)]

    patch.setattr("zinterphase.levels.solutes.relative_activities", activities)


def charge_transfer_without_n(patch: pytest.MonkeyPatch) -> None:
    def law(eta: Any, i0: Any, charge: int, ln_activity: Any) -> Any:
        return i0 * (eta - ln_activity)

    patch.setattr(ratelaw, "linear_kinetics", law)


def alphas_swapped(patch: pytest.MonkeyPatch) -> None:
    def law(eta: Any, i0: Any, alpha_a: Any, alpha_c: Any, *activities: Any) -> Any:
        return butler_volmer(eta, i0, alpha_c, alpha_a, *activities)

    patch.setattr(ratelaw, "butler_volmer", law)


def projected_gradient(patch: pytest.MonkeyPatch) -> None:
    """The metal's charge from the gradient of phi projected on continuous functions."""

    def charge(result: Result) -> float:
        problem = result.problem
        mesh = problem.liquid.region.mesh
        space = fem.functionspace(mesh, ("Lagrange", 1))
        u, v, dx = ufl.TrialFunction(space), ufl.TestFunction(space), ufl.dx(domain=mesh)
        mass = fem.assemble_matrix(fem.form(u * v * dx))
        slope = fem.assemble_vector(fem.form(problem.liquid_field[2].dx(1) * v * dx))
        projected = spsolve(mass.to_scipy().tocsc(), slope.array)
        wall = problem.liquid.dofs_on(problem.measures.facets["electrode"])
        return float(-projected[wall].mean() * VT * WATER * VACUUM_PERMITTIVITY)

    patch.setattr("zinterphase.verification.diffuse_layer.charge", charge)


def wrong_sign_of_fixed_charge(patch: pytest.MonkeyPatch) -> None:
    right = MediaFields.set_load
    patch.setattr(MediaFields, "set_load", lambda self, fraction: right(self, -fraction))


def wrong_sign_of_the_pzc(patch: pytest.MonkeyPatch) -> None:
    right = CompactLayer.set_load

    def set_load(self: CompactLayer, fraction: float) -> None:
        right(self, fraction)
        self._pzc.value[...] *= -1

    patch.setattr(CompactLayer, "set_load", set_load)


FAULTS: list[tuple[Patch, str]] = [
    (wrong_sign_of_the_faradaic_flux, "stack.temperature"),
    (flux_not_divided_by_z, "thin-film.eps-0.1-V-0.5"),
    (boltzmann_without_z, "diffuse-layer.grahame-2:2-0.1M"),
    (charge_transfer_without_n, "stack.ohm"),
    (alphas_swapped, "stack.symmetric-cell"),
    (projected_gradient, "diffuse-layer.grahame-1:1-0.1M"),
    (wrong_sign_of_fixed_charge, "jump.permittivity"),
    (wrong_sign_of_the_pzc, "diffuse-layer.grahame-1:1-0.1M"),
]


@pytest.mark.parametrize(("plant", "name"), FAULTS, ids=[fault.__name__ for fault, _ in FAULTS])
def test_a_planted_fault_is_seen(plant: Patch, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (problem,) = select([name])
    assert problem.fast
    plant(monkeypatch)
    outcome = to_the_first_breach(problem)
    assert not outcome.passed
    broken: list[Check] = [check for check in outcome.checks if not check.passed]
    assert broken or outcome.failure
