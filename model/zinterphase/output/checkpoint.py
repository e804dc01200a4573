"""States in files that any number of ranks reads, whatever number wrote them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

import numpy as np
from mpi4py import MPI
from pydantic import TypeAdapter

from zinterphase.errors import FileError
from zinterphase.output.arrays_file import reading, write_arrays
from zinterphase.output.state_rows import StateRows, components
from zinterphase.parallel import on_root
from zinterphase.solve.problem import Problem
from zinterphase.solve.state import State

FORMAT = 1


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
            components(problem),
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
    header = json.dumps(asdict(Header.of(problem, state)))
    write_arrays(problem.domain.comm, path, header, StateRows(problem).spread(state))


def load_state(problem: Problem, path: Path) -> State:
    """Read a state of ``problem`` on any number of ranks; collective.

    Raises
    ------
    FileError
        Where the file is none of a state, or one of another format, mesh, level, order or of other
        unknowns; the line names the version that wrote it.
    """
    comm, own = problem.domain.comm, Header.of(problem, problem.state())
    rows = StateRows(problem)
    with reading(comm, path, _NONE) as file:
        header = on_root(comm, lambda: _checked(file.header(), own, path))
        fields, displacement = rows.fields(file), rows.displacement(file)
    found = [*fields.values(), *(() if displacement is None else (displacement,))]
    if not comm.allreduce(all(np.isfinite(values).all() for values in found), MPI.LAND):
        raise FileError(f"{path}: {_NONE}")
    return State(fields, header.scalars, header.load, header.time, displacement)


_NONE = "no state that zinterphase has written, or a damaged one"


def _checked(entries: Mapping[str, Any], own: Header, path: Path) -> Header:
    try:
        if entries["format"] != FORMAT:
            raise FileError(
                f"{path}: a state of format {entries['format']}, written by zinterphase "
                f"{entries['written_by']}; this version reads format {FORMAT}"
            )
        header = TypeAdapter(Header).validate_python(entries)
    except (ValueError, KeyError) as error:
        raise FileError(f"{path}: {_NONE}") from error
    if not np.isfinite([header.load, header.time, *header.scalars.values()]).all():
        raise FileError(f"{path}: {_NONE}")
    header.require_like(own, path)
    return header


def _listed(fields: Mapping[str, list[str]]) -> str:
    return "; ".join(f"{name}: {', '.join(components)}" for name, components in fields.items())
