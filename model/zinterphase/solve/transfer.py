"""The solution on one mesh as the first guess on another one of the same case."""

import numpy as np
import numpy.typing as npt
from dolfinx import fem
from mpi4py import MPI

from zinterphase.fem_types import Function
from zinterphase.solve.boundary import pinned_dof, value_at_rest
from zinterphase.solve.problem import Problem
from zinterphase.solve.state import State
from zinterphase.solve.system import LIQUID

REACHES = (0.01, 0.3)
"""How far outside the coarse mesh, in its mean cell size, a point may lie, tried in this order: the
surface of a finer mesh follows the true shape more closely. The search slows down with it."""


def transfer(source: Problem, target: Problem) -> State | None:
    """The unknowns of ``source`` on the mesh of ``target``; collective.

    Points outside the other mesh take the values that its closest cell extrapolates to. None where
    a point is too far outside, or double layers lie on a rough surface: there the finer surface
    differs by more than a Debye length from the coarser one, and Newton takes many times the
    iterations that it takes from rest. ``target`` is left at rest then.
    """
    size = mean_size(source)
    pairs = [(source.fields[name], field) for name, field in target.fields.items()]
    if _moves_double_layers(target) or not all(carried(*pair, size) for pair in pairs):
        target.rest()
        return None
    for name, scalar in target.scalars.items():
        scalar.value = source.scalars[name].value
    _move_pins(target)
    at_rest = value_at_rest(target)
    for fixed in target.system.fixed:
        block = target.system.blocks[fixed.block]
        value = at_rest[fixed.component] if fixed.block == LIQUID else 0.0
        block.field.x.array.reshape(-1, target.system.components(fixed.block))[
            fixed.dofs, fixed.component
        ] = value
    return target.state()


def _moves_double_layers(problem: Problem) -> bool:
    case = problem.case
    rough = case.geometry.surface.shape != "flat" and case.mesh.file is None
    return problem.level.has_double_layer and rough


def mean_size(problem: Problem) -> float:
    """Edge of a cell of mean volume, in the whole mesh [m]."""
    domain = problem.domain
    points = domain.mesh.geometry.x[:, : domain.dimension]
    low = np.min(points, axis=0, initial=np.inf)
    high = np.max(points, axis=0, initial=-np.inf)
    domain.comm.Allreduce(MPI.IN_PLACE, low, MPI.MIN)
    domain.comm.Allreduce(MPI.IN_PLACE, high, MPI.MAX)
    return float((np.prod(high - low) / domain.cell_count) ** (1.0 / domain.dimension))


def carried(source: Function, target: Function, size: float) -> bool:
    """Fill ``target``; whether every point of it was found."""
    return any(_interpolate(source, target, reach * size) for reach in REACHES)


def _interpolate(source: Function, target: Function, reach: float) -> bool:
    space, comm = target.function_space, target.function_space.mesh.comm
    cells = _cover(target)
    data = fem.create_interpolation_data(space, source.function_space, cells, reach)
    lost = bool(np.any(np.asarray(data.src_owner) < 0))
    if comm.allreduce(lost, MPI.LOR):
        return False
    target.interpolate_nonmatching(source, cells, data)
    target.x.scatter_forward()
    return bool(comm.allreduce(bool(np.all(np.isfinite(target.x.array))), MPI.LAND))


def _cover(function: Function) -> npt.NDArray[np.int32]:
    """Cells of this rank that together hold all its own nodes: a part of all cells."""
    dofmap = function.function_space.dofmap
    table = dofmap.list
    nodes, first = np.unique(table, return_index=True)
    own = first[nodes < dofmap.index_map.size_local]
    return np.unique(own // table.shape[1]).astype(np.int32)


def _move_pins(problem: Problem) -> None:
    """Field and level of an enclosed ion are known up to a constant: zero the field at its pin."""
    spaces, pin = problem.liquid, pinned_dof(problem)
    values = problem.liquid_field.x.array.reshape(-1, problem.system.components(LIQUID))
    owned = spaces.owned(pin)
    for component, name in problem.level.conserved.items():
        if name not in problem.level_shifts:
            continue
        here = float(values[owned, component].sum())
        height = float(problem.domain.comm.allreduce(here, MPI.SUM))
        values[:, component] -= height
        problem.level_shifts[name].value += height
