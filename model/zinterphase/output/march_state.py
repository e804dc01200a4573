"""A run in time in one file, from which any number of ranks goes on."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from zinterphase.errors import FileError
from zinterphase.march.progress import Progress
from zinterphase.march.stepper import Point
from zinterphase.output.checkpoint import (
    HEADER,
    Header,
    gathered,
    gathered_surfaces,
    scattered,
    scattered_surfaces,
    write_arrays,
)
from zinterphase.parallel import on_root
from zinterphase.solve.problem import Problem
from zinterphase.solve.state import State
from zinterphase.solve.storage import Stored

Array = npt.NDArray[np.float64]
AMOUNTS = ("liquid", "walls")
"""Kinds of what a point stores, by who holds it."""
_NONE = "no state of a run in time, or a damaged one"


@dataclass(frozen=True)
class MarchState:
    """The last states, newest first, how far the protocol is, and what the tables hold.

    ``book`` is plain data of the watch (:meth:`Trajectory.memory`), ``reached`` that of the
    tolerances.
    """

    points: tuple[Point, ...]
    progress: Progress
    book: Mapping[str, Any]
    reached: Mapping[str, Any]


def save_march(problem: Problem, state: MarchState, path: Path) -> None:
    """Write it, whole or not at all; collective. Raises :class:`FileError`."""
    arrays: dict[str, Array | None] = {}
    for k, point in enumerate(state.points):
        for kind, each in (("field", point.state), *_amounts(point)):
            found = gathered(problem, each)
            arrays |= {f"{k}/{kind}/{name}": values for name, values in found.items()}
        held = gathered_surfaces(problem, point.stored.surfaces)
        arrays |= {f"{k}/surface/{name}": values for name, values in held.items()}
        arrays |= {f"{k}/sum/{name}": values for name, values in point.sums.items()}
        arrays |= {f"{k}/rate/{name}": values for name, values in point.rates.items()}
    header = {
        "states": [asdict(Header.of(problem, point.state)) for point in state.points],
        "charges": [dict(point.stored.charges) for point in state.points],
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
        shared = {name: found[name] for name in found if name.split("/")[1] in ("sum", "rate")}
        return headers, content, shared

    headers, content, shared = on_root(comm, read)
    points: list[Point] = []
    for k, header in enumerate(headers):
        state, liquid, walls = (
            scattered(problem, header, _under(arrays, f"{k}/{kind}/"))
            for kind in ("field", *AMOUNTS)
        )
        surfaces = scattered_surfaces(problem, _under(arrays, f"{k}/surface/"))
        held = Stored(
            liquid.fields["liquid"],
            tuple(walls.fields.values()),
            content["charges"][k],
            surfaces,
        )
        sums, rates = (_under(shared, f"{k}/{kind}/") for kind in ("sum", "rate"))
        points.append(Point(header.time, state, held, sums, rates))
    progress = TypeAdapter(Progress).validate_python(content["progress"])
    return MarchState(tuple(points), progress, content["book"], content["reached"])


def _amounts(point: Point) -> Iterator[tuple[str, State]]:
    """What a point stores, as fields: after a switch it is not what its state says, but what was
    there before."""
    held, names = point.stored, point.state.fields
    volume = [held.liquid, *(np.zeros_like(wall) for wall in held.walls[1:])]
    for kind, blocks in zip(AMOUNTS, (volume, held.walls), strict=True):
        yield kind, State(dict(zip(names, blocks, strict=True)), {})


def _read(path: Path) -> tuple[list[Header], dict[str, Any], dict[str, Array]]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            content: dict[str, Any] = json.loads(str(data[HEADER]))
            headers = TypeAdapter(list[Header]).validate_python(content["states"])
            content = {key: content[key] for key in ("progress", "charges", "book", "reached")}
            arrays = {
                name: np.asarray(data[name], dtype=np.float64)
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


def _under(arrays: Mapping[str, Array], start: str) -> dict[str, Array]:
    return {name.removeprefix(start): a for name, a in arrays.items() if name.startswith(start)}
