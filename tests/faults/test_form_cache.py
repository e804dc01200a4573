"""A cache of forms that something went wrong with is put right by the next run."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import ufl
from dolfinx import fem, mesh
from mpi4py import MPI

from zinterphase import compiler
from zinterphase.compiler import compiler_of
from zinterphase.errors import FileError
from zinterphase.forms import compiled_expression, compiled_form

from .program import ROOT, surroundings

COMPILE = """
import zinterphase.startup
from tests.faults.test_form_cache import value
print(value())
"""


def value(degree: int = 1) -> float:
    """The integral of x over the unit square by a compiled form."""
    square = mesh.create_unit_square(MPI.COMM_SELF, 2, 2)
    x = ufl.SpatialCoordinate(square)
    return float(fem.assemble_scalar(compiled_form(x[0] ** degree * ufl.dx)))


@pytest.fixture
def forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setenv("ZINTERPHASE_CACHE", str(tmp_path))
    return tmp_path / f"forms-{compiler_of(MPI.COMM_SELF).key}"


def replaced(library: Path, content: bytes) -> None:
    """Another file in its place: this process still has the old one mapped."""
    library.unlink()
    library.write_bytes(content)


def truncated(library: Path) -> None:
    replaced(library, library.read_bytes()[:4096])


def overwritten(library: Path) -> None:
    replaced(library, bytes(library.stat().st_size))


@pytest.mark.parametrize(
    "damage", [Path.unlink, truncated, overwritten], ids=["missing", "cut short", "zeros"]
)
def test_damaged_library_is_compiled_anew(forms: Path, damage: Callable[[Path], None]) -> None:
    assert value() == pytest.approx(0.5)
    (library,) = forms.glob("*.so")
    damage(library)
    started = time.monotonic()
    assert value() == pytest.approx(0.5)
    assert time.monotonic() - started < 60
    assert [file.name for file in forms.glob("*.so")] == [library.name]


@pytest.mark.parametrize("left", ["source", "library without its seal"])
def test_remains_of_a_killed_compilation_are_removed(forms: Path, left: str) -> None:
    assert value() == pytest.approx(0.5)
    (source,) = forms.glob("*.c")
    for file in forms.glob("*.seal" if left.startswith("library") else "libffcx_*"):
        file.unlink()
    source.touch()
    assert value() == pytest.approx(0.5)


def test_killed_while_compiling(forms: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", COMPILE], cwd=ROOT, env=surroundings({}))
    while not list(forms.glob("*.c")):
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not list(forms.glob("*.seal"))
    started = time.monotonic()
    assert value() == pytest.approx(0.5)
    assert time.monotonic() - started < 60


def test_intact_library_is_loaded(forms: Path) -> None:
    value()
    (library,) = forms.glob("*.so")
    before = library.stat()
    value(degree=2)
    value()
    assert library.stat() == before
    assert len(list(forms.glob("*.seal"))) == 2


def test_failing_compiler_is_one_line(forms: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "/no/such/compiler")
    with pytest.raises(FileError, match=r"^forms cannot be compiled into .*compiler") as caught:
        value(degree=3)
    assert len(str(caught.value).splitlines()) == 1
    monkeypatch.delenv("CC")
    assert value(degree=3) == pytest.approx(0.25)


def test_expressions_take_the_same_cache(forms: Path) -> None:
    square = mesh.create_unit_square(MPI.COMM_SELF, 2, 2)
    x = ufl.SpatialCoordinate(square)
    compiled_expression(x, square.geometry.x[:1, :2], square)
    assert [file.name.startswith("libffcx_expressions") for file in forms.glob("*.seal")] == [True]


def test_processes_share_an_empty_cache(forms: Path) -> None:
    words = [sys.executable, "-c", COMPILE]
    started = [
        subprocess.Popen(words, cwd=ROOT, env=surroundings({}), stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in started:
        out, _ = process.communicate(timeout=120)
        assert float(out) == pytest.approx(0.5)
    assert len(list(forms.glob("*.seal"))) == 1


def test_unlike_processors_share_a_home_and_no_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZINTERPHASE_CACHE", str(tmp_path))
    for features in ("sse2", "avx512f sse2", "sse2"):
        monkeypatch.setattr(compiler, "features", lambda features=features: features)
        assert value() == pytest.approx(0.5)
    first, second = sorted(tmp_path.glob("forms-*"))
    assert len(list(first.glob("*.so"))) == len(list(second.glob("*.so"))) == 1


def test_another_compiler_has_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {compiler_of(MPI.COMM_SELF).key}
    for size in (1, 2):
        other = tmp_path / "cc"
        other.write_text("#" * size)
        other.chmod(0o755)
        monkeypatch.setenv("CC", str(other))
        found.add(compiler_of(MPI.COMM_SELF).key)
    assert len(found) == 3


@pytest.mark.parametrize("why", ["unknown processor", "no compiler", "asked for"])
def test_portable_code_is_made_and_found_where_it_has_to_be(
    monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    monkeypatch.setenv("ZINTERPHASE_PORTABLE", "1")
    portable = compiler_of(MPI.COMM_SELF)
    monkeypatch.setenv("ZINTERPHASE_PORTABLE", "1" if why == "asked for" else "")
    if why == "unknown processor":
        monkeypatch.setattr(compiler, "features", lambda: "")
    elif why == "no compiler":
        monkeypatch.setenv("CC", "/no/such/compiler")
    assert compiler_of(MPI.COMM_SELF) == portable
    assert portable.flags == compiler.COMMON


def test_no_flag_takes_numbers_lightly() -> None:
    dangerous = ("fast", "finite-math", "unsafe", "associative", "reciprocal", "contract")
    flags = (*compiler.COMMON, *compiler.NATIVE)
    assert not [flag for flag in flags if any(word in flag for word in dangerous)]
