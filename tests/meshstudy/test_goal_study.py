"""`converge --adaptive`: until the goal is met, what is refused, and what is written."""

from __future__ import annotations

import csv
import json
from itertools import pairwise
from pathlib import Path

import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.ensemble.budget import Budget
from zinterphase.errors import CaseError
from zinterphase.meshstudy.goal_files import write_goal
from zinterphase.meshstudy.goal_study import converge_goal

CASES = Path(__file__).parents[2] / "cases"
SELF = MPI.COMM_SELF


def bump(*overrides: str) -> Case:
    """A protrusion on a plain electrode, ohmic and kinetic."""
    shape = '{shape="protrusion", height="2 um", tip_radius="0.5 um"}'
    changes = ["level=secondary", "geometry.width=20 um", f"geometry.surface={shape}"]
    return Case.load(
        CASES / "bare.toml", [*changes, "kinetics.zinc.spread.sigma_ln=0.1", *overrides]
    )


def test_meshes_end_where_the_goal_is_known(tmp_path: Path) -> None:
    study = converge_goal(bump("accuracy=2 %"), "cv", 8, comm=SELF)
    found = study.convergence
    assert found.met
    assert found.stopped is None
    assert "within the accuracy of 2 %" in found.ending
    errors = [mesh.relative_error for mesh in found.meshes]
    assert errors[-1] <= 0.02
    assert all(error > 0.02 for error in errors[:-1])
    assert all(fine.unknowns > coarse.unknowns for coarse, fine in pairwise(found.meshes))
    write_goal(found, tmp_path, "A bump.")
    with (tmp_path / "adaptive.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(found.meshes)
    assert float(rows[-1]["value"]) == found.meshes[-1].value
    told = json.loads((tmp_path / "adaptive.json").read_text(encoding="utf-8"))
    assert (told["goal"], told["met"], told["stopped"]) == ("cv", True, found.ending)
    assert (tmp_path / "adaptive.png").stat().st_size > 5000


def test_the_number_of_meshes_may_end_it() -> None:
    found = converge_goal(bump("accuracy=0.001 %"), "cv", 1, comm=SELF).convergence
    assert not found.met
    assert found.ending.startswith("mesh 1 is the last that --meshes allows")


def test_a_spent_budget_keeps_what_is_there() -> None:
    study = converge_goal(
        bump("accuracy=0.001 %"), "cv", 8, comm=SELF, budget=Budget(SELF, seconds=4.0)
    )
    assert not study.convergence.met
    assert study.convergence.stopped is not None
    assert study.convergence.meshes
    assert study.result.homogeneity["working.current_density"].cv is not None


@pytest.mark.parametrize(
    ("goal", "overrides", "message"),
    [
        ("evenness", [], "--goal = .evenness.: allowed one of total_current"),
        ("total_current", [], "^goal = .total_current.*with an estimate"),
    ],
)
def test_goals_without_an_estimate(goal: str, overrides: list[str], message: str) -> None:
    with pytest.raises(CaseError, match=message):
        converge_goal(bump(*overrides), goal, 3, comm=SELF)


def test_only_cross_sections() -> None:
    with pytest.raises(CaseError, match=r"geometry.dimension = 3"):
        converge_goal(bump("geometry.dimension=3"), "cv", 3, comm=SELF)
