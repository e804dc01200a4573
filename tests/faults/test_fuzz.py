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
from hypothesis import HealthCheck, given, settings

from zinterphase.cli import called
from zinterphase.errors import ZinterphaseError

from .mutants import Mutant, mutants

LONGEST = 300
MOST_CELLS = 3e4
"""Larger meshes are refused here, as are those beyond the memory of a rank elsewhere."""
JOINT = ("cells, and these make", "i/i_lim")
"""In refusals of what follows from several entries, which name the one to change."""
ODD_FIXTURES = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@contextmanager
def limit(seconds: float) -> Iterator[None]:
    """What takes longer counts as a hang."""

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
    monkeypatch.setenv("ZINTERPHASE_CACHE", str(tmp_path / "cache"))
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
            assert len(text) <= LONGEST
            assert "Traceback" not in text
        assert line is None or line.isprintable()
        return line

    return ask


def check(ask: Callable[[str, Mutant, float], str | None], mutant: Mutant) -> None:
    line = ask("check", mutant, 20.0)
    joint = line is not None and any(words in line for words in JOINT)
    assert line is None or joint or mutant.is_named(line), (mutant.done, mutant.path, line)


@settings(
    max_examples=300,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=ODD_FIXTURES,
)
@given(mutant=mutants())
def test_mutants_are_checked(
    answer: Callable[[str, Mutant, float], str | None], mutant: Mutant
) -> None:
    check(answer, mutant)


@settings(
    max_examples=20,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=ODD_FIXTURES,
)
@given(mutant=mutants(small=True))
def test_mutants_are_run(
    answer: Callable[[str, Mutant, float], str | None], mutant: Mutant
) -> None:
    answer("run", mutant, 60.0)


@pytest.mark.slow
@pytest.mark.fuzz
@settings(
    max_examples=10_000,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=ODD_FIXTURES,
)
@given(mutant=mutants())
def test_many_mutants_are_checked(
    answer: Callable[[str, Mutant, float], str | None], mutant: Mutant
) -> None:
    check(answer, mutant)
