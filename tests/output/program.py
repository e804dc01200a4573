"""Run folders as a user makes them."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent


def run(case: str, folder: Path, ranks: int, settings: Sequence[str]) -> Path:
    """Run a shipped case with other settings on some ranks into ``folder``."""
    words = [PROGRAMS / "mpirun", "-n", str(ranks), PROGRAMS / "zinterphase", "run"]
    overrides = [w for s in settings for w in ("--set", s)]
    done = subprocess.run(
        [*words, f"cases/{case}.toml", "-o", str(folder), *overrides],
        cwd=ROOT, capture_output=True, text=True, timeout=250, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


def call(*words: str | Path, settings: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """Run a command with other ``settings`` of its case in the project's folder, to its end."""
    given = [word for text in settings for word in ("--set", text)]
    return subprocess.run(
        [PROGRAMS / "zinterphase", *words, *given],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
