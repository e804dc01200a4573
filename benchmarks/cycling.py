"""Steps of time, Newton iterations and processor time of a symmetric cell's cycles on a line.

    python benchmarks/cycling.py [CYCLES]

`cases/symmetric_cell.toml` without rests, 1 h + 1 h a cycle, one rank: per half-cycle the steps of
time, per step the Newton iterations, the Jacobians and the processor time, and how long 1900 cycles
would take. Beside them a run at a tenth of `time.rtol`, with what it changes of the voltage in the
course of the last half-cycle, and what the first run estimates of that.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
from mpi4py import MPI
from scipy.interpolate import PchipInterpolator

from zinterphase.case import Case
from zinterphase.marching import Hooks, March, Marched
from zinterphase.output.runfolder import RunFolder
from zinterphase.output.trajectory import HISTORY

ROOT = Path(__file__).resolve().parents[1]
STEPS = (
    'protocol.cycling.steps=["plate at 1 mA/cm^2 until charge >= 1 mAh/cm^2", '
    '"strip at 1 mA/cm^2 until charge >= 1 mAh/cm^2"]'
)
LIFE = 1900
"""Cycles of 3800 h at 1 mA/cm2 and 1 mAh/cm2."""


type Course = npt.NDArray[np.float64]


def marched(cycles: int, rtol: float, more: list[str]) -> tuple[Marched, float, Course]:
    """March and return the processor time of it [s], by that of all half-cycles but the first, and
    times and voltages of the last half-cycle."""
    given = [STEPS, f"protocol.cycling.repeat={cycles}", f"time.rtol={rtol:g}", *more]
    case = Case.load(ROOT / "cases" / "symmetric_cell.toml", given)
    with tempfile.TemporaryDirectory() as place:
        folder = RunFolder.create(Path(place) / "run")
        ends: list[float] = []
        hooks = Hooks(end=lambda visit, sample, why: ends.append(time.process_time()))
        found = March(case, MPI.COMM_SELF, folder, hooks).run()
        table = np.genfromtxt(folder.path / HISTORY, delimiter=",", names=True)
        last = table[(table["cycle"] == cycles) & (table["step"] == 2)]
        _, first = np.unique(last["time"], return_index=True)
        course = np.stack([last["time"], last["voltage"]])[:, first]
        return found, (ends[-1] - ends[0]) * len(ends) / (len(ends) - 1), course


def main() -> None:
    """Print a line for each way to run it."""
    cycles = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    charged = ['kinetics.zinc.double_layer_capacitance="library"']
    for name, more in (("no double layer", []), ("double layer", charged)):
        courses, estimates = [], []
        for rtol in (1e-4, 1e-5):
            found, seconds, course = marched(cycles, rtol, more)
            courses.append(course)
            estimates.append(found.time_errors[0])
            cost, halves = found.cost, 2 * cycles
            jacobians = found.probe.problem.linear.updates / cost.steps
            print(
                f"{name}, rtol {rtol:g}: {cost.steps / halves:.1f} steps a half-cycle, "
                f"{cost.rejected} rejected, {cost.iterations / cost.steps:.2f} Newton iterations, "
                f"{jacobians:.2f} Jacobians and {1e3 * seconds / cost.steps:.2f} ms a step; "
                f"{LIFE} cycles in {seconds / cycles * LIFE / 60:.1f} min"
            )
        (time_, voltage), tight = courses[0], PchipInterpolator(*courses[1])
        apart = np.abs(voltage - tight(time_)).max()
        print(
            f"{name}: voltages differ by {apart / np.abs(voltage).max():.1e} of the largest, "
            f"{1e6 * apart:.2g} uV; estimated {1e6 * estimates[0]:.2g} uV"
        )


if __name__ == "__main__":
    main()
