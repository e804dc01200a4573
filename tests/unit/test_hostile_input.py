"""Input that would hang, fill the memory or print pages: refused in one short line, at once."""

import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from zinterphase.case import Case
from zinterphase.errors import LONGEST_LINE, CaseError
from zinterphase.geometry.fields import CosineField
from zinterphase.geometry.tables import LateralTable
from zinterphase.units import UnitError, to_si

from .case_samples import SAMPLE, case


@contextmanager
def quickly(seconds: float = 5.0) -> Iterator[None]:
    """What takes longer counts as a hang."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds


def refusal(path: Path, *overrides: str) -> str:
    with quickly(), pytest.raises(CaseError) as caught:
        Case.load(path, overrides)
    line = str(caught.value)
    assert len(line) <= LONGEST_LINE
    assert line.isprintable()
    return line


@pytest.mark.parametrize(
    "text",
    [
        "1 um*9**9**9", "1 um**99", "1 um^(9^9)", f"1 {'a' * 60_000}", f"1 {'(' * 70}m",
        "1e999999999 m", f"{'9' * 400} m", "0 Qm9*Qm9*Qm9*Qm9*Qm9", "1 dBm*m",
        "1 m; import os", "1 m\x00",
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_quantities_are_read_by_a_grammar(text: str) -> None:
    with quickly(), pytest.raises(UnitError) as caught:
        to_si(text, "m")
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("text", "value"), [("5 L/(mol*s)", 5e-3), ("5 L mol^-1 s**-1", 5e-3), ("2 (mol/m3)^-1/s", 2.0)]
)
def test_units_as_they_are_written(text: str, value: float) -> None:
    assert to_si(text, "m^3/mol/s") == value


def test_only_a_small_regular_file_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    assert "allowed a regular file" in refusal(pipe)
    assert "allowed a regular file" in refusal(Path("/dev/zero"))
    assert "Is a directory" in refusal(tmp_path)
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * 2_000_000)
    assert "at most 1e+06 bytes" in refusal(large)


NESTED = {
    "lists": "x = " + "[" * 100_000,
    "tables": "x = " + "{a = " * 100_000,
    "closed": f"x = {'[' * 40}{']' * 40}",
    "keys": f"[{'a.' * 100_000}a]",
    "quoted keys": f"[{chr(39)}a{chr(39)}{'. b' * 100_000}]",
}


@pytest.mark.parametrize("text", NESTED.values(), ids=NESTED)
def test_deep_nesting(text: str, tmp_path: Path) -> None:
    file = tmp_path / "case.toml"
    file.write_text(f"{SAMPLE}\n{text}\n")
    assert "8 deep" in refusal(file) or "8 parts" in refusal(file)


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("seed = " + "9" * 5000, "too many digits"),
        (
            "max_iterations = 0x" + "f" * 5000,
            "solver.max_iterations = a number of more than 4300 digits",
        ),
        ("k" * 900_000 + " = 1", "solver.kkkk"),
        ('"\\u001b[31m" = 1', "solver.\\x1b[31m"),
    ],
    ids=["long number", "long hex number", "long key", "escape"],
)
def test_numbers_and_keys_are_shown_in_short(text: str, fragment: str, tmp_path: Path) -> None:
    file = tmp_path / "case.toml"
    file.write_text(text.join(SAMPLE.split("max_iterations = 60", 1)))
    assert fragment in refusal(file)


@pytest.mark.parametrize(
    ("override", "fragment"),
    [
        ("a" + ".a" * 10_000 + "=1", "at most 8 parts"),
        ("mesh.order=" + "[" * 100_000, "mesh.order"),
        ("accuracy=" + "1" * 400, "accuracy"),
        ("accuracy=1e999999 %", "accuracy"),
        ("title=" + "x" * 100_000, "title = "),
        ("title=\x1b[31mred", "title = "),
        ("mesh.file=" + "x" * 5000, "mesh.file"),
    ],
    ids=lambda text: text[:14],
)
def test_overrides_are_bounded(override: str, fragment: str, tmp_path: Path) -> None:
    file = tmp_path / "case.toml"
    file.write_text(SAMPLE)
    assert fragment in refusal(file, override)


def test_long_lists_of_layers(tmp_path: Path) -> None:
    file = tmp_path / "case.toml"
    layer = '[[layers]]\nname = "a"\nmaterial = "TiO2"\nthickness = "1 um"\n'
    file.write_text(SAMPLE + layer * 15_000)
    assert "layers = " in refusal(file)


@pytest.mark.parametrize("where", ["geometry.surface", "kinetics.zinc.spread"])
def test_random_fields_of_too_many_waves(where: str) -> None:
    """Refused before the memory is asked for."""
    settings = [f"{where}.correlation_length=0.5 nm", "geometry.surface.rms=0.1 nm"]
    if where != "geometry.surface":
        settings[1] = "geometry.width=20 um"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with quickly(), pytest.raises(CaseError, match=f"{where}.correlation_length = .*at least"):
        case(*settings)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_waves_are_summed_up_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    field = CosineField((1.0, 2.0), 1.0, 0.2, "gaussian", 1)
    points = np.random.default_rng(1).random((103, 2))
    whole = field(points)
    monkeypatch.setattr("zinterphase.geometry.fields._LARGEST_TABLE", 200)
    assert field(points) == pytest.approx(whole, abs=1e-12)
    assert field(points[:0]).shape == (0,)


def test_tables_that_are_none(tmp_path: Path) -> None:
    file = tmp_path / "heights.csv"
    file.write_text("x,height\n" + "1" * 200_000)
    with pytest.raises(CaseError, match=r"field = .*: allowed a CSV file"):
        LateralTable.read(file, "height", 1, "field")
