"""The order of a problem's numbers in files, which no distribution of the mesh changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt

from zinterphase.mesh.numbering import lasting_numbers
from zinterphase.output.arrays_file import ArraysFile, Spread
from zinterphase.routes import Blocks
from zinterphase.solve.problem import Problem
from zinterphase.solve.state import State

Array = npt.NDArray[np.float64]
DISPLACEMENT = "displacement"


class StateRows:
    """Of one problem, for what is written or read at a time. All is collective."""

    def __init__(self, problem: Problem) -> None:
        """Numbers dofs."""
        self._problem, self._comm = problem, problem.domain.comm
        self.components = components(problem)
        self._fields = {name: self._of_field(name) for name in problem.spaces}

    @cached_property
    def nodes(self) -> Blocks:
        """Of the owned nodes of the whole mesh."""
        mesh = self._problem.domain.mesh
        owned = mesh.topology.index_map(mesh.topology.dim).size_local
        raw, table = self._problem.domain.cell_numbers[:owned], mesh.geometry.dofmaps[0][:owned]
        index_map = mesh.geometry.index_map()
        numbers = lasting_numbers(self._comm, raw, table, index_map)
        return Blocks(self._comm, numbers, index_map.size_global)

    @cached_property
    def surfaces(self) -> dict[str, Blocks]:
        """Of the cells beside the walls that hold states, by the name of these."""
        storage = self._problem.storage
        assert storage is not None
        found = {name: state.cells.numbers for name, state in storage.surfaces.items()}
        return {n: Blocks(self._comm, k, self._comm.allreduce(len(k))) for n, k in found.items()}

    def spread(self, state: State) -> Iterator[tuple[str, Spread]]:
        """Fields and displacement of a state, by name."""
        for name, values in state.fields.items():
            rows = values.reshape(-1, len(self.components[name]))
            yield name, Spread(self._fields[name], rows)
        if state.displacement is not None:
            yield DISPLACEMENT, Spread(self.nodes, state.displacement)

    def spread_surfaces(self, held: Mapping[str, Array]) -> Iterator[tuple[str, Spread]]:
        """States of walls, by name."""
        return ((name, Spread(self.surfaces[name], values)) for name, values in held.items())

    def fields(self, file: ArraysFile, start: str = "") -> dict[str, Array]:
        """What :meth:`spread` gave, from arrays whose names have this ``start``."""
        widths = {name: len(names) for name, names in self.components.items()}
        return {
            name: file.rows(f"{start}{name}", blocks, widths[name]).ravel()
            for name, blocks in self._fields.items()
        }

    def displacement(self, file: ArraysFile, start: str = "") -> Array | None:
        """The same of the nodes; None where the mesh has not moved."""
        name = f"{start}{DISPLACEMENT}"
        return self.at_nodes(file, name) if name in file.heads else None

    def at_nodes(self, file: ArraysFile, name: str) -> Array:
        """Vectors at this rank's nodes (n, dim)."""
        return file.rows(name, self.nodes, self._problem.domain.dimension)

    def held(self, file: ArraysFile, start: str) -> dict[str, Array]:
        """What :meth:`spread_surfaces` gave, from arrays whose names have this ``start``."""
        return {n: file.rows(f"{start}{n}", blocks) for n, blocks in self.surfaces.items()}

    def _of_field(self, name: str) -> Blocks:
        domain, spaces = self._problem.domain, self._problem.spaces[name]
        topology, dofmap = spaces.region.mesh.topology, spaces.scalar.dofmap
        cells = np.arange(topology.index_map(topology.dim).size_local, dtype=np.int32)
        parents = spaces.entity_map.sub_topology_to_topology(cells, False)
        raw = domain.cell_numbers[parents]
        index_map = dofmap.index_map
        numbers = lasting_numbers(self._comm, raw, dofmap.list[: len(cells)], index_map)
        return Blocks(self._comm, numbers, index_map.size_global)


def components(problem: Problem) -> dict[str, list[str]]:
    """Names of the components of every field."""
    known = {"liquid": list(problem.level.component_names), "solid": ["potential"]}
    return {name: known[name] for name in problem.fields}
