"""The program as a user starts it, in a working folder and surroundings of the test's making."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
CASES = ROOT / "cases"
PROGRAM = [sys.executable, "-m", "zinterphase_command"]
COARSE = ["--set", "mesh.far_size=20 um", "--set", "output.errors=false"]
"""A mesh on which the shipped cases take a second."""


def call(
    folder: Path, *words: str, limit: float = 120.0, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run `zinterphase` in ``folder`` with further environment variables."""
    return ended(folder, [*PROGRAM, *words], variables, limit)


def ended(
    folder: Path, words: Sequence[str], variables: Mapping[str, str], limit: float = 120.0
) -> subprocess.CompletedProcess[str]:
    """Run a program in ``folder`` until it ends, within a time [s], with what it said."""
    return subprocess.run(
        words,
        cwd=folder,
        env=surroundings(variables),
        capture_output=True,
        text=True,
        timeout=limit,
        check=False,
    )


def surroundings(variables: Mapping[str, str]) -> dict[str, str]:
    """The environment of a call: the package is found from any folder."""
    return {**os.environ, "PYTHONPATH": str(ROOT / "model"), **variables}


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """The only line on standard error."""
    (line,) = done.stderr.splitlines()
    return line
