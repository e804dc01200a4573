"""Two plating reactions by a case file alone: in a run, in its balances and in a comparison."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from mpi4py import MPI

from zinterphase.case import Case, Draft
from zinterphase.ensemble.compare import compare
from zinterphase.ensemble.terminal import rich_cell_table
from zinterphase.observe.quantity import Quantity
from zinterphase.observe.surface import SurfaceMap
from zinterphase.output.results import quantities
from zinterphase.output.runfolder import read_results
from zinterphase.run import solve
from zinterphase.scales import FARADAY

ROOT = Path(__file__).parents[2]
CASE = ROOT / "cases/copper_beside_zinc.toml"
COARSE = ["mesh.far_size=20 um", "output.fields=none"]
FIELD = "working.copper.current_density_true_area"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Folder and terminal output of the case."""
    folder = tmp_path_factory.mktemp("copper") / "run"
    program = str(Path(sys.executable).with_name("zinterphase"))
    words = [word for override in COARSE for word in ("--set", override)]
    done = subprocess.run(
        [program, "run", str(CASE), "-o", str(folder), *words],
        cwd=ROOT, capture_output=True, text=True, timeout=250, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def number(results: dict[str, Quantity], key: str) -> float:
    value = results[key].value
    assert isinstance(value, float), key
    return value


def test_each_reaction_has_its_part_of_the_current(run: tuple[Path, str]) -> None:
    results = read_results(run[0])
    total = number(results, "working.mean_current_density")
    means = {
        name: number(results, f"working.{name}.mean_current_density")
        for name in ("deposition", "copper")
    }
    assert total == pytest.approx(-20.0, rel=1e-9)
    assert sum(means.values()) == pytest.approx(total, rel=1e-12)
    for name, mean in means.items():
        assert number(results, f"working.{name}.current_share") == pytest.approx(mean / total)
    # Copper comes by diffusion, and a little by migration: its own limiting current.
    diffusion = 2 * FARADAY * 0.71e-9 * 5.0 / 50e-6
    assert 1.0 < -means["copper"] / diffusion < 1.03
    made = number(results, "working.copper.ion_production.Cu2+")
    assert made == pytest.approx(means["copper"] / (2 * FARADAY), rel=1e-12)
    assert number(results, "working.ion_production.Cu2+") == made
    flux = number(results, "working.mean_ion_flux")
    assert flux == pytest.approx(-means["deposition"] / (2 * FARADAY), rel=1e-12)
    assert number(results, "working.copper.exchange_current_density") == pytest.approx(10.0)


def test_each_reaction_has_its_own_evenness(run: tuple[Path, str]) -> None:
    results = read_results(run[0])
    surface = SurfaceMap.from_csv(run[0] / "surface.csv").facet_means("current_density_copper")
    copper = surface.values["current_density_copper"]
    mean = surface.mean("current_density_copper")
    assert number(results, f"{FIELD}.mean") == pytest.approx(mean, rel=1e-9)
    assert number(results, f"{FIELD}.max_over_mean") < 1.01
    assert number(results, f"{FIELD}.cv") == pytest.approx(
        float(surface.weights("area") @ (copper / mean - 1.0) ** 2) ** 0.5, rel=1e-6
    )
    zinc = number(results, "working.deposition.current_density_true_area.cv")
    assert zinc > 100 * number(results, f"{FIELD}.cv")


def test_the_terminal_shows_the_reactions(run: tuple[Path, str]) -> None:
    table = run[1].split("Reactions")[1].split("Homogeneity")[0]
    rows = [line for line in table.splitlines() if "working" in line]
    assert [name for row in rows for name in ("deposition", "copper") if name in row] == [
        "deposition", "copper",
    ]  # fmt: skip


def test_every_ion_has_its_balance(run: tuple[Path, str]) -> None:
    with (run[0] / "balance.csv").open(encoding="utf-8") as file:
        rows = {row["balance"]: row for row in csv.DictReader(file)}
    made = number(read_results(run[0]), "working.ion_production.Cu2+") * FARADAY * 30e-6
    assert float(rows["ion Cu2+"]["left"]) == pytest.approx(made, rel=1e-9)
    assert float(rows["ion Cu2+"]["right"]) == pytest.approx(made, rel=1e-7)
    assert float(rows["ion SO42-"]["left"]) == 0.0
    units = {f"{unit} per metre of depth" for unit in ("A", "m^2", "m^3")}
    assert {row["unit"] for row in rows.values()} == units


def test_reactions_in_a_comparison() -> None:
    """Against the same electrolyte whose copper does not react."""
    draft = Draft.load(CASE, [*COARSE, "geometry.width=10 um"])
    inert = draft.changed({"kinetics.zinc.reactions": None, "title": "inert"}).case()
    found = compare([inert, draft.case()], comm=MPI.COMM_SELF)
    assert FIELD in found.table.fields
    assert found.table.units[FIELD] == "A/m^2"
    alone, both = (
        found.table.row(label, -20.0, "working.current_density") for label in found.labels
    )
    assert both.scalars["working.copper.current_share"].value == pytest.approx(0.70, abs=0.02)
    assert alone.scalars["working.copper.current_share"].value is None
    assert "not defined" in str(alone.scalars["working.copper.current_share"].reason)
    assert both.homogenisation.value is not None
    assert both.homogenisation.value > 0.5
    own = found.table.row("copper beside zinc", -20.0, FIELD)
    assert own.metrics["cv"].value is not None
    assert own.homogenisation.value is None
    labels = list(rich_cell_table(found.table).columns[0].cells)
    assert "working.copper.current_share" in labels
    assert "working.copper.mean_current_density, mA/cm^2" in labels


def test_currents_that_cancel_have_no_share() -> None:
    """Corrosion: copper plates and zinc dissolves, and no current flows."""
    case = Case.load(CASE, [*COARSE, "geometry.width=10 um", "control.current_density=0 A/m^2"])
    found = quantities(solve(case))
    zinc, copper = (
        number(found, f"working.{name}.mean_current_density") for name in ("deposition", "copper")
    )
    assert copper < -13.0
    assert zinc == pytest.approx(-copper, rel=1e-6)
    for name in ("deposition", "copper"):
        share = found[f"working.{name}.current_share"]
        assert (share.value, share.note) == (None, "the net current vanishes")
