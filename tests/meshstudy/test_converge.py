"""Studies over families of meshes: the driver, its store and budget, the commands."""

import csv
import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI
from typer.testing import CliRunner

from zinterphase.case import Case
from zinterphase.cli.commands import app
from zinterphase.ensemble.budget import Budget
from zinterphase.errors import BudgetSpent, CaseError, SolveError
from zinterphase.geometry.export import export_msh
from zinterphase.geometry.source import mesh_of_case
from zinterphase.meshstudy import driver
from zinterphase.meshstudy.convergence import Convergence
from zinterphase.meshstudy.driver import MESHES, converge
from zinterphase.meshstudy.families import uniform_family
from zinterphase.meshstudy.meshes import MeshRecord
from zinterphase.output.runfolder import read_results
from zinterphase.solve.problem import Problem
from zinterphase.solve.state import State

ROOT = Path(__file__).parents[2]
PROGRAM = Path(sys.executable).parent / "zinterphase"
SMALL = ["geometry.width=10 um", "mesh.far_size=20 um", "mesh.lateral_size=600 nm"]
WORDS = [word for setting in SMALL for word in ("--set", setting)]
COMM = MPI.COMM_SELF


def case(*overrides: str) -> Case:
    return Case.load(ROOT / "cases" / "dual_layer.toml", [*SMALL, *overrides])


def call(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *words], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )


def record(unknowns: int, seconds: float, memory: float) -> MeshRecord:
    return MeshRecord("", 1.0, 1e-6, 100, unknowns, 5, False, seconds, memory, {}, {}, {})


# -- the driver --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "level",
    ["level=secondary", "level=concentrated"],
)
def test_orders_and_errors_of_a_film_on_a_rough_anode(level: str) -> None:
    """P1: order 2 for all means and CVs, and the error bars hold against the next mesh."""
    study = converge(case(level), uniform_family(case(level)), 4, comm=COMM)
    found = study.convergence
    assert found.met
    for name in ("working.potential", "cell.voltage.kinetic", "working.current_density.cv",
                 "working.ion_flux.mean", "film.ion_flux_outer_face.cv"):  # fmt: skip
        assert found.quantities[name].estimate.behaviour == "asymptotic", name
        assert found.quantities[name].estimate.order == pytest.approx(2.0, abs=0.15), name
    assert found.quantities["working.current_density.mean"].estimate.behaviour == "exact"
    coarser = Convergence.of(found.meshes[:3], degree=1, tolerance=0.01)
    for name, quantity in coarser.quantities.items():
        if quantity.estimate.behaviour != "asymptotic":
            continue
        finer = found.quantities[name].estimate
        limit = finer.value if finer.extrapolated is None else finer.extrapolated
        assert abs(quantity.estimate.value - limit) <= quantity.estimate.error, name
    assert found.quantities["working.current_density.gini"].estimate.behaviour == "difference"
    first, *finer = found.meshes
    assert not first.from_previous
    assert all(mesh.from_previous for mesh in finer)
    # An imposed current starts at the potential of its kinetics, and is near there, too.
    assert max(mesh.iterations for mesh in finer) <= first.iterations + 1


@pytest.mark.parametrize(
    "more",
    [
        ["level=concentrated", "counter.type=electrode"],
        ["level=concentrated", "layers.silver.potential=resolved"],
        ["level=pnp", "electrolyte.concentration=0.05 mol/L"],
    ],
)
def test_first_guess_changes_nothing_but_the_iterations(more: list[str]) -> None:
    """Against a solve from rest; resolved double layers on a rough surface start from rest."""
    chosen = case(*more)
    last = converge(chosen, uniform_family(chosen), 2, comm=COMM).convergence.meshes[-1]
    alone = converge(chosen, list(_skipping(chosen, 1)), 1, comm=COMM).convergence.meshes[-1]
    for name, value in alone.values.items():
        scale = abs(alone.values["cell.voltage.total"]) if alone.units[name] == "V" else abs(value)
        assert last.values[name] == pytest.approx(value, abs=1e-7 * max(scale, 1e-9)), name
    assert last.from_previous == (chosen.level != "pnp")


def _skipping(chosen: Case, number: int):
    for k, mesh in enumerate(uniform_family(chosen)):
        if k == number:
            yield mesh
            return


def test_a_first_guess_that_leads_nowhere_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    def planted(source: Problem, target: Problem) -> State:
        state = target.state()
        fields = {
            name: 400.0 * np.where(np.arange(values.size) % 2, 1.0, -1.0)
            for name, values in state.fields.items()
        }
        return replace(state, fields=fields)

    good = converge(case(), uniform_family(case()), 2, comm=COMM).convergence.meshes[-1]
    monkeypatch.setattr(driver, "transfer", planted)
    study = converge(case(), uniform_family(case()), 2, comm=COMM)
    last = study.convergence.meshes[-1]
    assert not last.from_previous
    cv = "working.current_density.cv"
    assert last.values[cv] == pytest.approx(good.values[cv])


def test_finished_meshes_are_not_solved_again(tmp_path: Path) -> None:
    built: list[Problem] = []

    def study(meshes: int, *more: str) -> Convergence:
        built.clear()
        family = uniform_family(case(*more))
        return converge(
            case(*more), family, meshes, comm=COMM, folder=tmp_path, on_problem=built.append
        ).convergence

    first = study(3)
    assert len(built) == 3
    again = study(3, "accuracy=0.5 %")
    assert (len(built), again.kept) == (0, 3)
    assert [m.values for m in again.meshes] == [m.values for m in first.meshes]
    with (tmp_path / MESHES).open("a", encoding="utf-8") as file:
        file.write('{"key": "cut o')
    assert study(4).kept == 3
    assert len(built) == 1
    assert study(3, "level=primary").kept == 0


def test_a_finer_mesh_that_fails_leaves_the_coarser_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    solve_on = driver.solve_on
    calls = []

    def third_fails(*arguments, **more):
        calls.append(1)
        if len(calls) == 3:
            raise SolveError("planted")
        return solve_on(*arguments, **more)

    monkeypatch.setattr(driver, "solve_on", third_fails)
    study = converge(case(), uniform_family(case()), 4, comm=COMM)
    assert (len(study.convergence.meshes), study.convergence.stopped) == (2, "planted")
    assert study.result is not None
    assert not study.convergence.met


# -- budget ------------------------------------------------------------------------------------


def test_budget_is_asked_before_a_mesh_is_begun() -> None:
    done = [record(1000, 10.0, 1e9)]
    assert Budget(COMM).objection(done, 4.0) is None
    assert Budget(COMM, seconds=1e-3).objection([], 4.0) is None
    assert Budget(COMM, seconds=100.0).objection(done, 4.0) is None
    assert "of 30 s are left" in Budget(COMM, seconds=30.0).objection(done, 4.0)
    assert Budget(COMM, memory=1e11).objection(done, 4.0) is None
    assert "of 4 GB allowed" in Budget(COMM, memory=4e9).objection(done, 4.0)


def test_budget_ends_a_solve() -> None:
    with pytest.raises(BudgetSpent, match="wall time"):
        converge(case(), uniform_family(case()), 3, comm=COMM, budget=Budget(COMM, seconds=1e-3))
    with pytest.raises(BudgetSpent, match="memory"):
        converge(case(), uniform_family(case()), 3, comm=COMM, budget=Budget(COMM, memory=1e6))


# -- the commands ------------------------------------------------------------------------------


def test_converge_writes_table_json_and_plot(tmp_path: Path) -> None:
    done = call("converge", "cases/dual_layer.toml", "--meshes", "3", "-o", str(tmp_path), *WORDS)
    assert done.returncode == 0, done.stderr
    assert {p.name for p in tmp_path.iterdir()} == {
        "convergence.csv", "convergence.json", "convergence.png", "convergence.pdf",
        "convergence.txt", MESHES, "state.npz",
    }  # fmt: skip
    data = json.loads((tmp_path / "convergence.json").read_text(encoding="utf-8"))
    with (tmp_path / "convergence.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["quantity"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(data["quantities"])
    assert float(rows["working.current_density.cv"]["order"]) == pytest.approx(2.0, abs=0.2)
    assert data["met"] is True
    assert "working.current_density_true_area.cv = " in done.stdout
    assert all(f"{name} = " in done.stdout for name in data["targets"])
    assert len(done.stdout.splitlines()) <= 12
    assert f" of {len(rows)} quantities are within the accuracy; not: " in done.stdout
    page = (tmp_path / "convergence.txt").read_text(encoding="utf-8")
    assert all(name in page for name in rows)


@pytest.mark.parametrize(
    ("words", "fragments"),
    [
        (["--meshes", "2"], ["--meshes = 2", "at least 3"]),
        (["--time", "soon"], ["--time", "soon", "10 min"]),
        (["--time", "-1 s"], ["--time", "above 0"]),
        (["--memory", "4 m"], ["--memory", "4 m", "4 GB"]),
        (["--ratio", "1.1"], ["--ratio", "1.3 to 10"]),
        (["--set", "accuracy=2"], ["accuracy", "1 %"]),
        (["--set", "accuracy=0 %"], ["accuracy", "1e-09 to below 1"]),
        (["--set", "accuracy=very"], ["accuracy", "1 %"]),
    ],
)
def test_bad_options_are_one_line(words: list[str], fragments: list[str], tmp_path: Path) -> None:
    folder, file = tmp_path / "study", str(ROOT / "cases" / "dual_layer.toml")
    before = signal.getsignal(signal.SIGTERM)
    done = CliRunner().invoke(app, ["converge", file, "-o", str(folder), *words])
    signal.signal(signal.SIGTERM, before)
    assert isinstance(done.exception, CaseError)
    line = str(done.exception)
    assert all(fragment in line for fragment in fragments), line
    assert not folder.exists()


def test_accuracy_is_read_as_per_cent_or_fraction_and_written_back() -> None:
    for text in ("accuracy=0.5 %", "accuracy=0.005"):
        chosen = case(text)
        assert chosen.accuracy == 0.005
        assert "accuracy = 0.005" in chosen.to_toml()
    assert case().accuracy is None


def test_run_refines_until_the_accuracy_is_met(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    words = ["run", "cases/dual_layer.toml", "-o", str(folder), *WORDS]
    done = call(*words, "--set", "accuracy=1 %")
    assert done.returncode == 0, done.stderr
    results = read_results(folder)
    for name in ("working.potential", "working.current_density.cv",
                 "working.current_density.max_over_mean", "cell.voltage.kinetic"):  # fmt: skip
        entry = results[name]
        assert isinstance(entry.value, float)
        assert entry.error is not None
        assert 0.0 < entry.error < 0.01 * abs(entry.value), name
    assert not [name for name, entry in results.items() if "one mesh" in (entry.note or "")]
    spent = json.loads((folder / "run.json").read_text(encoding="utf-8"))["accuracy"]
    assert (spent["met"], spent["meshes"], len(spent["unknowns"])) == (True, 3, 3)
    assert results["accuracy.unknowns"].value == sum(spent["unknowns"])
    assert "spent: 3 meshes" in done.stdout


def test_run_out_of_time_keeps_the_last_state_and_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    words = ["run", "cases/dual_layer.toml", "-o", str(folder), *WORDS]
    done = call(*words, "--set", "accuracy=0.0001 %", "--time", "6 s")
    assert done.returncode == 6
    assert done.stderr.strip().startswith("error: accuracy = 0.0001 % is not met by")
    assert "stopped: " in done.stdout
    assert "working.current_density.cv" in read_results(folder)
    assert json.loads((folder / "run.json").read_text())["accuracy"]["met"] is False


def test_mesh_from_a_file_is_halved_only(tmp_path: Path) -> None:
    export_msh(mesh_of_case(case()), tmp_path / "own.msh")
    own = case(f"mesh.file={tmp_path / 'own.msh'}")
    with pytest.raises(CaseError, match=r"--ratio = 1\.5"):
        converge(own, uniform_family(own, 1.5), 3, comm=COMM)
    found = converge(own, uniform_family(own), 3, comm=COMM).convergence
    cv = found.quantities["working.current_density.cv"].estimate
    assert [mesh.cells for mesh in found.meshes[1:]] == [4 * m.cells for m in found.meshes[:-1]]
    assert cv.order == pytest.approx(2.0, abs=0.2)


def test_noise_and_scale_decide_what_is_exact() -> None:
    """A part of the voltage is judged by the whole."""
    total, part = "cell.voltage.total", "cell.voltage.ohmic.film"
    meshes = [
        replace(
            record(100 * 4**k, 1.0, 0.0), size=0.5**k,
            values={total: 1.0 + 1e-3 * 0.25**k, part: 1e-3 * 0.25**k},
            units={total: "V", part: "V"}, noise={"V": 1e-12},
        )
        for k in range(3)
    ]  # fmt: skip
    found = Convergence.of(meshes, degree=1, tolerance=0.01).quantities
    film = found[part]
    assert film.relative_error == pytest.approx(1.25 * 1e-3 / 16, rel=1e-2)
    assert film.passed
