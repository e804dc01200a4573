"""Time an ensemble: seeds of the kinetic field on one mesh, and seeds of the roughness, apart.

Usage: python benchmarks/ensemble.py [--seeds N] [--cells FACTOR]
"""

import argparse
import resource
import time
from pathlib import Path

from mpi4py import MPI

from zinterphase.case import Draft
from zinterphase.ensemble.groups import groups_of, solve_ensemble
from zinterphase.ensemble.jobs import Job
from zinterphase.run import mesh_case

CASES = Path(__file__).parents[1] / "cases"
ANODES = ("bare", "silver", "titania", "dual_layer")
CURRENTS = (-10.0, -50.0)
FLAT = {"geometry.surface": {"shape": "flat"}}


def main() -> None:
    """Run both ensembles and print what they took."""
    comm = MPI.COMM_WORLD
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument(
        "--cells", type=float, default=3.0, help="1 is coarse; 3 makes 2e4 unknowns"
    )
    arguments = parser.parse_args()
    for name, surface in (("kinetic field", FLAT), ("roughness", {})):
        _time(comm, name, surface, arguments.seeds, arguments.cells)


def _time(comm: MPI.Intracomm, name: str, surface: dict, seeds: int, refinement: float) -> None:
    cases = [_case(anode, surface, refinement) for anode in ANODES]
    jobs = [
        Job(k, case.title, case, s) for s in range(1, seeds + 1) for k, case in enumerate(cases)
    ]
    largest = mesh_case(cases[-1], MPI.COMM_SELF).domain.vertex_count
    groups = groups_of(comm, len(jobs), 2, None)
    # forms are compiled by the first seed, which is not timed
    solve_ensemble(jobs[: len(cases)], CURRENTS, comm=comm, groups=groups)
    memory = _memory()
    comm.Barrier()
    started, cpu = time.perf_counter(), time.process_time()
    records = solve_ensemble(jobs, CURRENTS, comm=comm, groups=groups)
    seconds, cpu = time.perf_counter() - started, comm.allreduce(time.process_time() - cpu)
    grown = comm.allreduce(_memory() - memory, MPI.MAX)
    failed = sum(record.reason is not None for row in records for record in row.values())
    runs = len(jobs) * len(CURRENTS)
    if comm.rank == 0:
        print(
            f"{name}: {runs} runs of up to {2 * largest} unknowns on {comm.size} rank(s), "
            f"{failed} failed: {seconds:.0f} s, {cpu / runs:.2f} s of CPU a run, "
            f"peak memory +{grown:.0f} MB after the first seed"
        )


def _case(anode: str, surface: dict, refinement: float):
    draft = Draft.load(CASES / f"{anode}.toml", ["level=concentrated"]).changed(surface)
    size = 60e-6 / (96.0 * refinement)
    layers = {"mesh.lateral_size": f"{size!r} m", "mesh.far_size": f"{4.0 * size!r} m"}
    return draft.changed(layers).case()


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
