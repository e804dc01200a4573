"""A run in time in one file, from which any number of ranks goes on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from mpi4py import MPI
from pydantic import TypeAdapter

from zinterphase.errors import FileError
from zinterphase.geometry.raw import RawMesh
from zinterphase.march.point import Point
from zinterphase.march.progress import Progress
from zinterphase.output.arrays_file import ArraysFile, Spread, reading, write_arrays
from zinterphase.output.checkpoint import Header
from zinterphase.output.gallery import Gallery
from zinterphase.output.state_rows import StateRows
from zinterphase.parallel import on_root
from zinterphase.solve.footing import Footing
from zinterphase.solve.problem import Problem
from zinterphase.solve.state import State
from zinterphase.solve.storage import Stored

Array = npt.NDArray[np.float64]
AMOUNTS = ("stored", "slope", "error")
HOLDERS, SURFACES = ("liquid", "walls"), "surfaces"
"""Kinds of amounts of a point, who holds them in rows of the equations, and states of walls."""
RISE, FOOTING = "rise", "footing"
KEPT = ("progress", "charges", "book", "reached", "slid", "ends", "jumps", "mesh")
_INTEGRALS = ("sum", "rate", "missed")
MAPS, MESH, ORIGINS = "maps", "mesh", "origins"
_SHARED = {*_INTEGRALS, ORIGINS, RISE}
Named = tuple[str, Spread | npt.NDArray[Any]]
_NONE = "no state of a run in time, or a damaged one"


@dataclass(frozen=True)
class MarchState:
    """The last states, newest first, how far the protocol is, and what the tables hold.

    ``footing`` is that of a front whose nodes have slid or whose mesh was made anew, None of
    others; ``mesh`` is that mesh, on rank 0, None where it is the case's own, and ``origins`` are
    what the probe counts from then. ``book`` is plain data of the watch
    (:meth:`Trajectory.memory`), ``reached`` that of the tolerances; ``maps`` are arrays of its
    gallery (:meth:`Gallery.arrays`), which has maps on rank 0 alone; ``ends`` and ``jumps`` are
    what jumps over cycles go on from (:class:`Jumping`).
    """

    points: tuple[Point, ...]
    progress: Progress
    book: Mapping[str, Any]
    reached: Mapping[str, Any]
    maps: Mapping[str, Array] = field(default_factory=dict)
    footing: Footing | None = None
    ends: tuple[Point, ...] = ()
    jumps: Mapping[str, Any] = field(default_factory=dict)
    mesh: RawMesh | None = None
    origins: Mapping[str, Array] = field(default_factory=dict)


def save_march(problem: Problem, state: MarchState, path: Path) -> None:
    """Write it, whole or not at all; collective. Raises :class:`FileError`."""
    footing, points = state.footing, (*state.points, *state.ends)
    header = {
        "slid": None if footing is None else footing.course,
        MESH: None if state.mesh is None else state.mesh.labels,
        "states": [asdict(Header.of(problem, point.state)) for point in points],
        "charges": [
            {kind: dict(getattr(point, kind).charges) for kind in AMOUNTS} for point in points
        ],
        "jumps": state.jumps,
        "ends": len(state.ends),
        "progress": asdict(state.progress),
        "book": state.book,
        "reached": state.reached,
    }
    arrays = _arrays(StateRows(problem), state)
    write_arrays(problem.domain.comm, path, json.dumps(header), arrays)


def load_march(problem: Problem, path: Path) -> MarchState:
    """Read it on any number of ranks; collective.

    Raises :class:`FileError` where the file is none of a run in time, or of another mesh or level.
    """
    comm, own = problem.domain.comm, Header.of(problem, problem.state())
    rows, footing = StateRows(problem), None
    maps: dict[str, Array] = {}
    with reading(comm, path, _NONE) as file:

        def read() -> tuple[list[Header], dict[str, Any], dict[str, Array], dict[str, Array]]:
            headers, content = _content(file, path)
            for header in headers:
                header.require_like(own, path)
            names = [name for name in file.heads if _SHARED & set(name.split("/")[:2])]
            maps.update(_part(file, MAPS))
            return headers, content, file.whole(names), Gallery.without_maps(maps)

        headers, content, shared, without = on_root(comm, read)
        points = [
            _point(rows, file, header, shared, f"{k}/", charges)
            for k, (header, charges) in enumerate(zip(headers, content["charges"], strict=True))
        ]
        if content["slid"]:
            nodes = rows.at_nodes(file, f"{FOOTING}/nodes")
            footing = Footing(nodes, _under(shared, f"{FOOTING}/{RISE}/"), **content["slid"])
    progress = TypeAdapter(Progress).validate_python(content["progress"])
    book, reached = content["book"], content["reached"]
    origins = _under(shared, f"{ORIGINS}/")
    last = len(points) - content["ends"]
    now, ends = tuple(points[:last]), tuple(points[last:])
    jumps = content["jumps"]
    kept = maps if comm.rank == 0 else without
    return MarchState(now, progress, book, reached, kept, footing, ends, jumps, origins=origins)


def load_mesh(comm: MPI.Intracomm, path: Path) -> tuple[bool, RawMesh | None]:
    """Whether a run went on with a mesh of its own, and that mesh on rank 0; collective.

    Raises :class:`FileError` where the file is none of a run in time.
    """
    mesh: RawMesh | None = None
    with reading(comm, path, _NONE) as file:

        def read() -> bool:
            nonlocal mesh
            labels = _content(file, path)[1][MESH]
            if labels is None:
                return False
            try:
                mesh = RawMesh.of(_part(file, MESH), labels)
            except KeyError as error:
                raise FileError(f"{path}: {_NONE}") from error
            return True

        has_mesh = on_root(comm, read)
    return has_mesh, mesh


def _arrays(rows: StateRows, state: MarchState) -> Iterator[Named]:
    """All of them by name, in the file's order."""
    for k, point in enumerate((*state.points, *state.ends)):
        for kind, each in (("field", point.state), *_amounts(point)):
            yield from _named(f"{k}/{kind}/", rows.spread(each))
        for kind in AMOUNTS:
            held: Stored = getattr(point, kind)
            yield from _named(f"{k}/{kind}/{SURFACES}/", rows.spread_surfaces(held.surfaces))
            yield from _named(f"{k}/{RISE}/{kind}/", held.rises.items())
        for kind, values in zip(_INTEGRALS, (point.sums, point.rates, point.missed), strict=True):
            yield from _named(f"{k}/{kind}/", values.items())
    yield from _named(f"{MAPS}/", state.maps.items())
    yield from _named(f"{ORIGINS}/", state.origins.items())
    if state.mesh is not None:
        yield from _named(f"{MESH}/", state.mesh.arrays.items())
    if state.footing is not None:
        yield f"{FOOTING}/nodes", Spread(rows.nodes, state.footing.displacement)
        yield from _named(f"{FOOTING}/{RISE}/", state.footing.rises.items())


def _named(start: str, arrays: Iterable[Named]) -> Iterator[Named]:
    return ((f"{start}{name}", values) for name, values in arrays)


def _amounts(point: Point) -> Iterator[tuple[str, State]]:
    """What a point stores, as fields: after a switch it is not what its state says, but what was
    there before."""
    names = point.state.fields
    for kind in AMOUNTS:
        held: Stored = getattr(point, kind)
        volume = [held.liquid, *(np.zeros_like(wall) for wall in held.walls[1:])]
        for holder, blocks in zip(HOLDERS, (volume, held.walls), strict=True):
            yield f"{kind}/{holder}", State(dict(zip(names, blocks, strict=True)), {})


def _point(
    rows: StateRows,
    file: ArraysFile,
    header: Header,
    shared: Mapping[str, Array],
    start: str,
    charges: Mapping[str, dict[str, float]],
) -> Point:
    """What :func:`_arrays` gave for it; ``shared`` are the arrays that every rank has."""
    own = f"{start}field/"
    fields, moved = rows.fields(file, own), rows.displacement(file, own)
    state = State(fields, header.scalars, header.load, header.time, moved)
    stored, slope, error = (
        Stored(
            rows.fields(file, f"{start}{kind}/{HOLDERS[0]}/")["liquid"],
            tuple(rows.fields(file, f"{start}{kind}/{HOLDERS[1]}/").values()),
            charges[kind],
            rows.held(file, f"{start}{kind}/{SURFACES}/"),
            _under(shared, f"{start}{RISE}/{kind}/"),
        )
        for kind in AMOUNTS
    )
    integrals = (_under(shared, f"{start}{kind}/") for kind in _INTEGRALS)
    return Point(header.time, state, stored, slope, error, *integrals)


def _content(file: ArraysFile, path: Path) -> tuple[list[Header], dict[str, Any]]:
    """On rank 0."""
    try:
        entries = file.header()
        headers = TypeAdapter(list[Header]).validate_python(entries["states"])
        content = {key: entries[key] for key in KEPT}
    except (ValueError, KeyError) as error:
        raise FileError(f"{path}: {_NONE}") from error
    if not headers:
        raise FileError(f"{path}: {_NONE}")
    return headers, content


def _part(file: ArraysFile, name: str) -> dict[str, Array]:
    """Arrays below a name, on rank 0."""
    start = f"{name}/"
    return _under(file.whole(n for n in file.heads if n.startswith(start)), start)


def _under(arrays: Mapping[str, Array], start: str) -> dict[str, Array]:
    return {name.removeprefix(start): a for name, a in arrays.items() if name.startswith(start)}
