"""Spectra at steps of a protocol: those of the same states, and without a trace in the march."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.errors import CaseError, ZinterphaseError
from zinterphase.impedance.prepared import of_run
from zinterphase.impedance.spectrum import spectrum
from zinterphase.impedance.steps import step_spectra
from zinterphase.marching import Hooks, March, Marched
from zinterphase.output.runfolder import MARCH, RunFolder
from zinterphase.output.spectra_figure import saved_spectra, spectra_figure
from zinterphase.output.writer import open_folder, reopen_folder
from zinterphase.scales import thermal_voltage

from ..march.marching import symmetric
from ..march.test_depletion_in_time import constant_salt
from ..march.test_growing_coverage import CURRENT, NUCLEATION

COMM = MPI.COMM_SELF
LOW, HIGH = 1.0, 1e4
ASKED = "impedance from 1 Hz to 10 kHz"
STEPS = ["plate at 1 mA/cm^2 for 10 s", ASKED]
LAYER = 'double_layer_capacitance = "0.3 F/m^2"'
COARSE = "time.rtol = 1e-2"
CELLS = {
    "a salt": symmetric("concentrated", 1e-4, STEPS, cells=10, kinetics=LAYER, more=COARSE),
    "ions": symmetric(
        "electroneutral", 1e-4, STEPS, cells=10, electrolyte=constant_salt(2000.0),
        kinetics=LAYER, more=COARSE,
    ),
    "diffuse layers": symmetric(
        "pnp", 2e-7, ["plate at 1 mA/cm^2 for 2 ms", ASKED], cells=20, concentration=10.0,
        more=f'accept_invalid = true\ntime.first_step = "1 ms"\n{COARSE}',
    ),
    "a coverage that grows": symmetric(
        "secondary", 1e-4, [f"plate at {CURRENT} A/m^2 for 0.2 s", ASKED], cells=4,
        kinetics=NUCLEATION, more=COARSE,
    ),
    "a front that moves": symmetric(
        "concentrated", 1e-4, STEPS, cells=10, kinetics=LAYER,
        more=f'front = {{}}\ntime.first_step = "1 s"\n{COARSE}',
    ),
}  # fmt: skip


def read(text: str) -> Case:
    return Case.from_dict(tomllib.loads(text))


def march(
    case: Case, folder: RunFolder, most: int | None = None, *, resumed: Path | None = None
) -> Marched:
    """As `run` does it, interrupted behind ``most`` frequencies."""
    passed = 0

    def count() -> None:
        nonlocal passed
        passed += 1
        if most is not None and passed > most:
            raise ZinterphaseError("enough")

    hooks = Hooks(measure=step_spectra(folder, count))
    return March(case, COMM, folder, hooks).run(resumed)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def measured(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies and impedances of a step's file."""
    rows = table(path)
    found = [complex(float(r["re_ohm m2"]), float(r["im_ohm m2"])) for r in rows]
    return np.array([float(r["frequency_Hz"]) for r in rows]), np.array(found)


@pytest.mark.parametrize("kind", CELLS)
def test_it_is_that_of_the_state_as_the_run_has_kept_it(kind: str, tmp_path: Path) -> None:
    case = read(CELLS[kind])
    march(case, open_folder(COMM, tmp_path / "run", case))
    frequencies, found = measured(tmp_path / "run/impedance_cycle1_step2.csv")
    again = spectrum(of_run(case, COMM, tmp_path / "run"), LOW, HIGH, given=True)
    assert frequencies == pytest.approx(again.frequency, rel=1e-12)
    assert found == pytest.approx(again.impedance, rel=1e-9)


MIXED = symmetric(
    "concentrated", 1e-4,
    ["plate at 1 mA/cm^2 for 10 s", ASKED, "rest for 1 s", ASKED, "strip at 1 mA/cm^2 for 5 s"],
    cells=10, kinetics=LAYER, more=f"{COARSE}\noutput.pictures = false",
)  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Marched]:
    """A run with two spectra that nothing interrupted."""
    path, case = tmp_path_factory.mktemp("steps") / "whole", read(MIXED)
    return path, march(case, open_folder(COMM, path, case))


def test_the_march_goes_on_as_if_nobody_had_looked(
    whole: tuple[Path, Marched], tmp_path: Path
) -> None:
    unseen = read(MIXED.replace(f'"{ASKED}", ', ""))
    march(unseen, open_folder(COMM, tmp_path / "unseen", unseen))
    left = ("step", "newton_iterations", "number")
    rows = [
        [{k: v for k, v in row.items() if k not in left} for row in table(path / "history.csv")
         if "unseen" in str(path) or row["step"] not in ("2", "4")]
        for path in (tmp_path / "unseen", whole[0])
    ]  # fmt: skip
    assert rows[0] == rows[1]
    (seen,), (other,) = (table(p / "cycles.csv") for p in (whole[0], tmp_path / "unseen"))
    assert seen["ended_by"] == "time; spectrum; time; spectrum; time"
    same = ("plated", "stripped", "end", "hysteresis", "side_resting")
    assert [seen[name] for name in same] == [other[name] for name in same]


def test_a_table_of_what_they_come_to(whole: tuple[Path, Marched]) -> None:
    path, marched = whole
    under, resting = table(path / "spectra.csv")
    assert (under["step"], under["file"]) == ("2", "impedance_cycle1_step2.csv")
    assert float(under["time"]) == 10.0
    assert float(under["current"]) == pytest.approx(-10.0)
    at_rest = 2 * thermal_voltage(298.15) / (2 * 5.0)  # two electrodes, i0 = 5 A/m2
    assert float(resting["slopes.R_ct"]) == pytest.approx(at_rest, rel=1e-3)
    # by exp(1.5 x) - exp(-0.5 x) = -2 and 2, whose slopes are 1.216 and 4.39
    assert float(under["slopes.R_ct"]) == pytest.approx(1.050 * at_rest, rel=2e-3)
    last = marched.spectrum["last_spectrum.slopes.R_ct"]
    assert last.unit == "ohm m^2"
    assert last.value == float(resting["slopes.R_ct"])


def test_a_figure_of_all_of_them(whole: tuple[Path, Marched]) -> None:
    spectra = saved_spectra(whole[0])
    plane, course = spectra_figure(read(MIXED), spectra).axes
    _, first = measured(whole[0] / "impedance_cycle1_step2.csv")
    assert plane.lines[0].get_xdata() == pytest.approx(1e4 * first.real)
    assert plane.lines[0].get_ydata() == pytest.approx(-1e4 * first.imag)
    texts = [text.get_text() for text in plane.get_legend().get_texts()]
    assert texts == ["cycle 1, step 2", "cycle 1, step 4"]
    transfer = [1e4 * float(row["slopes.R_ct"]) for row in table(whole[0] / "spectra.csv")]
    assert course.lines[0].get_ydata() == pytest.approx(transfer)


@pytest.mark.parametrize("most", [0, 5, 30])
def test_a_run_cut_short_amid_a_spectrum_goes_on(
    whole: tuple[Path, Marched], most: int, tmp_path: Path
) -> None:
    case, path = read(MIXED), tmp_path / "run"
    folder = open_folder(COMM, path, case)
    with pytest.raises(ZinterphaseError, match="enough"):
        march(case, folder, most)
    folder.release()
    march(case, reopen_folder(COMM, path), resumed=path / MARCH)
    for name in ("spectra.csv", "history.csv"):
        assert len(table(path / name)) == len(table(whole[0] / name))
    for first, second in zip(table(path / "spectra.csv"), table(whole[0] / "spectra.csv"),
                             strict=True):  # fmt: skip
        assert float(first["slopes.R_ct"]) == pytest.approx(float(second["slopes.R_ct"]), rel=1e-9)


def test_a_level_without_storage_has_none() -> None:
    moving = symmetric("secondary", 1e-4, STEPS, cells=4, more="front = {}")
    with pytest.raises(CaseError, match="one that stores, for an impedance"):
        read(moving)
