"""One rank against several: the same problem under mpirun, ratios of wall time.

    python benchmarks/scaling.py 3 20um
    python benchmarks/scaling.py 3 40um --ranks 2
    python benchmarks/scaling.py 3 10um --ranks 1 2 --weak --output weak.jsonl

Arguments: dimension, width. `--ranks` lists the numbers of ranks to run (default 1 2); `--weak`
lets the width grow so that every rank keeps its unknowns. `--output` adds every measurement to a
file as a line of JSON, which `scaling_model.py` reads. Cores are bound, and BLAS keeps to one
thread. Needs as many idle cores as ranks.
"""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pint


def child(dimension: int, width: str, preset: str, extra: Sequence[str]) -> None:
    """One run, under mpirun; rank 0 prints the measurement."""
    from measuring import case_of, measure
    from mpi4py import MPI

    measurement = measure(case_of(dimension, width, preset, extra))
    if MPI.COMM_WORLD.rank == 0:
        print(json.dumps(measurement.as_dict()))


def launcher() -> str:
    """The mpirun that belongs to this Python."""
    beside = Path(sys.executable).with_name("mpirun")
    found = str(beside) if beside.exists() else shutil.which("mpirun")
    if found is None:
        raise SystemExit("mpirun is neither beside this Python nor on PATH")
    return found


def run(words: Sequence[str], ranks: int, arguments: argparse.Namespace) -> dict[str, Any]:
    """A measurement on ``ranks`` ranks, which stand behind the launcher's ``words``."""
    factor = ranks if arguments.weak else 1
    width = widened(arguments.width, arguments.dimension, factor)
    this = [sys.executable, __file__, str(arguments.dimension), width, "--child"]
    extra = ["--preset", arguments.preset, "--set", *arguments.set]
    command = [*words, str(ranks), *this, *extra]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def widened(width: str, dimension: int, factor: float) -> str:
    """The width of a cell with ``factor`` times the lateral area, its length in 2D."""
    length = pint.Quantity(width)
    return f"{length.magnitude * factor ** (1 / (dimension - 1)):.6g} {length.units:~}"


def main() -> None:
    """Print a row for each number of ranks; ratios are against the first."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("dimension", type=int, choices=(2, 3))
    parser.add_argument("width")
    parser.add_argument("--ranks", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--preset", default="fieldsplit")
    parser.add_argument("--weak", action="store_true", help="as many unknowns for every rank")
    parser.add_argument("--output", type=Path, help="file that measurements are added to")
    parser.add_argument(
        "--set", nargs="*", action="extend", default=[], help="overrides of the case, key=value"
    )
    parser.add_argument("--launcher", help='words before the number of ranks, "srun -n" say')
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        child(arguments.dimension, arguments.width, arguments.preset, arguments.set)
        return
    words = shlex.split(arguments.launcher or "") or [launcher(), "-bind-to", "core", "-n"]
    print("ranks unknowns   total  linear  rest  megabytes newton krylov  ratio: total linear rest")
    first: dict[str, Any] | None = None
    for ranks in arguments.ranks:
        m = run(words, ranks, arguments)
        if arguments.output:
            arguments.output.parent.mkdir(parents=True, exist_ok=True)
            with arguments.output.open("a", encoding="utf-8") as file:
                file.write(json.dumps(m) + "\n")
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
