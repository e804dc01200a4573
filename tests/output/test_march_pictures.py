"""Maps and pictures that a run in time leaves behind."""

from pathlib import Path

import numpy as np

from zinterphase.case import Case
from zinterphase.output.gallery import Frame
from zinterphase.output.march_pictures import write_march_pictures
from zinterphase.output.runfolder import RunFolder

from .program import ROOT
from .runs_in_time import centres, history, rows, snapshots, write_history

MOVING = ("output.animation=true", 'protocol=[{steps=["rest for 1 s"]}]', "control={}")


def left_behind(path: Path, cycles: int, *settings: str, frames: list[Frame] | None = None) -> set:
    """Names of the files that are written beside the history."""
    case = Case.load(ROOT / "cases/bare.toml", ["geometry.width=30 um", *settings])
    folder, position = RunFolder.create(path), centres(2)
    write_history(folder.claim("history.csv"), history(cycles))
    frames = snapshots(position, cycles) if frames is None else frames
    area = np.full(len(position), 1e-6)
    write_march_pictures(
        folder, case, rows(cycles), frames, position=position, area=area, graph=True
    )
    assert set(folder.files) == {entry.name for entry in path.iterdir()}
    return set(folder.files) - {"run.json", "history.csv"}


def test_a_run_has_maps_and_pictures(tmp_path: Path) -> None:
    assert left_behind(tmp_path, 2) == {"maps.nc", "voltage.png", "deposit.png"}


def test_an_animation_is_made_on_request(tmp_path: Path) -> None:
    assert "deposit.gif" in left_behind(tmp_path, 2, *MOVING)


def test_a_run_that_ended_early_is_drawn_too(tmp_path: Path) -> None:
    """Within its first step; or before it."""
    found = left_behind(tmp_path / "first", 1, *MOVING, frames=[])
    assert found == {"maps.nc", "voltage.png", "deposit.png"}
    assert left_behind(tmp_path / "none", 0) == {"maps.nc"}
