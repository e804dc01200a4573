"""`init` and `watch` on a terminal: what is asked and answered, and what moves there."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from zinterphase.cli.templates import NAMES

from .terminal import PROGRAM, Terminal

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("answer", "name"), [("3\r", NAMES[2]), ("\r", NAMES[0]), ("coated\r", "coated")]
)
def test_init_asks_which_template(answer: str, name: str, tmp_path: Path) -> None:
    terminal = Terminal(["init"], tmp_path)
    terminal.until("Which one")
    assert all(f"{number}  {each}:" in terminal.shown for number, each in enumerate(NAMES, 1))
    terminal.type(answer)
    assert terminal.end() == 0
    assert f"written: {name}.toml" in terminal.shown
    assert (tmp_path / f"{name}.toml").is_file()


def test_init_refuses_an_answer_that_is_none(tmp_path: Path) -> None:
    terminal = Terminal(["init"], tmp_path)
    terminal.until("Which one")
    terminal.type("seven\r")
    assert terminal.end() == 2
    assert "seven" in terminal.shown.splitlines()[-1]
    assert not list(tmp_path.iterdir())


def test_watch_follows_a_run_to_its_end(tmp_path: Path) -> None:
    """One that runs beside it; every look has where it stands, the last one that it is over."""
    protocol = 'protocol=[{repeat=20, steps=["plate at 1 mA/cm^2 for 60 s", "rest for 60 s"]}]'
    words = ["run", "cases/symmetric_cell.toml", "-o", tmp_path / "run", "--set", protocol]
    words += ["--set", "output.pictures=false", "--set", "output.fields=none"]
    job = subprocess.Popen(
        [PROGRAM, *words], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not (tmp_path / "run/history.csv").is_file():
            assert job.poll() is None
        terminal = Terminal(["watch", tmp_path / "run", "--interval", "0.2"], tmp_path)
        terminal.until("run: unfinished")
        terminal.until("of at most 2400 s of the protocol")
        assert terminal.end(seconds=240) == 0
        assert job.wait(timeout=60) == 0
    finally:
        job.kill()
        job.wait()
    last = terminal.shown.rpartition("run: ")[2]
    assert last.startswith("finished")
    assert "2400 of at most 2400 s" in last


def test_watch_ends_quietly_by_an_interruption(tmp_path: Path) -> None:
    """A study never says that it is over: its watcher leaves."""
    (tmp_path / "members.jsonl").write_text("{}\n{}\n", encoding="utf-8")
    terminal = Terminal(["watch", tmp_path], tmp_path)
    terminal.until("2 runs done")
    terminal.interrupt()
    assert terminal.end() == 130
    assert "Traceback" not in terminal.shown
