"""Run folders: complete files or none, and no foreign folder taken."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zinterphase.errors import CaseError, FileError
from zinterphase.formats import RESULTS
from zinterphase.observe.quantity import Kind, Quantity
from zinterphase.output.files import replacing, write_json, write_rows
from zinterphase.output.runfolder import VERSIONS, RunFolder, read_results

RECORD = {
    "versions": dict.fromkeys(VERSIONS, "1.0"),
    "ranks": 2,
    "mesh_checksum": "ab12",
    "wall_time": 3.5,
    "command": ["zinterphase", "run", "case.toml"],
    "start_time": "2025-01-01T12:00:00+00:00",
}


def names(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.iterdir())


def test_new_folder_is_marked_at_once(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "deep" / "run")
    assert names(folder.path) == ["run.json"]
    content = json.loads((folder.path / "run.json").read_text())
    assert content == {**RESULTS.stamp(), "state": "unfinished", "files": ["run.json"]}


def test_earlier_run_gives_way_but_its_other_files_stay(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path)
    folder.write_results({"cv": Quantity(0.1, "1", Kind.DISCRETISED, error=0.01)})
    (tmp_path / "notes.txt").write_text("mine")
    folder.release()
    again = RunFolder.create(tmp_path)
    assert names(again.path) == ["notes.txt", "run.json"]


def test_foreign_folder_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("x")
    (tmp_path / "results.json").write_text("{}")
    with pytest.raises(CaseError) as caught:
        RunFolder.create(tmp_path)
    assert "\n" not in str(caught.value)
    assert "allowed a new or empty folder" in str(caught.value)
    assert names(tmp_path) == ["results.json", "thesis.tex"]


def test_only_listed_files_are_replaced(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path)
    folder.write_balance([{"a": 1}])
    folder.release()
    (tmp_path / "surface.csv").write_text("mine")
    with pytest.raises(CaseError, match="no earlier run"):
        RunFolder.create(tmp_path)
    assert names(tmp_path) == ["balance.csv", "run.json", "surface.csv"]
    (tmp_path / "surface.csv").rename(tmp_path / "own.csv")
    again = RunFolder.create(tmp_path)
    assert names(tmp_path) == ["own.csv", "run.json"]
    (tmp_path / "balance.csv").write_text("mine")
    with pytest.raises(CaseError, match=r"balance\.csv"):
        again.write_balance([{"a": 2}])
    assert (tmp_path / "balance.csv").read_text() == "mine"


@pytest.mark.parametrize(
    "content",
    [
        "{}", "[]", "no json", '{"state": "finished"}', '{"files": ["thesis.tex"]}',
        '{"files": ["run.json", "../thesis.tex"]}', '{"files": ["run.json", ".."]}',
        '{"files": ["run.json", "/etc/passwd"]}', '{"files": [1]}', '{"files": "run.json"}',
    ],
)  # fmt: skip
def test_run_json_that_is_not_ours_makes_no_run_folder(tmp_path: Path, content: str) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "run.json").write_text(content)
    (tmp_path / "thesis.tex").write_text("x")
    (folder / "thesis.tex").write_text("x")
    with pytest.raises(CaseError, match="allowed a new or empty folder"):
        RunFolder.create(folder)
    assert names(folder) == ["run.json", "thesis.tex"]
    assert names(tmp_path) == ["run", "thesis.tex"]


def test_one_run_at_a_time(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path)
    folder.write_balance([{"a": 1}])
    with pytest.raises(CaseError, match="no other command is writing to"):
        RunFolder.create(tmp_path)
    assert names(tmp_path) == ["balance.csv", "run.json"]
    folder.write_run(RECORD)
    RunFolder.create(tmp_path).release()


def test_file_is_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("x")
    with pytest.raises(CaseError, match="and this is a file"):
        RunFolder.create(path)


def test_results_hold_value_unit_kind_and_error_or_reason(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path)
    written = {
        "a": Quantity(np.float64(-10.0), "A/m^2", Kind.IMPOSED, error=np.float64(1e-9)),
        "b": Quantity(-0.025, "V", Kind.DISCRETISED),
        "c": Quantity(None, "1", Kind.DISCRETISED, reason="the field changes sign"),
        "d": Quantity(["a warning"], "1", Kind.LIST),
    }
    folder.write_results(written)
    data = json.loads((tmp_path / "results.json").read_text())["quantities"]
    assert data["a"] == {
        "value": -10.0, "unit": "A/m^2", "kind": "imposed", "error": 1e-9, "reason": None
    }  # fmt: skip
    assert data["b"]["error"] is None
    assert data["b"]["reason"] == "one mesh: no discretisation error known"
    assert read_results(tmp_path) == written


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ((None, "V", Kind.GIVEN), "needs a reason"),
        ((1.0, "", Kind.GIVEN), "needs a unit"),
        ((float("nan"), "V", Kind.GIVEN), "not finite"),
        ((1.0, "V", Kind.GIVEN, np.float64(np.inf)), "not finite"),
    ],
)
def test_incomplete_quantities_are_refused(entry: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Quantity(*entry)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            '{"format": 9, "written_by": "zinterphase 3.0.0"}',
            "format 9, written by zinterphase 3.0.0;",
        ),
        ('{"cv": {"value": 1.0}}', "without a format, written by an unknown version;"),
        ('{"format": true}', "format True, written by an unknown version"),
        ('{"format": 1, "quantities": {"q": {"value": 1.0}}}', "damaged"),
        ("[1]", "not a table"),
        ("{", "not JSON"),
    ],
)
def test_results_of_another_format_are_refused_in_one_line(
    tmp_path: Path, content: str, message: str
) -> None:
    (tmp_path / "results.json").write_text(content)
    with pytest.raises(FileError, match=message) as caught:
        read_results(tmp_path)
    assert "\n" not in str(caught.value)


def test_tables_are_csv_with_a_header(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path)
    folder.write_balance([{"quantity": "charge", "residual": 1e-17}])
    folder.write_solver([{"iteration": k, "residual": 10.0**-k} for k in range(3)])
    folder.write_profiles([])
    assert names(tmp_path) == ["balance.csv", "run.json", "solver.csv"]
    folder.write_profiles([{"y": 0.1, "phi": None}, {"phi": 0.3, "y": 0.2}])
    with (tmp_path / "solver.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [float(row["residual"]) for row in rows] == [1.0, 0.1, 0.01]
    assert (tmp_path / "profiles.csv").read_text() == "y,phi\n0.1,\n0.2,0.3\n"


def test_rows_must_agree(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="row 1 has other columns than row 0"):
        write_rows(tmp_path / "t.csv", [{"a": 1}, {"b": 1}])
    with pytest.raises(ValueError, match="no rows"):
        write_rows(tmp_path / "t.csv", [])
    assert names(tmp_path) == []


def test_record_of_the_run(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path)
    folder.write_run({**RECORD, "cells": 1200})
    data = json.loads((tmp_path / "run.json").read_text())
    assert data == {
        **RESULTS.stamp(), "state": "finished", **RECORD, "cells": 1200, "files": ["run.json"]
    }  # fmt: skip
    folder.write_run(RECORD, state="failed")
    assert json.loads((tmp_path / "run.json").read_text())["state"] == "failed"
    versions = {name: "1" for name in VERSIONS if name != "petsc"}
    rest = {key: value for key, value in RECORD.items() if key != "ranks"}
    with pytest.raises(ValueError, match=r"needs ranks, versions\.petsc"):
        folder.write_run({**rest, "versions": versions})


def test_interrupted_writer_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "surface.csv"
    path.write_text("old")

    def interrupted() -> None:
        with replacing(path) as temporary:
            temporary.write_text("half of the n")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text() == "old"
    assert names(tmp_path) == ["surface.csv"]
    with replacing(path) as temporary:
        assert temporary.suffix == ".csv"
        temporary.write_text("new")
    assert path.read_text() == "new"
    assert names(tmp_path) == ["surface.csv"]


def test_json_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="object is not written to JSON"):
        write_json(tmp_path / "a.json", {"x": object()})
    assert names(tmp_path) == []
    write_json(tmp_path / "a.json", {"x": np.int64(3), "y": np.bool_(True), "p": Path("a/b")})
    assert json.loads((tmp_path / "a.json").read_text()) == {
        **RESULTS.stamp(), "x": 3, "y": True, "p": "a/b"
    }  # fmt: skip
