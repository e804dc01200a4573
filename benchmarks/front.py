"""Processor time of a step of time with surfaces that move against one with surfaces that stay.

    python benchmarks/front.py WIDTH_IN_UM

The rough cell that cycles, plating at 1 mA/cm^2 in steps of 20 s on one rank, observed as in a run.
Both take turns, of which the first only compiles; medians are compared: only the ratio says
something.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from mpi4py import MPI

from zinterphase.case import Draft
from zinterphase.march.stepper import Stepper
from zinterphase.marching import at_rest
from zinterphase.observe.probe import Probe
from zinterphase.run import mesh_case
from zinterphase.solve.control import Drive
from zinterphase.solve.problem import Problem

CASES = Path(__file__).parents[1] / "cases"
STEP, STEPS, TURNS = 20.0, 10, 7
CURRENT = -10.0


def beginning(width: str, *, moves: bool) -> tuple[Probe, Stepper]:
    """At rest, current switched on, first step over."""
    draft = Draft.load(CASES / "rough_cycling.toml", [f"geometry.width={width} um"])
    case = (draft if moves else draft.changed({"front": None})).case()
    problem = Problem(case, mesh_case(case, MPI.COMM_SELF).domain)
    probe, stepper = at_rest(problem)
    current = CURRENT * problem.projected_area
    stepper.switch(lambda _: Drive.by_current(current), 1.0, 1)
    stepper.accept(stepper.attempt(1.0))
    return probe, stepper


def per_step(probe: Probe, stepper: Stepper) -> float:
    """CPU seconds of a step, tried, accepted and observed."""
    started = time.process_time()
    for _ in range(STEPS):
        trial = stepper.attempt(STEP)
        stepper.accept(trial)
        probe.sample(stepper.now)
    return (time.process_time() - started) / STEPS


def main() -> None:
    """Print milliseconds a step and the ratio."""
    width = sys.argv[1] if len(sys.argv) > 1 else "20"
    cells = {name: beginning(width, moves=name == "moves") for name in ("stays", "moves")}
    times: dict[str, list[float]] = {name: [] for name in cells}
    for _ in range(TURNS):
        for name, cell in cells.items():
            times[name].append(per_step(*cell))
    medians = {name: statistics.median(found[1:]) for name, found in times.items()}
    for name, median in medians.items():
        size = cells[name][1].problem.system.global_size
        sys.stdout.write(
            f"{name:8} {size:6d} unknowns {1e3 * median:8.1f} ms {median / medians['stays']:5.2f}\n"
        )


if __name__ == "__main__":
    main()
