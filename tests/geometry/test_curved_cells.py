"""Cells of second order: middle nodes on the true faces, kept by every way a mesh takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import gmsh
import numpy as np
import pytest

from zinterphase.errors import CaseError, MeshError
from zinterphase.geometry.build import build
from zinterphase.geometry.cache import load, save
from zinterphase.geometry.export import export_msh
from zinterphase.geometry.faces import face_shapes
from zinterphase.geometry.gmsh_core import gmsh_session
from zinterphase.geometry.quadratic import edges_of, folded, second_order
from zinterphase.geometry.quadratic import volume as whole_volume
from zinterphase.geometry.quality import mesh_quality
from zinterphase.geometry.raw import Middles, RawMesh
from zinterphase.geometry.source import mesh_of_case
from zinterphase.geometry.subdivision import subdivided_mesh
from zinterphase.geometry.surface import Protrusion, Sinusoidal, Surface
from zinterphase.geometry.user import load_user_mesh

from .mesh_samples import case_of_plane, plane
from .recipes import UM, random, recipe

WAVE = Sinusoidal(0.4 * UM, 8 * UM)
LAYERS = ("film", "electrolyte")


def curved(surface: Surface, dimension: int = 2, **more: object) -> RawMesh:
    spec = recipe(surface, dimension, first=0.1 * UM, **more)  # type: ignore[arg-type]
    return build(replace(spec, curved=True))


def middles_on(mesh: RawMesh, group: str) -> np.ndarray:
    """Middle nodes of the edges of a group of facets."""
    edges, _ = edges_of(mesh.facets[mesh.facet_tags == mesh.facet_ids[group]])
    whole = second_order(mesh)
    known = {tuple(edge): k for k, edge in enumerate(whole.edges.tolist())}
    rows = [len(mesh.points) + known[tuple(edge)] for edge in edges.tolist()]
    return whole.points[rows]


@pytest.mark.parametrize("top", ["conformal", "normal", "flat"])
@pytest.mark.parametrize("dimension", [2, 3])
def test_middle_nodes_lie_on_the_faces(dimension: int, top: str) -> None:
    tip = Protrusion(0.5 * UM, 1.5 * UM, (4 * UM, 0.0)[: dimension - 1])
    for surface in (WAVE, random(dimension), tip):
        spec = recipe(surface, dimension, first=0.1 * UM, film_top=top)
        mesh = build(replace(spec, curved=True))
        assert not folded(mesh).size
        for face, group in enumerate(("base", "film|electrolyte")):
            nodes = middles_on(mesh, group)
            height = face_shapes(spec, nodes[:, :-1])[face] + face * UM
            assert np.abs(nodes[:, -1] - height).max() < 1e-9 * UM
        # Cells of first order are the same mesh without them.
        assert replace(mesh, middles=None).checksum == build(spec).checksum


def test_area_and_volume_are_of_fourth_order() -> None:
    errors = []
    for cells in (16, 32):
        mesh = curved(replace(WAVE, wavelength=20 * UM), lateral=20 * UM / cells, film_top="flat")
        film = replace(mesh, cells=mesh.cells[mesh.cell_tags == 1])
        errors.append(abs(whole_volume(film) / (20 * UM * UM) - 1.0))
    # Simpson's rule is exact for the mean of a whole wave: volumes are right at once.
    assert max(errors) < 1e-12
    assert mesh_quality(mesh).volume == pytest.approx(20 * UM * 51 * UM, rel=1e-12)


@pytest.mark.parametrize("dimension", [2, 3])
def test_files_and_the_cache_keep_curved_edges(dimension: int, tmp_path: Path) -> None:
    mesh = curved(random(dimension), dimension)
    assert mesh.middles is not None
    export_msh(mesh, tmp_path / "a.msh", UM)
    read = load_user_mesh(tmp_path / "a.msh", LAYERS, dimension, UM)
    assert read.middles is not None
    assert len(read.middles.edges) == pytest.approx(len(mesh.middles.edges), rel=1e-3)
    assert whole_volume(read) == pytest.approx(whole_volume(mesh), rel=1e-9)
    assert not folded(read).size
    nodes, others = (middles_on(m, "film|electrolyte") for m in (mesh, read))
    order, other = (np.lexsort(np.round(n / UM, 6).T) for n in (nodes, others))
    assert np.abs(nodes[order] - others[other]).max() < 1e-8 * UM
    save(mesh, tmp_path / "key.npz")
    stored = load(tmp_path / "key.npz")
    assert stored is not None
    assert stored.checksum == mesh.checksum != replace(mesh, middles=None).checksum


@pytest.mark.parametrize("dimension", [2, 3])
def test_halved_cells_stay_on_the_parabolas(dimension: int) -> None:
    mesh = curved(WAVE, dimension, lateral=0.5 * UM if dimension == 2 else 2.6 * UM)
    finer = subdivided_mesh(mesh, 1)
    assert whole_volume(finer) == pytest.approx(whole_volume(mesh), rel=1e-12)
    assert not folded(finer).size
    old, new = middles_on(mesh, "base"), finer.points[len(mesh.points) :]
    distance = np.abs(new[:, None, :] - old[None, :50, :]).sum(axis=2).min(axis=0)
    assert distance.max() < 1e-12 * UM


def test_edges_that_would_fold_a_cell_are_straight() -> None:
    """The film under a flat top is thinner than half at one side of a cell."""
    deep = Sinusoidal(0.9 * UM, 8 * UM)
    mesh = curved(deep, film_top="flat", lateral=0.5 * UM)
    assert mesh.middles is not None
    assert not folded(mesh).size
    nodes = middles_on(mesh, "base")
    off = np.abs(nodes[:, 1] - deep.height(nodes[:, :1])) > 1e-9 * UM
    assert 0 <= off.sum() < len(nodes)


def bump(path: Path, order: int = 2) -> Path:
    """A circular bump of 0.5 um under 2 um of electrolyte by Gmsh, 4 um wide."""
    with gmsh_session():
        geo = gmsh.model.geo
        points = [(0, 0), (1, 0), (2, 0.5), (3, 0), (4, 0), (4, 2.5), (0, 2.5), (2, -0.75)]
        p = [geo.addPoint(x, y, 0.0) for x, y in points]
        lines = [geo.addLine(p[0], p[1]), geo.addCircleArc(p[1], p[7], p[2])]
        lines += [geo.addCircleArc(p[2], p[7], p[3])]
        lines += [geo.addLine(p[a], p[b]) for a, b in ((3, 4), (4, 5), (5, 6), (6, 0))]
        surface = geo.addPlaneSurface([geo.addCurveLoop(lines)])
        geo.synchronize()
        gmsh.model.addPhysicalGroup(2, [surface], name="electrolyte")
        gmsh.model.addPhysicalGroup(1, lines[:4], name="base")
        gmsh.model.addPhysicalGroup(1, lines[5:6], name="counter")
        gmsh.model.mesh.setSizeCallback(lambda *_: 0.25)
        gmsh.model.mesh.generate(2)
        gmsh.model.mesh.setOrder(order)
        gmsh.write(str(path))
    return path


def test_second_order_mesh_by_gmsh_is_read_as_it_is(tmp_path: Path) -> None:
    mesh = load_user_mesh(bump(tmp_path / "a.msh"), ["electrolyte"], 2, UM)
    radius, half = 1.25, np.arcsin(1 / 1.25)
    segment = radius**2 * (half - np.sin(2 * half) / 2)
    straight = load_user_mesh(bump(tmp_path / "b.msh", 1), ["electrolyte"], 2, UM)
    exact = (4 * 2.5 - segment) * UM**2
    assert straight.middles is None
    assert whole_volume(straight) == pytest.approx(exact, rel=2e-2)
    assert abs(whole_volume(mesh) / exact - 1) < 1e-2 * abs(whole_volume(straight) / exact - 1)
    nodes = middles_on(mesh, "base") / UM
    round_ones = nodes[(nodes[:, 0] > 1) & (nodes[:, 0] < 3)] - [2.0, -0.75]
    assert np.linalg.norm(round_ones, axis=1) == pytest.approx(radius, rel=1e-9)


def test_folded_or_uneven_second_order_cells_are_refused(tmp_path: Path) -> None:
    path = plane().write(tmp_path / "a.msh")
    flat = load_user_mesh(path, LAYERS, 2, UM)
    edge = np.sort(flat.facets[flat.facet_tags == flat.facet_ids["film|electrolyte"]][:1], axis=1)
    high = flat.points[edge[0]].mean(axis=0) + np.array([0.0, 0.9 * UM])
    export_msh(replace(flat, middles=Middles(edge, high[None])), path, UM)
    with pytest.raises(MeshError, match="cells are folded by their curved edges"):
        mesh_of_case(case_of_plane(path, "mesh.order=2"))
    mesh = mesh_of_case(case_of_plane(path))
    assert mesh.middles is None
    assert mesh.notes == ("1 curved edges are straight with mesh.order = 1",)
    text = path.read_text()
    rows = [k for k, line in enumerate(text.splitlines()) if len(line.split()) == 7]
    lines = text.splitlines()
    *first, last = lines[rows[0]].split()
    lines[rows[0]] = " ".join([*first, str(int(last) % 7 + 1)])
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(CaseError, match="one middle node on each edge"):
        mesh_of_case(case_of_plane(path, "mesh.order=2"))
