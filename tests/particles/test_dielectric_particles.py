"""The field inside particles against closed forms, and against the liquid's equations alone."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import ufl
from dolfinx import fem
from dolfinx.fem import assemble_matrix, assemble_vector
from mpi4py import MPI
from scipy.sparse.linalg import spsolve

from zinterphase.case import Case
from zinterphase.case.packing import INSIDE
from zinterphase.cell.advice import require_valid
from zinterphase.errors import CaseError
from zinterphase.fem_types import new_function
from zinterphase.geometry.quadratic import volume
from zinterphase.geometry.raw import PARTICLES
from zinterphase.geometry.source import mesh_of_case
from zinterphase.observe.fields import liquid_fields
from zinterphase.observe.profiles import sampled
from zinterphase.output.layer_files import write_layers
from zinterphase.run import mesh_case
from zinterphase.scales import FARADAY, VACUUM_PERMITTIVITY
from zinterphase.solve.boundary import outside
from zinterphase.solve.media import by_layer
from zinterphase.solve.model import Model
from zinterphase.solve.problem import Problem
from zinterphase.solve.system import LIQUID, FixedDofs
from zinterphase.solve.terms import Rows, Term

from .patches import drawn, patch

SELF = MPI.COMM_SELF
WATER, TITANIA = 78.4, 145.0
RADIUS, CENTRE = 3e-8, (1e-7, 5e-8)
INSIDE_FILM = f"{INSIDE}film"


def listed(folder: Path, rows: str, packing: dict[str, Any], **tables: Any) -> Case:
    """Particles of a list in dilute electrolyte at level pnp, where nothing flows."""
    header = "x,y,z,radius" if tables.get("dimension") == 3 else "x,z,radius"
    (folder / "list.csv").write_text(f"{header}\n{rows}\n")
    defaults: dict[str, Any] = {
        "level": "pnp",
        "electrolyte": {"salt": "ZnSO4", "concentration": "20 mmol/L", "permittivity": WATER},
        "kinetics": {"zinc": {"exchange_current_density": "0.5 mA/cm^2", "pzc": "-0.8 V"}},
        "control": {"current_density": "0 A/m^2"},
    }
    return patch({"file": "list.csv", **packing}, folder, **(defaults | tables))


def neighbours(folder: Path, permittivity: float | None, **tables: Any) -> Case:
    """A charged particle beside another one and the metal, within a Debye length of 2 nm."""
    rows = "0,2.2e-8,2e-8\n4.2e-8,2.2e-8,2e-8"
    packing = {"surface_charge": "-0.01 C/m^2", "gap": "1 nm"}
    case = listed(folder, rows, packing, geometry={"width": "80 nm"}, **tables)
    return with_permittivity(case, permittivity)


def with_permittivity(case: Case, permittivity: float | None) -> Case:
    """One that no case file may ask for, too."""
    layers = [
        layer.model_copy(
            update={"packing": layer.packing.model_copy(update={"permittivity": permittivity})}
        )
        if layer.packing
        else layer
        for layer in case.layers
    ]
    return case.model_copy(update={"layers": tuple(layers)})


def solved(case: Case) -> Problem:
    problem = Problem(case, mesh_case(case, SELF).domain)
    problem.solve()
    return problem


def on_particles(problem: Problem) -> np.ndarray:
    """Mean and mean square of the potential over their surface [RT/F]."""
    phi = problem.level.potential(problem.unknowns.liquid)
    over, name = problem.measures.over_facets, f"{PARTICLES}film"
    found = np.array([problem.integrate(over(x, name)) for x in (0 * phi + 1.0, phi, phi**2)])
    return found[1:] / found[0]


def unevenness(moments: np.ndarray) -> float:
    """Standard deviation over the mean, of both moments."""
    return float(np.sqrt(moments[1] / moments[0] ** 2 - 1.0))


# -- closed forms ---------------------------------------------------------------------------


class Particle:
    """One in a uniform field, charged evenly, with the exact potential all around it.

    Of a cylinder and a sphere: Jackson (1998), Classical Electrodynamics, section 4.4.
    """

    def __init__(self, case: Case, charge: float) -> None:
        def equations(model: Model) -> list[Term]:
            level, unknowns = model.level, model.unknowns
            empty = replace(model.media.liquid, porosity=0.0, fixed_charge=0.0)
            field = level.space_charge(unknowns.liquid, unknowns.liquid_test, empty)
            own = [term for term in model.terms() if term.name != "space charge"]
            kept = [t for t in own if t.name in ("charged faces", "field in particles")]
            over = model.measures.over_layers(field, model.stack.liquid)
            return [*kept, Term("no ions", Rows(over))]

        def prescribed(model: Model) -> list[FixedDofs]:
            every = np.arange(len(model.liquid_field.x.array) // len(model.level.component_names))
            ions = [FixedDofs(LIQUID, k, every.astype(np.int32)) for k in model.level.conserved]
            walls = [model.domain.boundary(name) for name in ("base", "counter", "sides")]
            dofs = model.liquid.dofs_on(np.concatenate(walls).reshape(-1, 2))
            return [*ions, FixedDofs(LIQUID, len(ions), dofs)]

        self.problem = Problem(case, mesh_case(case, SELF).domain, equations, prescribed)
        self.problem.set_load(1.0)
        dim, unit = case.geometry.dimension, VACUUM_PERMITTIVITY * WATER
        contrast = (TITANIA - WATER) / (TITANIA + (dim - 1) * WATER)
        strength = charge * RADIUS / (unit * self.problem.bulk.thermal_voltage)
        centre = np.array([CENTRE[0], *[1e-7][: dim - 2], CENTRE[1]])
        self._exact = lambda x: _exact(x, centre, contrast, strength)
        place = self.problem.liquid.scalar.tabulate_dof_coordinates()[:, :dim]
        values = self.problem.liquid_field.x.array.reshape(len(place), -1)
        values[:, -1] = self._exact(place.T)
        self.problem.solve_here()

    def errors(self) -> tuple[float, float]:
        """Relative errors in the liquid and in the particle, L2."""
        problem = self.problem
        space = problem.liquid.region.mesh
        rich = new_function(fem.functionspace(space, ("Lagrange", 4)))
        rich.interpolate(lambda x: self._exact(x[: problem.domain.dimension]))
        gap = problem.liquid_field[len(problem.level.conserved)] - rich
        found = []
        for layer in ("film", INSIDE_FILM):
            over = problem.measures.over_layers
            parts = (problem.integrate(over(x**2, (layer,), 8)) for x in (gap, rich))
            error, size = parts
            found.append(np.sqrt(error / size))
        return found[0], found[1]


def _exact(x: np.ndarray, centre: np.ndarray, contrast: float, strength: float) -> np.ndarray:
    offset = (x.T - centre).T
    dim, r = len(centre), np.linalg.norm(offset, axis=0)
    along, ratio = offset[0] / 1e-7, RADIUS / np.maximum(r, RADIUS)
    monopole = np.log(ratio) if dim == 2 else ratio - 1.0
    return -along * (1.0 - contrast * ratio**dim) + strength * monopole


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("charge", [0.0, 2e-3])
def test_a_cylinder_in_a_field_at_full_order(tmp_path: Path, order: int, charge: float) -> None:
    found = []
    for refinement in (1.0, 2.0, 4.0):
        packing = {"permittivity": TITANIA, "surface_charge": f"{charge} C/m^2"}
        mesh = {"order": order, "refinement": refinement, "first_cell": "8 nm"}
        case = listed(tmp_path, f"{CENTRE[0]},{CENTRE[1]},{RADIUS}", packing, mesh=mesh)
        found.append(Particle(case, charge).errors())
    rates = np.array([np.log2(np.divide(*pair)) for pair in pairwise(found)])
    assert np.all(rates > order + 0.7), found


def test_a_sphere_in_a_field(tmp_path: Path) -> None:
    found = []
    for refinement in (1.0, 2.0):
        packing = {"permittivity": TITANIA, "surface_charge": "2e-3 C/m^2"}
        case = listed(
            tmp_path, f"{CENTRE[0]},1e-7,{CENTRE[1]},{RADIUS}", packing, dimension=3,
            geometry={"dimension": 3, "width": "200 nm", "depth": "200 nm"},
            mesh={"refinement": refinement, "first_cell": "20 nm"},
        )  # fmt: skip
        found.append(Particle(case, 2e-3).errors())
    assert np.all(np.divide(*found) > 2.0**1.7), found


# -- beside ions ----------------------------------------------------------------------------


def poisson_boltzmann(problem: Problem, permittivity: float) -> np.ndarray:
    """The same where nothing flows, by Newton's method for one unknown on the whole mesh."""
    domain, bulk, case = problem.domain, problem.bulk, problem.case
    mesh, packing, kinetics = domain.mesh, case.layer("film").packing, case.kinetics["zinc"]
    assert packing is not None
    space = fem.functionspace(mesh, ("Lagrange", case.mesh.order))
    phi, test = new_function(space), ufl.TestFunction(space)
    constants = fem.functionspace(mesh, ("DG", 0))
    everywhere = {"film": WATER, "electrolyte": WATER, INSIDE_FILM: permittivity}
    epsilon = by_layer(domain, constants, "permittivity", everywhere)
    liquid = by_layer(domain, constants, "liquid", {"film": 1.0, "electrolyte": 1.0})
    volt = bulk.thermal_voltage
    density = sum(FARADAY * z * bulk.held(s) * ufl.exp(-z * phi) for s, z in bulk.charges.items())
    metal = kinetics.stern_capacitance * (-volt * phi - (kinetics.pzc - problem.gauge))
    inner, outer = (
        ufl.Measure(kind, mesh, subdomain_data=domain.facet_tags)(domain.facet_ids[name])
        for kind, name in (("dS", f"{PARTICLES}film"), ("ds", "base"))
    )
    dx = ufl.dx(metadata={"quadrature_degree": 2 * case.mesh.order})
    field = VACUUM_PERMITTIVITY * volt * epsilon * ufl.grad(phi)
    residual = (ufl.inner(field, ufl.grad(test)) - liquid * density * test) * dx
    residual -= packing.surface_charge * ufl.avg(test) * inner + metal * test * outer
    facets = domain.facet_tags.find(domain.facet_ids["counter"])
    ends = fem.locate_dofs_topological(space, domain.dimension - 1, facets)
    rest, slope = fem.form(residual), fem.form(ufl.derivative(residual, phi))
    for _ in range(30):
        matrix = assemble_matrix(slope, bcs=[fem.dirichletbc(0.0, ends, space)])
        load = assemble_vector(rest).array
        load[ends] = 0.0
        step = spsolve(matrix.to_scipy(), load)
        phi.x.array[:] -= np.clip(step, -1.0, 1.0)
    assert np.abs(step).max() < 1e-10
    forms = (fem.form(ufl.avg(x) * inner) for x in (0 * phi + 1.0, phi, phi**2))
    found = np.array([fem.assemble_scalar(form) for form in forms])
    return found[1:] / found[0]


def test_ions_beside_dielectric_neighbours_are_at_equilibrium(tmp_path: Path) -> None:
    found = []
    for permittivity in (1.0, TITANIA):
        problem = solved(neighbours(tmp_path, permittivity))
        moments = on_particles(problem)
        assert moments == pytest.approx(poisson_boltzmann(problem, permittivity), rel=1e-8)
        found.append(unevenness(moments))
    assert found[1] < 0.8 * found[0]


def test_without_permittivity_the_field_inside_is_neglected(tmp_path: Path) -> None:
    """Neglect is the limit of none: what particles carry stays at their side."""
    neglected = on_particles(solved(neighbours(tmp_path, None)))
    gaps = [
        on_particles(solved(neighbours(tmp_path, permittivity))) - neglected
        for permittivity in (1e-1, 1e-2, 1e-6)
    ]
    assert gaps[0] / gaps[1] == pytest.approx(10.0, rel=0.05)
    assert np.all(np.abs(gaps[2]) < 1e-7 * np.abs(neglected))


def test_particles_and_liquid_fill_the_cell(tmp_path: Path) -> None:
    case = neighbours(tmp_path, TITANIA, mesh={"order": 2})
    mesh, cut_out = mesh_of_case(case), mesh_of_case(with_permittivity(case, None))
    assert volume(mesh) == pytest.approx(80e-9 * 200e-9, rel=1e-12)
    assert set(mesh.facet_ids) == set(cut_out.facet_ids)
    assert set(mesh.layer_ids) == {*cut_out.layer_ids, INSIDE_FILM}
    solid = 1.5 * np.pi * 2e-8**2
    assert volume(mesh) - volume(cut_out) == pytest.approx(solid, rel=1e-6)
    own = mesh.facets[mesh.facet_tags == mesh.facet_ids[f"{PARTICLES}film"]]
    assert len(own) == np.count_nonzero(cut_out.facet_tags == cut_out.facet_ids[f"{PARTICLES}film"])


def test_a_closed_pocket_is_left_out_with_the_particle_in_it(tmp_path: Path) -> None:
    """Rods that overlap surround another one on a mirror plane: nothing fixes its potential."""
    around = [(30e-9 * np.cos(a), 50e-9 + 30e-9 * np.sin(a)) for a in np.pi / 4 * np.arange(-2, 3)]
    rows = [f"{x},{z},1.3e-8" for x, z in around] + ["0,5e-8,5e-9"]
    packing = {"permittivity": TITANIA, "gap": "0.5 nm"}
    mesh = mesh_of_case(listed(tmp_path, "\n".join(rows), packing, geometry={"width": "80 nm"}))
    assert any("closed off" in note for note in mesh.notes)
    middles = mesh.points[mesh.cells].mean(axis=1)
    assert np.linalg.norm(middles - (0.0, 50e-9), axis=1).min() > 15e-9
    inside = np.count_nonzero(mesh.cell_tags == mesh.layer_ids[INSIDE_FILM])
    assert 0 < inside < len(mesh.cells)


def test_no_ions_are_in_particles(tmp_path: Path) -> None:
    problem = solved(neighbours(tmp_path, TITANIA, control={"current_density": "-1 A/m^2"}))
    fields = {f.name: f.x.array for f in liquid_fields(problem)}
    empty = outside(problem, problem.stack.liquid)
    assert empty.size
    assert np.all(fields["c_Zn2p"][empty] == 0.0)
    assert np.all(np.delete(fields["c_Zn2p"], empty) > 0.0)
    assert np.ptp(fields["potential"][empty]) > 0.0


def test_files_of_fields_have_a_block_inside(tmp_path: Path) -> None:
    problem = solved(neighbours(tmp_path, TITANIA))
    write_layers(SELF, tmp_path / "fields.pvd", liquid_fields(problem), problem.domain.layer_ids)
    assert (tmp_path / "fields_inside_of_film.pvtu").exists()
    assert INSIDE_FILM in (tmp_path / "fields.pvd").read_text()


@pytest.mark.parametrize(
    ("packing", "material", "words"),
    [
        ({"permittivity": 0.5}, "TiO2", "packing.permittivity"),
        ({"permittivity": 41.0}, "Ag", "no field in them"),
    ],
)
def test_a_permittivity_is_refused(packing: dict[str, Any], material: str, words: str) -> None:
    with pytest.raises(CaseError, match=words):
        patch(drawn(**packing), material=material)


def test_levels_without_double_layers_leave_it_out() -> None:
    case = patch(drawn(permittivity=41.0))
    assert any("packing.permittivity" in str(f) for f in require_valid(case).findings)
    assert set(mesh_of_case(case).layer_ids) == {"film", "electrolyte"}


def test_probes_see_the_liquid_alone(tmp_path: Path) -> None:
    """Beside a particle, where facets that are lifted to the probe reach into it, and inside."""
    probes = [["64 nm", "22 nm"], ["42 nm", "22 nm"]]
    found = []
    for permittivity in (None, TITANIA):
        problem = solved(neighbours(tmp_path, permittivity, output={"probes": probes}))
        named = ("potential", "c_Zn2p", "c_SO4_2m")
        scalars = [f for f in liquid_fields(problem) if f.name in named]
        found.append([each.values for each in sampled(problem, scalars)])
    for neglected, dielectric in zip(*found, strict=True):
        for name, values in neglected.items():
            assert dielectric[name] == pytest.approx(values, rel=0.05, nan_ok=True), name
    beside, inside = found[1]
    assert all(np.isfinite(values).all() for values in beside.values())
    assert all(np.isnan(values).all() for values in inside.values())
