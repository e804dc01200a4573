"""Cells divided on their ranks: the mesh of a refined recipe, on any number of ranks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import ufl
from dolfinx import fem
from mpi4py import MPI
from scipy.spatial import cKDTree

from zinterphase.errors import MeshError
from zinterphase.geometry.build import build
from zinterphase.geometry.chart import Chart
from zinterphase.geometry.divided_quality import pooled
from zinterphase.geometry.export import export_msh
from zinterphase.geometry.quadratic import second_order, volume
from zinterphase.geometry.quality import MeshQuality, mesh_quality
from zinterphase.geometry.recipe import recipe_from_case
from zinterphase.geometry.source import mesh_of_case
from zinterphase.geometry.specification import Recipe
from zinterphase.geometry.surface import RandomRoughness, Sinusoidal
from zinterphase.mesh import Domain
from zinterphase.mesh.divided import divided
from zinterphase.mesh.parts import own_part
from zinterphase.output.state_rows import StateRows
from zinterphase.parallel import on_root
from zinterphase.result import Result
from zinterphase.routes import everywhere
from zinterphase.run import mesh_case, solve
from zinterphase.solve.problem import Problem
from zinterphase.verification.ranks import corrugated, numbers

from .test_domain import (
    HEIGHT,
    WIDTH,
    check_flux,
    check_ghost_tags,
    integral,
    owners,
    recipe,
)

KINDS = ["graph", "layers", "stripes"]


def cored(dimension: int) -> Recipe:
    """The cell with a rough surface and a counter far enough for Gmsh's cells in between."""
    spec = recipe(dimension)
    *lower, top = spec.layers
    tall = replace(top, thickness=4 * WIDTH, first_upper=0.5e-6, largest=4e-6)
    rough = RandomRoughness(0.2e-6, 4e-6, "gaussian", 1, spec.widths)
    return replace(spec, layers=(*lower, tall), surface=rough, far_size=4e-6)


RECIPES = {
    "2D": recipe(2),
    "2D curved": replace(recipe(2), curved=True),
    "2D core": cored(2),
    "2D core, curved": replace(cored(2), curved=True),
    "3D": recipe(3),
    "3D curved": replace(recipe(3), curved=True),
    "3D core": cored(3),
}


def divided_mesh(comm: MPI.Intracomm, spec: Recipe, times: int, kind: str = "graph") -> Domain:
    raw = build(spec) if comm.rank == 0 else None
    partition = None if raw is None else owners(raw, comm.size, kind)
    coarse = Domain.create(comm, raw, partition=partition)
    return divided(coarse, times, Chart.of(spec, times))


def own_nodes(domain: Domain) -> np.ndarray:
    geometry = domain.mesh.geometry
    return geometry.x[: geometry.index_map().size_local, : domain.dimension].copy()


@pytest.mark.parallel([1, 2, 3])
def test_nodes_are_those_of_a_refined_recipe(comm: MPI.Intracomm) -> None:
    for name, spec in RECIPES.items():
        check_nodes(comm, spec, 1 if name.startswith("3D") else 2)


def check_nodes(comm: MPI.Intracomm, spec: Recipe, times: int) -> None:
    """On two ranks and more with an interface on the cut, on three with a rank that has no cell."""
    domain = divided_mesh(comm, spec, times, "layers")
    fine = build(spec.divided(times))
    points = fine.points if fine.middles is None else second_order(fine).points
    found = everywhere(domain.comm, own_nodes(domain))
    assert len(found) == len(points)
    distance, nearest = cKDTree(points).query(found)
    assert distance.max() < 1e-12 * WIDTH
    assert len(np.unique(nearest)) == len(points)
    assert (domain.vertex_count, domain.cell_count) == (len(fine.points), len(fine.cells))
    assert domain.order == (1 if fine.middles is None else 2)


@pytest.mark.parallel([1, 3])
def test_measures_of_groups(comm: MPI.Intracomm) -> None:
    """All children of tagged cells and facets are tagged, and nothing else."""
    for name, spec in RECIPES.items():
        check_measures(comm, spec, KINDS if name in ("2D", "3D core") else ["stripes"])


def check_measures(comm: MPI.Intracomm, spec: Recipe, kinds: list[str]) -> None:
    fine = build(spec.divided(1))
    for kind in kinds:
        domain = divided_mesh(comm, spec, 1, kind)
        own = domain.mesh.topology.index_map(domain.dimension - 1).size_local
        for group, tag in fine.facet_ids.items():
            facets = domain.facet_tags.find(domain.facet_ids[group])
            count = comm.allreduce(int(np.count_nonzero(facets < own)))
            assert count == np.count_nonzero(fine.facet_tags == tag)
        cells = ufl.Measure("dx", domain.mesh, subdomain_data=domain.cell_tags)
        one = fem.Constant(domain.mesh, 1.0)
        whole = integral(domain, one * ufl.Measure("dx", domain.mesh))
        assert whole == pytest.approx(volume(fine), rel=1e-12)
        film = integral(domain, one * cells(domain.layer_ids["titania"]))
        asked = spec.layers[0].thickness * WIDTH ** (domain.dimension - 1)
        assert film == pytest.approx(asked, rel=1e-3 if domain.order > 1 else 1e-12)


@pytest.mark.parallel([1, 3])
def test_interfaces_lie_on_the_surface(comm: MPI.Intracomm) -> None:
    for name in ("2D curved", "2D core", "3D", "3D core"):
        check_interface(comm, RECIPES[name])


def check_interface(comm: MPI.Intracomm, spec: Recipe) -> None:
    domain = divided_mesh(comm, spec, 1, "stripes")
    pairs = domain.interface("titania", "electrolyte").reshape(-1, 4)
    corners = domain.mesh.geometry.dofmaps[0][pairs[:, 0], : domain.dimension + 1]
    on_facet = np.arange(domain.dimension + 1) != pairs[:, 1:2]
    nodes = np.unique(corners[on_facet])
    x = domain.mesh.geometry.x[nodes, : domain.dimension]
    height = spec.surface.height(x[:, :-1]) + spec.layers[0].thickness
    assert np.abs(x[:, -1] - height).max(initial=0.0) < 1e-12 * HEIGHT
    assert comm.allreduce(len(nodes)) > 0


@pytest.mark.parallel([2, 3])
def test_ghosts_across_cuts(comm: MPI.Intracomm) -> None:
    """Every facet between two layers is known with both of its cells on the rank that owns it."""
    for kind in KINDS:
        domain = divided_mesh(comm, recipe(2), 2, kind)
        check_ghost_tags(domain)
        check_flux(domain)


@pytest.mark.parallel([1])
def test_what_lies_between_vertices_is_in_the_checksum(comm: MPI.Intracomm) -> None:
    """States of one mesh must not be taken for those of the other."""
    spec = recipe(2)
    followed = divided_mesh(comm, spec, 1)
    straight = divided(Domain.create(comm, build(spec)), 1, None)
    assert followed.checksum != straight.checksum


@pytest.mark.parallel([2, 3])
def test_cells_and_columns(comm: MPI.Intracomm) -> None:
    """Numbers of cells are the same on any number of ranks; columns stay above each other."""
    for name in ("2D core", "3D core"):
        check_cells(comm, RECIPES[name])


def check_cells(comm: MPI.Intracomm, spec: Recipe) -> None:
    together, alone = divided_mesh(comm, spec, 1), divided_mesh(MPI.COMM_SELF, spec, 1)
    assert together.checksum == alone.checksum != build(spec).checksum
    middles = []
    for domain in (together, alone):
        count = domain.mesh.topology.index_map(domain.dimension).size_local
        cells = domain.mesh.geometry.dofmaps[0][:count]
        rows = domain.mesh.geometry.x[cells, : domain.dimension]
        found, places = (
            everywhere(domain.comm, domain.cell_numbers[:count]),
            everywhere(domain.comm, rows),
        )
        assert np.array_equal(np.sort(found), np.arange(domain.cell_count))
        middles.append(places[np.argsort(found)])
    assert middles[0] == pytest.approx(middles[1], abs=1e-13 * WIDTH)
    nodes = np.unique(together.mesh.geometry.dofmaps[0][together.owned_cells(["titania"])])
    lateral = everywhere(together.comm, together.mesh.geometry.x[nodes, : together.dimension - 1])
    columns = len(np.unique(lateral, axis=0))
    assert columns == len(np.unique(np.round(lateral / WIDTH, 10), axis=0))


@pytest.mark.parallel([2])
def test_cells_are_as_good_as_those_of_a_refined_recipe(comm: MPI.Intracomm) -> None:
    """Children of prisms are halves of them, split along the short diagonals: no cell is two
    levels high or two triangles wide."""
    spec = RECIPES["3D"]
    domain, fine = divided_mesh(comm, spec, 1, "stripes"), mesh_quality(build(spec.divided(1)))
    found = pooled(comm.allgather(mesh_quality(own_part(domain))))
    assert (found.cells, found.inverted_cells) == (fine.cells, 0)
    assert found.volume == pytest.approx(fine.volume, rel=1e-12)
    assert found.steepest_slope == pytest.approx(fine.steepest_slope, rel=1e-9)
    for layer, other in zip(found.layers, fine.layers, strict=True):
        assert layer.cells == other.cells
        assert layer.largest_angle < other.largest_angle + 1.0
        for name in ("lowest_cell", "lateral_size", "first_lower", "first_upper", "lower_facet"):
            assert getattr(layer, name) == pytest.approx(getattr(other, name), rel=1e-3), name


@pytest.mark.parallel([3])
def test_edges_that_fold_a_cell_are_straight(comm: MPI.Intracomm) -> None:
    """On all ranks the same ones: the volume is that on one rank."""
    spec = recipe(3)
    film, top = spec.layers
    thin = replace(film, top="flat", first_lower=0.25e-6)
    wave = Sinusoidal(1.85e-6, WIDTH)
    spec = replace(spec, surface=wave, layers=(thin, top), curved=True)

    def measured(ranks: MPI.Intracomm) -> MeshQuality:
        part = mesh_quality(own_part(divided_mesh(ranks, spec, 1, "stripes")))
        return pooled(ranks.allgather(part))

    together, alone = measured(comm), measured(MPI.COMM_SELF)
    assert together.inverted_cells == alone.inverted_cells == 0
    assert together.volume == pytest.approx(alone.volume, rel=1e-13)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("zinterphase.mesh.divided.straighten_folded", lambda mesh: None)
        assert measured(comm).inverted_cells > 0


def same(one: Result, other: Result, tolerance: float) -> None:
    for (group, name, value, scale), (_, _, wanted, _) in zip(
        numbers(one), numbers(other), strict=True
    ):
        assert value == pytest.approx(wanted, abs=tolerance * scale), (group, name)


@pytest.mark.parallel([2, 3])
def test_the_same_numbers_on_any_number_of_ranks(comm: MPI.Intracomm) -> None:
    for level, first, order in (("secondary", "40 nm", 2), ("pnp", "2 nm", 1)):
        mesh = {"first_cell": first, "growth": 2.0, "order": order, "divisions": 1}
        case = corrugated(level, mesh={"lateral_size": "0.0625 um", **mesh})
        found, alone = solve(case, comm), solve(case, MPI.COMM_SELF)
        same(found, alone, 1e-8)
        quality, coarse = found.quality, build(recipe_from_case(case))
        assert replace(quality, volume=0.0) == replace(alone.quality, volume=0.0)
        assert quality.notes == (
            f"ranks divide the {len(coarse.cells)} cells of rank 0's mesh 1 time(s)",
        )
        assert quality.cells == 4 * len(coarse.cells)


@pytest.mark.parallel([2])
def test_states_in_files_have_one_order(comm: MPI.Intracomm) -> None:
    case = corrugated("secondary", mesh={"lateral_size": "0.0625 um", "divisions": 1})
    orders = []
    for ranks in (comm, MPI.COMM_SELF):
        problem = Problem(case, mesh_case(case, ranks).domain)
        for name, field in problem.fields.items():
            x = problem.spaces[name].scalar.tabulate_dof_coordinates()
            field.x.array[:] = x[:, 0] + 3.0 * x[:, 1]
        rows = StateRows(problem)
        spread = [(each.blocks, each.own) for _, each in rows.spread(problem.state())]
        spread.append((rows.nodes, own_nodes(problem.domain)))
        orders.append([everywhere(ranks, blocks.ordered(own)) for blocks, own in spread])
    for one, other in zip(*orders, strict=True):
        assert np.allclose(one, other, rtol=0.0, atol=1e-18)


@pytest.mark.parallel([2])
def test_a_cliff_that_only_children_see(comm: MPI.Intracomm, shared_tmp_path: Path) -> None:
    """It is between two vertices of the coarse mesh: every rank refuses the divided one."""
    file = shared_tmp_path / "cliff.csv"
    rows = ["0,0", "4.8e-7,0", "4.82e-7,1.6e-7", "2e-6,1.6e-7"]
    on_root(comm, lambda: file.write_text("x,height\n" + "\n".join(rows) + "\n"))
    cases = [
        corrugated(
            "secondary",
            surface={"shape": "map", "file": str(file)},
            mesh={"lateral_size": "0.05 um", "divisions": times},
        )
        for times in (0, 1)
    ]
    mesh_case(cases[0], comm)
    with pytest.raises(MeshError, match=r"mesh.divisions = 1: the surface is inclined by up to"):
        mesh_case(cases[1], comm)


@pytest.mark.parallel([2])
def test_a_mesh_from_a_file(comm: MPI.Intracomm, shared_tmp_path: Path) -> None:
    """It is divided where its edges are, straight or curved."""
    for order in (1, 2):
        check_file(comm, shared_tmp_path / f"own{order}.msh", order)


def check_file(comm: MPI.Intracomm, file: Path, order: int) -> None:
    mesh = {"lateral_size": "0.0625 um", "first_cell": "40 nm", "growth": 2.0, "order": order}
    case = corrugated("secondary", mesh=mesh)
    on_root(comm, lambda: export_msh(mesh_of_case(case), file))
    own = [
        corrugated("secondary", mesh={"file": str(file), "order": order, key: value})
        for key, value in (("divisions", 1), ("refinement", 2.0))
    ]
    found, wanted = (mesh_case(each, comm) for each in own)
    assert found.domain.order == order
    nodes = [everywhere(comm, own_nodes(each.domain)) for each in (found, wanted)]
    assert len(nodes[0]) == len(nodes[1])
    assert cKDTree(nodes[1]).query(nodes[0])[0].max() < 1e-12 * 1e-6
    assert found.quality.volume == pytest.approx(wanted.quality.volume, rel=1e-12)
    assert found.quality.cells == wanted.quality.cells


@pytest.mark.parallel([1, 2])
def test_the_current_converges_in_second_order(comm: MPI.Intracomm) -> None:
    """And each mesh gives what that of a refined recipe gives, but for how quadrangles are cut."""
    potentials = {}
    for key, values in (("divisions", (0, 1, 2)), ("refinement", (1.0, 2.0, 4.0, 8.0))):
        for value in values:
            mesh = {"lateral_size": "0.0625 um", "first_cell": "60 nm", "growth": 1.5, key: value}
            potentials[key, value] = solve(corrugated("secondary", mesh=mesh), comm).potential
    best = potentials["refinement", 8.0]
    errors = [abs(potentials["divisions", times] - best) for times in (0, 1, 2)]
    # The best one's own error is a 64th of the first.
    assert 3.5 < errors[0] / errors[1] < 4.5
    assert 3.5 < errors[1] / errors[2] < 5.5
    for times in (1, 2):
        gap = abs(potentials["divisions", times] - potentials["refinement", 2.0**times])
        assert gap < 0.1 * errors[times]
