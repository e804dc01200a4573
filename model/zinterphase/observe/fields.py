"""The solution as fields on the liquid and on the solid, in SI units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import ufl
from dolfinx import fem

from zinterphase.expressions import Expr
from zinterphase.fem_types import Function, Mesh, new_function
from zinterphase.forms import compiled_expression
from zinterphase.observe.acidity import acidity
from zinterphase.observe.evaluate import SolidTrace
from zinterphase.solve.boundary import outside
from zinterphase.solve.discretisation import RegionSpaces
from zinterphase.solve.electrode import Electrode
from zinterphase.solve.media import by_layer
from zinterphase.solve.problem import Problem

POTENTIAL = "potential"
"""Of the liquid, and in particles whose field is solved."""


def safe_name(species: str) -> str:
    """Species name that every calculator of a viewer accepts: Zn2+ -> Zn2p, SO42- -> SO42m."""
    return species.replace("+", "p").replace("-", "m")


class LiquidFields:
    """Potentials, concentrations, field, fluxes, charge density, layer and ownership.

    In particles whose field is solved there is the liquid's potential, and all else is zero.
    Potentials and concentrations are continuous (Lagrange), what follows from gradients and what
    jumps between layers is constant by cell. Compiled once; collective.
    """

    def __init__(self, problem: Problem) -> None:
        """For states of the problem to come."""
        spaces = problem.liquid
        self._trace = SolidTrace(problem)
        self._fields = _nodal_fields(problem, self._trace.function)
        self._fields += [_averaged(problem, spaces, n, e) for n, e in _cellwise(problem).items()]
        self._tags = _tags(problem, spaces)

    def now(self) -> list[Function]:
        """At the present state; the same functions each time."""
        self._trace.follow()
        return [*(field.evaluated() for field in self._fields), *self._tags]


def liquid_fields(problem: Problem) -> list[Function]:
    """The fields of :class:`LiquidFields` at the present state; collective."""
    return LiquidFields(problem).now()


def nodal_fields(problem: Problem) -> list[Function]:
    """The continuous ones among them alone; collective."""
    return [f.evaluated() for f in _nodal_fields(problem, SolidTrace(problem).function)]


def solid_fields(problem: Problem) -> list[Function]:
    """Electronic potential and current density where they are solved; collective."""
    if problem.solid is None or problem.solid_field is None:
        return []
    voltage = problem.bulk.thermal_voltage
    deviation = problem.unknowns.solid
    assert deviation is not None
    current = -_electronic_conductivity(problem) * voltage * ufl.grad(deviation)
    potential = _electronic_potential(problem, deviation)
    return [
        interpolated_field(problem, problem.solid, "electronic_potential", potential).evaluated(),
        interpolated_field(
            problem, problem.solid, "electronic_deviation", voltage * deviation
        ).evaluated(),
        _averaged(problem, problem.solid, "electronic_current_density", current).evaluated(),
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


def _nodal_fields(problem: Problem, trace: Function) -> list[_Field]:
    empty = outside(problem, problem.stack.liquid)
    return [
        interpolated_field(problem, problem.liquid, name, e, None if name == POTENTIAL else empty)
        for name, e in _nodal(problem, trace).items()
    ]


def _nodal(problem: Problem, trace: Function) -> dict[str, Expr]:
    level, voltage, liquid = problem.level, problem.bulk.thermal_voltage, problem.unknowns.liquid
    fields = {
        POTENTIAL: voltage * level.potential(liquid),
        "electronic_potential": _electronic_potential(problem, trace),
        "overpotential": voltage * _overpotential(problem, trace),
    }
    concentrations = level.concentrations(liquid, problem.media.liquid)
    for name, c in concentrations.items():
        fields[f"c_{safe_name(name)}"] = c
    return fields | acidity(problem, level.plane(liquid))


def _electronic_potential(problem: Problem, deviation: Expr) -> Expr:
    """Of the solid [V] against the working electrode's equilibrium with the bulk, from its
    ``deviation`` [RT/F] from its own electrode's terminal."""
    voltage, gauge = problem.bulk.thermal_voltage, problem.gauge

    def of(electrode: Electrode) -> Expr:
        own_gauge = electrode.parts.equilibrium_potential - gauge
        return voltage * (electrode.unknowns.metal + deviation) + own_gauge

    return _of_its_electrode(problem, of)


def _overpotential(problem: Problem, deviation: Expr) -> Expr:
    """Of the main reaction of the electrode whose solid is there [RT/F]."""
    plane = problem.level.plane(problem.unknowns.liquid)

    def of(electrode: Electrode) -> Expr:
        metal = electrode.unknowns.metal + deviation
        return electrode.surface.main.surface_overpotential(metal, plane)

    return _of_its_electrode(problem, of)


def _of_its_electrode(problem: Problem, of: Callable[[Electrode], Expr]) -> Expr:
    """What is told of an electrode: in layers of the counter one of that, elsewhere of the working
    one."""
    own = of(problem.working)
    if problem.counter is None or not problem.stack.opposite:
        return own
    space, layers = problem.media.specific_area.function_space, problem.stack.opposite
    there = by_layer(problem.domain, space, "opposite", dict.fromkeys(layers, 1.0))
    return own + there * (of(problem.counter) - own)


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
    pores = problem.precipitation.pores
    if pores is not None:
        fields["open_pores"] = pores.left(level, problem.unknowns)
    return fields


def _parent_cells(spaces: RegionSpaces) -> np.ndarray:
    topology = spaces.region.mesh.topology
    index_map = topology.index_map(topology.dim)
    cells = np.arange(index_map.size_local + index_map.num_ghosts, dtype=np.int32)
    return np.asarray(spaces.entity_map.sub_topology_to_topology(cells, False))


@dataclass(frozen=True, eq=False)
class _Field:
    """A function, and what it is made of: a compiled expression on cells of the whole mesh; zero at
    ``empty`` dofs."""

    function: Function
    compiled: fem.Expression[np.float64]
    mesh: Mesh
    cells: np.ndarray
    empty: np.ndarray | None = None

    def evaluated(self) -> Function:
        """The function at the present state."""
        values = np.asarray(self.compiled.eval(self.mesh, self.cells))
        space, array = self.function.function_space, self.function.x.array
        dofs = space.dofmap.list
        if space.ufl_element().degree > 0:
            array[dofs] = values
            if self.empty is not None:
                array[self.empty] = 0.0
        else:
            size = space.dofmap.index_map_bs
            array.reshape(-1, size)[dofs[:, 0]] = values.reshape(-1, size)
        return self.function


def _field(
    problem: Problem, spaces: RegionSpaces, function: Function, expression: Expr, points: Expr
) -> _Field:
    mesh = problem.domain.mesh
    compiled = compiled_expression(expression, points, mesh, problem.measures.entity_maps)
    return _Field(function, compiled, mesh, _parent_cells(spaces))


def interpolated_field(
    problem: Problem,
    spaces: RegionSpaces,
    name: str,
    expression: Expr,
    empty: np.ndarray | None = None,
) -> _Field:
    """A nodal field that can be evaluated again and again, zero at ``empty`` dofs; collective."""
    function = new_function(spaces.scalar, name)
    points = spaces.scalar.element.interpolation_points
    return replace(_field(problem, spaces, function, expression, points), empty=empty)


def _averaged(problem: Problem, spaces: RegionSpaces, name: str, expression: Expr) -> _Field:
    """Value at the midpoint of each cell."""
    mesh = spaces.region.mesh
    function = new_function(fem.functionspace(mesh, ("DG", 0, expression.ufl_shape)), name)
    midpoint = np.full((1, mesh.topology.dim), 1 / (mesh.topology.dim + 1))
    return _field(problem, spaces, function, expression, midpoint)


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
