"""Rows go to the ranks they are for and come back, however they are spread."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.routes import PIECE, Blocks, at_root, everywhere, from_root, ranked, to_root

COUNTS = (0, 1, 2, 5, 1000, PIECE // 8)
"""Fewer than ranks, and more than goes in one piece."""


def own_of(comm: MPI.Intracomm, count: int, spread: str) -> np.ndarray:
    """Keys of this rank out of ``count``: of all ranks by chance, or all on the last one."""
    chance = np.random.default_rng(count)
    keys = chance.permutation(3 * count)[:count]
    owner = chance.integers(0, comm.size, count)
    return keys[owner == comm.rank] if spread == "chance" or comm.size == 1 else (
        keys if comm.rank == comm.size - 1 else keys[:0]
    )  # fmt: skip


@pytest.mark.parallel([1, 2, 3])
def test_keys_are_counted_in_their_order(comm: MPI.Intracomm) -> None:
    for count, spread in product(COUNTS, ("chance", "last")):
        own = own_of(comm, count, spread)
        every = np.sort(np.concatenate(comm.allgather(own)))
        assert np.array_equal(ranked(comm, own), np.searchsorted(every, own))


@pytest.mark.parallel([1, 2, 3])
def test_rows_come_in_blocks_and_back_again(comm: MPI.Intracomm) -> None:
    for count, spread in product(COUNTS, ("chance", "last")):
        numbers = ranked(comm, own_of(comm, count, spread))
        rows = np.sin(np.outer(np.arange(count), [1.0, 2.0]))
        blocks = Blocks(comm, numbers, count)
        block = blocks.ordered(rows[numbers])
        start, end = blocks.starts[comm.rank : comm.rank + 2]
        assert end - start <= count // comm.size + 1
        assert np.array_equal(block, rows[start:end])
        assert np.array_equal(blocks.of_rank(block), rows[numbers])


@pytest.mark.parallel([1, 2, 3])
def test_one_row_goes_to_all_that_ask(comm: MPI.Intracomm) -> None:
    blocks = Blocks(comm, np.array([6, 0, 6, comm.rank]), 7)
    block = 10 * np.arange(7)[blocks.starts[comm.rank] : blocks.starts[comm.rank + 1]]
    assert np.array_equal(blocks.of_rank(block), [60, 0, 60, 10 * comm.rank])


def next_of(rows: np.ndarray) -> Callable[[int], np.ndarray]:
    """What gives as many of the rows, one after another, as it is asked for."""
    left = iter(rows)
    return lambda number: np.array([next(left) for _ in range(number)])


@pytest.mark.parallel([1, 2, 3])
def test_rank_0_sees_rows_in_order_and_in_pieces(comm: MPI.Intracomm) -> None:
    for count in COUNTS:
        rows = np.sin(np.outer(np.arange(count), [1.0, 2.0]))
        blocks = Blocks(comm, ranked(comm, own_of(comm, count, "chance")), count)
        start, end = blocks.starts[comm.rank : comm.rank + 2]
        pieces = list(to_root(comm, rows[start:end]))
        assert all(piece.nbytes <= PIECE for piece in pieces)
        found = np.concatenate([np.empty((0, 2)), *pieces])
        assert np.array_equal(found, rows if comm.rank == 0 else rows[:0])
        read = next_of(rows) if comm.rank == 0 else None
        block = from_root(comm, blocks, 2, read)
        assert np.array_equal(block, rows[start:end])


@pytest.mark.parallel([1, 2, 3])
@pytest.mark.parametrize("kind", [np.float64, np.int32, np.complex128])
def test_a_surface_is_known_everywhere_or_on_rank_0(comm: MPI.Intracomm, kind: type) -> None:
    for shape in ((), (3,), (2, 3)):
        own = np.full((2 * comm.rank, *shape), comm.rank, dtype=kind)
        wanted = np.concatenate(comm.allgather(own))
        found, there = everywhere(comm, own), at_root(comm, own)
        assert found.dtype == wanted.dtype
        assert np.array_equal(found, wanted)
        assert (there is None) == (comm.rank > 0)
        assert there is None or np.array_equal(there, wanted)
