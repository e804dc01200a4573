"""A run in time in one file, from which any number of ranks goes on."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
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
from zinterphase.output.checkpoint import (
    HEADER,
    Header,
    gathered,
    gathered_nodes,
    gathered_surfaces,
    scattered,
    scattered_nodes,
    scattered_surfaces,
    write_arrays,
)
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
_SHARED = {*_INTEGRALS, MAPS, ORIGINS, RISE}
_NONE = "no state of a run in time, or a damaged one"


@dataclass(frozen=True)
class MarchState:
    """The last states, newest first, how far the protocol is, and what the tables hold.

    ``footing`` is that of a front whose nodes have slid or whose mesh was made anew, None of
    others; ``mesh`` is that mesh, on rank 0, None where it is the case's own, and ``origins`` are
    what the probe counts from then. ``book`` is plain
    data of the watch (:meth:`Trajectory.memory`), ``reached`` that of the
    tolerances; ``maps`` are arrays of its gallery (:meth:`Gallery.arrays`); ``ends`` and ``jumps``
    are what jumps over cycles go on from (:class:`Jumping`).
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
    arrays: dict[str, Array | None] = {}
    points = (*state.points, *state.ends)
    for k, point in enumerate(points):
        for kind, each in (("field", point.state), *_amounts(point)):
            found = gathered(problem, each)
            arrays |= {f"{k}/{kind}/{name}": values for name, values in found.items()}
        for kind in AMOUNTS:
            held = gathered_surfaces(problem, getattr(point, kind).surfaces)
            arrays |= {f"{k}/{kind}/{SURFACES}/{name}": values for name, values in held.items()}
            rises = getattr(point, kind).rises
            arrays |= {f"{k}/{RISE}/{kind}/{name}": values for name, values in rises.items()}
        arrays |= {f"{k}/sum/{name}": values for name, values in point.sums.items()}
        arrays |= {f"{k}/rate/{name}": values for name, values in point.rates.items()}
        arrays |= {f"{k}/missed/{name}": values for name, values in point.missed.items()}
    arrays |= {f"{MAPS}/{name}": values for name, values in state.maps.items()}
    arrays |= {f"{ORIGINS}/{name}": values for name, values in state.origins.items()}
    if state.mesh is not None:
        arrays |= {f"{MESH}/{name}": values for name, values in state.mesh.arrays.items()}
    footing = state.footing
    if footing is not None:
        arrays[f"{FOOTING}/nodes"] = gathered_nodes(problem, footing.displacement)
        rises = footing.rises
        arrays |= {f"{FOOTING}/{RISE}/{name}": values for name, values in rises.items()}
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
    on_root(problem.domain.comm, lambda: write_arrays(path, json.dumps(header), arrays))


def load_march(problem: Problem, path: Path) -> MarchState:
    """Read it on any number of ranks; collective.

    Raises :class:`FileError` where the file is none of a run in time, or of another mesh or level.
    """
    comm, own = problem.domain.comm, Header.of(problem, problem.state())
    arrays: dict[str, Array] = {}

    def read() -> tuple[list[Header], dict[str, Any], dict[str, Array]]:
        headers, content, found = _read(path)
        for header in headers:
            header.require_like(own, path)
        arrays.update(found)
        shared = {name: found[name] for name in found if _SHARED & set(name.split("/")[:2])}
        return headers, content, shared

    headers, content, shared = on_root(comm, read)
    points: list[Point] = []
    for k, header in enumerate(headers):
        state = scattered(problem, header, _under(arrays, f"{k}/field/"))
        stored, slope, error = (
            replace(
                _held(problem, header, arrays, f"{k}/{kind}", content["charges"][k][kind]),
                rises=_under(shared, f"{k}/{RISE}/{kind}/"),
            )
            for kind in AMOUNTS
        )
        integrals = (_under(shared, f"{k}/{kind}/") for kind in _INTEGRALS)
        points.append(Point(header.time, state, stored, slope, error, *integrals))
    progress = TypeAdapter(Progress).validate_python(content["progress"])
    footing = None
    if content["slid"]:
        nodes = scattered_nodes(problem, arrays.get(f"{FOOTING}/nodes"))
        footing = Footing(nodes, _under(shared, f"{FOOTING}/{RISE}/"), **content["slid"])
    book, reached = content["book"], content["reached"]
    maps, origins = (_under(shared, f"{name}/") for name in (MAPS, ORIGINS))
    last = len(points) - content["ends"]
    now, ends = tuple(points[:last]), tuple(points[last:])
    jumps = content["jumps"]
    return MarchState(now, progress, book, reached, maps, footing, ends, jumps, origins=origins)


def load_mesh(comm: MPI.Intracomm, path: Path) -> tuple[bool, RawMesh | None]:
    """Whether a run went on with a mesh of its own, and that mesh on rank 0; collective.

    Raises :class:`FileError` where the file is none of a run in time.
    """
    mesh: RawMesh | None = None

    def read() -> bool:
        nonlocal mesh
        _, content, arrays = _read(path)
        labels = content[MESH]
        try:
            mesh = None if labels is None else RawMesh.of(_under(arrays, f"{MESH}/"), labels)
        except KeyError as error:
            raise FileError(f"{path}: {_NONE}") from error
        return mesh is not None

    return on_root(comm, read), mesh


def _amounts(point: Point) -> Iterator[tuple[str, State]]:
    """What a point stores, as fields: after a switch it is not what its state says, but what was
    there before."""
    names = point.state.fields
    for kind in AMOUNTS:
        held: Stored = getattr(point, kind)
        volume = [held.liquid, *(np.zeros_like(wall) for wall in held.walls[1:])]
        for holder, blocks in zip(HOLDERS, (volume, held.walls), strict=True):
            yield f"{kind}/{holder}", State(dict(zip(names, blocks, strict=True)), {})


def _held(
    problem: Problem,
    header: Header,
    arrays: Mapping[str, Array],
    name: str,
    charges: dict[str, float],
) -> Stored:
    liquid, walls = (
        scattered(problem, header, _under(arrays, f"{name}/{holder}/")).fields for holder in HOLDERS
    )
    surfaces = scattered_surfaces(problem, _under(arrays, f"{name}/{SURFACES}/"))
    return Stored(liquid["liquid"], tuple(walls.values()), charges, surfaces)


def _read(path: Path) -> tuple[list[Header], dict[str, Any], dict[str, Array]]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            content: dict[str, Any] = json.loads(str(data[HEADER]))
            headers = TypeAdapter(list[Header]).validate_python(content["states"])
            content = {key: content[key] for key in KEPT}
            arrays = {
                name: np.asarray(data[name], dtype=_kind(name))
                for name in data.files
                if name != HEADER
            }
    except OSError as error:
        raise FileError(f"{path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise FileError(f"{path}: {_NONE}") from error
    if not headers:
        raise FileError(f"{path}: {_NONE}")
    return headers, content, arrays


def _kind(name: str) -> type[np.float64] | None:
    """Of the numbers of an array; None where it has whole ones too."""
    return None if name.startswith(f"{MESH}/") else np.float64


def _under(arrays: Mapping[str, Array], start: str) -> dict[str, Array]:
    return {name.removeprefix(start): a for name, a in arrays.items() if name.startswith(start)}
