"""What a cycle of a full cell costs, and what the error of time makes of it.

    python benchmarks/full_cell.py [CYCLES]

`cases/zinc_iodine.toml` on one rank: Jacobians and processor time of each step of the protocol and
of a cycle, then steps of time, refused ones and Newton iterations of the whole run, and how far its
balances are closed. Beside it a run at a tenth of `time.rtol`, with what that changes of the
discharges' capacities and of the voltage at given parts of the last one's.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.case.protocol import Visit
from zinterphase.march.sample import Sample
from zinterphase.marching import Hooks, March
from zinterphase.output.runfolder import RunFolder
from zinterphase.output.trajectory import HISTORY
from zinterphase.solve.problem import Problem

ROOT = Path(__file__).resolve().parents[1]
PARTS = np.linspace(0.05, 0.95, 19)
"""Of a discharge's capacity, at which voltages are compared."""

type Array = npt.NDArray[np.float64]


def marched(cycles: int, rtol: float) -> tuple[Array, Array]:
    """March and print; capacities of the cycles' discharges [C/m2], voltages of the last one."""
    given = [f"protocol.cycling.repeat={cycles}", f"time.rtol={rtol:g}", "output.pictures=false"]
    case = Case.load(ROOT / "cases" / "zinc_iodine.toml", given)
    problems: list[Problem] = []
    spent: list[Array] = []

    def ended(visit: Visit, sample: Sample, why: str) -> None:
        spent.append(np.array([problems[0].linear.updates, time.process_time()]))
        jacobians, seconds = spent[-1] - (spent[-2] if len(spent) > 1 else [0, begin])
        print(f"rtol {rtol:g}, {visit.step.text}: {jacobians:.0f} Jacobians, {seconds:.2f} s")

    with tempfile.TemporaryDirectory() as place:
        folder = RunFolder.create(Path(place) / "run")
        begin = time.process_time()
        found = March(case, MPI.COMM_SELF, folder, Hooks(begin=problems.append, end=ended)).run()
        table = np.genfromtxt(folder.path / HISTORY, delimiter=",", names=True)
    jacobians, seconds = (spent[-1] - spent[1]) / cycles
    cost = found.cost
    print(
        f"rtol {rtol:g}: a cycle {jacobians:.0f} Jacobians and {seconds:.2f} s of CPU; the run "
        f"{cost.steps} steps of time, {cost.rejected} refused, {cost.iterations} Newton "
        f"iterations, balances closed to {found.worst_mismatch:.1e}"
    )
    last = table[(table["cycle"] == table["cycle"].max()) & (table["step"] == table["step"].max())]
    charge, first = np.unique(last["charge"] - last["charge"][0], return_index=True)
    voltages = np.interp(PARTS * charge[-1], charge, last["voltage"][first])
    return np.array([row.stripped for row in found.cycles]), voltages


def main() -> None:
    """Both runs, and what is between them."""
    cycles = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    (capacities, voltages), (closer, tight) = (marched(cycles, rtol) for rtol in (1e-3, 1e-4))
    print(
        f"capacities differ by {np.abs(capacities / closer - 1).max():.1e}, voltages by "
        f"{1e3 * np.abs(voltages - tight).max():.2f} mV"
    )


if __name__ == "__main__":
    main()
