"""A state where the nodes of the surface have slid along it: amounts stay, what holds them is new.

Fields are interpolated to where the nodes go; what that adds to or takes from an amount, second
order in the size of cells, is shared out again in proportion.
"""

from dataclasses import replace

import numpy as np
from dolfinx import fem
from dolfinx.mesh import create_submesh

from zinterphase.errors import MeshError
from zinterphase.fem_types import Function, new_function
from zinterphase.solve.front import Front
from zinterphase.solve.problem import Problem
from zinterphase.solve.storage import Stored
from zinterphase.solve.system import LIQUID, Array
from zinterphase.solve.transfer import carried, mean_size


def even_out(problem: Problem, held: Stored) -> tuple[Stored, float]:
    """Slide the nodes of the working surface of a problem at rest in time until their distances
    have stretched alike; collective.

    ``held`` is what the present state holds. What the new one does, with the same amounts of ions
    and charges of metals, and the largest share of an amount that interpolation had missed. The
    problem is left at interpolated fields.

    Raises :class:`MeshError` where the mesh cannot follow; nothing moves then.
    """
    front, size = problem.front, mean_size(problem)
    assert isinstance(front, Front)
    fields = [(_apart(field), field) for field in problem.fields.values()]

    def carry() -> None:
        if not all(carried(old, new, size) for old, new in fields):
            raise MeshError("a node slides out of the mesh")

    front.even_out(carry)
    problem.follow_mesh()
    return kept(problem, held)


def kept(problem: Problem, held: Stored) -> tuple[Stored, float]:
    """What a problem holds at interpolated fields, with the amounts of ions and the charges of
    metals of ``held``; and the largest share of an amount that interpolation had missed.
    Collective."""
    assert problem.storage is not None
    found = problem.storage.amounts()
    liquid, missed = _shared_out(problem, found.liquid, held.liquid, LIQUID)
    walls = [
        _shared_out(problem, new, old, block)[0]
        for block, (new, old) in enumerate(zip(found.walls, held.walls, strict=True))
    ]
    return replace(found, liquid=liquid, walls=tuple(walls), charges=held.charges), missed


def _apart(field: Function) -> Function:
    """The field on a copy of its mesh, which stays where it is; collective."""
    mesh, element = field.function_space.mesh, field.function_space.ufl_element()
    cells = mesh.topology.index_map(mesh.topology.dim)
    every = np.arange(cells.size_local + cells.num_ghosts, dtype=np.int32)
    copy, entities, *_ = create_submesh(mesh, mesh.topology.dim, every)
    found = new_function(fem.functionspace(copy, element))
    own = np.arange(len(every), dtype=np.int32)
    found.interpolate(field, entities.sub_topology_to_topology(own, False), own)
    found.x.scatter_forward()
    return found


def _shared_out(problem: Problem, new: Array, old: Array, block: int) -> tuple[Array, float]:
    """Rows of amounts with the sums, by component, of ``old``, shared out by their sizes; and the
    largest share that was missed."""
    system = problem.system
    count = system.components(block)
    rows, missed = new.reshape(-1, count).copy(), 0.0
    for column, former in zip(rows.T, old.reshape(-1, count).T, strict=True):
        size = np.abs(column)
        sums = (system.sum(float(each.sum())) for each in (former, column, size))
        wanted, now, whole = sums
        if whole > 0.0:
            column += size * ((wanted - now) / whole)
            missed = max(missed, abs(wanted - now) / whole)
    return rows.ravel(), missed
