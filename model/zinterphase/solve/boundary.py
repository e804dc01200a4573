"""Dofs with prescribed values, and the values at rest."""

from collections.abc import Sequence
from math import log

import numpy as np
import numpy.typing as npt

from zinterphase.cell.unknowns import donnan_layers
from zinterphase.solve import discretisation as disc
from zinterphase.solve.model import Model
from zinterphase.solve.system import LIQUID, SOLID, Array, FixedDofs

Dofs = npt.NDArray[np.int32]


def fixed_dofs(model: Model) -> list[FixedDofs]:
    """Equipotential electrode, reservoir, terminal, and unknowns that live in a part of the liquid
    only; collective."""
    return [*_boundaries(model), *_local_unknowns(model), *_terminal(model)]


def pins(model: Model) -> list[FixedDofs]:
    """A dof for each enclosed ion, whose field and level are known up to a constant; collective."""
    return [
        FixedDofs(LIQUID, component, disc.pinned_dof(model.liquid))
        for component, name in model.level.conserved.items()
        if name in model.level_shifts
    ]


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
    """A wall law's potential lives at electrodes, a Donnan potential in charged layers."""
    fixed, names = [], model.level.component_names
    if model.case.wall_law != "none":
        fixed.append(FixedDofs(LIQUID, len(names) - 1, _away_from_electrodes(model)))
    charged = donnan_layers(model.case)
    if charged:
        fixed.append(FixedDofs(LIQUID, names.index("donnan"), _outside(model, charged)))
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
    outside = _outside(model, pores)
    return np.setdiff1d(outside, np.concatenate(charged))


def _outside(model: Model, layers: Sequence[str]) -> Dofs:
    """Dofs of the liquid, ghosts included, that no cell of ``layers`` has."""
    tags = [model.domain.cell_tags.find(model.domain.layer_ids[name]) for name in layers]
    inside = [model.liquid.dofs_in(cells) for cells in tags]
    none = np.zeros(0, dtype=np.int32)
    return np.setdiff1d(model.liquid.all_dofs(), np.concatenate([*inside, none]))
