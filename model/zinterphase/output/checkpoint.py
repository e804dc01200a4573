"""States in files that any number of ranks reads, whatever number wrote them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from mpi4py import MPI
from pydantic import TypeAdapter

from zinterphase.errors import FileError
from zinterphase.mesh.numbering import Ints, lasting_numbers
from zinterphase.output.files import replacing
from zinterphase.parallel import on_root
from zinterphase.solve.problem import Problem
from zinterphase.solve.state import State

FORMAT = 1
HEADER, _DISPLACEMENT = "header", "displacement"
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Header:
    """What tells states apart. ``fields`` are the components of each field by its name."""

    format: int
    written_by: str
    mesh: str
    level: str
    order: int
    fields: dict[str, list[str]]
    scalars: dict[str, float]
    load: float
    time: float

    @classmethod
    def of(cls, problem: Problem, state: State) -> Self:
        return cls(
            FORMAT,
            version("zinterphase"),
            problem.domain.checksum,
            problem.case.level,
            problem.case.mesh.order,
            _components(problem),
            dict(state.scalars),
            state.load,
            state.time,
        )

    def require_like(self, own: Header, path: Path) -> None:
        """Raise :class:`FileError` where the other is not of ``own``'s mesh and unknowns."""
        for what, found, wanted in (
            ("mesh", self.mesh[:12], own.mesh[:12]),
            ("level", self.level, own.level),
            ("order", self.order, own.order),
            ("fields", _listed(self.fields), _listed(own.fields)),
            ("global unknowns", ", ".join(self.scalars), ", ".join(own.scalars)),
        ):
            if found != wanted:
                raise FileError(
                    f"{path}: a state of {what} {found}, written by zinterphase "
                    f"{self.written_by}; this case has {wanted}"
                )


def save_state(problem: Problem, state: State, path: Path) -> None:
    """Write ``state`` of ``problem``, whole or not at all; collective.

    An .npz file: `header` (JSON), per field its values [RT/F] in an order that no distribution of
    the mesh changes, shape (dofs, components), and `displacement` of the nodes (n, dim) [m] where
    the mesh has moved. Raises :class:`FileError`.
    """
    arrays = gathered(problem, state)
    header = json.dumps(asdict(Header.of(problem, state)))
    on_root(problem.domain.comm, lambda: write_arrays(path, header, arrays))


def write_arrays(path: Path, header: str, arrays: Mapping[str, Array | None]) -> None:
    """An .npz file of a JSON `header` and arrays, whole or not at all. Not collective."""
    whole = {name: values for name, values in arrays.items() if values is not None}
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez(file, **{HEADER: np.array(header)}, **whole)  # type: ignore[arg-type]


def gathered(problem: Problem, state: State) -> dict[str, Array | None]:
    """Fields and displacement of a state in an order that no distribution of the mesh changes, on
    rank 0; collective."""
    comm, numbers = problem.domain.comm, _numbers(problem)
    arrays = {
        name: _gathered(comm, numbers[name], values.reshape(-1, len(_components(problem)[name])))
        for name, values in state.fields.items()
    }
    if state.displacement is not None:
        arrays[_DISPLACEMENT] = gathered_nodes(problem, state.displacement)
    return arrays


def gathered_nodes(problem: Problem, values: Array) -> Array | None:
    """Values of this rank's nodes (n, dim) in an order that no distribution of the mesh changes, on
    rank 0; collective."""
    return _gathered(problem.domain.comm, _node_numbers(problem), values)


def scattered_nodes(problem: Problem, whole: Array | None) -> Array:
    """This rank's part of what :func:`gathered_nodes` put together, known to rank 0; collective."""
    return _scattered(problem.domain.comm, _node_numbers(problem), whole)


def scattered(problem: Problem, header: Header, arrays: Mapping[str, Array]) -> State:
    """This rank's part of the state that :func:`gathered` put together, known to rank 0;
    collective."""
    comm = problem.domain.comm
    fields = {
        name: _scattered(comm, n, arrays.get(name)).ravel() for name, n in _numbers(problem).items()
    }
    displacement = None
    if comm.bcast(_DISPLACEMENT in arrays):
        displacement = scattered_nodes(problem, arrays.get(_DISPLACEMENT))
    return State(fields, header.scalars, header.load, header.time, displacement)


def gathered_surfaces(problem: Problem, held: Mapping[str, Array]) -> dict[str, Array | None]:
    """States of walls in an order that no distribution of the mesh changes, on rank 0;
    collective."""
    assert problem.storage is not None
    states, comm = problem.storage.surfaces, problem.domain.comm
    return {n: _gathered(comm, states[n].cells.numbers, values) for n, values in held.items()}


def scattered_surfaces(problem: Problem, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """This rank's part of what :func:`gathered_surfaces` put together; collective."""
    assert problem.storage is not None
    states, comm = problem.storage.surfaces, problem.domain.comm
    return {n: _scattered(comm, s.cells.numbers, arrays.get(n)) for n, s in states.items()}


def load_state(problem: Problem, path: Path) -> State:
    """Read a state of ``problem`` on any number of ranks; collective.

    Raises
    ------
    FileError
        Where the file is none of a state, or one of another format, mesh, level, order or of other
        unknowns; the line names the version that wrote it.
    """
    comm, own = problem.domain.comm, Header.of(problem, problem.state())
    numbers = _numbers(problem)
    sizes = {name: (comm.allreduce(len(n)), len(_components(problem)[name]))
             for name, n in numbers.items()}  # fmt: skip
    nodes = problem.domain.mesh.geometry.index_map().size_global
    sizes[_DISPLACEMENT] = (nodes, problem.domain.dimension)
    arrays: Mapping[str, Array] = {}

    def read() -> Header:
        nonlocal arrays
        header, arrays = _read(path)
        header.require_like(own, path)
        if any(values.shape != sizes[name] for name, values in arrays.items()):
            raise FileError(f"{path}: {_NONE}")
        return header

    return scattered(problem, on_root(comm, read), arrays)


_NONE = "no state that zinterphase has written, or a damaged one"


def _read(path: Path) -> tuple[Header, dict[str, Array]]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            entries: dict[str, Any] = json.loads(str(data[HEADER]))
            if entries["format"] != FORMAT:
                raise FileError(
                    f"{path}: a state of format {entries['format']}, written by zinterphase "
                    f"{entries['written_by']}; this version reads format {FORMAT}"
                )
            header = TypeAdapter(Header).validate_python(entries)
            names = [*header.fields, *({_DISPLACEMENT} & set(data.files))]
            arrays = {name: np.asarray(data[name], dtype=np.float64) for name in names}
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise FileError(f"{path}: {_NONE}") from error
    numbers = np.array([header.load, header.time, *header.scalars.values()])
    if not all(np.isfinite(values).all() for values in (numbers, *arrays.values())):
        raise FileError(f"{path}: {_NONE}")
    return header, arrays


def _listed(fields: Mapping[str, list[str]]) -> str:
    return "; ".join(f"{name}: {', '.join(components)}" for name, components in fields.items())


def _components(problem: Problem) -> dict[str, list[str]]:
    """Names of the components of every field."""
    known = {"liquid": list(problem.level.component_names), "solid": ["potential"]}
    return {name: known[name] for name in problem.fields}


def _numbers(problem: Problem) -> dict[str, Ints]:
    """Of the owned dofs of every field."""
    domain, found = problem.domain, {}
    for name, spaces in problem.spaces.items():
        topology, dofmap = spaces.region.mesh.topology, spaces.scalar.dofmap
        cells = np.arange(topology.index_map(topology.dim).size_local, dtype=np.int32)
        parents = spaces.entity_map.sub_topology_to_topology(cells, False)
        raw = domain.cell_numbers[parents]
        found[name] = lasting_numbers(domain.comm, raw, dofmap.list[: len(cells)], dofmap.index_map)
    return found


def _node_numbers(problem: Problem) -> Ints:
    """Of the owned nodes of the whole mesh."""
    mesh = problem.domain.mesh
    owned = mesh.topology.index_map(mesh.topology.dim).size_local
    raw, table = problem.domain.cell_numbers[:owned], mesh.geometry.dofmaps[0][:owned]
    return lasting_numbers(problem.domain.comm, raw, table, mesh.geometry.index_map())


def _gathered(comm: MPI.Intracomm, numbers: Ints, values: Array) -> Array | None:
    """Rows of all ranks in the order of their numbers, on rank 0."""
    parts = comm.gather((numbers, values))
    if parts is None:
        return None
    whole = np.empty((sum(len(n) for n, _ in parts), values.shape[1]))
    for where, rows in parts:
        whole[where] = rows
    return whole


def _scattered(comm: MPI.Intracomm, numbers: Ints, whole: Array | None) -> Array:
    """The rows of ``whole``, known to rank 0, that have the numbers of each rank."""
    wanted = comm.gather(numbers)
    parts = None if wanted is None or whole is None else [whole[n] for n in wanted]
    own: Array = comm.scatter(parts)
    return own
