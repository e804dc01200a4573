"""The notebooks run from their first to their last cell, and hold no outputs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "docs/notebooks").glob("*.ipynb"))
EXECUTE = "from nbclient.cli import main; main()"


def test_there_are_three() -> None:
    assert [file.stem for file in NOTEBOOKS] == ["first_case", "impedance", "sweep"]


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_runs(file: Path, tmp_path: Path) -> None:
    """In a folder of its own, as a user starts it; a cell's error or false assertion ends it."""
    shutil.copy(file, tmp_path)
    programs = Path(sys.executable).parent
    done = subprocess.run(
        [sys.executable, "-c", EXECUTE, "--output", "done.ipynb", file.name],
        cwd=tmp_path, capture_output=True, text=True, timeout=250, check=False,
        env=os.environ | {"PATH": f"{programs}:{os.environ['PATH']}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    cells = nbformat.read(tmp_path / "done.ipynb", as_version=4).cells
    shown = {kind for c in cells for o in c.get("outputs", ()) for kind in o.get("data", {})}
    assert "image/png" in shown


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_the_repository_keeps_no_outputs(file: Path) -> None:
    notebook = nbformat.read(file, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert not [cell for cell in code if cell.outputs or cell.execution_count]
