"""`zinterphase verify` under mpirun: one table, one exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

PROGRAMS = Path(sys.executable).parent


def test_known_solutions_on_two_ranks(tmp_path: Path) -> None:
    words = ["-n", "2", str(PROGRAMS / "zinterphase"), "verify", "stack.primary", "jump.oblique"]
    done = subprocess.run(
        [str(PROGRAMS / "mpirun"), *words, "-o", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=250,
        env=os.environ,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("stack.primary: ") == 2  # its table, and closest of its family
    assert "6 quantities of 2 problems" in done.stdout
    data = json.loads((tmp_path / "verification.json").read_text())
    assert (data["ranks"], data["passed"]) == (2, True)


def test_an_unknown_name_is_one_line_on_two_ranks() -> None:
    words = ["-n", "2", str(PROGRAMS / "zinterphase"), "verify", "no-such-problem"]
    done = subprocess.run(
        [str(PROGRAMS / "mpirun"), *words], capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 2
    assert done.stderr.count("no-such-problem") == 1
