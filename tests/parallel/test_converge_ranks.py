"""Families of meshes on several ranks: same numbers, finished meshes kept when stopped."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from zinterphase.meshstudy.driver import MESHES

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
COARSE = ["--set", "geometry.width=10 um", "--set", "mesh.far_size=20 um",
          "--set", "mesh.lateral_size=600 nm", "--set", "level=concentrated",
          "--set", "layers.silver.potential=resolved"]  # fmt: skip


def command(ranks: int, *words: str) -> list[str]:
    """Command line of the study on some ranks."""
    program = [str(PROGRAMS / "mpirun"), "-n", str(ranks), str(PROGRAMS / "zinterphase")]
    return [*program, "converge", "cases/dual_layer.toml", *COARSE, *words]


def test_numbers_and_verdicts_do_not_depend_on_the_ranks(tmp_path: Path) -> None:
    """With first guesses carried over by interpolation between distributed meshes."""
    studies = []
    for ranks in (1, 2):
        folder = tmp_path / str(ranks)
        words = command(ranks, "--meshes", "3", "-o", str(folder))
        done = subprocess.run(
            words, cwd=ROOT, capture_output=True, text=True, timeout=250, check=False
        )
        assert done.returncode == 0, done.stderr
        studies.append(json.loads((folder / "convergence.json").read_text(encoding="utf-8")))
    alone, study = studies
    for name, quantity in alone["quantities"].items():
        other = study["quantities"][name]
        assert other["behaviour"] == quantity["behaviour"], name
        assert other["values"] == pytest.approx(quantity["values"], rel=1e-9, abs=1e-15), name
    counts = [[mesh["iterations"] for mesh in s["family"]] for s in studies]
    assert counts[0] == counts[1]


def test_sigterm_ends_all_ranks_and_keeps_the_finished_meshes(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    with subprocess.Popen(
        command(2, "--meshes", "8", "-o", str(folder)),
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        while "cell size" not in process.stdout.readline():
            assert process.poll() is None
        os.kill(process.pid, signal.SIGTERM)
        _, errors = process.communicate(timeout=120)
    assert process.returncode != 0
    assert errors.count("SIGTERM") == 1
    assert (folder / MESHES).read_text(encoding="utf-8").count("\n") >= 1
    assert not (folder / "convergence.json").exists()
