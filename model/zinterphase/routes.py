"""Rows of arrays that go from rank to rank, so that none has to hold those of all."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from mpi4py import MPI

Array = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Read = Callable[[int], Floats]

PIECE = 1 << 20
"""Bytes of rows that go to or come from rank 0 at a time, about."""


def everywhere(comm: MPI.Intracomm, own: Array) -> Array:
    """Rows of all ranks (n, ...), rank after rank, on every rank: for surfaces, not for volumes.
    Ranks agree in all but the number of rows. Collective."""
    width = int(np.prod(own.shape[1:], dtype=np.int64))
    counts = np.array(comm.allgather(len(own)))
    found = np.empty((int(counts.sum()), *own.shape[1:]), dtype=own.dtype)
    comm.Allgatherv(np.ascontiguousarray(own), [found, width * counts])
    return found


def at_root(comm: MPI.Intracomm, own: Array) -> Array | None:
    """The same on rank 0 alone, None on the others: for what is written or drawn. Collective."""
    counts, shape = comm.gather(own.size), own.shape[1:]
    rows = np.ascontiguousarray(own)
    if counts is None:
        comm.Gatherv(rows, None)
        return None
    total = sum(counts) // max(1, int(np.prod(shape, dtype=np.int64)))
    found = np.empty((total, *shape), dtype=own.dtype)
    comm.Gatherv(rows, [found, counts])
    return found


class Route:
    """The way of rows to the ranks that each of them is for, and of answers back."""

    def __init__(self, comm: MPI.Intracomm, destinations: npt.NDArray[Any]) -> None:
        """``destinations`` are the ranks of this rank's rows (n,); collective."""
        self._comm = comm
        self._order = np.argsort(destinations, kind="stable")
        self._sent = np.bincount(destinations, minlength=comm.size).astype(np.int64)
        self._come = np.empty_like(self._sent)
        comm.Alltoall(self._sent, self._come)

    def there(self, rows: Array) -> Array:
        """What comes here of the ranks' ``rows`` (n, ...), rank after rank; collective."""
        return self._carried(rows[self._order], self._sent, self._come)

    def back(self, answers: Array) -> Array:
        """The answer to each row that this rank has sent, of those that each rank has to what has
        come there, in that order; collective."""
        found = self._carried(answers, self._come, self._sent)
        rows = np.empty_like(found)
        rows[self._order] = found
        return rows

    def _carried(self, rows: Array, sent: Ints, come: Ints) -> Array:
        found = np.empty((int(come.sum()), *rows.shape[1:]), dtype=rows.dtype)
        width = int(np.prod(rows.shape[1:], dtype=np.int64))
        parts = [np.ascontiguousarray(rows), width * sent], [found, width * come]
        self._comm.Alltoallv(*parts)
        return found


class Blocks:
    """Rows with numbers from 0 on, of which each rank holds as many that follow each other, in the
    order of the ranks: what a file is written from and read to."""

    def __init__(self, comm: MPI.Intracomm, numbers: Ints, count: int) -> None:
        """``numbers`` are those of this rank's rows, of ``count`` on all ranks; several ranks may
        ask for one row. Collective."""
        self.comm = comm
        self.starts: Ints = count * np.arange(comm.size + 1) // comm.size
        self._route = Route(comm, np.searchsorted(self.starts, numbers, side="right") - 1)
        self._rows = self._route.there(numbers) - self.starts[comm.rank]

    @property
    def count(self) -> int:
        """Of the rows of all ranks."""
        return int(self.starts[-1])

    @property
    def size(self) -> int:
        """Of this rank's block."""
        return int(self.starts[self.comm.rank + 1] - self.starts[self.comm.rank])

    def ordered(self, own: Array) -> Array:
        """This rank's block of the rows (n, ...) that the ranks hold; collective."""
        block = np.empty((self.size, *own.shape[1:]), dtype=own.dtype)
        block[self._rows] = self._route.there(own)
        return block

    def of_rank(self, block: Array) -> Array:
        """The rows that this rank asked for, of the blocks (size, ...) of all; collective."""
        return self._route.back(block[self._rows])


def ranked(comm: MPI.Intracomm, keys: Ints) -> Ints:
    """Places of this rank's keys (n,), which no other rank has, among those of all in ascending
    order; collective.

    Sorted where regular samples say that about as many keys belong (Shi and Schaeffer, 1992,
    J. Parallel Distrib. Comput. 14, 361).
    """
    chosen = np.unique(np.arange(comm.size) * len(keys) // comm.size)[: len(keys)]
    samples = np.sort(everywhere(comm, np.sort(keys)[chosen]))
    bounds = samples[np.arange(1, comm.size) * len(samples) // comm.size] if len(samples) else keys
    route = Route(comm, np.searchsorted(bounds, keys, side="right"))
    here = route.there(keys)
    first = comm.scan(len(here)) - len(here)
    places = np.empty(len(here), dtype=np.int64)
    places[np.argsort(here)] = np.arange(first, first + len(here))
    return route.back(places)


def to_root(comm: MPI.Intracomm, own: Array) -> Iterator[Array]:
    """Pieces of the rows (n, ...) of all ranks, rank after rank, on rank 0, to which the others
    send theirs; collective, to be gone through to the end."""
    counts = comm.gather(len(own))
    step = _step(own.itemsize * int(np.prod(own.shape[1:], dtype=np.int64)))
    for start in range(0, len(own), step):
        piece = np.ascontiguousarray(own[start : start + step])
        if counts is None:
            comm.Send(piece, dest=0)
        else:
            yield piece
    for rank, count in enumerate(counts or ()):
        for start in range(0, count if rank else 0, step):
            piece = np.empty((min(step, count - start), *own.shape[1:]), dtype=own.dtype)
            comm.Recv(piece, source=rank)
            yield piece


def from_root(comm: MPI.Intracomm, blocks: Blocks, width: int, read: Read | None) -> Floats:
    """This rank's block of rows (size, width) that rank 0 reads, rank after rank, a few at a time;
    collective. ``read`` gives the next ones, as many as it is asked for; None on other ranks."""
    sizes = np.diff(blocks.starts)
    own = np.empty((sizes[comm.rank], width))
    step = _step(own.itemsize * width)
    if read is None:
        for start in range(0, len(own), step):
            comm.Recv(own[start : start + step], source=0)
        return own
    for rank, size in enumerate(sizes):
        for start in range(0, size, step):
            rows = read(min(step, size - start))
            if rank:
                comm.Send(rows, dest=rank)
            else:
                own[start : start + step] = rows
    return own


def _step(bytes_of_a_row: int) -> int:
    """Rows of a piece."""
    return max(1, PIECE // max(1, bytes_of_a_row))
