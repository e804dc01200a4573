"""Profiles through a cell on a line: concentrations, reaction, solids and pores by cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem

from zinterphase.forms import compiled_expression
from zinterphase.mesh.places import cell_nodes
from zinterphase.routes import everywhere
from zinterphase.solve.problem import Problem
from zinterphase.solve.storage import Stored

Array = npt.NDArray[np.float64]
CONCENTRATION, REACTION, SOLID, POROSITY = "c_", "reaction", "solid_", "porosity"
MIDDLE = np.full((1, 1), 0.5)


@dataclass(frozen=True, eq=False)
class CellProfile:
    """Values at the middle of the cells of a line's liquid, from the metal up, SI units.

    ``height`` [m] and ``layers`` are theirs; ``values`` by name: ``c_ION`` [mol/m3 of pore liquid],
    ``reaction`` (current of all reactions, oxidation positive) [A/m3], ``solid_NAME`` [mol/m3 of
    the layer], ``porosity``; NaN where a layer has no walls. ``said`` names the instant.
    """

    time: float
    cycle: int
    step: int
    said: str
    height: Array
    layers: tuple[str, ...]
    values: Mapping[str, Array] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        values = {name: array.tolist() for name, array in self.values.items()}
        height, layers = self.height.tolist(), list(self.layers)
        return {**self.__dict__, "height": height, "layers": layers, "values": values}

    @classmethod
    def of_plain(cls, data: Mapping[str, Any]) -> CellProfile:
        """What :meth:`plain` said."""
        values = {
            name: np.array(column, dtype=np.float64) for name, column in data["values"].items()
        }
        height, layers = np.array(data["height"]), tuple(data["layers"])
        return cls(**{**data, "height": height, "layers": layers, "values": values})


class ThroughCell:
    """Takes profiles of a problem on a line, compiled once; everything collective."""

    def __init__(self, problem: Problem) -> None:
        """For states to come."""
        self._problem = problem
        self._cells = problem.domain.owned_cells(problem.stack.liquid)
        held = problem.level.concentrations(problem.unknowns.liquid, problem.media.liquid)
        self._ions = tuple(held)
        self._held = self._compiled(list(held.values()))
        self._reacting: dict[str, fem.Expression[np.float64] | None] = {}
        for electrode in problem.electrodes:
            for wall in electrode.pores:
                at = wall.state(problem.level, electrode.unknowns)
                if wall.reactions:
                    self._reacting[wall.layer] = self._compiled([wall.current_density(at)])

    def take(self, stored: Stored, time: float, cycle: int, step: int, said: str) -> CellProfile:
        """Of the present state, which holds ``stored``."""
        values = dict(
            zip((CONCENTRATION + ion for ion in self._ions), self._of_ions(), strict=True)
        )
        if self._reacting:
            values[REACTION] = self._reactions()
        values |= self._solids(stored)
        comm = self._problem.domain.comm
        middles = cell_nodes(self._problem.domain.mesh, self._cells).mean(axis=1)[:, 0]
        height = everywhere(comm, middles)
        order = np.argsort(height)
        found = {n: everywhere(comm, v)[order] for n, v in values.items()}
        layers = self._problem.domain.cell_tags
        ids = {number: name for name, number in self._problem.domain.layer_ids.items()}
        tags = layers.values[np.searchsorted(layers.indices, self._cells)]
        tags = everywhere(comm, tags)[order]
        names = tuple(ids[int(tag)] for tag in tags)
        return CellProfile(time, cycle, step, said, height[order], names, found)

    def _compiled(self, densities: list[Any]) -> fem.Expression[np.float64] | None:
        if not densities:
            return None
        mesh, maps = self._problem.domain.mesh, self._problem.measures.entity_maps
        return compiled_expression(ufl.as_vector(densities), MIDDLE, mesh, maps)

    def _of_ions(self) -> Array:
        if self._held is None:
            return np.zeros((0, len(self._cells)))
        found = self._held.eval(self._problem.domain.mesh, self._cells)
        return np.asarray(found).reshape(len(self._cells), len(self._ions)).T

    def _reactions(self) -> Array:
        found = np.full(len(self._cells), np.nan)
        for layer, compiled in self._reacting.items():
            cells = self._problem.domain.owned_cells((layer,))
            assert compiled is not None
            values = np.asarray(compiled.eval(self._problem.domain.mesh, cells))
            found[np.searchsorted(self._cells, cells)] = values.reshape(len(cells))
        return found

    def _solids(self, stored: Stored) -> dict[str, Array]:
        """Amounts in pores, and what they leave of these."""
        problem = self._problem
        pores, storage = problem.precipitation.pores, problem.storage
        if pores is None or storage is None:
            return {}
        area, left = (each.x.array[self._cells] for each in (pores.share, pores.porosity))
        found = {}
        for law in pores.solids:
            key = f"{pores.layer}.{law.solid.name}"
            amount = np.zeros(len(self._cells))
            rows = np.searchsorted(self._cells, storage.surfaces[key].cells.cells)
            amount[rows] = stored.surfaces[key][:, 0]
            found[SOLID + law.solid.name] = np.where(area > 0.0, area * amount, np.nan)
            left = left - law.solid.table.molar_volume * area * amount
        return {**found, POROSITY: left}
