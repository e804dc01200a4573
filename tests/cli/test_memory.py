"""What memory a run takes is said before, and after."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ..output.program import call

FLAT_3D = (
    "geometry.width=10 um", "geometry.depth=10 um", "mesh.lateral_size=0.375 um",
    "layers.electrolyte.thickness=20 um", "output.pictures=true",
)  # fmt: skip
DOUBLE_LAYERS = (
    "level=pnp", "electrolyte.concentration=0.05 mol/L", "mesh.lateral_size=0.25 um",
)  # fmt: skip


@pytest.mark.parametrize(
    ("case", "settings"),
    [("dual_layer", DOUBLE_LAYERS), ("rough_3d", FLAT_3D)],
    ids=["direct", "field split"],
)
def test_a_check_foretells_what_a_run_takes(
    case: str, settings: tuple[str, ...], tmp_path: Path
) -> None:
    told = call("check", f"cases/{case}.toml", settings=settings)
    found = re.search(r"a run on 1 rank\(s\) takes about ([\d.]+) GB of memory", told.stdout)
    assert found, told.stderr
    done = call("run", f"cases/{case}.toml", "-o", tmp_path / "run", settings=settings)
    assert done.returncode == 0, done.stderr
    peak = json.loads((tmp_path / "run/run.json").read_text())["peak_memory"]
    assert peak == pytest.approx(1e9 * float(found[1]), rel=0.3)


def test_the_log_of_petsc_counts_its_solves(tmp_path: Path) -> None:
    log = tmp_path / "petsc.log"
    done = call("run", "cases/bare.toml", "-o", tmp_path / "run", "--log-view", log)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^KSPSolve +[1-9]", log.read_text(), re.MULTILINE)


def test_a_log_that_cannot_be_written_ends_the_run_before_it_begins(tmp_path: Path) -> None:
    done = call("run", "cases/bare.toml", "-o", tmp_path / "run", "--log-view", tmp_path / "no/log")
    assert done.returncode != 0
    assert done.stderr.count("\n") == 1
    assert "no/log: No such file or directory" in done.stderr
    assert not (tmp_path / "run").exists()
