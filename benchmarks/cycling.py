"""Steps of time, Newton iterations and processor time of a symmetric cell's cycles on a line.

    python benchmarks/cycling.py [CYCLES]

`cases/symmetric_cell.toml` without rests, 1 h + 1 h a cycle, one rank: per half-cycle the steps of
time, per step the Newton iterations and the processor time, and how long 1900 cycles would take.
Beside them a run at a tenth of `time.rtol`, with what it changes of the end voltages.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.marching import Hooks, March, Marched
from zinterphase.output.runfolder import RunFolder

ROOT = Path(__file__).resolve().parents[1]
STEPS = (
    'protocol.cycling.steps=["plate at 1 mA/cm^2 until charge >= 1 mAh/cm^2", '
    '"strip at 1 mA/cm^2 until charge >= 1 mAh/cm^2"]'
)
LIFE = 1900
"""Cycles of 3800 h at 1 mA/cm2 and 1 mAh/cm2."""


def marched(cycles: int, rtol: float, more: list[str]) -> tuple[Marched, float]:
    """March and return the processor time of it [s], by that of all half-cycles but the first."""
    given = [STEPS, f"protocol.cycling.repeat={cycles}", f"time.rtol={rtol:g}", *more]
    case = Case.load(ROOT / "cases" / "symmetric_cell.toml", given)
    with tempfile.TemporaryDirectory() as place:
        folder = RunFolder.create(Path(place) / "run")
        ends: list[float] = []
        hooks = Hooks(end=lambda visit, sample, why: ends.append(time.process_time()))
        found = March(case, MPI.COMM_SELF, folder, hooks).run()
        return found, (ends[-1] - ends[0]) * len(ends) / (len(ends) - 1)


def main() -> None:
    """Print a line for each way to run it."""
    cycles = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    charged = ['kinetics.zinc.double_layer_capacitance="library"']
    for name, more in (("no double layer", []), ("double layer", charged)):
        ends = []
        for rtol in (1e-4, 1e-5):
            found, seconds = marched(cycles, rtol, more)
            cost, row = found.cost, found.cycles[-1]
            ends.append(row.end_voltage_plating)
            halves = 2 * cycles
            print(
                f"{name}, rtol {rtol:g}: {cost.steps / halves:.1f} steps a half-cycle, "
                f"{cost.rejected} rejected, {cost.iterations / cost.steps:.2f} Newton iterations "
                f"and {1e3 * seconds / cost.steps:.2f} ms a step; {LIFE} cycles in "
                f"{seconds / cycles * LIFE / 60:.1f} min"
            )
        print(f"{name}: end voltages differ by {abs(ends[1] / ends[0] - 1):.1e}")


if __name__ == "__main__":
    main()
