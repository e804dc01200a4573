"""`zinterphase verify`: what is chosen, what is shown, what fails."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from mpi4py import MPI
from typer.testing import CliRunner

from zinterphase.cli.commands import app
from zinterphase.errors import CaseError, Interrupted, SolveError, VerificationError
from zinterphase.verification import registry
from zinterphase.verification.known import (
    Check,
    KnownProblem,
    at_least,
    last_order,
    order_of,
    relative,
    worst,
)
from zinterphase.verification.registry import PROBLEMS, select
from zinterphase.verification.runner import run

CHEAP = "diffuse-layer.grahame-1:1-0.001M"


def invoke(*words: str) -> str:
    result = CliRunner().invoke(app, ["verify", *words], catch_exceptions=False)
    return result.output


def planted(error: float) -> KnownProblem:
    def checks(comm: MPI.Intracomm) -> list[Check]:
        return [relative("a number", 1.0 + error, 1.0, 1e-3)]

    return KnownProblem("planted.fault", "an error on purpose", "by hand", checks)


def test_one_problem_is_solved_shown_and_written(tmp_path: Path) -> None:
    output = invoke(CHEAP, "-o", str(tmp_path))
    assert "pass" in output
    assert "FAIL" not in output
    data = json.loads((tmp_path / "verification.json").read_text())
    assert data["passed"]
    (entry,) = data["problems"]
    assert entry["name"] == CHEAP
    rows = list(csv.DictReader((tmp_path / "verification.csv").read_text().splitlines()))
    assert len(rows) == len(entry["checks"]) == 6
    assert all(row["passed"] == "True" for row in rows)


def test_list_names_every_problem() -> None:
    output = invoke("--list", "--suite", "full")
    words = "".join(output.split())
    missing = [p.name for p in PROBLEMS if p.name.split(".")[0] not in words]
    assert not missing


def test_a_breach_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "PROBLEMS", (planted(0.0), planted(0.01)))
    with pytest.raises(VerificationError, match=r"1 of 2 problems .* planted\.fault"):
        invoke()


def test_an_error_of_the_package_fails_its_problem_only() -> None:
    def checks(comm: MPI.Intracomm) -> list[Check]:
        raise SolveError("does not converge")

    failing = KnownProblem("planted.error", "", "", checks)
    first, second = run([failing, planted(0.0)], MPI.COMM_SELF)
    assert (first.passed, first.failure) == (False, "does not converge")
    assert second.passed


def test_a_signal_ends_all() -> None:
    """It is no fault of the problem that it comes in."""

    def checks(comm: MPI.Intracomm) -> list[Check]:
        raise Interrupted("stopped by SIGTERM")

    stopped = KnownProblem("planted.signal", "", "", checks)
    with pytest.raises(Interrupted):
        run([stopped, planted(0.0)], MPI.COMM_SELF)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(CaseError, match="NAME"):
        select(["no-such-problem"])
    assert select(["diffuse-layer"]) == tuple(p for p in PROBLEMS if p.family == "diffuse-layer")


def test_checks_fail_where_they_should() -> None:
    assert not relative("nan", float("nan"), 1.0, 1.0).passed
    assert not at_least("nan", float("nan"), 1.0).passed
    assert not at_least("less", 0.9, 1.0).passed
    assert at_least("more", 1.1, 1.0).passed
    assert order_of("e", [1, 0.5, 0.25], [1, 0.25, 0.0625], 2.0, 1e-9).passed
    assert last_order("e", [1, 0.5, 0.25], [9, 0.25, 0.0625], 2.0, 1e-9).passed
    point = worst("profile", [1.0, 2.5], [1.0, 2.0], 0.1, scale=2.0)
    assert (point.computed, point.exact, point.error) == (2.5, 2.0, 0.25)
