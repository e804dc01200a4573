"""Signals, closed and full streams: quiet or one line, the right state and exit code."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .program import CASES, COARSE, PROGRAM, call, ended, one_line, surroundings

CHECK = ["check", str(CASES / "bare.toml")]
# Several seconds of solving after the first line is written.
LONG = ["run", str(CASES / "dual_layer.toml"), "-o", "run", "--set", "mesh.refinement=12"]
ALONE = [*PROGRAM, *LONG]
TWO = [str(Path(sys.executable).parent / "mpirun"), "-n", "2", *PROGRAM, *LONG]


@pytest.fixture(autouse=True)
def signals_heard() -> Iterator[None]:
    """A shell's background job ignores SIGINT, nohup's SIGHUP; what is started here must not."""
    before = {n: signal.signal(n, signal.SIG_DFL) for n in (signal.SIGINT, signal.SIGHUP)}
    yield
    for number, answer in before.items():
        signal.signal(number, answer)


def started(folder: Path, words: list[str]) -> subprocess.Popen[str]:
    """A command that has begun to write its run folder."""
    process = subprocess.Popen(
        words,
        cwd=folder,
        env=surroundings({}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    limit = time.monotonic() + 60
    while not (folder / "run" / "case.toml").exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < limit
        time.sleep(0.02)
    return process


def state(folder: Path) -> str:
    return str(json.loads((folder / "run" / "run.json").read_text())["state"])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_run_with_one_line(tmp_path: Path, number: signal.Signals) -> None:
    process = started(tmp_path, ALONE)
    assert state(tmp_path) == "unfinished"
    time.sleep(1.0)
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 128 + number, errors
    assert errors == f"error: stopped by {number.name}\n"
    assert state(tmp_path) == "interrupted"
    assert not (tmp_path / "run" / "results.json").exists()


def test_a_signal_ends_all_ranks(tmp_path: Path) -> None:
    process = started(tmp_path, TWO)
    time.sleep(1.0)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=40)
    assert process.returncode == 128 + signal.SIGTERM
    assert "error: stopped by SIGTERM\n" in errors
    assert "Traceback" not in errors
    assert state(tmp_path) in ("interrupted", "unfinished")


def test_ranks_do_not_outlive_their_launcher(tmp_path: Path) -> None:
    process = started(tmp_path, TWO)
    (proxy,) = children(process.pid)
    ranks = children(proxy)
    assert len(ranks) == 2
    os.kill(proxy, signal.SIGKILL)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=30)
    limit = time.monotonic() + 20
    while any(is_running(rank) for rank in ranks):
        assert time.monotonic() < limit
        time.sleep(0.1)
    assert state(tmp_path) == "unfinished"


def children(parent: int) -> list[int]:
    """Processes started by a process."""
    text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [int(word) for word in text.split()]


def is_running(process: int) -> bool:
    try:
        words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return words[0] != "Z"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_loading_is_quiet(tmp_path: Path, number: signal.Signals) -> None:
    process = subprocess.Popen(
        [*PROGRAM, *CHECK], cwd=tmp_path, env=surroundings({}), stderr=subprocess.PIPE, text=True
    )
    while "libmpi" not in Path(f"/proc/{process.pid}/maps").read_text():
        time.sleep(0.01)
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == -number
    assert errors == ""


def shell(folder: Path, line: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A line of bash in which $PROGRAM is the program."""
    program = {"PROGRAM": " ".join(PROGRAM), "CHECK": " ".join(CHECK), **variables}
    return ended(folder, ["bash", "-c", line], program)


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    done = shell(tmp_path, "set -o pipefail; $PROGRAM $CHECK | head -n 1")
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, "")
    assert len(done.stdout.splitlines()) == 1


def test_a_run_whose_reader_leaves_says_so_in_its_folder(tmp_path: Path) -> None:
    words = " ".join(["run", str(CASES / "bare.toml"), "-o run --set mesh.far_size='20 um'"])
    done = shell(tmp_path, f"set -o pipefail; $PROGRAM {words} | head -n 0")
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, "")
    assert state(tmp_path) == "interrupted"


def test_a_full_output_is_one_line(tmp_path: Path) -> None:
    done = shell(tmp_path, "$PROGRAM $CHECK >/dev/full")
    assert done.returncode == 2
    assert one_line(done) == "error: standard output: No space left on device"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("$PROGRAM $CHECK 2>&-", 0),
        ("$PROGRAM $CHECK <&- >&- 2>&-", 0),
        ("$PROGRAM check nothing.toml 2>/dev/full", 2),
    ],
)
def test_closed_streams_change_nothing(tmp_path: Path, line: str, code: int) -> None:
    done = shell(tmp_path, line)
    assert (done.returncode, done.stderr) == (code, "")


@pytest.mark.parametrize(
    "variables",
    [
        {"LC_ALL": "POSIX"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=["POSIX", "ASCII"],
)
def test_any_locale_will_do(tmp_path: Path, variables: dict[str, str]) -> None:
    text = (CASES / "bare.toml").read_text().partition("\n[")[2]
    (tmp_path / "锌.toml").write_text(f'title = "Zn²⁺ 锌"\n[{text}')
    done = call(tmp_path, "check", "锌.toml", **variables)
    assert (done.returncode, done.stderr) == (0, "")


def test_two_runs_in_one_folder(tmp_path: Path) -> None:
    process = started(tmp_path, ALONE)
    done = call(tmp_path, "run", str(CASES / "bare.toml"), "-o", "run", *COARSE)
    assert done.returncode == 2
    assert "no other command is writing to" in one_line(done)
    process.kill()
    process.communicate()
    assert state(tmp_path) == "unfinished"
    done = call(tmp_path, "run", str(CASES / "bare.toml"), "-o", "run", *COARSE)
    assert done.returncode == 0, done.stderr
    assert state(tmp_path) == "finished"


def test_a_comparison_keeps_others_out_and_ends_on_a_signal(tmp_path: Path) -> None:
    words = ["compare", str(CASES / "bare.toml"), str(CASES / "silver.toml"), "-o", "all"]
    process = subprocess.Popen(
        [*PROGRAM, *words, "--seeds", "60"],
        cwd=tmp_path,
        env=surroundings({}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (tmp_path / "all" / "members.jsonl").exists():
        assert process.poll() is None
        time.sleep(0.05)
    done = call(tmp_path, *words)
    assert done.returncode == 2
    assert "no other command is writing to" in one_line(done)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 128 + signal.SIGTERM
    assert errors == "error: stopped by SIGTERM\n"
