"""Studies of cases with a protocol: deposits and voltages in place of currents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from zinterphase.case import Case, Draft
from zinterphase.ensemble import groups
from zinterphase.ensemble.corroding import corroding
from zinterphase.ensemble.groups import MEMBERS
from zinterphase.ensemble.jobs import Job
from zinterphase.ensemble.marched import march_job, march_record
from zinterphase.ensemble.members import Record
from zinterphase.ensemble.subject import DEPOSIT as DEPOSITED
from zinterphase.errors import CaseError
from zinterphase.mechanisms.design import design
from zinterphase.mechanisms.effects import Effect, EffectRow, is_relative
from zinterphase.mechanisms.mechanism_files import (
    answer,
    write_mechanisms,
)
from zinterphase.mechanisms.ranges import anodes
from zinterphase.mechanisms.sensitivity import plan_sensitivity, sensitivity
from zinterphase.mechanisms.sentences import evenness, sentence
from zinterphase.mechanisms.study import MechanismPlan, Mechanisms, mechanisms, plan_mechanisms
from zinterphase.mechanisms.study_figure import mechanisms_figure
from zinterphase.mechanisms.switches import switchboard
from zinterphase.mechanisms.tornado import plan_tornado, tornado
from zinterphase.mechanisms.tornado_files import write_tornado
from zinterphase.observe import keys
from zinterphase.observe.statistics import Interval, homogenisation_factor

from .drafts import CASES, SELF, few, in_time

DEPOSIT = "working.deposit_thickness.cv"
RUNS = 22
"""Two combinations on ten seeds, and on a finer mesh."""


def plan_of(seeds: int = 10) -> MechanismPlan:
    return plan_mechanisms(in_time("bare"), level="secondary", only=["spread"], seeds=seeds)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("study")


@pytest.fixture(scope="module")
def study(folder: Path) -> Mechanisms:
    """Stopped in the middle, then gone on with."""

    def stop(text: str, done: int, total: int) -> None:
        if done == 12:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mechanisms(plan_of(), comm=SELF, folder=folder, progress=stop)
    assert len((folder / MEMBERS).read_text(encoding="utf-8").splitlines()) == 12
    seen: list[tuple[str, int, int]] = []
    found = mechanisms(
        plan_of(), comm=SELF, folder=folder, progress=lambda *call: seen.append(call)
    )
    assert seen[0] == ("12 runs are there already", 12, RUNS)
    return found


def test_effects_are_those_on_deposits_and_voltages(study: Mechanisms) -> None:
    base, even = (
        [run for run in study.members if run.label == label] for label in ("base", "spread")
    )
    assert study.plan.currents == (-10.0,)
    effect = study.by_key[-10.0, ("spread",), DEPOSIT].effect
    assert effect is not None
    cvs = [[run.metrics[keys.DEPOSIT_THICKNESS]["cv"] for run in runs] for runs in (base, even)]
    wanted = homogenisation_factor(*cvs)
    assert effect.interval.value == pytest.approx(wanted.value, rel=1e-12)
    assert effect.interval.low == pytest.approx(wanted.low, rel=1e-9)
    assert effect.outcome == "positive"
    assert 0.5 < (effect.interval.value or 0.0) < 0.75  # about 1 - sigma(0.25)/sigma(0.7)
    assert 1e-8 < (effect.error or 0.0) < 0.05
    for key in (keys.HYSTERESIS, keys.PLATING_VOLTAGE):
        row = study.by_key[-10.0, ("spread",), key]
        change = [b.scalars[key] - a.scalars[key] for a, b in zip(base, even, strict=True)]
        assert row.effect is not None
        assert not row.relative
        assert row.effect.interval.value == pytest.approx(sum(change) / 10, rel=1e-9)
    assert (-10.0, ("spread",), keys.LARGEST_MISMATCH) not in study.by_key


def test_the_folder_of_a_study_in_time(study: Mechanisms, folder: Path) -> None:
    write_mechanisms(study, folder)
    text = (folder / "study.txt").read_text(encoding="utf-8")
    assert text.startswith(
        "H = 1 - CV/CV(base) of the deposit's thickness per projected area, over "
    )
    (line,) = [line for line in text.splitlines() if line.startswith("  largest current -1 mA")]
    assert "evens out" in line
    assert "; mean plating voltage " in line
    assert "; hysteresis " in line
    assert next(answer(study)) == "largest current -1 mA/cm^2: evens out: spread"
    again = Case.load(folder / "cases" / "spread.toml")
    assert again == study.plan.cases[1].with_seed(1)
    assert again.protocol
    everything = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    assert everything["field"] == "working.deposit_thickness"
    figure = mechanisms_figure(study)
    assert figure.axes[0].get_title(loc="left").startswith("largest current")
    assert "H of the deposit's thickness" in " ".join(figure.texts[0].get_text().split())


def test_an_anode_that_fails_keeps_its_reason(
    study: Mechanisms, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more seed, on which the variant gives no deposit."""

    def failing(job: Job, current_keys: Any, comm: Any) -> Iterator[tuple[float, Record]]:
        for current, record in march_job(job, current_keys, comm):
            lost = Record(record.key, reason="limits.voltage: -0.9 V")
            yield current, lost if job.label == "spread" else record

    monkeypatch.setattr(groups, "march_job", failing)
    found = mechanisms(plan_of(11), comm=SELF, folder=folder)
    assert [(run.seed, run.reason) for run in found.failures] == [(11, "limits.voltage: -0.9 V")]
    effect = found.by_key[-10.0, ("spread",), DEPOSIT].effect
    assert effect == study.by_key[-10.0, ("spread",), DEPOSIT].effect


def test_the_cost_is_that_of_marches(
    study: Mechanisms, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marched: list[str] = []

    def counted(job: Job, *arguments: Any) -> Any:
        marched.append(job.name)
        return march_job(job, *arguments)

    monkeypatch.setattr(groups, "march_job", counted)
    cost = plan_of(12).cost(SELF, folder=folder)
    assert marched == ["spread, seed 1"] * 2
    assert (cost.runs, cost.refined) == (RUNS + 4, 2)
    assert cost.seconds_per_run > 0.0
    assert plan_of().cost(SELF, folder=folder).finished == RUNS


def test_a_substrate_that_deposit_covers_in_time() -> None:
    """Barrier, spreading and alloying of silver act on it; all pairs are valid cases."""
    board = switchboard(corroding(in_time("dual_layer")), about="corrosion")
    in_time_alone = {"spreading", "alloying", "precipitation"}
    assert in_time_alone | {"nucleation", "silver_exposed"} <= {s.name for s in board.switches}
    base = board.case().kinetics["silver"].nucleation
    assert base is not None
    assert base.grows
    assert base.coverage > 0.0
    for combination in design(board).combinations:
        board.case(combination)
    exposed = board.case(["silver_exposed"]).kinetics["silver"]
    assert exposed.nucleation is not None
    assert exposed.nucleation.factors == {"hydrogen_evolution": pytest.approx(0.01)}
    assert exposed.patches is None
    steady = switchboard(Draft.load(CASES / "bare.toml"))
    assert "protocol" in steady.left_out["spreading"]
    assert "silver" in switchboard(in_time("bare")).left_out["alloying"]


def test_nucleation_and_losses_are_among_the_numbers() -> None:
    """A lower barrier lowers the dip; corrosion at rest is told beside the efficiency."""
    steps = '"plate at 1 mA/cm^2 for 2 s", "rest for 1 s", "strip at 1 mA/cm^2 for 1 s"'
    board = switchboard(
        corroding(in_time("silver", steps=steps)), level="secondary", about="corrosion"
    )
    base, lower = (march_record("", board.case(on), SELF) for on in ((), ("nucleation",)))
    assert base.reason is None
    assert lower.reason is None
    assert lower.scalars[keys.NUCLEATION] < 0.8 * base.scalars[keys.NUCLEATION]
    for record in (base, lower):
        assert record.scalars[keys.LOST_RESTING] > 0.0
        assert record.scalars[keys.HYDROGEN_OF_CYCLE] > 0.0
        assert record.scalars[keys.PLATING_EFFICIENCY] < 1.0
        assert keys.NUCLEI not in record.scalars


def test_what_a_mechanism_does_to_them_in_words() -> None:
    """Sizes fall by a part, the efficiency changes by a difference."""
    values = {DEPOSIT: -0.1, "working.deposit_thickness.max_over_mean": 0.1}
    values |= {keys.NUCLEATION: 0.7, keys.EFFICIENCY: 0.012, keys.LOST_RESTING: -3.0}
    mean = Interval(1.0, 1.0, 1.0, 10, "")
    rows = {
        (-10.0, ("x",), key): EffectRow(
            -10.0,
            ("x",),
            key,
            is_relative(key),
            mean,
            Effect(Interval(value, value, value, 10, ""), 0.0, "positive"),
            None,
            None,
        )
        for key, value in values.items()
    }
    text = sentence(rows, DEPOSITED, -10.0, ("x",))
    assert "nucleation overpotential falls by 70.00% [70.00%, 70.00%]" in text
    assert "Coulombic efficiency changes by 1.20% [1.20%, 1.20%]" in text
    assert "corrosion at rest grows by a factor of 4 [4, 4]" in text
    assert evenness(keys.NUCLEATION, "positive") == "smaller"
    assert evenness(keys.EFFICIENCY, "positive") == "larger"


def test_a_protocol_has_currents_of_its_own() -> None:
    with pytest.raises(CaseError, match=r"^currents = \[-10.0\]: allowed none beside a protocol"):
        plan_mechanisms(in_time("bare"), level="secondary", currents=[-10.0])


def test_a_tornado_plot_of_deposits(tmp_path: Path) -> None:
    chosen = few(anodes(switchboard(in_time("titania"), "secondary")), "sigma_ln")
    found = tornado(chosen, plan_tornado(chosen, [-10.0], [1]), comm=SELF, folder=tmp_path)
    own = found.nominal[-10.0].numbers
    assert set(own) == {"cv", "homogenisation", "mean_voltage", "hysteresis"}
    assert own["hysteresis"] > 0.0
    (bar,) = found.bars
    assert bar.high.numbers["cv"] > 2.0 * bar.low.numbers["cv"]
    write_tornado(found, tmp_path)
    everything = json.loads((tmp_path / "tornado.json").read_text(encoding="utf-8"))
    assert everything["nominal"]["-10"]["hysteresis"] == own["hysteresis"]
    assert everything["bars"][0]["low"]["cv"] == bar.low.numbers["cv"]


def test_sensitivity_leaves_out_a_voltage_that_the_protocol_does_not_have(tmp_path: Path) -> None:
    """Without a step that strips there is no hysteresis."""
    draft = in_time("titania", steps='"plate at 1 mA/cm^2 for 5 s"')
    chosen = few(anodes(switchboard(draft, "secondary")), "i0")
    plan = plan_sensitivity(chosen, method="morris", samples=4, currents=None, seeds=[1])
    found = sensitivity(plan, comm=SELF, folder=tmp_path)
    assert {index.quantity for index in found.indices} == {"cv", "homogenisation", "mean_voltage"}
    (voltage,) = [index for index in found.indices if index.quantity == "mean_voltage"]
    assert voltage.first > 0.01  # faster kinetics: less negative
    assert found.subject.field == "working.deposit_thickness"
