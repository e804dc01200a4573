"""Time whole processes, from the shell's call to its end: help, and a run with its forms cached.

Usage: python benchmarks/start.py [--repeats N] [--set key=value ...]
"""

import argparse
import resource
import statistics
import subprocess
import tempfile
from pathlib import Path

CASES = Path(__file__).parents[1] / "cases"
LARGE = ("mesh.lateral_size=0.22 um", "mesh.far_size=1.3 um")
"""Makes 1.3e4 unknowns of the bare anode."""
PLAIN = ("output.pictures=false", "output.fields=none")


def main() -> None:
    """Print the median of the CPU seconds of each command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = ("run", str(CASES / "bare.toml"), "-o", f"{folder}/run", *_set(LARGE))
        for name, words in {
            "--help": ("--help",),
            "run, no pictures and fields": (*run, *_set(PLAIN)),
            "run": run,
        }.items():
            _cpu(words)  # compiles and meshes
            seconds = statistics.median(_cpu(words) for _ in range(arguments.repeats))
            print(f"{name}: {seconds:.2f} s of CPU")


def _set(options: tuple[str, ...]) -> list[str]:
    return [word for option in options for word in ("--set", option)]


def _cpu(words: tuple[str, ...]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["zinterphase", *words], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


if __name__ == "__main__":
    main()
