"""The study of mechanisms from case to folder: paired, resumed, with failures recorded."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from mpi4py import MPI

from zinterphase.case import Case, Draft
from zinterphase.ensemble import jobs
from zinterphase.ensemble.groups import MEMBERS
from zinterphase.errors import CaseError, SolveError
from zinterphase.mechanisms.mechanism_files import answer, report, write_mechanisms
from zinterphase.mechanisms.study import (
    MechanismPlan,
    Mechanisms,
    mechanisms,
    plan_mechanisms,
)
from zinterphase.observe.keys import CV
from zinterphase.observe.statistics import homogenisation_factor
from zinterphase.result import Result
from zinterphase.solve.problem import Problem

CASES = Path(__file__).parents[2] / "cases"
SMALL = ["geometry.width=10 um", "layers.electrolyte.thickness=10 um"]
SELF = MPI.COMM_SELF


def draft(name: str = "titania", *overrides: str) -> Draft:
    return Draft.load(CASES / f"{name}.toml", [*SMALL, *overrides])


@pytest.fixture(scope="module")
def plan() -> MechanismPlan:
    return plan_mechanisms(draft(), level="secondary", only=["spread", "V3"], currents=[-10.0])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("study")


@pytest.fixture(scope="module")
def study(plan: MechanismPlan, folder: Path) -> Mechanisms:
    """Stopped in the middle, then gone on with."""

    def stop(text: str, done: int, total: int) -> None:
        if done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mechanisms(plan, comm=SELF, folder=folder, progress=stop)
    assert len((folder / MEMBERS).read_text(encoding="utf-8").splitlines()) == 20
    seen: list[tuple[str, int, int]] = []
    found = mechanisms(plan, comm=SELF, folder=folder, progress=lambda *call: seen.append(call))
    assert seen[0] == ("20 runs are there already", 20, 44)
    assert len(seen) == 1 + 24
    return found


def test_every_combination_runs_on_every_seed(study: Mechanisms) -> None:
    runs = [(m.label, m.seed) for m in study.members]
    labels = ["base", "spread", "V3", "spread + V3"]
    assert runs == [(label, seed) for label in labels for seed in range(1, 11)]
    assert study.failures == ()


def test_effects_are_homogenisation_factors(study: Mechanisms) -> None:
    cvs: dict[str, list[float]] = {}
    for run in study.members:
        cv = run.metrics["working.current_density"]["cv"]
        assert cv is not None
        cvs.setdefault(run.label, []).append(cv)
    effect = study.by_key[-10.0, ("spread",), CV].effect
    assert effect is not None
    wanted = homogenisation_factor(cvs["base"], cvs["spread"])
    assert effect.interval.value == pytest.approx(wanted.value, rel=1e-12)
    assert effect.interval.low == pytest.approx(wanted.low, rel=1e-9)
    assert effect.outcome == "positive"
    assert effect.interval.value is not None
    assert 0.5 < effect.interval.value < 0.75  # about 1 - sigma(0.25)/sigma(0.7)
    assert effect.error is not None
    assert effect.error < 0.02


def test_evenness_is_told_per_metal_area_where_no_pores_react(study: Mechanisms) -> None:
    row = study.by_key[-10.0, ("spread",), study.plan.subject.headline]
    assert row.metric == "working.current_density_true_area.cv"
    assert row.effect is not None
    assert f"H = {row.effect.interval.value:.3g} " in "\n".join(answer(study))
    pores = plan_mechanisms(draft("dual_layer"), only=["spread", "porous_zone"], currents=[-10.0])
    assert pores.subject.headline == "working.current_density.cv"


def test_the_short_answer_names_every_mechanism_once_per_current(study: Mechanisms) -> None:
    *outcomes, together = answer(study)
    named = [name for line in outcomes for name in line.rpartition(": ")[2].split(", ")]
    assert sorted(named) == sorted(switch.name for switch in study.plan.switches)
    assert "-1 mA/cm^2: evens out: spread" in outcomes
    assert together.startswith("all together (spread, V3): -1 mA/cm^2: H = ")


def test_a_study_is_the_same_again(plan: MechanismPlan, folder: Path, study: Mechanisms) -> None:
    again = mechanisms(plan, comm=SELF, folder=folder)
    assert again.rows == study.rows
    cost = plan.cost(SELF, folder=folder)
    assert (cost.runs, cost.refined, cost.finished) == (44, 4, 44)
    assert cost.lines() == (
        "44 runs, 4 of them on a finer mesh, 44 are there already; 1 at a time",
    )


def test_the_cost_is_told_before(plan: MechanismPlan) -> None:
    cost = plan.cost(SELF)
    assert cost.finished == 0
    assert 0.0 < cost.seconds_per_run < 60.0
    assert cost.seconds == pytest.approx(cost.seconds_per_run * (40 + 4 * 4))
    assert "a run (spread + V3, seed 1), about " in cost.lines()[1]


def test_the_folder_of_a_study(study: Mechanisms, folder: Path) -> None:
    write_mechanisms(study, folder)
    assert {path.name for path in folder.iterdir()} == {
        MEMBERS, "members.csv", "study.json", "study.csv", "study.txt", "mechanisms.png",
        "mechanisms.pdf", "cases",
    }  # fmt: skip
    names = {path.stem for path in (folder / "cases").iterdir()}
    assert names == {"base", "spread", "V3", "spread-V3"}
    again = Case.load(folder / "cases" / "spread-V3.toml")
    assert again == study.plan.cases[3].with_seed(1).with_current(-10.0)
    everything = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    assert [switch["name"] for switch in everything["switches"]] == ["spread", "V3"]
    assert everything["all_together"] == ["spread", "V3"]
    with (folder / "study.csv").open(encoding="utf-8") as file:
        rows = {(row["combination"], row["metric"]): row for row in csv.DictReader(file)}
    row = rows["spread", CV]
    effect = study.by_key[-10.0, ("spread",), CV].effect
    assert effect is not None
    assert float(row["effect"]) == effect.interval.value
    assert (row["verdict"], row["seeds"]) == ("evens out", "10")
    assert rows["spread + V3", CV]["together"] == "independent"
    assert rows["base", CV]["effect"] == ""
    text = (folder / "study.txt").read_text(encoding="utf-8")
    assert "spread (Ag): more even exchange current density" in text
    assert "-1 mA/cm^2: H = 0." in text


def test_a_run_without_solution_is_recorded(
    monkeypatch: pytest.MonkeyPatch, plan: MechanismPlan, folder: Path, study: Mechanisms
) -> None:
    original = jobs.solve_on

    def solve_on(problem: Problem, *arguments: Any, **options: Any) -> Result:
        if problem.case == study.plan.cases[1].with_seed(11).with_current(-10.0):
            raise SolveError("no convergence")
        return original(problem, *arguments, **options)

    monkeypatch.setattr(jobs, "solve_on", solve_on)
    longer = plan_mechanisms(
        draft(), level="secondary", only=["spread", "V3"], currents=[-10.0], seeds=11
    )
    found = mechanisms(longer, comm=SELF, folder=folder)
    assert [(run.label, run.seed) for run in found.failures] == [("spread", 11)]
    effect = found.by_key[-10.0, ("spread",), CV].effect
    assert effect == study.by_key[-10.0, ("spread",), CV].effect
    other = found.by_key[-10.0, ("V3",), CV].effect
    assert other is not None
    assert other.interval.n == 11
    assert report(found)[-1] == "failed: spread, -1 mA/cm^2, seed 11: no convergence"


def test_a_surface_that_does_not_fit_is_recorded() -> None:
    """Peaks of the metal pierce a film with a flat outer face on some seeds only."""
    job = jobs.Job(0, "rigid", draft("titania", "layers.titania.top=flat").case(), 1)
    thin = job.case.layers[1].model_copy(update={"thickness": 1e-7})
    layers = (job.case.layers[0], thin, job.case.layers[2])
    pierced = jobs.Job(0, "rigid", job.case.model_copy(update={"layers": layers}), 1)
    records = list(jobs.run_job(pierced, {-10.0: "a", -50.0: "b"}, SELF))
    assert [record.key for _, record in records] == ["a", "b"]
    assert all("the surface does not pierce" in (record.reason or "") for _, record in records)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"seeds": 9}, "--seeds = 9: allowed at least 10, for an interval"),
        ({"only": ["nothing"]}, 'switches = "nothing": allowed '),
        ({"currents": []}, "currents = missing: "),
        ({"level": "secondary", "only": ["V1_negative"]}, 'switches = "V1_negative": allowed swi'),
        ({"together": ["V1_negative", "V1_positive"]}, 'switches = "V1_negative + V1_positive"'),
    ],
)
def test_what_makes_no_study_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(CaseError) as caught:
        plan_mechanisms(draft(), **options)
    assert str(caught.value).startswith(message)


def test_a_value_the_case_refuses_names_the_switch() -> None:
    thin = draft("titania", "layers.titania.thickness=0.1 um")
    sinus = {"shape": "sinusoidal", "amplitude": "0.2 um", "wavelength": "10 um"}
    shaped = thin.changed({"geometry.surface": sinus})
    with pytest.raises(CaseError, match=r"geometry.surface.amplitude = .*\(with rigid\)"):
        plan_mechanisms(shaped, only=["rigid"])
