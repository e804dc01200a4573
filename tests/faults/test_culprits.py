"""Errors name what the user has to change, in one line, whatever was asked."""

import subprocess
import sys
from pathlib import Path

import pytest

from zinterphase.cli import called
from zinterphase.cli.guard import UNFORESEEN
from zinterphase.ensemble.members import Record
from zinterphase.ensemble.store import Store
from zinterphase.errors import LONGEST_LINE, CaseError, MeshError, UsageError
from zinterphase.geometry.build import build
from zinterphase.geometry.recipe import recipe_from_case

from ..unit.case_samples import SAMPLE, case
from .program import CASES, call, one_line

WAVE = 'shape = "sinusoidal"\nwavelength = "20 um"\namplitude = "1 um"\n'
SIZES = [
    ("mesh.lateral_size=1 pm", "mesh.lateral_size", ["kinetics.zinc.spread.sigma_ln=0.1"]),
    ("mesh.refinement=1000", "mesh.refinement", []),
    ("mesh.far_size=1 pm", "mesh.far_size", []),
    ("geometry.surface.correlation_length=40 nm", "geometry.surface.correlation_length",
     ["geometry.surface.rms=1 nm", "mesh.far_size=20 nm", "layers.electrolyte.thickness=25 um"]),
]  # fmt: skip


@pytest.mark.parametrize(("override", "field", "others"), SIZES, ids=[row[1] for row in SIZES])
def test_too_large_a_mesh_names_the_length_that_makes_it(
    override: str, field: str, others: list[str]
) -> None:
    text = SAMPLE.replace('lateral_size = "0.5 um"\n', "")
    with pytest.raises(CaseError, match=r"at most 2e\+07 cells") as caught:
        recipe_from_case(case(override, *others, text=text))
    assert caught.value.field == field


def test_a_rough_surface_that_takes_too_many_cells_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("zinterphase.geometry.makeable.LARGEST_MESH", 1e4)
    rough = case(
        "geometry.surface.rms=18 um",
        "geometry.surface.correlation_length=20 um",
        "kinetics.zinc.spread.correlation_length=30 um",
        "layers.electrolyte.thickness=200 um",
        text=SAMPLE.replace('lateral_size = "0.5 um"\n', ""),
    )
    with pytest.raises(CaseError, match=r'geometry.surface.rms = "1.8e-05 m"'):
        recipe_from_case(rough)


def test_too_steep_a_surface_names_its_height() -> None:
    start, end = SAMPLE.index('shape = "random"'), SAMPLE.index("[[layers]]")
    text = SAMPLE[:start] + WAVE.replace('"20 um"', '"1.5 um"') + SAMPLE[end:]
    text = text.replace('"0.5 um"', '"0.05 um"').replace("[kinetics.zinc.spread]", "[x]")
    text = text[: text.index("[x]")] + text[text.index("[counter]") :]
    with pytest.raises(MeshError, match=r"geometry.surface.amplitude = 5e-06 m: .*inclined"):
        build(recipe_from_case(case("geometry.surface.amplitude=5 um", text=text)))


def test_missing_metal_is_named_before_its_kinetics() -> None:
    start, end = SAMPLE.index("[[layers]]"), SAMPLE.index('[[layers]]\nname = "titania"')
    with pytest.raises(CaseError, match=r'layers \(bottom\) = "titania"'):
        case(text=SAMPLE[:start] + SAMPLE[end:])


def test_too_much_salt_is_named_and_not_its_permittivity() -> None:
    with pytest.raises(CaseError, match=r'electrolyte.concentration = "50 mol/L"'):
        case("electrolyte.concentration=50 mol/L", "level=electroneutral")


def test_a_factor_of_the_exchange_current_is_named() -> None:
    factor = "kinetics.zinc.exchange_current_density_factor"
    with pytest.raises(CaseError, match=rf"{factor} = 1e-300: .*1e-24 to 1e\+06"):
        case(f"{factor}=1e-300")


@pytest.mark.parametrize(
    "words",
    [
        ["check"], ["check", "a", "b"], ["check", "cases/bare.toml", "--bogus"], ["bogus"],
        ["compare", "cases/bare.toml", "--seeds", "0"],
        ["compare", "cases/bare.toml", "--seeds", "1000000000"],
        ["converge", "cases/bare.toml", "--ratio", "1e308"],
        ["converge", "cases/bare.toml", "--time", "1e999999999 s"],
    ],
    ids=lambda words: " ".join(words)[-20:],
)  # fmt: skip
def test_usage_errors_are_one_line(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["zinterphase", *words])
    with pytest.raises((UsageError, CaseError)) as caught:
        called()
    line = str(caught.value)
    assert line.isprintable()
    assert "--help" in line or words[-2] in line
    assert len(line) <= LONGEST_LINE


def test_a_usage_error_ends_with_its_code() -> None:
    done = call(CASES, "check", "bare.toml", "--bogus")
    assert done.returncode == 2
    assert one_line(done).startswith("error: No such option: --bogus (see ")


def test_what_nobody_foresaw_is_one_line_with_a_file() -> None:
    script = (
        "from mpi4py import MPI\n"
        "from zinterphase.cli.guard import guarded\n"
        "with guarded(MPI.COMM_WORLD):\n"
        "    raise RuntimeError('planted\\n' + 'x' * 5000)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == UNFORESEEN
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: unforeseen RuntimeError: planted xxx")
    assert len(line) <= 300
    kept = Path(line.rsplit(" ", 1)[1])
    assert "RuntimeError: planted" in kept.read_text()
    kept.unlink()


def test_a_store_leaves_out_lines_that_are_damaged(tmp_path: Path) -> None:
    path = tmp_path / "members.jsonl"
    good = Record("k1").to_line().encode()
    path.write_bytes(good + b"\n\xff\xfe\n" + good.replace(b'"k1"', b"[]") + b"\n" + b"[" * 100_000)
    assert list(Store(path, Record.from_line).records) == ["k1"]
