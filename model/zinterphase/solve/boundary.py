"""Dofs with prescribed values, and the values at rest."""

from collections.abc import Sequence
from math import log

import numpy as np
import numpy.typing as npt
from dolfinx.la import InsertMode
from mpi4py import MPI

from zinterphase.cell.unknowns import donnan_layers
from zinterphase.fem_types import new_function
from zinterphase.solve.model import Model
from zinterphase.solve.system import LIQUID, SOLID, Array, FixedDofs

Dofs = npt.NDArray[np.int32]


def fixed_dofs(model: Model) -> list[FixedDofs]:
    """Equipotential electrode, reservoir, terminal, and unknowns that live in a part of the liquid
    only; collective."""
    return [*_boundaries(model), *_local_unknowns(model), *_terminal(model)]


def pins(model: Model) -> list[FixedDofs]:
    """A dof for each enclosed ion, whose field and level are known up to a constant; collective."""
    enclosed = [k for k, name in model.level.conserved.items() if name in model.level_shifts]
    if not enclosed:
        return []
    dof = pinned_dof(model)
    return [FixedDofs(LIQUID, component, dof) for component in enclosed]


def pinned_dof(model: Model) -> Dofs:
    """Local number of the first dof of the space that is in the liquid, on the ranks that know it;
    collective."""
    index_map = model.liquid.scalar.dofmap.index_map
    held = np.flatnonzero(_cells_of(model, model.stack.liquid)).astype(np.int32)
    found = index_map.local_to_global(model.liquid.owned(held))
    first = model.domain.comm.allreduce(int(np.min(found, initial=index_map.size_global)), MPI.MIN)
    local = index_map.global_to_local(np.array([first], dtype=np.int64))
    return np.asarray(local[local >= 0], dtype=np.int32)


def value_at_rest(model: Model) -> Array:
    """Components of the liquid in equilibrium with the bulk: zero but for ions that it does not
    hold, whose reference is not the bulk."""
    bulk, values = model.bulk, np.zeros(len(model.level.component_names))
    for component, ion in model.level.conserved.items():
        values[component] = log(bulk.held(ion) / bulk.reference(ion))
    return values


def _boundaries(model: Model) -> list[FixedDofs]:
    fixed = []
    if model.equipotential:
        fixed.append(FixedDofs(LIQUID, 0, model.electrode_dofs))
    if model.counter is None:
        components = range(len(model.level.component_names))
        fixed += [FixedDofs(LIQUID, k, model.reservoir_dofs) for k in components]
    return fixed


def _local_unknowns(model: Model) -> list[FixedDofs]:
    """A wall law's potential lives at electrodes, a Donnan potential in charged layers, ions in
    the liquid."""
    fixed, names = [], model.level.component_names
    if model.stack.insides:
        empty = outside(model, model.stack.liquid)
        fixed += [FixedDofs(LIQUID, component, empty) for component in model.level.conserved]
    if model.case.wall_law != "none":
        fixed.append(FixedDofs(LIQUID, len(names) - 1, _away_from_electrodes(model)))
    charged = donnan_layers(model.case)
    if charged:
        fixed.append(FixedDofs(LIQUID, names.index("donnan"), outside(model, charged)))
    return fixed


def solid_terminals(model: Model) -> dict[str, Dofs]:
    """Dofs of the solid, ghosts included, where each electrode's terminal is, by its name; of those
    whose potential is solved; collective."""
    if model.solid is None:
        return {}
    stack = model.stack
    ends = {"working": ("base", stack.dense + stack.porous), "counter": ("counter", stack.opposite)}
    return {
        electrode: model.solid.dofs_on(model.domain.boundary(end).reshape(-1, 2))
        for electrode, (end, layers) in ends.items()
        if layers
    }


def _terminal(model: Model) -> list[FixedDofs]:
    return [FixedDofs(SOLID, 0, dofs) for dofs in solid_terminals(model).values()]


def _away_from_electrodes(model: Model) -> Dofs:
    """Dofs of the liquid, ghosts included, where no electrode charges a double layer."""
    facets = [model.measures.facets[e.surface.facets] for e in model.electrodes]
    charged = [model.liquid.dofs_on(rows) for rows in facets]
    pores = tuple(wall.layer for electrode in model.electrodes for wall in electrode.pores)
    beyond = outside(model, pores)
    return np.setdiff1d(beyond, np.concatenate(charged))


def outside(model: Model, layers: Sequence[str]) -> Dofs:
    """Dofs of the liquid, ghosts included, that no cell of ``layers`` has on any rank;
    collective."""
    return np.flatnonzero(_cells_of(model, layers) == 0.0).astype(np.int32)


def _cells_of(model: Model, layers: Sequence[str]) -> Array:
    """Above 0 at dofs of the liquid, ghosts included, that a cell of ``layers`` has."""
    found = new_function(model.liquid.scalar)
    for name in layers:
        cells = model.domain.cell_tags.find(model.domain.layer_ids[name])
        found.x.array[model.liquid.dofs_in(cells)] = 1.0
    found.x.scatter_reverse(InsertMode.add)
    found.x.scatter_forward()
    return np.asarray(found.x.array)
