"""The command that repeats all benchmarks knows them all."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))

import every  # noqa: E402

APART = {"every.py", "scaling_model.py"}
"""The command itself, and the model of what a cluster has measured."""


def test_every_benchmark_of_the_table_is_run() -> None:
    table = set(re.findall(r"`[^`]*benchmarks/(\w+\.py)", (FOLDER / "README.md").read_text()))
    scripts = {script for script, *_ in every.COMMANDS.values()}
    assert scripts == table - APART
    assert all((FOLDER / script).is_file() for script in scripts)


def test_one_that_fails_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, body in (("bad.py", "raise SystemExit(3)"), ("good.py", "print('figures')")):
        (tmp_path / name).write_text(body)
    monkeypatch.setattr(every, "FOLDER", tmp_path)
    monkeypatch.setattr(every, "COMMANDS", {"bad": ("bad.py",), "good": ("good.py",)})
    monkeypatch.setattr(sys, "argv", ["every.py", "--output", str(tmp_path / "out" / "all.txt")])
    with pytest.raises(SystemExit) as ended:
        every.main()
    assert ended.value.code == 3
    assert "figures" in (tmp_path / "out" / "all.txt").read_text()


def test_an_unknown_name_is_refused() -> None:
    command = [sys.executable, str(FOLDER / "every.py"), "nonsense"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "NAME = nonsense: allowed start, peers" in done.stderr
