"""`impedance` from the command line: what it prints, writes and refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from zinterphase.errors import CaseError
from zinterphase.impedance.measured import read_spectrum

from ..output.program import call

ROOT = Path(__file__).parents[2]
CELL = "cases/symmetric_cell.toml"
LAYER = "kinetics.zinc.double_layer_capacitance=library"
SHORT = ("time.rtol=1e-2", 'protocol=[{steps=["plate at 5 mA/cm^2 for 60 s"]}]', LAYER)


@pytest.fixture(scope="module")
def marched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Folder and terminal output of a spectrum behind a protocol, beside measured data."""
    folder = tmp_path_factory.mktemp("impedance")
    data = folder / "cell.csv"
    data.write_text(
        "frequency_Hz,re_ohm cm2,im_ohm cm2\n1000,3,-9\n100,30,-25\n1e9,1,0\n", encoding="utf-8"
    )
    done = call("impedance", CELL, "-o", folder / "out", "--measured", data, settings=SHORT)
    assert done.returncode == 0, done.stderr
    return folder / "out", done.stdout


def table(path: Path) -> dict[str, np.ndarray]:
    with path.open(encoding="utf-8") as file:
        header, *rows = list(csv.reader(file))
    return dict(zip(header, np.array(rows, dtype=float).T, strict=True))


def test_the_answer_on_the_terminal(marched: tuple[Path, str]) -> None:
    _, printed = marched
    for words in ("R_ohm", "R_ct", "C_dl", "Warburg"):
        assert any(words in line and "by the circuit" in line for line in printed.splitlines())
    assert "Kramers-Kronig residual at most" in printed
    assert "measured (cell.csv) and computed differ by" in printed


def test_the_files(marched: tuple[Path, str]) -> None:
    folder, _ = marched
    names = {path.name for path in folder.iterdir()}
    assert {"impedance.csv", "impedance_bare.csv", "impedance.png", "local_impedance.csv"} < names
    assert {"results.json", "run.json", "case.toml", "history.csv", "march.npz"} < names
    assert json.loads((folder / "run.json").read_text())["state"] == "finished"
    columns = table(folder / "impedance.csv")
    parts = {name for name in columns if name.endswith("_re_ohm m2")}
    assert parts == {
        f"{name}_re_ohm m2"
        for name in ("liquid", "charge_transfer_working", "charge_transfer_counter", "diffusion")
    }
    assert sum(columns[name] for name in parts) == pytest.approx(columns["re_ohm m2"], rel=1e-9)
    assert np.all(np.diff(columns["frequency_Hz"]) > 0)
    # As impedance.py reads a file: numbers, separated by commas, without a header.
    bare = np.genfromtxt(folder / "impedance_bare.csv", delimiter=",")
    assert bare[:, 0] == pytest.approx(columns["frequency_Hz"], rel=1e-15)
    assert bare[:, 1] + 1j * bare[:, 2] == pytest.approx(
        columns["re_ohm m2"] + 1j * columns["im_ohm m2"], rel=1e-15
    )
    numbers = json.loads((folder / "results.json").read_text())["quantities"]
    shown = {f"`{name}`" for name in numbers if name.startswith("impedance.")}
    page = (ROOT / "docs/impedance.md").read_text(encoding="utf-8")
    assert [name for name in shown if name not in page] == []


def test_the_last_state_of_a_run(marched: tuple[Path, str], tmp_path: Path) -> None:
    """From the run's folder, without marching again."""
    folder, _ = marched
    given = ("--from", "1 Hz", "--to", "10 Hz")
    done = call("impedance", folder, "-o", tmp_path / "out", *given)
    assert done.returncode == 0, done.stderr
    assert "cycle" not in done.stdout
    again, first = table(tmp_path / "out/impedance.csv"), table(folder / "impedance.csv")
    at = np.log(again["frequency_Hz"])
    whole = np.interp(at, np.log(first["frequency_Hz"]), first["re_ohm m2"])
    assert again["re_ohm m2"] == pytest.approx(whole, rel=2e-2)


@pytest.mark.parametrize(
    ("words", "settings", "line"),
    [
        (["cases/bare.toml"], ("level=primary",), "level = "),
        (["cases/bare.toml"], ("level=secondary",), "with a double_layer_capacitance"),
        ([CELL, "--from", "-1 Hz"], (LAYER,), '--from = "-1 Hz": allowed a frequency above 0'),
        ([CELL, "--to", "1 kg"], (LAYER,), '--to = "1 kg": allowed a frequency above 0'),
        ([CELL, "--from", "1 Hz", "--to", "1 Hz"], (LAYER,), "--to = "),
        ([CELL, "--measured", "nowhere.csv"], (LAYER,), "--measured = "),
        (["cases"], (), "case.toml"),
    ],
)
def test_what_is_refused(
    words: list[str], settings: tuple[str, ...], line: str, tmp_path: Path
) -> None:
    done = call("impedance", *words, "-o", tmp_path / "out", settings=settings)
    assert done.returncode != 0
    assert len(done.stderr.strip().splitlines()) == 1
    assert line in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "allowed a header with units"),
        ("1,2,3\n", "allowed a header with units"),
        ("frequency_Hz,re_V,im_ohm cm2\n1,2,3\n", "allowed a header with units"),
        ("frequency_Hz,re_ohm cm2,im_ohm cm2\n", "a row for each frequency"),
        ("frequency_Hz,re_ohm cm2,im_ohm cm2\n1,2\n", "line 2"),
        ("frequency_Hz,re_ohm cm2,im_ohm cm2\n-1,2,3\n", "the frequency above 0"),
        ("frequency_Hz,re_ohm cm2,im_ohm cm2\n1,2,3\n1,nan,3\n", "line 3"),
    ],
)
def test_measured_spectra_that_are_none(text: str, line: str, tmp_path: Path) -> None:
    data = tmp_path / "cell.csv"
    data.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        read_spectrum(data)
    assert line in str(caught.value)
    assert str(caught.value).startswith("--measured")
