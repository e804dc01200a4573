"""Named parts of a distributed mesh: the same measures on any number of ranks, any partition."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import ufl
from dolfinx import fem
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.errors import CaseError
from zinterphase.geometry.build import build
from zinterphase.geometry.raw import RawMesh, Tags
from zinterphase.geometry.specification import LayerSpec, Recipe
from zinterphase.geometry.surface import Sinusoidal
from zinterphase.mesh import Domain
from zinterphase.mesh.partition import chosen_partition, lateral_parts
from zinterphase.run import mesh_case

WIDTH, FILM, HEIGHT = 10e-6, 2e-6, 10e-6
AMPLITUDE, COLUMNS = 1e-6, 8
PARTITIONS = ["graph", "layers", "one", "stripes"]


def recipe(dimension: int) -> Recipe:
    """A conformal film over a full wave under electrolyte."""
    return Recipe(
        widths=(WIDTH,) * (dimension - 1),
        surface=Sinusoidal(AMPLITUDE, WIDTH),
        layers=(
            LayerSpec("titania", FILM, "conformal", 0.5e-6, 0.5e-6, 0.5e-6),
            LayerSpec("electrolyte", HEIGHT - FILM, "flat", 0.5e-6, 1e-6, 1e-6),
        ),
        solid_layers=0,
        base="flat",
        lateral_size=WIDTH / COLUMNS if dimension == 2 else WIDTH / 5,
        growth=1.4,
        far_size=2e-6,
    )


def wave_length() -> float:
    """Length of the wave on equidistant columns, which the mesh has in 2D."""
    x = np.linspace(0.0, WIDTH, COLUMNS + 1)
    y = AMPLITUDE * np.cos(2.0 * np.pi * x / WIDTH)
    return float(np.hypot(np.diff(x), np.diff(y)).sum())


def owners(raw: RawMesh, ranks: int, kind: str) -> Tags | None:
    """Rank of each cell: on the interface, all on rank 0, or in stripes across the film."""
    if kind == "graph":
        return None
    if kind == "layers":
        return (raw.cell_tags % ranks).astype(np.int32)
    if kind == "one":
        return np.zeros(len(raw.cells), dtype=np.int32)
    return (np.arange(len(raw.cells)) % ranks).astype(np.int32)


def make(comm: MPI.Intracomm, dimension: int, kind: str) -> tuple[Domain, RawMesh]:
    raw = build(recipe(dimension)) if comm.rank == 0 else None
    partition = None if raw is None else owners(raw, comm.size, kind)
    domain = Domain.create(comm, raw, partition=partition)
    return domain, comm.bcast(raw, root=0)


def integral(domain: Domain, form: ufl.Form, maps: list | None = None) -> float:
    local = fem.assemble_scalar(fem.form(form, entity_maps=maps))
    return float(domain.comm.allreduce(local, op=MPI.SUM))


@pytest.mark.parallel([1, 3])
def test_volumes_and_areas_in_2d(comm: MPI.Intracomm) -> None:
    for kind in PARTITIONS:
        check_measures_in_2d(*make(comm, 2, kind))


def check_measures_in_2d(domain: Domain, raw: RawMesh) -> None:
    cells = ufl.Measure("dx", domain.mesh, subdomain_data=domain.cell_tags)
    inner = [(1, domain.interface("titania", "electrolyte"))]
    across = ufl.Measure("dS", domain.mesh, subdomain_data=inner)
    names = ("base", "counter", "sides")
    outline = [(k, domain.boundary(name)) for k, name in enumerate(names)]
    around = ufl.Measure("ds", domain.mesh, subdomain_data=outline)
    one = fem.Constant(domain.mesh, 1.0)
    # The cosine's trapezoidal mean vanishes: volumes are those of the flat cell.
    sides = 2.0 * (HEIGHT - AMPLITUDE)
    for form, expected in (
        (one * cells(domain.layer_ids["titania"]), WIDTH * FILM),
        (one * cells(domain.layer_ids["electrolyte"]), WIDTH * (HEIGHT - FILM)),
        (one * across(1), wave_length()),
        (one * around(0), wave_length()),
        (one * around(1), WIDTH),
        (one * around(2), sides),
    ):
        assert integral(domain, form) == pytest.approx(expected, rel=1e-12)
    assert domain.vertex_count == len(raw.points)
    assert domain.cell_count == len(raw.cells)
    assert domain.checksum == raw.checksum


@pytest.mark.parallel([3])
def test_volumes_and_areas_in_3d(comm: MPI.Intracomm) -> None:
    for kind in ("graph", "layers"):
        check_measures_in_3d(*make(comm, 3, kind))


def check_measures_in_3d(domain: Domain, raw: RawMesh) -> None:
    corner = raw.points[raw.facets[raw.facet_tags == raw.facet_ids["titania|electrolyte"]]]
    normal = 0.5 * np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    area, volume = np.linalg.norm(normal, axis=1).sum(), WIDTH**2 * FILM
    cells = ufl.Measure("dx", domain.mesh, subdomain_data=domain.cell_tags)
    inner = [(1, domain.interface("titania", "electrolyte"))]
    across = ufl.Measure("dS", domain.mesh, subdomain_data=inner)
    one = fem.Constant(domain.mesh, 1.0)
    assert integral(domain, one * cells(1)) == pytest.approx(volume, rel=1e-12)
    assert integral(domain, one * across(1)) == pytest.approx(area, rel=1e-12)
    upward = ufl.FacetNormal(domain.mesh)("+")[2]
    assert integral(domain, upward * across(1)) == pytest.approx(WIDTH**2, rel=1e-12)


def test_columns_stay_whole_in_3d() -> None:
    raw = build(recipe(3))
    owner = chosen_partition(raw, 5)
    assert owner is not None
    places = raw.points[raw.cells].mean(axis=1)[:, :2]
    film = raw.cell_tags == raw.layer_ids["titania"]
    _, column = np.unique(np.round(places[film] / 1e-12), axis=0, return_inverse=True)
    for number in range(column.max() + 1):
        assert len(set(owner[film][column.ravel() == number].tolist())) == 1
    counts = np.bincount(owner, minlength=5)
    assert counts.max() < 1.1 * len(raw.cells) / 5
    assert chosen_partition(build(recipe(2)), 5) is None


@pytest.mark.parametrize("ranks", [1, 3, 4, 7])
def test_parts_are_as_large_as_each_other_and_compact(ranks: int) -> None:
    places = np.random.default_rng(1).uniform(size=(7000, 2)) * [4.0, 1.0]
    owner = lateral_parts(places, ranks)
    counts = np.bincount(owner, minlength=ranks)
    assert counts.max() - counts.min() <= 3
    for part in range(ranks):
        extent = np.ptp(places[owner == part], axis=0)
        assert extent.max() < 4.0 / min(ranks, 3) * 1.3


def test_more_ranks_than_places() -> None:
    assert set(lateral_parts(np.zeros((4, 2)), 3).tolist()) <= {0, 1, 2}
    assert lateral_parts(np.zeros((2, 2)), 3).tolist() == [0, 0]


@pytest.mark.parallel([2, 3])
def test_flux_of_a_discontinuous_field_leaves_the_lower_side(comm: MPI.Intracomm) -> None:
    for kind in PARTITIONS:
        check_flux(make(comm, 2, kind)[0])


def check_flux(domain: Domain) -> None:
    """u = 2 y below and 5 y above: (5 - 2) grad y . n_lower integrates to 3 W, on submeshes."""
    regions = [domain.region([name]) for name in ("titania", "electrolyte")]
    maps = [region.entity_map for region in regions]
    fields = []
    for region, slope in zip(regions, (2.0, 5.0), strict=True):
        u = fem.Function(fem.functionspace(region.mesh, ("Lagrange", 1)))
        u.interpolate(lambda x, slope=slope: slope * x[1])
        fields.append(u)
    inner = [(1, domain.interface("titania", "electrolyte"))]
    across = ufl.Measure("dS", domain.mesh, subdomain_data=inner)(1)
    outward = ufl.FacetNormal(domain.mesh)("+")
    jump = ufl.grad(fields[1])("-") - ufl.grad(fields[0])("+")
    flux = integral(domain, ufl.dot(jump, outward) * across, maps)
    assert flux == pytest.approx(3.0 * WIDTH, rel=1e-12)
    # The product of values shows that both sides of each facet are the same place.
    product = integral(domain, fields[0]("+") * fields[1]("-") * across, maps)
    square = integral(domain, 10.0 * ufl.SpatialCoordinate(domain.mesh)[1] ** 2 * across)
    assert product == pytest.approx(square, rel=1e-12)


@pytest.mark.parallel([1, 3])
def test_a_region_some_ranks_do_not_own(comm: MPI.Intracomm) -> None:
    domain, raw = make(comm, 2, "layers")
    region = domain.region(["electrolyte"])
    assert domain.region({"electrolyte"}) is region
    owned = region.mesh.topology.index_map(2).size_local
    expected = np.count_nonzero(raw.cell_tags == raw.layer_ids["electrolyte"])
    assert comm.allreduce(owned) == expected
    if comm.size > 1:
        assert comm.allreduce(int(owned == 0)) == comm.size - 1
    assert domain.region(["electrolyte", "titania"]).layers == ("titania", "electrolyte")


@pytest.mark.parallel([4])
def test_tags_reach_ghosts(comm: MPI.Intracomm) -> None:
    for kind in PARTITIONS:
        check_ghost_tags(make(comm, 2, kind)[0])


def check_ghost_tags(domain: Domain) -> None:
    """Every local facet between two layers carries the interface's tag, ghost or owned."""
    topology = domain.mesh.topology
    cells, facets = topology.connectivity(1, 2), topology.index_map(1)
    layer = domain.cell_tags.values
    count = topology.index_map(2)
    assert layer.size == count.size_local + count.num_ghosts
    between = [
        facet
        for facet in range(facets.size_local + facets.num_ghosts)
        if len(set(layer[cells.links(facet)])) == 2
    ]
    tagged = domain.facet_tags.find(domain.facet_ids["titania|electrolyte"])
    assert set(between) <= set(tagged.tolist())


@pytest.mark.parallel([2])
def test_a_mesh_of_ones_own_on_every_rank(comm: MPI.Intracomm) -> None:
    domain = Domain.create(MPI.COMM_SELF, build(recipe(2)))
    one = fem.Constant(domain.mesh, 1.0)
    cells = ufl.Measure("dx", domain.mesh)
    assert integral(domain, one * cells) == pytest.approx(WIDTH * HEIGHT, rel=1e-12)


@pytest.mark.parallel([2])
def test_unknown_names_are_refused(comm: MPI.Intracomm) -> None:
    domain, _ = make(comm, 2, "graph")
    for call in (
        lambda: domain.interface("titania", "silver"),
        lambda: domain.boundary("top"),
        lambda: domain.region(["silver"]),
    ):
        with pytest.raises(KeyError):
            call()


@pytest.mark.parallel([2])
def test_a_bad_case_raises_on_every_rank(comm: MPI.Intracomm, shared_tmp_path: Path) -> None:
    tables = {
        "title": "mesh",
        "level": "secondary",
        "geometry": {"width": "10 um"},
        "layers": [
            {"name": "zinc", "material": "Zn", "thickness": "1 um"},
            {"name": "electrolyte", "material": "electrolyte", "thickness": "10 um"},
        ],
        "electrolyte": {"salt": "ZnSO4", "concentration": "2 mol/L"},
        "control": {"current_density": "-1 mA/cm^2"},
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZINTERPHASE_CACHE", str(shared_tmp_path))
        domain = mesh_case(Case.from_dict(tables), comm).domain
        assert list(domain.layer_ids) == ["electrolyte"]
        wave = {"shape": "sinusoidal", "amplitude": "1 um", "wavelength": "7 um"}
        geometry = {"width": "10 um", "surface": wave}
        with pytest.raises(CaseError, match="wavelength"):
            mesh_case(Case.from_dict(tables | {"geometry": geometry}), comm)
