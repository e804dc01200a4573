"""Files carry a format; another one is refused in one line that names the version that wrote it."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from zinterphase import __version__
from zinterphase.case import Case
from zinterphase.ensemble.members import Record
from zinterphase.ensemble.store import Store
from zinterphase.errors import CaseError
from zinterphase.formats import FormatError
from zinterphase.materials.library import entries_of
from zinterphase.meshstudy.meshes import MeshRecord

CASE = Path(__file__).parents[2] / "cases/bare.toml"
ENTRY = '[a.b]\nvalue = 1\nunit = "V"\nsource = "s"\nconfidence = "low"\nbasis = "assumption"\n'
FUTURE = 'format = 7\nwritten_by = "zinterphase 9.9.9"\n'
MESH = MeshRecord("key", 1.0, 1e-6, 1, 2, 3, False, 0.1, 0.0, {"q": 1.0}, {"q": "V"}, {})


def test_a_case_may_leave_its_format_out() -> None:
    tables = tomllib.loads(CASE.read_text(encoding="utf-8"))
    assert "format" not in tables
    assert Case.from_dict({**tables, "format": 1}) == Case.from_dict(tables)


def test_a_resolved_case_says_what_wrote_it_and_loads_again() -> None:
    case = Case.load(CASE)
    text = case.to_toml()
    assert text.startswith(f'format = 1\nwritten_by = "zinterphase {__version__}"\n')
    assert Case.from_dict(tomllib.loads(text)) == case


@pytest.mark.parametrize("format", [2, "1", True, 1.0])
def test_a_case_of_another_format_is_refused(format: object) -> None:
    tables = {"format": format, "written_by": "zinterphase 9.9.9", "key of tomorrow": 1}
    message = r"^format = .*: allowed 1 \(written by zinterphase 9\.9\.9; zinterphase "
    with pytest.raises(CaseError, match=message) as caught:
        Case.from_dict(tables)
    assert "\n" not in str(caught.value)


def test_a_library_carries_its_format() -> None:
    assert set(entries_of(f"format = 1\n{ENTRY}", "own.toml")) == {"a.b"}
    with pytest.raises(FormatError, match=r"^own\.toml: format 7, written by zinterphase 9\.9\.9;"):
        entries_of(FUTURE + ENTRY, "own.toml")
    with pytest.raises(FormatError, match=r"^own\.toml: without a format, written by an unknown"):
        entries_of(ENTRY, "own.toml")


@pytest.mark.parametrize(
    ("record", "parse"), [(Record("k"), Record.from_line), (MESH, MeshRecord.from_line)]
)
def test_stored_records_of_another_format_are_refused(
    record: Record | MeshRecord, parse: object, tmp_path: Path
) -> None:
    data = json.loads(record.to_line())
    assert data["format"] == 1
    path = tmp_path / "records.jsonl"
    path.write_text(json.dumps({**data, "format": 7, "written_by": "zinterphase 9.9.9"}) + "\n")
    message = rf"^{re.escape(str(path))}: a stored \w+: format 7, written by zinterphase 9\.9\.9;"
    with pytest.raises(FormatError, match=message) as caught:
        Store(path, parse)  # type: ignore[arg-type,var-annotated]
    assert "\n" not in str(caught.value)
