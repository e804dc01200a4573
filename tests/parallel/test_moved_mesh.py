"""Nodes that move: regions come along, problems see it, on any number of ranks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import ufl
from dolfinx import fem
from mpi4py import MPI

from zinterphase import forms
from zinterphase.case import Case
from zinterphase.cell.advice import regime_of
from zinterphase.errors import MeshError
from zinterphase.geometry.build import build
from zinterphase.geometry.quality import mesh_quality
from zinterphase.geometry.raw import RawMesh
from zinterphase.geometry.recipe import recipe_from_case
from zinterphase.geometry.specification import LayerSpec, Recipe
from zinterphase.geometry.surface import Flat
from zinterphase.mesh import Domain, at_nodes
from zinterphase.parallel import on_root
from zinterphase.run import solve_on
from zinterphase.solve.problem import Problem
from zinterphase.verification.cells import current, film
from zinterphase.verification.ranks import SOLID, corrugated, numbers

WIDTH, FILM, HEIGHT, COLUMNS = 10e-6, 2e-6, 10e-6, 8
AMPLITUDE = 0.5e-6
PARTITIONS = ["graph", "layers", "stripes"]


def flat(dimension: int) -> RawMesh:
    """A film under electrolyte."""
    layers = (
        LayerSpec("titania", FILM, "conformal", 0.5e-6, 0.5e-6, 0.5e-6),
        LayerSpec("electrolyte", HEIGHT - FILM, "flat", 0.5e-6, 1e-6, 1e-6),
    )
    size = WIDTH / (COLUMNS if dimension == 2 else 4)
    return build(
        Recipe((WIDTH,) * (dimension - 1), Flat(), layers, 0, "flat", size, 1.4, far_size=2e-6)
    )


def domain_of(comm: MPI.Intracomm, raw: RawMesh, kind: str = "graph") -> Domain:
    owner = {"layers": raw.cell_tags, "stripes": np.arange(len(raw.cells))}.get(kind)
    partition = None if owner is None or comm.rank else (owner % comm.size).astype(np.int32)
    return Domain.create(comm, raw if comm.rank == 0 else None, partition=partition)


def domains(comm: MPI.Intracomm, dimension: int) -> Iterator[Domain]:
    raw = flat(dimension)
    yield from (domain_of(comm, raw, kind) for kind in PARTITIONS)


def wave(x: np.ndarray) -> np.ndarray:
    """Base and interface take the shape of a cosine, the top stays flat."""
    shift = np.zeros_like(x)
    shift[:, -1] = AMPLITUDE * np.cos(2 * np.pi * x[:, 0] / WIDTH) * (1 - x[:, -1] / HEIGHT)
    return shift


def stretched(x: np.ndarray) -> np.ndarray:
    """By a half along the stack and a quarter across it, sheared by the height."""
    shift = 0.25 * x
    shift[:, 0] += 0.1 * x[:, -1]
    shift[:, -1] = 0.5 * x[:, -1]
    return shift


def polyline(height: float) -> float:
    """Length of the cosine on the mesh's columns at a height."""
    x = np.linspace(0.0, WIDTH, COLUMNS + 1)
    y = AMPLITUDE * (1 - height / HEIGHT) * np.cos(2 * np.pi * x / WIDTH)
    return float(np.hypot(np.diff(x), np.diff(y)).sum())


class Measured:
    """Volumes and areas of a domain, by forms compiled once."""

    def __init__(self, domain: Domain) -> None:
        self.domain = domain
        mesh, one = domain.mesh, fem.Constant(domain.mesh, 1.0)
        cells = ufl.Measure("dx", mesh, subdomain_data=domain.cell_tags)
        inner = [(1, domain.interface("titania", "electrolyte"))]
        around = [(k, domain.boundary(name)) for k, name in enumerate(("base", "counter"))]
        across = ufl.Measure("dS", mesh, subdomain_data=inner)(1)
        outer = ufl.Measure("ds", mesh, subdomain_data=around)
        liquid = domain.region(["electrolyte"]).mesh
        self.forms = {
            name: fem.form(form)
            for name, form in {
                "titania": one * cells(domain.layer_ids["titania"]),
                "electrolyte": one * cells(domain.layer_ids["electrolyte"]),
                "region": fem.Constant(liquid, 1.0) * ufl.dx(liquid),
                "base": one * outer(0),
                "counter": one * outer(1),
                "interface": one * across,
                "upward": ufl.FacetNormal(mesh)("+")[domain.dimension - 1] * across,
            }.items()
        }

    def check(self, **expected: float) -> None:
        for name, value in expected.items():
            found = self.domain.comm.allreduce(fem.assemble_scalar(self.forms[name]))
            assert found == pytest.approx(value, rel=1e-12), name


@pytest.mark.parallel([1, 3])
def test_layers_facets_and_interfaces_follow_in_2d(comm: MPI.Intracomm) -> None:
    for domain in domains(comm, 2):
        measured = Measured(domain)
        domain.move(wave)
        liquid = WIDTH * (HEIGHT - FILM)  # the cosine's trapezoidal mean vanishes
        measured.check(titania=WIDTH * FILM, electrolyte=liquid, region=liquid)
        measured.check(base=polyline(0.0), interface=polyline(FILM), counter=WIDTH, upward=WIDTH)
        domain.move(stretched)
        measured.check(titania=1.875 * WIDTH * FILM, electrolyte=1.875 * liquid)
        measured.check(region=1.875 * liquid, interface=1.25 * WIDTH, counter=1.25 * WIDTH)
        # A region that is asked for after the move is where the others are.
        late = domain.region(["titania", "electrolyte"])
        assert np.array_equal(late.mesh.geometry.x, domain.mesh.geometry.x[late.nodes])


@pytest.mark.parallel([3])
def test_layers_facets_and_interfaces_follow_in_3d(comm: MPI.Intracomm) -> None:
    for domain in domains(comm, 3):
        measured = Measured(domain)
        domain.move(stretched)
        area, scale = WIDTH**2, 1.25**2 * 1.5
        measured.check(titania=scale * area * FILM, region=scale * area * (HEIGHT - FILM))
        measured.check(interface=1.25**2 * area, counter=1.25**2 * area, upward=1.25**2 * area)


@pytest.mark.parallel([3])
def test_there_and_back(comm: MPI.Intracomm) -> None:
    for domain in domains(comm, 2):
        meshes = [domain.mesh, domain.region(["titania"]).mesh]
        before = [mesh.geometry.x.copy() for mesh in meshes]
        assert domain.displacement is None
        domain.move(wave)
        assert domain.displacement is not None
        domain.move(stretched)
        domain.move(None)
        assert domain.displacement is None
        assert all(np.array_equal(a, m.geometry.x) for a, m in zip(before, meshes, strict=True))


@pytest.mark.parallel([3])
def test_a_vector_field_moves_as_its_function_does(comm: MPI.Intracomm) -> None:
    for domain in domains(comm, 2):
        field = fem.Function(fem.functionspace(domain.mesh, ("Lagrange", 1, (2,))))
        field.interpolate(lambda x: wave(x[:2].T).T)
        domain.move(wave)
        there = domain.mesh.geometry.x.copy()
        domain.move(None)
        domain.move(at_nodes(field))
        assert np.allclose(domain.mesh.geometry.x, there, rtol=0.0, atol=1e-20)


@pytest.mark.parallel([3])
def test_a_cell_turned_over_is_refused_and_nothing_moves(comm: MPI.Intracomm) -> None:
    domain = domain_of(comm, flat(2), "layers")
    region = domain.region(["titania"]).mesh
    domain.move(wave)
    places = [mesh.geometry.x.copy() for mesh in (domain.mesh, region)]
    for wrong in (np.nan, -3.0):  # through the base
        with pytest.raises(MeshError, match="cells without a volume or turned over"):
            domain.move(lambda x, wrong=wrong: wrong * x * (x[:, 1:] < FILM))
    for place, mesh in zip(places, (domain.mesh, region), strict=True):
        assert np.array_equal(place, mesh.geometry.x)


def uneven_cell() -> Case:
    """Closed, with resolved metal under a film, kinetics that vary along it, islands."""
    spread = {"sigma_ln": 0.7, "correlation_length": "1 um", "seed": 3}
    kinetics = {
        "metal": {
            "reactant": "Zn2+", "exchange_current_density": "3 A/m^2",
            "reference_concentration": "100 mol/m^3", "alpha_a": 1.5, "alpha_c": 0.5,
            "formal_potential": "0 V", "pzc": "-0.1 V", "stern_capacitance": "0.3 F/m^2",
            "contact_fraction": 0.7, "spread": spread,
        }
    }  # fmt: skip
    return corrugated(
        "electroneutral",
        counter=True,
        control=current(-3.0),
        metal_layer=SOLID,
        films=[film("titania", 300e-9, transport=0.2)],
        kinetics=kinetics,
    )


def bent(x: np.ndarray) -> np.ndarray:
    """Along the surface and up it, by a tenth of the film."""
    shift = np.zeros_like(x)
    shift[:, 0] = 40e-9 * np.sin(np.pi * x[:, 0] / 2e-6) * np.cos(x[:, 1] / 1e-6)
    shift[:, 1] = 30e-9 * np.cos(np.pi * x[:, 0] / 2e-6) * np.exp(-((x[:, 1] / 1e-6) ** 2))
    return shift


@pytest.mark.parallel([3])
def test_a_solve_on_a_moved_mesh_is_one_on_a_mesh_made_there(comm: MPI.Intracomm) -> None:
    case = uneven_cell()
    raw = comm.bcast(build(recipe_from_case(case)) if comm.rank == 0 else None)
    quality = on_root(comm, lambda: mesh_quality(raw, None))
    kind = "layers" if comm.size > 1 else "graph"
    moving = Problem(case, domain_of(comm, raw, kind))
    moving.solve()
    area = moving.projected_area
    moving.domain.move(bent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forms, "_compiled", lambda *_: pytest.fail("a form is compiled"))
        moving.solve()
    assert moving.projected_area == pytest.approx(area)  # its sides stay
    found = list(numbers(solve_on(moving, regime_of(case), quality, {})))
    there = replace(raw, points=raw.points + bent(raw.points), generated=False)
    made = Problem(case, domain_of(comm, there, kind))
    wanted = list(numbers(solve_on(made, regime_of(case), quality, {})))
    assert [entry[:2] for entry in found] == [entry[:2] for entry in wanted]
    for (group, name, exact, scale), (_, _, value, _) in zip(wanted, found, strict=True):
        error = np.max(np.abs(np.asarray(value) - exact)) / scale
        assert error < 1e-10, f"{group}, {name}"


@pytest.mark.parallel([2])
def test_an_area_that_grows_draws_its_current(comm: MPI.Intracomm) -> None:
    """As wide again: the current per area is the case's, the amount in the pores follows."""
    case = corrugated("electroneutral", counter=True, control=current(-3.0), surface=None)
    raw = comm.bcast(build(recipe_from_case(case)) if comm.rank == 0 else None)
    problem = Problem(case, domain_of(comm, raw, "layers"))
    problem.solve()
    area, total = problem.projected_area, problem.drive.current
    amounts = {name: amount.target for name, amount in problem.inventories.items()}
    potential = problem.potential.value
    problem.domain.move(lambda x: x * np.array([1.0, 0.0]))
    problem.solve()
    assert problem.projected_area == pytest.approx(2 * area, rel=1e-12)
    assert problem.drive.current == pytest.approx(2 * total, rel=1e-12)
    assert amounts
    for name, amount in problem.inventories.items():
        assert amount.target == pytest.approx(2 * amounts[name], rel=1e-12)
    assert problem.potential.value == pytest.approx(potential, rel=1e-8)
