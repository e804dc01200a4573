"""Mutants of the shipped cases through the commands: an answer, or one line that names the entry.

An exception that is none of the package's would make the guard of the commands speak: a failure.
"""

import io
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import HealthCheck, given, seed, settings

from zinterphase.cli import called
from zinterphase.errors import ZinterphaseError

from .mutants import Mutant, mutants

LONGEST = {"error": 300, "notice": 600}
"""Characters of a line; the notice on levels has a reason for each of five."""
MOST_CELLS = 3e4
"""Larger meshes are refused here, as are those beyond the memory of a rank elsewhere."""
JOINT = ("cells, and these make", "i/i_lim", "a neutral bulk", "an ion of the electrolyte")
"""In refusals of what follows from several entries, which name the one to change."""
SECONDS = {"check": 60.0, "run": 200.0}
"""What takes longer counts as a hang; a busy machine takes ten times as long as an idle one."""


@contextmanager
def limit(seconds: float) -> Iterator[None]:
    """Fail where there is no answer in time."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"no answer within {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture
def answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, Mutant, float], str | None]:
    """Run a command on a mutant within a time: its error in one line, None without one."""
    # Meshes of mutants are not kept, compiled forms are.
    monkeypatch.setattr("zinterphase.geometry.cache.cache_folder", lambda part: tmp_path / part)
    monkeypatch.setattr("zinterphase.geometry.makeable.LARGEST_MESH", MOST_CELLS)
    file = tmp_path / "case.toml"

    def ask(command: str, mutant: Mutant, seconds: float) -> str | None:
        file.write_text(mutant.text, encoding="utf-8")
        words = ["zinterphase", command, str(file)]
        if command == "run":
            words += ["-o", str(tmp_path / "run")]
        printed, line = io.StringIO(), None
        monkeypatch.setattr("sys.argv", words)
        with limit(seconds), redirect_stdout(printed):
            try:
                assert called() == 0
            except ZinterphaseError as error:
                line = f"error: {error}"
        for text in [*printed.getvalue().splitlines(), line or ""]:
            assert len(text) <= LONGEST["error" if text == line else "notice"]
            assert "Traceback" not in text
        assert line is None or line.isprintable()
        return line

    return ask


def tried(
    number: int, count: int, ask: Callable[[str, Mutant, float], str | None], command: str
) -> None:
    """Ask ``count`` mutants, always the same ones for a seed ``number``."""

    @seed(number)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(mutant=mutants(small=command == "run"))
    def one(mutant: Mutant) -> None:
        line = ask(command, mutant, SECONDS[command])
        if command == "check" and line is not None:
            named = mutant.is_named(line) or any(words in line for words in JOINT)
            assert named, (mutant.done, mutant.path, line)

    one()


def test_mutants_are_checked(answer: Callable[[str, Mutant, float], str | None]) -> None:
    tried(0, 300, answer, "check")


def test_mutants_are_run(answer: Callable[[str, Mutant, float], str | None]) -> None:
    tried(0, 20, answer, "run")


@pytest.mark.slow
@pytest.mark.fuzz
@pytest.mark.parametrize("number", range(1, 41))
def test_many_mutants_are_checked(
    answer: Callable[[str, Mutant, float], str | None], number: int
) -> None:
    tried(number, 250, answer, "check")
