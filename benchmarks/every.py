"""All benchmarks in turn: every row of README.md's table, on one machine, into one file.

    python benchmarks/every.py [NAME ...] [--output results/benchmarks.txt]

Without names all of them; the one that compares with other codes installs these first.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
COMMANDS: dict[str, tuple[str, ...]] = {
    "start": ("start.py",),
    "peers": ("peers.py",),
    "orders": ("orders.py",),
    "imposed": ("imposed.py",),
    "direct-2d": ("linear_solvers.py", "2", "60um"),
    "direct-3d": ("linear_solvers.py", "3", "16um"),
    "size-10": ("scaling.py", "3", "10um", "--ranks", "1"),
    "size-20": ("scaling.py", "3", "20um", "--ranks", "1"),
    "size-30": ("scaling.py", "3", "30um", "--ranks", "1"),
    "ranks": ("scaling.py", "3", "10um", "--ranks", "1", "2"),
    "ensemble": ("ensemble.py", "--seeds", "6"),
    "traces": ("traces.py",),
    "cycling": ("cycling.py", "4"),
    "full-cell": ("full_cell.py", "2"),
    "front": ("front.py", "160"),
}


def main() -> None:
    """Run them; the exit code is that of the last one that failed, 0 where none did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(COMMANDS))
    parser.add_argument("--output", type=Path, default=Path("results/benchmarks.txt"))
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.names if name not in COMMANDS]:
        parser.error(f"NAME = {', '.join(unknown)}: allowed {', '.join(COMMANDS)}")
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    status = 0
    with arguments.output.open("w", encoding="utf-8") as file:
        for name in arguments.names or COMMANDS:
            script, *rest = COMMANDS[name]
            told = f"\n== {name}: python benchmarks/{script} {' '.join(rest)}".rstrip()
            status = _run([sys.executable, str(FOLDER / script), *rest], told, file) or status
    sys.exit(status)


def _run(command: list[str], told: str, file) -> int:
    """Run one; what it prints goes to the terminal and to the file as it comes."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    print(told, file=file, flush=True)
    print(told, flush=True)
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as running:
        for line in running.stdout or ():
            print(line, end="", file=file, flush=True)
            print(line, end="", flush=True)
    return running.returncode


if __name__ == "__main__":
    main()
