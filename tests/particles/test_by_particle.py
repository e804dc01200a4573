"""Numbers and groups of each particle."""

import csv
import subprocess
import sys
from pathlib import Path
from typing import Any

import gmsh
import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.errors import CaseError
from zinterphase.geometry.particles.ownership import nearest_particle
from zinterphase.geometry.particles.spheres import Spheres
from zinterphase.observe.particles import particle_sums
from zinterphase.run import solve

from .patches import LIST_2D, drawn, patch


def silver(**more: Any) -> Case:
    packing = drawn(by_particle=True, exchange_current_density_factor=4.0, **more)
    return patch(packing, material="Ag")


def test_each_has_its_own_circumference() -> None:
    _, film = particle_sums(solve(silver(), MPI.COMM_SELF).problem)
    on_mirror = np.isin(film.centres[:, 0], (0.0, 2e-7))
    assert on_mirror.any()
    assert not on_mirror.all()
    expected = 2 * np.pi * film.radii * np.where(on_mirror, 0.5, 1.0)
    assert film.area == pytest.approx(expected, rel=1e-2)
    assert list(film.numbers) == list(range(1, len(film.radii) + 1))


def test_charges_of_insulators_are_told_where_they_are_seen() -> None:
    packing = drawn(by_particle=True, surface_charge="-0.02 C/m^2")
    liquid = {"salt": "ZnSO4", "concentration": "10 mmol/L"}
    case = patch(packing, level="pnp", accept_invalid=True, electrolyte=liquid)
    _, film = particle_sums(solve(case, MPI.COMM_SELF).problem)
    assert film.integrals["charge"] == pytest.approx(-0.02 * film.area, rel=1e-9)
    assert "current" not in film.integrals
    assert np.all(film.integrals["potential"] < 0.0)
    neutral = patch(packing)
    assert "charge" not in particle_sums(solve(neutral, MPI.COMM_SELF).problem)[1].integrals


def test_a_place_belongs_to_the_nearest_surface() -> None:
    spheres = Spheres.apart(np.array([[0.0, 0.0], [4.0, 0.0]]), np.array([1.0, 2.5]))
    places = np.array([[1.2, 0.0], [1.3, 0.0], [4.0, 2.5], [-1.0, 0.0]])
    assert list(nearest_particle(spheres, places)) == [0, 1, 1, 0]


def test_no_table_and_no_groups_where_none_are_asked_for() -> None:
    assert particle_sums(solve(patch(drawn(), material="Ag"), MPI.COMM_SELF).problem) == []


def test_the_folder_has_the_table_and_the_mesh_file_the_groups(
    tmp_path: Path,
) -> None:
    (tmp_path / "list.csv").write_text(LIST_2D)
    packing = {"file": "list.csv", "by_particle": True, "gap": "2 nm"}
    (tmp_path / "case.toml").write_text(patch(packing, tmp_path).to_toml())
    program(tmp_path, "run", "case.toml", "-o", "run")
    with (tmp_path / "run" / "particles.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["number"], row["layer"]) for row in rows] == [
        ("0", "zinc"),
        ("1", "film"),
        ("2", "film"),
    ]
    assert rows[0]["x"] == rows[1]["current"] == rows[1]["charge"] == ""
    assert float(rows[2]["z"]) == pytest.approx(6e-8)
    assert float(rows[0]["current"]) == pytest.approx(-10.0 * 2e-7, rel=1e-6)
    path = tmp_path / "mesh.msh"
    program(tmp_path, "mesh", "case.toml", "-o", path.name)
    lengths = _lengths(path)
    each = [lengths["particle film 1"], lengths["particle film 2"]]
    assert each == pytest.approx([2 * np.pi * 2e-8, 2 * np.pi * 3e-8], rel=1e-2)
    assert sum(each) == pytest.approx(lengths["particles of film"], rel=1e-9)
    assert lengths["base"] == pytest.approx(2e-7)


def program(folder: Path, *words: str) -> None:
    command = [str(Path(sys.executable).with_name("zinterphase")), *words]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=250, check=False
    )
    assert done.returncode == 0, done.stderr


def _lengths(path: Path) -> dict[str, float]:
    """Of the groups of edges in a mesh file."""
    gmsh.initialize(readConfigFiles=False, interruptible=False)
    try:
        gmsh.option.setNumber("General.Terminal", 0)
        gmsh.open(str(path))
        tags, places, _ = gmsh.model.mesh.getNodes()
        point = dict(zip(tags.tolist(), places.reshape(-1, 3), strict=True))
        found = {}
        for dim, group in gmsh.model.getPhysicalGroups(1):
            total = 0.0
            for entity in gmsh.model.getEntitiesForPhysicalGroup(dim, group):
                for nodes in gmsh.model.mesh.getElements(dim, entity)[2]:
                    for a, b in nodes.reshape(-1, 2).tolist():
                        total += float(np.linalg.norm(point[a] - point[b]))
            found[gmsh.model.getPhysicalName(dim, group)] = total
        return found
    finally:
        gmsh.finalize()


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"level": "primary"}, "false at level primary"),
        (
            {"protocol": [{"steps": ["rest for 1 s"]}]},
            "false in a case with a protocol",
        ),
    ],
)
def test_where_there_is_no_table(tables: dict[str, Any], words: str) -> None:
    with pytest.raises(CaseError, match=words):
        patch(drawn(by_particle=True), **{"control": {}, **tables})
