"""What the documentation shows works as written."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from zinterphase.case import Case, quantities
from zinterphase.case.quantities import Dimensional
from zinterphase.case.table import Table
from zinterphase.verification.registry import PROBLEMS

ROOT = Path(__file__).parents[2]


def blocks(document: str, language: str) -> list[str]:
    """Fenced blocks of one language."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def test_the_case_of_the_readme_is_the_shipped_one_in_other_words() -> None:
    """Same physics: only comments and what defaults say anyway may differ."""
    (shown,) = blocks("README.md", "toml")
    case = Case.from_dict(tomllib.loads(shown))
    shipped = Case.load(ROOT / "cases/dual_layer.toml")
    assert case == shipped


@pytest.mark.parametrize("document", ["README.md", "docs/api.md", "docs/add-a-law.md"])
def test_python_examples_run(document: str) -> None:
    (*_, example) = blocks(document, "python")
    done = subprocess.run(
        [sys.executable, "-c", example], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"-?\d+\.\d+", done.stdout)


def test_mpirun_example_of_the_readme_runs(tmp_path: Path) -> None:
    commands = "\n".join(blocks("README.md", "bash"))
    line = next(x for x in commands.splitlines() if x.startswith("mpirun"))
    words = line.replace("results/dual_layer", str(tmp_path / "run")).split()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        words,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | {"PATH": path},
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "run" / "results.json").is_file()


def tables(of: type[Table]) -> Iterator[type[Table]]:
    """Every table that a case file may have."""
    for table in of.__subclasses__():
        yield table
        yield from tables(table)


@pytest.mark.parametrize("table", list(tables(Table)), ids=lambda table: table.__name__)
def test_every_key_of_a_case_is_documented(table: type[Table]) -> None:
    text = (ROOT / "docs/case-file.md").read_text(encoding="utf-8")
    words = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]*)`", text))))
    assert not {*table.model_fields, *table.consumed_keys} - words


def test_the_bounds_of_every_quantity_are_documented() -> None:
    text = (ROOT / "docs/case-file.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"\| ([^|]*) \|$", text.split("## Bounds of sense")[1], re.MULTILINE))
    marks = [
        mark
        for alias in vars(quantities).values()
        for mark in getattr(alias, "__metadata__", ())
        if isinstance(mark, Dimensional)
    ]
    assert {f"{mark.bounds} {mark.unit}" for mark in marks} == listed - {"SI bounds"}


@pytest.mark.parametrize("name", ["scripts/run", "scripts/test", "scripts/cluster/slurm.sh"])
def test_scripts_named_in_the_readme_exist_and_are_executable(name: str) -> None:
    assert name in (ROOT / "README.md").read_text(encoding="utf-8")
    assert os.access(ROOT / name, os.X_OK)


def test_the_page_on_verification_lists_every_problem() -> None:
    text = (ROOT / "docs/verification.md").read_text(encoding="utf-8")
    missing = [problem.name for problem in PROBLEMS if f"`{problem.name}`" not in text]
    assert not missing
    assert "FAILED" not in text
