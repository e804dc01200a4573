"""An .npz file of which no rank holds more than its part: arrays go through rank 0 in pieces."""

from __future__ import annotations

import json
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, Self

import numpy as np
import numpy.typing as npt
from mpi4py import MPI

from zinterphase.errors import FileError
from zinterphase.output.files import replacing
from zinterphase.parallel import on_root
from zinterphase.routes import PIECE, Blocks, Read, from_root, to_root

Array = npt.NDArray[np.float64]
HEADER = "header"
_SUFFIX = ".npy"


@dataclass(frozen=True, eq=False)
class Spread:
    """An array (n, components) by ``blocks``: this rank has the rows ``own``."""

    blocks: Blocks
    own: Array


Arrays = Iterable[tuple[str, Spread | npt.NDArray[Any]]]


def write_arrays(comm: MPI.Intracomm, path: Path, header: str, arrays: Arrays) -> None:
    """An .npz file of a JSON `header` and ``arrays`` by name, whole or not at all; collective.

    Every rank gives the spread ones in the same order; of others those of rank 0 are written. Its
    bytes are those that `numpy.savez` writes. Raises :class:`FileError`.
    """
    parts = _parts(comm, [(HEADER, np.array(header))], arrays)
    if comm.rank > 0:
        deque(parts, maxlen=0)

    def write() -> None:
        try:
            with replacing(path) as temporary, zipfile.ZipFile(temporary, "w") as file:
                for name, own in groupby(parts, itemgetter(0)):
                    with file.open(f"{name}{_SUFFIX}", "w", force_zip64=True) as entry:
                        for _, part in own:
                            entry.write(part)
        finally:
            deque(parts, maxlen=0)  # the others do not know that writing failed

    on_root(comm, write)


def _parts(comm: MPI.Intracomm, *groups: Arrays) -> Iterator[tuple[str, bytes]]:
    """What stands in the file, array by array; on rank 0."""
    for name, values in (pair for group in groups for pair in group):
        if isinstance(values, Spread):
            block = values.blocks.ordered(values.own)
            yield name, _head(block.dtype, (values.blocks.count, *block.shape[1:]))
            for piece in to_root(comm, block):
                yield name, piece.tobytes()
        elif comm.rank == 0:
            yield name, _head(values.dtype, values.shape)
            flat = values.reshape(-1)
            step = max(1, PIECE // max(1, flat.itemsize))
            for start in range(0, len(flat), step):
                yield name, flat[start : start + step].tobytes()


def _head(kind: np.dtype[Any], shape: tuple[int, ...]) -> bytes:
    head = BytesIO()
    described = np.lib.format.dtype_to_descr(kind)
    content = {"descr": described, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(head, content)
    return head.getvalue()


@contextmanager
def reading(comm: MPI.Intracomm, path: Path, none: str) -> Iterator[ArraysFile]:
    """A file that :func:`write_arrays` or `numpy.savez` has written; collective.

    Raises :class:`FileError` where it is none, with the words ``none``: at the end where rows were
    damaged, as the other ranks wait for them until then.
    """
    with ExitStack() as stack:
        file = ArraysFile(comm, FileError(f"{path}: {none}"))
        file.heads = on_root(comm, lambda: file.opened(path, stack))
        yield file
        on_root(comm, file.conclude)


@dataclass(frozen=True)
class _Head:
    """What an array is, and where its numbers begin in its part of the file."""

    shape: tuple[int, ...]
    by_columns: bool
    kind: np.dtype[Any]
    start: int

    @classmethod
    def of(cls, entry: IO[bytes]) -> Self:
        readers = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }
        shape, by_columns, kind = readers[np.lib.format.read_magic(entry)](entry)
        return cls(shape, by_columns, kind, entry.tell())

    def is_table(self, count: int, width: int | None) -> bool:
        """Of numbers, with so many rows and columns."""
        found = len(self.shape) == 2 and self.shape[0] == count and self.kind.kind in "fiu"
        return found and not self.by_columns and width in (None, self.shape[1])


class ArraysFile:
    """Made by :func:`reading`. ``heads`` are those of its arrays by name, on every rank."""

    def __init__(self, comm: MPI.Intracomm, none: FileError) -> None:
        self._comm, self._none = comm, none
        self._is_damaged = False
        self.heads: dict[str, _Head] = {}

    def opened(self, path: Path, stack: ExitStack) -> dict[str, _Head]:
        """On rank 0, until the ``stack`` is left."""
        with self._told():
            self._file = stack.enter_context(zipfile.ZipFile(path))
            found = {}
            for name in self._file.namelist():
                with self._file.open(name) as entry:
                    found[name.removesuffix(_SUFFIX)] = _Head.of(entry)
            return found

    def header(self) -> dict[str, Any]:
        """Of the file, on rank 0."""
        with self._told():
            found = json.loads(str(self._whole(HEADER)))
            if not isinstance(found, dict):
                raise self._none
            return found

    def whole(self, names: Iterable[str]) -> dict[str, npt.NDArray[Any]]:
        """Arrays by name, on rank 0."""
        with self._told():
            return {name: self._whole(name) for name in names}

    def rows(self, name: str, blocks: Blocks, width: int | None = None) -> Array:
        """This rank's rows of an array (n, width) by ``blocks``; collective."""
        head = self.heads.get(name)
        if head is None or not head.is_table(blocks.count, width):
            raise self._none
        with self._next(name, head) as read:
            block = from_root(self._comm, blocks, head.shape[1], read)
        return blocks.of_rank(block)

    def conclude(self) -> None:
        """On rank 0: raise what was wrong with rows."""
        if self._is_damaged:
            raise self._none

    @contextmanager
    def _next(self, name: str, head: _Head) -> Iterator[Read | None]:
        """What gives rows one after another; not finite ones where the file has none."""
        if self._comm.rank > 0:
            yield None
            return
        entry: IO[bytes] = BytesIO()
        with ExitStack() as stack:
            with self._noted():
                entry = stack.enter_context(self._file.open(f"{name}{_SUFFIX}"))
                entry.read(head.start)  # behind a seek the sum of what is read is not checked

            def read(count: int) -> Array:
                rows = np.full((count, head.shape[1]), np.nan)
                with self._noted():
                    found = entry.read(rows.size * head.kind.itemsize)
                    rows[:] = np.frombuffer(found, head.kind).reshape(rows.shape)
                return rows

            yield read
            with self._noted():
                # The sum is compared at the end alone, where numbers that began early are left.
                if entry.read(1):
                    raise self._none

    def _whole(self, name: str) -> npt.NDArray[Any]:
        with self._file.open(f"{name}{_SUFFIX}") as entry:
            found: npt.NDArray[Any] = np.lib.format.read_array(entry, allow_pickle=False)
            return found

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """What goes wrong with rows, for :meth:`conclude`: the other ranks wait for them."""
        try:
            with self._told():
                yield
        except (OSError, MemoryError, FileError):
            self._is_damaged = True

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (OSError, MemoryError, FileError):
            raise
        except Exception as error:  # damage shows in as many ways as there are readers below
            raise self._none from error
