"""Run known problems and keep what came out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from pathlib import Path
from typing import Any

from mpi4py import MPI

from zinterphase.errors import Interrupted, ZinterphaseError
from zinterphase.output.files import finite, write_json, write_rows
from zinterphase.verification.known import Check, KnownProblem


@dataclass(frozen=True)
class Outcome:
    """The checks of a problem, or the error that ended it.

    ``seconds`` is wall time, ``cpu_seconds`` the CPU time of all ranks, compilers not included.
    """

    problem: KnownProblem
    checks: tuple[Check, ...]
    failure: str | None
    seconds: float
    cpu_seconds: float

    @property
    def passed(self) -> bool:
        """Whether every check holds, and there are some."""
        return self.failure is None and bool(self.checks) and all(c.passed for c in self.checks)


def run(
    problems: Iterable[KnownProblem],
    comm: MPI.Intracomm = MPI.COMM_WORLD,
    on_outcome: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Solve problems one after the other; collective.

    A problem that ends with an error of the package has failed; the others still run.
    """
    outcomes = []
    for problem in problems:
        outcome = run_one(problem, comm)
        outcomes.append(outcome)
        on_outcome(outcome)
    return outcomes


def run_one(problem: KnownProblem, comm: MPI.Intracomm = MPI.COMM_WORLD) -> Outcome:
    """Solve one problem; collective."""
    wall, cpu = time.perf_counter(), time.process_time()
    checks: list[Check] = []
    failure = None
    try:
        checks.extend(problem.checks(comm))
    except Interrupted:
        raise
    except ZinterphaseError as error:
        failure = str(error)
    spent = comm.allreduce(time.process_time() - cpu, MPI.SUM)
    return Outcome(problem, tuple(checks), failure, time.perf_counter() - wall, spent)


def write_outcomes(outcomes: Sequence[Outcome], folder: Path, *, suite: str, ranks: int) -> None:
    """Write verification.json and verification.csv of what is done; one rank writes."""
    folder.mkdir(parents=True, exist_ok=True)
    data = {
        "suite": suite,
        "ranks": ranks,
        "passed": all(outcome.passed for outcome in outcomes),
        "seconds": sum(outcome.seconds for outcome in outcomes),
        "cpu_seconds": sum(outcome.cpu_seconds for outcome in outcomes),
        "problems": [_entry(outcome) for outcome in outcomes],
    }
    write_json(folder / "verification.json", data)
    rows = [row for outcome in outcomes for row in _rows(outcome)]
    write_rows(folder / "verification.csv", rows)


def _entry(outcome: Outcome) -> dict[str, object]:
    problem = outcome.problem
    return {
        "name": problem.name,
        "what": problem.what,
        "source": problem.source,
        "fast": problem.fast,
        "passed": outcome.passed,
        "failure": outcome.failure,
        "seconds": outcome.seconds,
        "cpu_seconds": outcome.cpu_seconds,
        "checks": [_values(check) for check in outcome.checks],
    }


def _rows(outcome: Outcome) -> list[dict[str, object]]:
    name = outcome.problem.name
    if outcome.failure is not None:
        empty = dict.fromkeys(("computed", "exact", "error", "tolerance"))
        checks = [{"quantity": outcome.failure, **empty, "passed": False}]
        return [{"problem": name, **row} for row in checks]
    return [{"problem": name, **_values(check)} for check in outcome.checks]


def check_of(values: Mapping[str, Any]) -> Check:
    """A check as it stands in verification.json."""
    numbers = (values[name] for name in ("computed", "exact", "error", "tolerance"))
    return Check(values["quantity"], *(nan if x is None else float(x) for x in numbers))


def _values(check: Check) -> dict[str, object]:
    return {
        "quantity": check.quantity,
        "computed": finite(check.computed),
        "exact": finite(check.exact),
        "error": finite(check.error),
        "tolerance": check.tolerance,
        "passed": check.passed,
    }
