"""Values without a meaning are refused with field, value and bounds; odd ones are warned of."""

import json
from pathlib import Path

import pytest

from zinterphase.case import Case
from zinterphase.cell.advice import notices, regime_of, require_sensible_current
from zinterphase.errors import CaseError

from ..unit.case_samples import SAMPLE, case, silver_under_titania
from .program import CASES, COARSE, call, one_line

SENSELESS = [
    ("temperature=1 K", 'temperature = "1 K"', "200 to 500 K"),
    ("temperature=1e6 K", 'temperature = "1e6 K"', "200 to 500 K"),
    ("geometry.width=5e31 um", 'geometry.width = "5e31 um"', "1e-11 to 1 m"),
    ("layers.electrolyte.thickness=5e31 um", "layers.electrolyte.thickness", "1e-11 to 1 m"),
    ("layers.titania.thickness=1e-18 nm", "layers.titania.thickness", "1e-11 to 1 m"),
    ("geometry.surface.rms=3e-28 nm", 'geometry.surface.rms = "3e-28 nm"', "1e-13 to 1 m"),
    ("geometry.surface.rms=6 um", "geometry.surface.rms", "at most correlation_length"),
    ("mesh.first_cell=1e-20 m", 'mesh.first_cell = "1e-20 m"', "1e-17 to 1 m"),
    ("mesh.growth=1.0", "mesh.growth = 1.0", "1.01 to 2"),
    ("mesh.refinement=1e308", "mesh.refinement = 1e+308", "1 to 1024"),
    ("control.current_density=1e9 A/m^2", "control.current_density", "-1e+06 to 1e+06 A/m^2"),
    ("control.potential=-400 V", 'control.potential = "-400 V"', "-10 to 10 V"),
    ("layers.zinc.fixed_charge=-1 mol/L", "layers.zinc.fixed_charge", "0 in dense metal"),
    ("layers.zinc.surface_charge=1 C/m^2", "layers.zinc.surface_charge", "0 in dense metal"),
    ("kinetics.zinc.exchange_current_density=1e-300 A/m^2", "exchange_current_density", "1e-24"),
]  # fmt: skip


@pytest.mark.parametrize(("override", "start", "allowed"), SENSELESS)
def test_values_without_sense(override: str, start: str, allowed: str) -> None:
    with pytest.raises(CaseError) as caught:
        case(override)
    assert start in str(caught.value)
    assert allowed in str(caught.value)


def test_charge_of_dense_silver() -> None:
    with pytest.raises(CaseError, match=r"layers.silver.fixed_charge = .*0 in dense metal"):
        case("layers.silver.fixed_charge=-125 mol/m^3", text=silver_under_titania())


@pytest.mark.parametrize("current", [1e7, -1e300, float("nan")])
def test_currents_beyond_sense(current: float) -> None:
    with pytest.raises(CaseError, match=r"control.current_density = .*a current density"):
        case().with_current(current)


def test_solved_currents_beyond_sense() -> None:
    driven = case("control.potential=5 V")
    require_sensible_current(driven, -9e5)
    for current in (1.6e6, 2.7e80, float("inf")):
        with pytest.raises(CaseError, match=r'control.potential = "5 V": allowed what drives'):
            require_sensible_current(driven, current)


def test_an_absurd_drive_ends_in_one_line(tmp_path: Path) -> None:
    drive = ["--set", "level=secondary", "--set", "control.potential=5 V"]
    drive += ["--set", "layers.electrolyte.thickness=20 um"]
    done = call(CASES, "run", "bare.toml", "-o", str(tmp_path / "r"), *COARSE, *drive)
    assert done.returncode == 2
    assert one_line(done).startswith('error: control.potential = "5 V": allowed')
    assert not (tmp_path / "r" / "results.json").exists()


WARNED = ["--set", "geometry.width=40 um"]


def test_warnings_of_check_are_in_the_run(tmp_path: Path) -> None:
    found: list[list[str]] = []
    words = ("bare.toml", *COARSE, *WARNED)
    for command in (["check", *words], ["run", *words, "-o", str(tmp_path / "r")]):
        done = call(CASES, *command)
        assert done.returncode == 0, done.stderr
        found.append([x for x in done.stdout.splitlines() if x.startswith("warning: ")])
    assert len(found[0]) == 2
    assert found[1] == found[0]
    results = json.loads((tmp_path / "r" / "results.json").read_text())
    assert results["quantities"]["run.warnings"]["value"] == found[0]


def test_warnings_are_in_the_comparison(tmp_path: Path) -> None:
    words = ["compare", "bare.toml", "--seeds", "1", "-o", str(tmp_path / "c")]
    done = call(CASES, *words, *COARSE, *WARNED)
    assert done.returncode == 0, done.stderr
    known = json.loads((tmp_path / "c" / "table.json").read_text())["notices"]["bare Zn"]
    warned = Case.load(CASES / "bare.toml", WARNED[1::2]).warnings
    assert len(warned) == 2
    assert [line for line in known if line[9:] in warned] == [f"warning: {x}" for x in warned]
    assert "fewer than 10 of them" in done.stdout


def test_cells_finer_than_atoms_are_warned_of() -> None:
    assert not [x for x in case().warnings if "first_cell" in x]
    thin = case("mesh.first_cell=1 pm", text=SAMPLE)
    lines = notices(thin, regime_of(thin).findings)
    assert any(line.startswith("warning: mesh.first_cell") for line in lines)
