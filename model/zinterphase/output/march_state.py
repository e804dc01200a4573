"""A run in time in one file, from which any number of ranks goes on."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from zinterphase.errors import FileError
from zinterphase.march.progress import Progress
from zinterphase.march.stepper import Point
from zinterphase.output.checkpoint import HEADER, Header, gathered, scattered, write_arrays
from zinterphase.parallel import on_root
from zinterphase.solve.problem import Problem

Array = npt.NDArray[np.float64]
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
        found = gathered(problem, point.state)
        arrays |= {f"{k}/field/{name}": values for name, values in found.items()}
        arrays |= {f"{k}/sum/{name}": values for name, values in point.sums.items()}
        arrays |= {f"{k}/rate/{name}": values for name, values in point.rates.items()}
    header = {
        "states": [asdict(Header.of(problem, point.state)) for point in state.points],
        "progress": asdict(state.progress),
        "book": state.book,
        "reached": state.reached,
    }
    on_root(problem.domain.comm, lambda: write_arrays(path, json.dumps(header), arrays))


def load_march(problem: Problem, path: Path) -> MarchState:
    """Read it on any number of ranks; the problem is left at the newest state; collective.

    Raises :class:`FileError` where the file is none of a run in time, or of another mesh or level.
    """
    comm, own = problem.domain.comm, Header.of(problem, problem.state())
    arrays: dict[str, Array] = {}

    def read() -> tuple[list[Header], dict[str, Any], dict[str, Array]]:
        headers, content, found = _read(path)
        for header in headers:
            header.require_like(own, path)
        arrays.update(found)
        shared = {name: values for name, values in found.items() if "/field/" not in name}
        return headers, content, shared

    headers, content, shared = on_root(comm, read)
    points: list[Point] = []
    for k, header in reversed(list(enumerate(headers))):
        fields = _under(arrays, f"{k}/field/")
        state = scattered(problem, header, fields)
        problem.put(state)
        assert problem.storage is not None
        stored = problem.storage.amounts()
        sums, rates = (_under(shared, f"{k}/{kind}/") for kind in ("sum", "rate"))
        points.insert(0, Point(header.time, state, stored, sums, rates))
    progress = TypeAdapter(Progress).validate_python(content["progress"])
    return MarchState(tuple(points), progress, content["book"], content["reached"])


def _read(path: Path) -> tuple[list[Header], dict[str, Any], dict[str, Array]]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            content: dict[str, Any] = json.loads(str(data[HEADER]))
            headers = TypeAdapter(list[Header]).validate_python(content["states"])
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
