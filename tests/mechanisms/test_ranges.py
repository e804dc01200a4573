"""Ranges of uncertain numbers: cases at their ends, tornado plots and global sensitivity."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Draft
from zinterphase.ensemble.subject import STEADY
from zinterphase.errors import CaseError, SolveError
from zinterphase.materials.library import parameter
from zinterphase.mechanisms import points, sensitivity
from zinterphase.mechanisms.points import Answer, Points
from zinterphase.mechanisms.ranges import Anodes, Point, RangedFactor, anodes, ranges
from zinterphase.mechanisms.sensitivity import plan_sensitivity, write_sensitivity
from zinterphase.mechanisms.switches import switchboard
from zinterphase.mechanisms.tornado import plan_tornado, tornado
from zinterphase.mechanisms.tornado_files import write_tornado

from .drafts import few

CASES = Path(__file__).parents[2] / "cases"
SMALL = ["geometry.width=10 um", "layers.electrolyte.thickness=10 um"]
SELF = MPI.COMM_SELF


def setting(name: str = "dual_layer", *overrides: str) -> Anodes:
    return anodes(switchboard(Draft.load(CASES / f"{name}.toml", overrides), "secondary"))


def names(chosen: Anodes) -> list[str]:
    return [factor.name for factor in chosen.factors]


def test_ends_are_those_of_the_library() -> None:
    dual = setting()
    key = "zn_kinetics.i0_bare_2M"
    for place, bound in zip((0.0, 1.0), parameter(key).si_range or (), strict=True):
        case = dual.bare({"i0": place}).case()
        assert case.kinetics["silver"].exchange_current_density == pytest.approx(bound)
        coated = dual.coated({"i0": place}).case().kinetics["silver"]
        factor = parameter("cases.Ag_i0_factor").si
        assert coated.exchange_current_density == pytest.approx(bound * factor)
    film = dual.coated({"film kappa": 0.0}).case().layer("titania")
    assert (film.tortuosity_factor, film.constrictivity) == (5.0, 0.3)
    middle = dual.coated({"film thickness": 0.5}).case().layer("titania")
    assert middle.thickness == pytest.approx(np.sqrt(2e-7 * 1e-5))
    assert dual.coated({"film mode": 1.0}).case().layer("titania").top == "flat"


def test_the_anode_is_the_dual_layer_and_bare_metal_has_no_film() -> None:
    dual = setting()
    anode, bare = dual.coated({}).case(), dual.bare({}).case()
    assert [layer.name for layer in bare.layers] == ["zinc", "silver", "electrolyte"]
    assert bare.kinetics["silver"].exchange_current_density == 5.0
    own = anode.kinetics["silver"]
    assert own.exchange_current_density == 15.0
    assert own.spread is not None
    assert own.spread.sigma_ln == 0.25


def test_what_is_switched_on_goes_before_what_is_shared() -> None:
    dual = setting()
    point = {"sigma_ln": 1.0}
    spreads = [dual.coated(point), dual.bare(point), dual.coated({"Ag: sigma_ln": 1.0})]
    found = [draft.case().kinetics["silver"].spread for draft in spreads]
    assert [spread.sigma_ln for spread in found if spread] == [0.25, 1.2, 0.6]


def test_factors_that_mean_nothing_are_left_out() -> None:
    assert names(setting()) == [f.name for f in ranges().factor if "evenness" in f.about]
    titania = names(setting("titania"))
    assert "Ag: sigma_ln" not in titania
    assert "film thickness" in titania
    silver = names(setting("silver"))
    assert "film thickness" not in silver
    with pytest.raises(CaseError, match="a silver layer or a TiO2 film"):
        setting("bare")
    with pytest.raises(CaseError, match='factor = "sigma": allowed i0, sigma_ln'):
        setting().coated({"sigma": 0.0})


def test_lengths_stay_below_the_width() -> None:
    wide = setting("dual_layer")
    factor = next(f for f in wide.factors if f.name == "correlation length")
    assert factor.shown(1.0, 60e-6) == "6 um"
    assert factor.shown(0.0, 60e-6) == "1 um"


def test_a_factor_needs_a_range() -> None:
    with pytest.raises(ValueError, match="a range for each key, or a choice"):
        RangedFactor.model_validate({"name": "a", "title": "a", "value": [{"key": "a.b"}]})


def test_a_tornado_plot_from_case_to_folder(tmp_path: Path) -> None:
    chosen = few(setting("titania", *SMALL), "film thickness", "sigma_ln")
    asked = plan_tornado(chosen, [-10.0], [1])
    # the film is not part of bare metal, which is solved once for it
    assert (len(asked.points), len(asked.cases)) == (5, 5 + 3)
    found = tornado(chosen, asked, comm=SELF, folder=tmp_path)
    bars = {bar.factor: bar for bar in found.bars}
    low, high = bars["sigma_ln"].low, bars["sigma_ln"].high
    assert high.numbers["cv"] > 2.0 * low.numbers["cv"]
    assert bars["film thickness"].ends == ("0.2 um", "10 um")
    own = found.nominal[-10.0]
    assert abs(own.numbers["homogenisation"]) < 0.05
    assert -0.2 < own.numbers["potential"] < 0.0
    write_tornado(found, tmp_path)
    files = {path.name for path in tmp_path.iterdir()}
    assert files >= {"tornado.png", "tornado.pdf", "tornado.csv", "tornado.json"}
    with (tmp_path / "tornado.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["factor"] for row in rows] == ["the anode", *2 * ["sigma_ln"], *2 * [
        "film thickness"
    ]]  # fmt: skip
    assert asked.cost(SELF, folder=tmp_path).finished == 8


def answered(monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
    """Let a formula of the point stand for the solver."""

    def solve_points(asked: Points, **options: Any) -> list[dict[float, Answer]]:
        return [{i: answer(point) for i in asked.currents} for point in asked.points]

    monkeypatch.setattr(sensitivity, "solve_points", solve_points)


def linear(point: Point) -> Answer:
    cv = 0.3 * point["i0"] - 0.1 * point["sigma_ln"]
    joint = point["i0"] * point["sigma_ln"]
    return Answer({"cv": cv, "homogenisation": joint, "potential": -0.05})


@pytest.mark.parametrize(("method", "samples"), [("morris", 8), ("sobol", 32)])
def test_indices_of_a_known_function(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, method: Any, samples: int
) -> None:
    answered(monkeypatch, linear)
    chosen = few(setting("titania"), "i0", "sigma_ln", "film thickness", "film mode")
    plan = plan_sensitivity(chosen, method=method, samples=samples, currents=[-10.0], seeds=[1])
    assert [factor.name for factor in plan.factors] == ["i0", "sigma_ln", "film thickness"]
    assert len(plan.asked.points) == samples * (4 if method == "morris" else 5)
    found = sensitivity.sensitivity(plan, comm=SELF)
    cv = {index.factor: index for index in found.indices if index.quantity == "cv"}
    if method == "morris":
        assert [cv[n].first for n in cv] == pytest.approx([0.3, -0.1, 0.0], abs=1e-12)
        assert [cv[n].total for n in cv] == pytest.approx([0.3, 0.1, 0.0], abs=1e-12)
        joint = [index for index in found.indices if index.quantity == "homogenisation"]
        assert joint[0].spread is not None
        assert joint[0].spread > 0.1
    else:
        assert [cv[n].total for n in cv] == pytest.approx([0.9, 0.1, 0.0], abs=0.1)
        assert all(abs(cv[n].first - cv[n].total) < 0.15 for n in cv)
    flat = [index.total for index in found.indices if index.quantity == "potential"]
    assert flat == [0.0, 0.0, 0.0]
    write_sensitivity(found, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"sensitivity.json", "sensitivity.csv"}


def test_a_sample_without_solution_is_left_out_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = few(setting("titania"), "i0", "sigma_ln")
    plan = plan_sensitivity(chosen, method="morris", samples=6, currents=[-10.0], seeds=[1])
    broken = plan.asked.points[4]

    def answer(point: Point) -> Answer:
        return Answer({}, "no convergence") if point == broken else linear(point)

    answered(monkeypatch, answer)
    found = sensitivity.sensitivity(plan, comm=SELF)
    assert found.blocks + len(found.lost) == 6
    assert found.lost[0] == "no convergence"
    answered(monkeypatch, lambda point: Answer({}, "no convergence"))
    with pytest.raises(SolveError, match="0 of 6 samples are whole: no convergence"):
        sensitivity.sensitivity(plan, comm=SELF)


@pytest.mark.parametrize(
    ("method", "samples", "message"),
    [
        ("morris", 3, "--samples = 3: allowed at least 4 with morris"),
        ("sobol", 7, "--samples = 7: allowed at least 8 with sobol"),
        ("sobol", 12, "--samples = 12: allowed a power of two with sobol"),
    ],
)
def test_too_few_samples_are_refused(method: Any, samples: int, message: str) -> None:
    with pytest.raises(CaseError) as caught:
        plan_sensitivity(
            setting("titania"), method=method, samples=samples, currents=[-10.0], seeds=[1]
        )
    assert str(caught.value) == message


def test_an_anode_without_solution_has_no_numbers() -> None:
    answer = points._answer(STEADY, [points.Record("a", reason="no convergence")], [])
    assert answer == Answer({}, "no convergence")
