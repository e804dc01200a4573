"""The solution as fields on the liquid and on the solid, in SI units."""

import numpy as np
import ufl
from dolfinx import fem

from zinterphase.expressions import Expr
from zinterphase.fem_types import Function, new_function
from zinterphase.forms import compiled_expression
from zinterphase.observe.evaluate import solid_trace
from zinterphase.solve.discretisation import RegionSpaces
from zinterphase.solve.problem import Problem


def safe_name(species: str) -> str:
    """Species name that every calculator of a viewer accepts: Zn2+ -> Zn2p, SO42- -> SO42m."""
    return species.replace("+", "p").replace("-", "m")


def liquid_fields(problem: Problem) -> list[Function]:
    """Potentials, concentrations, field, fluxes, charge density, layer and ownership; collective.

    Potentials and concentrations are continuous (Lagrange), what follows from gradients and what
    jumps between layers is constant by cell.
    """
    spaces = problem.liquid
    functions = [_interpolated(problem, spaces, name, e) for name, e in _nodal(problem).items()]
    functions += [_averaged(problem, spaces, name, e) for name, e in _cellwise(problem).items()]
    return [*functions, *_tags(problem, spaces)]


def solid_fields(problem: Problem) -> list[Function]:
    """Electronic potential and current density where they are solved; collective."""
    if problem.solid is None or problem.solid_field is None:
        return []
    voltage = problem.bulk.thermal_voltage
    deviation = problem.unknowns.solid
    assert deviation is not None
    current = -_electronic_conductivity(problem) * voltage * ufl.grad(deviation)
    potential = voltage * (problem.unknowns.metal + deviation)
    return [
        _interpolated(problem, problem.solid, "electronic_potential", potential),
        _interpolated(problem, problem.solid, "electronic_deviation", voltage * deviation),
        _averaged(problem, problem.solid, "electronic_current_density", current),
        *_tags(problem, problem.solid),
    ]


def _electronic_conductivity(problem: Problem) -> Function:
    """Conductivity of the solid with what gated layers add at the middle of their cells [S/m]."""
    found = problem.media.electronic_conductivity.copy()
    domain, mesh = problem.domain, problem.domain.mesh
    dim = mesh.topology.dim
    middle = np.full((1, dim), 1.0 / (dim + 1))
    for gate in problem.gates:
        cells = domain.cell_tags.find(domain.layer_ids[gate.layer])
        added = gate.conductivity(problem.level, problem.unknowns)
        maps = problem.measures.entity_maps
        compiled = compiled_expression(added, middle, mesh, maps)
        found.x.array[cells] += compiled.eval(mesh, cells).ravel()
    return found


def _nodal(problem: Problem) -> dict[str, Expr]:
    level, voltage, liquid = problem.level, problem.bulk.thermal_voltage, problem.unknowns.liquid
    metal = problem.unknowns.metal + solid_trace(problem)
    law = problem.working.surface.main
    fields = {
        "potential": voltage * level.potential(liquid),
        "electronic_potential": voltage * metal,
        "overpotential": voltage * law.surface_overpotential(metal, level.plane(liquid)),
    }
    concentrations = level.concentrations(liquid, problem.media.liquid)
    for name, c in concentrations.items():
        fields[f"c_{safe_name(name)}"] = c
    return fields


def _cellwise(problem: Problem) -> dict[str, Expr]:
    level, liquid, media = problem.level, problem.unknowns.liquid, problem.media.liquid
    potential = problem.bulk.thermal_voltage * level.potential(liquid)
    fields = {
        "electric_field": -ufl.grad(potential),
        "current_density": level.current_density(liquid, media),
    }
    if level.has_double_layer:
        fields["charge_density"] = level.charge_density(liquid, media)  # type: ignore[attr-defined]
    for name, flux in level.fluxes(liquid, media).items():
        fields[f"flux_{safe_name(name)}"] = flux
    return fields


def _parent_cells(spaces: RegionSpaces) -> np.ndarray:
    topology = spaces.region.mesh.topology
    index_map = topology.index_map(topology.dim)
    cells = np.arange(index_map.size_local + index_map.num_ghosts, dtype=np.int32)
    return np.asarray(spaces.entity_map.sub_topology_to_topology(cells, False))


def _evaluated(
    problem: Problem, spaces: RegionSpaces, expression: Expr, points: Expr
) -> np.ndarray:
    mesh = problem.domain.mesh
    maps = problem.measures.entity_maps
    compiled = compiled_expression(expression, points, mesh, maps)
    return np.asarray(compiled.eval(mesh, _parent_cells(spaces)))


def _interpolated(problem: Problem, spaces: RegionSpaces, name: str, expression: Expr) -> Function:
    function = new_function(spaces.scalar, name)
    points = spaces.scalar.element.interpolation_points
    function.x.array[spaces.scalar.dofmap.list] = _evaluated(problem, spaces, expression, points)
    return function


def _averaged(problem: Problem, spaces: RegionSpaces, name: str, expression: Expr) -> Function:
    """Value at the midpoint of each cell."""
    mesh = spaces.region.mesh
    shape = expression.ufl_shape
    function = new_function(fem.functionspace(mesh, ("DG", 0, shape)), name)
    midpoint = np.full((1, mesh.topology.dim), 1 / (mesh.topology.dim + 1))
    values = _evaluated(problem, spaces, expression, midpoint)
    size = max(1, int(np.prod(shape)))
    table = function.x.array.reshape(-1, size)
    table[function.function_space.dofmap.list[:, 0]] = values.reshape(-1, size)
    return function


def _tags(problem: Problem, spaces: RegionSpaces) -> list[Function]:
    """Layer number, and 1 on owned cells (viewers count ghosts of parallel files twice)."""
    parents = _parent_cells(spaces)
    layer = new_function(fem.functionspace(spaces.region.mesh, ("DG", 0)), "layer")
    owned = new_function(layer.function_space, "owned")
    dofs = layer.function_space.dofmap.list[:, 0]
    tags = problem.domain.cell_tags
    values = np.zeros(len(tags.indices))
    values[tags.indices] = tags.values
    layer.x.array[dofs] = values[parents]
    topology = spaces.region.mesh.topology
    owned.x.array[dofs] = np.arange(len(dofs)) < topology.index_map(topology.dim).size_local
    return [layer, owned]
