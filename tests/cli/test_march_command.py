"""A protocol from the command line: files, ends, limits, and going on after any end."""

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from scipy.io import netcdf_file

from zinterphase.output.runfolder import read_results

ROOT = Path(__file__).parents[2]
PROGRAM = Path(sys.executable).parent / "zinterphase"
CASE = "cases/symmetric_cell.toml"
FEW = ["--set", "protocol.cycling.repeat=2"]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *words], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that nothing interrupted."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    done = run("run", CASE, "-o", str(folder), *FEW, "--set", 'terminal.area="1 cm^2"')
    assert done.returncode == 0, done.stderr
    return folder


def test_cycles_plate_and_strip_what_the_protocol_asks_for(whole: Path) -> None:
    cycles = rows(whole / "cycles.csv")
    assert [int(row["number"]) for row in cycles] == [1, 2]
    for row in cycles:
        assert float(row["plated"]) == pytest.approx(36000.0, rel=1e-9)
        assert float(row["stripped"]) == pytest.approx(36000.0, rel=1e-9)
        assert row["efficiency"] == ""  # a stripping that ends by charge has none
        assert float(row["hysteresis"]) > 0.0
        assert row["ended_by"].split("; ") == [
            "charge >= 36000.0 C/m^2", "time", "charge >= 36000.0 C/m^2", "time",
        ]  # fmt: skip


def test_deposit_is_faradays(whole: Path) -> None:
    """1 mAh/cm2 is Q Vm/(2F) of zinc, 1.7083 um (model of the material library)."""
    thickest = max(float(row["thickness"]) for row in rows(whole / "history.csv"))
    assert thickest == pytest.approx(36000.0 * 9.157e-6 / (2 * 96485.33212), rel=1e-8)


def test_a_switch_is_recorded_on_both_sides(whole: Path) -> None:
    history = rows(whole / "history.csv")
    pairs = [
        (a, b) for a, b in pairwise(history) if a["time"] == b["time"] and a["step"] != b["step"]
    ]
    assert len(pairs) == 7
    assert all(float(a["voltage"]) != float(b["voltage"]) for a, b in pairs)


def test_results_and_cycler_file(whole: Path) -> None:
    found = read_results(whole)
    assert found["run.cycles"].value == 2
    assert found["last_cycle.coulombic_efficiency"].value is None
    assert found["run.largest_mismatch"].value < 1e-10
    cycler = rows(whole / "cell.bdf.csv")
    history = rows(whole / "history.csv")
    assert len(cycler) == len(history)
    amperes = {float(row["Current / A"]) for row in cycler}
    assert min(amperes) == pytest.approx(-1e-3)
    assert max(amperes) == pytest.approx(1e-3)


@contextmanager
def started(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [PROGRAM, *words], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for_rows(folder: Path, count: int, process: subprocess.Popen[bytes]) -> None:
    history = folder / "history.csv"
    deadline = time.monotonic() + 100
    while not (history.exists() and len(history.read_text(encoding="utf-8").splitlines()) > count):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_was_ended_goes_on_to_the_same_numbers(
    number: signal.Signals, whole: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    area = ["--set", 'terminal.area="1 cm^2"']
    with started("run", CASE, "-o", str(folder), *FEW, *area) as process:
        wait_for_rows(folder, 80, process)
        os.kill(process.pid, number)
        process.wait(timeout=60)
    done = run("resume", str(folder))
    assert done.returncode == 0, done.stderr
    for name in ("history.csv", "balance.csv", "cell.bdf.csv"):
        assert (folder / name).read_bytes() == (whole / name).read_bytes(), name


def test_wall_time_ends_in_order_and_the_run_goes_on(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    area = ["--set", 'terminal.area="1 cm^2"']
    stopped = run("run", CASE, "-o", str(folder), *FEW, *area, "--time", "1 s")
    assert stopped.returncode != 0
    assert "wall time" in stopped.stderr
    assert '"interrupted"' in (folder / "run.json").read_text(encoding="utf-8")
    assert run("resume", str(folder)).returncode == 0
    assert (folder / "history.csv").read_bytes() == (whole / "history.csv").read_bytes()


def test_a_limit_ends_the_run_with_all_that_was_reached(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    done = run("run", CASE, "-o", str(folder), "--set", 'limits.voltage=["-56 mV", "56 mV"]')
    assert done.returncode != 0
    assert "limits.voltage" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert '"failed"' in (folder / "run.json").read_text(encoding="utf-8")
    history = rows(folder / "history.csv")
    assert -0.0561 < min(float(row["voltage"]) for row in history) < -0.056
    with netcdf_file(folder / "maps.nc", mmap=False) as maps:  # shown at the moment it ended
        assert maps.variables["time"][-1] == float(history[-1]["time"])


def test_efficiency_and_a_planned_stop(tmp_path: Path) -> None:
    """Stripping until the voltage gives back all that was plated; two such cycles are enough."""
    folder = tmp_path / "run"
    steps = (
        '["plate at 1 mA/cm^2 for 6 min", '
        '"strip at 1 mA/cm^2 until thickness_total <= 0 um or voltage >= 0.2 V"]'
    )
    done = run(
        "run", CASE, "-o", str(folder), "--set", f"protocol.cycling.steps={steps}",
        "--set", 'protocol.cycling.stop="CE > 0.999 for 2 cycles"',
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    cycles = rows(folder / "cycles.csv")
    assert len(cycles) == 2
    assert all(float(row["efficiency"]) == pytest.approx(1.0, abs=1e-9) for row in cycles)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["resume", "nowhere"], "nowhere"),
        (["run", CASE, "--start", "state.npz"], "zinterphase resume"),
    ],
)
def test_what_makes_no_sense_is_one_line(words: list[str], said: str, tmp_path: Path) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr
