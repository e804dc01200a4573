"""Seeds of the kinetics share a problem: same numbers as without, and nothing is made again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from zinterphase import forms, run
from zinterphase.case import Case
from zinterphase.ensemble.groups import solve_ensemble
from zinterphase.ensemble.jobs import Job, run_job, run_standing
from zinterphase.ensemble.standing import Standing, drawn_alike
from zinterphase.errors import CaseError
from zinterphase.solve.heterogeneity import LateralField
from zinterphase.solve.problem import Problem

from .comparisons import SELF, case

CURRENTS = (-50.0, -10.0)
FLAT = ["geometry.surface={shape='flat'}", "mesh.lateral_size=0.5 um", "mesh.far_size=4 um"]
ISLANDS = (
    "kinetics.zinc.patches={fraction=0.3, factor=0.1, correlation_length='8 um', pzc='-0.4 V'}"
)
GAS = [
    "electrolyte.pH=4.3",
    "kinetics.zinc.reactions.hydrogen_evolution="
    "{spread={sigma_ln=0.5, correlation_length='8 um', seed=1}}",
    ISLANDS.replace("}", ", factors={hydrogen_evolution=20.0}}"),
]
NUCLEI = (
    "kinetics.silver.nucleation={overpotential='15 mV', coverage=0.3, "
    "nuclei={density='1e10 1/m^2', rate='2 1/s', activation='20 mV'}}"
)


def patchy() -> Case:
    return case("bare", *FLAT, *GAS)


def nucleating() -> Case:
    return case("dual_layer", *FLAT, NUCLEI, "layers.titania.conducting=true")


def screened() -> Case:
    thin = ["layers.electrolyte.thickness=0.5 um", "electrolyte.concentration=0.01 mol/L"]
    return case("bare", *FLAT, ISLANDS, "level=pnp", *thin, "counter.type=electrode")


def uniform_potential() -> Case:
    return case("titania", *FLAT, "level=primary")


def job(of: Case, seed: int) -> Job:
    return Job(0, of.title, of, seed)


def told(runs: Any) -> list[str]:
    """Records as they are stored, all digits."""
    return [record.to_line() for _, record in runs]


KEYS = {current: f"{current:g}" for current in CURRENTS}


@pytest.mark.parametrize("make", [patchy, nucleating, screened, uniform_potential])
def test_another_draw_gives_what_a_new_problem_gives(make: Any) -> None:
    of, standing, found = make(), Standing(), {}
    for seed in (1, 2, 1):
        found[seed] = told(run_standing(job(of, seed), KEYS, SELF, None, standing))
        assert found[seed] == told(run_job(job(of, seed), KEYS, SELF)), seed
    standing.close()
    assert (found[1] != found[2]) == (make is not uniform_potential)


def test_a_seed_with_another_current_first_has_a_mesh_of_its_own() -> None:
    """As in a study that goes on: the cells of double layers follow from the current."""
    of, standing = screened(), Standing()
    list(run_standing(job(of, 1), {-50.0: "-50"}, SELF, None, standing))
    missing = {-1.0: "-1", -50.0: "-50"}
    found = told(run_standing(job(of, 2), missing, SELF, None, standing))
    standing.close()
    assert found == told(run_job(job(of, 2), missing, SELF))


def test_another_draw_compiles_and_meshes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [case(name, *FLAT, "level=secondary") for name in ("bare", "titania")]
    jobs = [Job(k, of.title, of, seed) for seed in (1, 2, 3) for k, of in enumerate(cases)]
    counts = {"forms": 0, "meshes": 0}
    compiled, meshed = forms._compiled, run.mesh_case

    def counted(name: str, make: Any) -> Any:
        def call(*arguments: Any) -> Any:
            counts[name] += 1
            return make(*arguments)

        return call

    monkeypatch.setattr(forms, "_compiled", counted("forms", compiled))
    monkeypatch.setattr("zinterphase.ensemble.standing.mesh_case", counted("meshes", meshed))

    def counts_of(some: list[Job]) -> dict[str, int]:
        counts.update(forms=0, meshes=0)
        solve_ensemble(some, CURRENTS, comm=SELF, groups=1)
        return dict(counts)

    first = counts_of(jobs[:2])
    assert first["meshes"] == 2
    assert first["forms"] > 0
    assert counts_of(jobs) == first


def test_other_surfaces_and_laws_get_problems_of_their_own() -> None:
    of = patchy()
    rough = case("bare", *FLAT[1:])
    assert drawn_alike(of.with_seed(1), of.with_seed(2))
    assert not drawn_alike(of.with_seed(1), of.with_seed(2).with_current(-3.0))
    assert not drawn_alike(rough.with_seed(1), rough.with_seed(2))
    assert not drawn_alike(of, case("bare", *FLAT, *GAS, "kinetics.zinc.patches.fraction=0.4"))
    assert not drawn_alike(of, case("bare", *FLAT, ISLANDS))
    assert not drawn_alike(of, case("silver", *FLAT))
    assert not drawn_alike(of, case("bare", *FLAT, *GAS, "solver.tolerance=1e-7"))


def test_a_problem_that_failed_does_not_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    of, standing = patchy(), Standing()
    beyond = {-10.0: "a", -1e6: "b"}
    list(run_standing(job(of, 1), beyond, SELF, None, standing))
    before, _ = standing.problem_of(job(of, 2).at(-10.0), SELF)
    again, _ = standing.problem_of(job(of, 3).at(-10.0), SELF)
    assert again is before

    def refuse(field: LateralField, *arguments: Any) -> None:
        raise CaseError("kinetics.zinc.map.file", "a hole", "none")

    monkeypatch.setattr(LateralField, "take", refuse)
    (_, record), *_ = run_standing(job(of, 4), KEYS, SELF, None, standing)
    assert "a hole" in (record.reason or "")
    monkeypatch.undo()
    anew, _ = standing.problem_of(job(of, 4).at(-10.0), SELF)
    assert anew is not before
    standing.close()


def test_nodes_on_other_metal_keep_their_factor_when_drawn_again() -> None:
    of = patchy()
    problem = Problem(of.with_seed(1), run.mesh_case(of, SELF).domain)
    (_, field), *_ = problem._wall_laws[0]._fields
    plain = field.function.x.array.copy()
    field.shift = np.full_like(plain, 0.5)
    problem.redraw(of.with_seed(2))
    assert np.ptp(field.function.x.array - plain) > 0.1
    problem.redraw(of.with_seed(1))
    np.testing.assert_allclose(field.function.x.array, plain + 0.5)
    problem.close()
