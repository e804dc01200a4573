"""The commands as a user calls them, alone."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from zinterphase.observe.surface import SurfaceMap
from zinterphase.output.runfolder import read_results

from .in_turn import in_turn

ROOT = Path(__file__).parents[2]
PROGRAM = Path(sys.executable).parent / "zinterphase"
SMALL = ["--set", "mesh.far_size=20 um"]


def call(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the program in the root of the project."""
    return subprocess.run(
        [PROGRAM, *words], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of the dual layer with a normal and a probe."""
    path = tmp_path_factory.mktemp("runs") / "dual"
    extra = ["--set", 'output.normals=["10 um"]', "--set", 'output.probes=[["20 um", "5 um"]]']
    done = call("run", "cases/dual_layer.toml", "-o", str(path), *SMALL, *extra)
    assert done.returncode == 0, done.stderr
    return path


BAD = {
    "layers.titania.thickness=-1 um": ["layers.titania.thickness", "-1 um"],
    "layers.titania.porosity=1.2": ["layers.titania.porosity", "1.2"],
    "control.current_density=1.5 mV": ["control.current_density", "1.5 mV"],
    "geometry.sides=periodic": ["geometry.sides", "periodic", "mirror"],
    "level=pnp": ["electrolyte.concentration", "2 mol/L", "accept_invalid"],
    "control.current_density=-900 mA/cm^2": ["control.current_density", "i/i_lim"],
    "layers.titania.colour=blue": ["layers.titania.colour"],
    "mesh.file=nothing.msh": ["mesh.file", "nothing.msh"],
}


def test_bad_input_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    run = ["run", "cases/dual_layer.toml", "-o", str(folder), "--set"]
    answers = in_turn(ROOT, tmp_path, [[*run, setting] for setting in BAD])
    for (setting, fragments), answer in zip(BAD.items(), answers, strict=True):
        assert answer.code == 2, setting
        (line,) = answer.stderr.strip().splitlines()
        assert all(fragment in line for fragment in fragments), line
    assert not (folder / "results.json").exists()


def test_missing_case_file_is_one_line() -> None:
    done = call("run", "cases/nothing.toml")
    assert done.returncode == 2
    assert "nothing.toml" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("precious")
    done = call("run", "cases/bare.toml", "-o", str(tmp_path), *SMALL)
    assert done.returncode == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["thesis.tex"]


def test_run_folder_is_complete(run_folder: Path) -> None:
    names = {p.name for p in run_folder.iterdir()}
    expected = {
        "case.toml", "results.json", "surface.csv", "profiles.csv", "balance.csv", "solver.csv",
        "run.json", "fields.pvd", "fields.png", "surface.png", "mesh.png", "surface.vtp",
        "state.npz",
    }  # fmt: skip
    assert expected <= names
    assert not [n for n in names if n.startswith(".")]
    assert json.loads((run_folder / "run.json").read_text())["state"] == "finished"


def test_results_say_what_the_surface_file_says(run_folder: Path) -> None:
    results = read_results(run_folder)
    surface = SurfaceMap.from_csv(run_folder / "surface.csv")
    total = float(surface.area @ surface.values["current_density"])
    mean = results["working.mean_current_density"].value
    assert mean == pytest.approx(-10.0, rel=1e-9)
    assert total / surface.projected_area.sum() == pytest.approx(mean, rel=1e-9)
    assert len(np.unique(surface.facet)) == len(surface)
    parts = ("kinetic", "ohmic", "concentration", "electronic")
    sums = {name: results[f"cell.voltage.{name}"].value for name in parts}
    assert sum(sums.values()) == pytest.approx(results["cell.voltage.total"].value, rel=1e-9)
    for name in parts[:3]:
        finer = [v.value for k, v in results.items() if k.startswith(f"cell.voltage.{name}.")]
        assert sum(finer) == pytest.approx(sums[name], rel=1e-12)


def test_resolved_case_runs_to_the_same_numbers(run_folder: Path, tmp_path: Path) -> None:
    done = call("run", str(run_folder / "case.toml"), "-o", str(tmp_path / "again"))
    assert done.returncode == 0, done.stderr
    first = read_results(run_folder)
    again = read_results(tmp_path / "again")
    for name, entry in first.items():
        assert again[name].value == pytest.approx(entry.value, rel=1e-9), name


def test_profile_starts_on_the_surface_and_ends_in_the_bulk(run_folder: Path) -> None:
    table = np.genfromtxt(
        run_folder / "profiles.csv", delimiter=",", names=True, dtype=None, encoding="utf-8"
    )
    line = table[table["line"] == "normal at 10 um"]
    assert np.isfinite(line["potential"]).all()
    assert line["potential"][-1] == pytest.approx(0.0, abs=1e-12)
    assert (np.diff(line["potential"]) >= -1e-12).all()  # deposition: Phi falls towards the metal


def test_mesh_reports_and_exports(tmp_path: Path) -> None:
    done = call("mesh", "cases/titania.toml", "-o", str(tmp_path / "t.msh"))
    assert done.returncode == 0, done.stderr
    assert "titania" in done.stdout
    assert "vertices" in done.stdout
    assert (tmp_path / "t.msh").is_file()


@pytest.mark.parametrize("name", ["titania", "titania.vtk"])
def test_meshes_are_written_in_one_format(name: str, tmp_path: Path) -> None:
    done = call("mesh", "cases/titania.toml", "-o", str(tmp_path / name))
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith('error: --output = "')
    assert line.endswith(": allowed a file whose name ends in .msh")
    assert not any(tmp_path.iterdir())


def test_exported_mesh_gives_the_same_solution(tmp_path: Path) -> None:
    """The recipe's mesh and the same mesh as a user's file are one problem."""
    assert call("mesh", "cases/titania.toml", "-o", str(tmp_path / "t.msh"), *SMALL).returncode == 0
    for name, extra in (("a", []), ("b", ["--set", f"mesh.file={tmp_path / 't.msh'}"])):
        done = call("run", "cases/titania.toml", "-o", str(tmp_path / name), *SMALL, *extra)
        assert done.returncode == 0, done.stderr
    a, b = (read_results(tmp_path / n) for n in "ab")
    for name in ("working.potential", "working.current_density.cv"):
        assert a[name].value == pytest.approx(b[name].value, rel=1e-9)


def test_check_prints_regime_sources_and_advice() -> None:
    done = call("check", "cases/dual_layer.toml")
    assert done.returncode == 0, done.stderr
    for words in (
        "Debye length",
        "i / i_lim",
        "Wagner",
        "concentrated is valid; also valid: secondary",
        "cases.Ag_i0",
    ):
        assert words in done.stdout, words


def test_check_refuses_with_a_non_zero_exit() -> None:
    done = call("check", "cases/dual_layer.toml", "--set", "level=pnp")
    assert done.returncode == 2
    assert "Debye length" in done.stderr


def test_help_has_an_example(tmp_path: Path) -> None:
    names = ["run", "mesh", "check", "compare", "study mechanisms", "study sensitivity"]
    answers = in_turn(ROOT, tmp_path, [[*name.split(), "--help"] for name in names])
    for name, answer in zip(names, answers, strict=True):
        assert answer.code == 0, name
        assert f"zinterphase {name}" in answer.stdout


SENSELESS = {
    "mechanisms --seeds 9": "--seeds = 9: allowed at least 10, for an interval",
    "mechanisms --only spreads": 'switches = "spreads": allowed i0, spread, nucleation, ',
    "mechanisms --together V1_negative,V1_positive": (
        'switches = "V1_negative + V1_positive": allowed one of the two: they exclude each'
    ),
    "mechanisms --current 1": '--current = "1": allowed a current density with its unit',
    "mechanisms --set level=secondary --only V2": "it acts at level concentrated",
    "sensitivity --samples 3": "--samples = 3: allowed at least 4 with morris",
    "sensitivity --seeds 0": "Invalid value for '--seeds'",
}


def test_studies_refuse_what_makes_no_sense_in_one_line(tmp_path: Path) -> None:
    commands = []
    for words in SENSELESS:
        name, *rest = words.split()
        folder = str(tmp_path / "study")
        commands.append(["study", name, "cases/dual_layer.toml", *rest, "-o", folder])
    answers = in_turn(ROOT, tmp_path, commands)
    for (words, message), answer in zip(SENSELESS.items(), answers, strict=True):
        assert answer.code == 2, words
        assert message in answer.stderr
        assert "Traceback" not in answer.stderr
    assert not (tmp_path / "study").exists()


def test_adaptive_meshes_refuse_particles_in_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    done = call("converge", "cases/particles_2d.toml", "--adaptive", "-o", str(folder))
    assert done.returncode == 2
    assert done.stderr.startswith("error: layers.silver.packing")
    assert len(done.stderr.splitlines()) == 1
    assert not folder.exists()


def test_adaptive_meshes_refuse_a_protocol_in_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    done = call("converge", "cases/symmetric_cell.toml", "--adaptive", "-o", str(folder))
    assert done.returncode == 2
    assert "protocol = " in done.stderr
    assert "--adaptive" in done.stderr
    assert "Traceback" not in done.stderr
    assert not folder.exists()


def test_user_mesh_of_another_width_is_refused(tmp_path: Path) -> None:
    """Also in another unit: mirror planes and the mean current depend on the width."""
    mesh = str(tmp_path / "t.msh")
    assert call("mesh", "cases/titania.toml", "-o", mesh, *SMALL).returncode == 0
    for wrong in ("geometry.width=120 um", "mesh.unit=1 um"):
        done = call(
            "run", "cases/titania.toml", "-o", str(tmp_path / "r"),
            "--set", f"mesh.file={mesh}", "--set", wrong,
        )  # fmt: skip
        assert done.returncode == 2
        assert "mesh.file" in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_failed_run_says_so_and_leaves_nothing_of_the_run_before(tmp_path: Path) -> None:
    """A solution outside the data of its level, in the folder of a good run."""
    folder = tmp_path / "r"
    assert call("run", "cases/bare.toml", "-o", str(folder), *SMALL).returncode == 0
    settings = [
        "level=concentrated", "electrolyte.concentration=0.06 mol/L",
        "control.current_density=-15 mA/cm^2",
    ]  # fmt: skip
    overrides = [w for setting in settings for w in ("--set", setting)]
    done = call("run", "cases/bare.toml", "-o", str(folder), *overrides)
    assert done.returncode == 4
    assert "measured from" in done.stderr
    run = json.loads((folder / "run.json").read_text())
    assert run["state"] == "failed"
    assert "measured from" in run["reason"]
    left = {p.name for p in folder.iterdir()}
    assert left == {"run.json", "case.toml", "solver.csv", "state.npz"}


def test_brackets_in_a_title_are_text(tmp_path: Path) -> None:
    done = call("run", "cases/bare.toml", "-o", str(tmp_path / "r"), "--set", "title=AT [/Zn] [b]")
    assert done.returncode == 0, done.stderr
    assert "AT [/Zn] [b]" in done.stdout


def test_output_below_a_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    done = call("run", "cases/bare.toml", "-o", str(tmp_path / "file" / "sub"))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_blocked_patch_of_a_map_is_refused_by_name(tmp_path: Path) -> None:
    table = tmp_path / "i0.csv"
    table.write_text("x,factor\n0,0\n60e-6,1\n", encoding="utf-8-sig")
    done = call(
        "run", "cases/bare.toml", "-o", str(tmp_path / "r"),
        "--set", f"kinetics.zinc={{contact_fraction=1.0,map={{file='{table}'}}}}",
    )  # fmt: skip
    assert done.returncode == 2
    assert "above 0" in done.stderr


def test_potential_beyond_the_limiting_current_is_refused_at_secondary(tmp_path: Path) -> None:
    """The current is known after the solve only."""
    settings = ["level=secondary", "reference=Zn", "control.potential=-600 mV"]
    overrides = [w for setting in settings for w in ("--set", setting)]
    done = call("run", "cases/bare.toml", "-o", str(tmp_path / "r"), *overrides, *SMALL)
    assert done.returncode == 2
    assert "i/i_lim" in done.stderr
