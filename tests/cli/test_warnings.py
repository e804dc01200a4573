"""Senseless drives end in one line; what is odd is warned of wherever the case is read."""

import json
from pathlib import Path

from zinterphase.case import Case
from zinterphase.output.runfolder import read_results

from .test_cli import SMALL, call


def test_an_absurd_drive_ends_in_one_line(tmp_path: Path) -> None:
    drive = ["--set", "level=secondary", "--set", "control.potential=5 V"]
    drive += ["--set", "layers.electrolyte.thickness=20 um"]
    done = call("run", "cases/bare.toml", "-o", str(tmp_path / "r"), *SMALL, *drive)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith('error: control.potential = "5 V": allowed')
    assert not (tmp_path / "r" / "results.json").exists()


WARNED = ["--set", "geometry.width=40 um"]


def test_warnings_of_check_are_in_the_run(tmp_path: Path) -> None:
    found: list[list[str]] = []
    words = ("cases/bare.toml", *SMALL, *WARNED)
    for command in (["check", *words], ["run", *words, "-o", str(tmp_path / "r")]):
        done = call(*command)
        assert done.returncode == 0, done.stderr
        found.append([x for x in done.stdout.splitlines() if x.startswith("warning: ")])
    assert len(found[0]) == 2
    assert found[1] == found[0]
    results = read_results(tmp_path / "r")
    assert results["run.warnings"].value == found[0]


def test_warnings_are_in_the_comparison(tmp_path: Path) -> None:
    words = ["compare", "cases/bare.toml", "--seeds", "1", "-o", str(tmp_path / "c")]
    done = call(*words, *SMALL, *WARNED)
    assert done.returncode == 0, done.stderr
    known = json.loads((tmp_path / "c" / "table.json").read_text())["notices"]["bare Zn"]
    warned = Case.load("cases/bare.toml", WARNED[1::2]).warnings
    assert len(warned) == 2
    assert [line for line in known if line[9:] in warned] == [f"warning: {x}" for x in warned]
    assert "geometry.surface.correlation_length" in done.stdout
