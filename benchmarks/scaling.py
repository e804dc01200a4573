"""One rank against several: the same problem under mpirun, ratios of wall time.

    python benchmarks/scaling.py 3 20um
    python benchmarks/scaling.py 3 40um --ranks 2

Arguments: dimension, width. `--ranks` lists the numbers of ranks to run (default 1 2). Cores are
bound, and BLAS keeps to one thread. Needs as many idle cores as ranks.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any


def child(dimension: int, width: str, preset: str) -> None:
    """One run, under mpirun; rank 0 prints the measurement."""
    from measuring import case_of, measure
    from mpi4py import MPI

    measurement = measure(case_of(dimension, width, preset))
    if MPI.COMM_WORLD.rank == 0:
        print(json.dumps(measurement.as_dict()))


def launcher() -> str:
    """The mpirun that belongs to this Python."""
    beside = Path(sys.executable).with_name("mpirun")
    found = str(beside) if beside.exists() else shutil.which("mpirun")
    if found is None:
        raise SystemExit("mpirun is neither beside this Python nor on PATH")
    return found


def run(ranks: int, dimension: int, width: str, preset: str) -> dict[str, Any]:
    """A measurement on ``ranks`` ranks."""
    this = [sys.executable, __file__, str(dimension), width, "--preset", preset, "--child"]
    command = [launcher(), "-n", str(ranks), "-bind-to", "core", *this]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def main() -> None:
    """Print a row for each number of ranks; ratios are against the first."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("dimension", type=int, choices=(2, 3))
    parser.add_argument("width")
    parser.add_argument("--ranks", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--preset", default="fieldsplit")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        child(arguments.dimension, arguments.width, arguments.preset)
        return
    print("ranks unknowns   total  linear  rest  megabytes newton krylov  ratio: total linear rest")
    first: dict[str, Any] | None = None
    for ranks in arguments.ranks:
        m = run(ranks, arguments.dimension, arguments.width, arguments.preset)
        m["rest"] = m["seconds"] - m["linear_seconds"]
        first = first or m
        ratios = [first[key] / m[key] for key in ("seconds", "linear_seconds", "rest")]
        print(
            f"{ranks:5d} {m['unknowns']:8d} {m['seconds']:7.2f} {m['linear_seconds']:7.2f} "
            f"{m['rest']:5.2f} {m['megabytes']:10.0f} {m['newton']:6d} {m['krylov']:6d}        "
            + " ".join(f"{ratio:6.2f}" for ratio in ratios),
            flush=True,
        )


if __name__ == "__main__":
    main()
