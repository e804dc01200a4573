"""Processor time of a Newton iteration with acid, base and oxygen against the salt alone.

    python benchmarks/traces.py

Level `concentrated`, the dual layer with hydrogen evolution, on one rank. Solves of both cases take
turns, five each, after one that compiles; medians are compared: only the ratio says something.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.run import mesh_case
from zinterphase.solve.problem import Problem

CASES = Path(__file__).parents[1] / "cases"
TURNS = 5
VARIANTS = {
    "salt": (),
    "acid and base": ("electrolyte.pH=4.3", "kinetics.silver.reactions.hydrogen_evolution={}"),
    "and oxygen": (
        "electrolyte.pH=4.3",
        "electrolyte.oxygen=air",
        "kinetics.silver.reactions.hydrogen_evolution={}",
    ),
}


def problem(overrides: tuple[str, ...]) -> Problem:
    """Compiled, on its mesh."""
    case = Case.load(CASES / "dual_layer.toml", ["geometry.width=30 um", *overrides])
    return Problem(case, mesh_case(case, MPI.COMM_SELF).domain)


def per_iteration(chosen: Problem) -> float:
    """CPU seconds of a Newton iteration from rest."""
    started = time.process_time()
    attempts = chosen.solve()
    spent = time.process_time() - started
    return spent / sum(len(a.report.iterations) for a in attempts if a.report is not None)


def main() -> None:
    """Print unknowns, milliseconds an iteration and the ratio to the salt alone."""
    problems = {name: problem(overrides) for name, overrides in VARIANTS.items()}
    for chosen in problems.values():
        chosen.solve()
    times: dict[str, list[float]] = {name: [] for name in problems}
    for _ in range(TURNS):
        for name, chosen in problems.items():
            times[name].append(per_iteration(chosen))
    salt = statistics.median(times["salt"])
    for name, chosen in problems.items():
        median = statistics.median(times[name])
        sys.stdout.write(
            f"{name:15} {chosen.system.global_size:6d} unknowns {1e3 * median:8.1f} ms "
            f"{median / salt:5.2f}\n"
        )


if __name__ == "__main__":
    main()
