"""What an imposed current costs beside the potential that it leads to: CPU, iterations, Jacobians.

Usage: python benchmarks/imposed.py [WIDTH]
"""

import sys
import time
from pathlib import Path

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.run import mesh_case
from zinterphase.solve.control import Drive
from zinterphase.solve.problem import Problem

CASES = Path(__file__).parents[1] / "cases"
LEVELS = {
    "secondary": ("level=secondary",),
    "concentrated": ("level=concentrated",),
    "pnp": ("level=pnp", "electrolyte.concentration=0.05 mol/L"),
}
CURRENTS = (-0.1, -10.0, -50.0)
REPEATS = 5


def main() -> None:
    """Print a line for each anode, level and current."""
    width = sys.argv[1] if len(sys.argv) > 1 else "30 um"
    for anode in ("bare", "dual_layer"):
        for level, settings in LEVELS.items():
            case = Case.load(CASES / f"{anode}.toml", [*settings, f"geometry.width={width}"])
            problem = Problem(case, mesh_case(case, MPI.COMM_SELF).domain)
            for current in CURRENTS:
                _compare(f"{anode}, {level}, {current:g} A/m2", problem, current)
            problem.close()


def _compare(name: str, problem: Problem, current: float) -> None:
    by_current = Drive.by_current(current * problem.projected_area)
    _solved(problem, by_current)
    by_potential = Drive.by_potential(problem.potential.value)
    found = [(_solved(problem, by_current), _solved(problem, by_potential)) for _ in range(REPEATS)]
    (seconds, *work), (other, *less) = (min(column) for column in zip(*found, strict=True))
    print(
        f"{name}: {seconds:.3f} s ({work[0]} iterations, {work[1]} Jacobians) against "
        f"{other:.3f} s ({less[0]}, {less[1]}): {seconds / other - 1:+.0%}"
    )


def _solved(problem: Problem, drive: Drive) -> tuple[float, int, int]:
    """CPU seconds, iterations and Jacobians from rest."""
    problem.drive_by(drive)
    problem.forget_factors()
    before, started = problem.linear.updates, time.process_time()
    attempts = problem.solve()
    seconds = time.process_time() - started
    iterations = sum(len(attempt.report.iterations) for attempt in attempts)
    return seconds, iterations, problem.linear.updates - before


if __name__ == "__main__":
    main()
