"""Files of arrays are those of NumPy, whole or not at all, and no rank waits for a failed one."""

from __future__ import annotations

import resource
from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.errors import FileError
from zinterphase.output.arrays_file import Arrays, Spread, reading, write_arrays
from zinterphase.parallel import on_root
from zinterphase.routes import Blocks

COUNT, SMALL = 200_000, 2
ROWS = np.sin(np.outer(np.arange(COUNT), [1.0, 2.0]))
"""Three pieces."""


def blocks_of(comm: MPI.Intracomm, count: int) -> tuple[Blocks, np.ndarray]:
    """Rows of all ranks, by chance, and the numbers of those of this one."""
    owner = np.random.default_rng(count).integers(0, comm.size, count)
    own = np.flatnonzero(owner == comm.rank)
    return Blocks(comm, own, count), own


def arrays_of(comm: MPI.Intracomm) -> Arrays:
    blocks, own = blocks_of(comm, COUNT)
    yield "0/liquid", Spread(blocks, ROWS[own])
    few, own = blocks_of(comm, SMALL)
    yield "few", Spread(few, ROWS[own, :1])
    if comm.rank == 0:
        yield "cells", np.arange(6).reshape(2, 3)
        yield "none", np.zeros((0, 2))


def written(comm: MPI.Intracomm, path: Path) -> None:
    write_arrays(comm, path, '{"format": 1}', arrays_of(comm))


@pytest.mark.parallel([1, 2, 3])
def test_bytes_are_those_of_numpy(comm: MPI.Intracomm, shared_tmp_path: Path) -> None:
    written(comm, shared_tmp_path / "state.npz")
    if comm.rank == 0:
        whole = {"0/liquid": ROWS, "few": ROWS[:SMALL, :1]}
        whole |= {"cells": np.arange(6).reshape(2, 3), "none": np.zeros((0, 2))}
        whole = {"header": np.array('{"format": 1}'), **whole}
        np.savez(shared_tmp_path / "numpy.npz", **whole)  # type: ignore[arg-type]
        found, wanted = (
            (shared_tmp_path / name).read_bytes() for name in ("state.npz", "numpy.npz")
        )
        assert found == wanted


@pytest.mark.parallel([1, 2, 3])
def test_ranks_read_their_rows(comm: MPI.Intracomm, shared_tmp_path: Path) -> None:
    path = shared_tmp_path / "numpy.npz"
    single = ROWS[:, :1].astype(np.float32)
    on_root(comm, lambda: np.savez(path, header=np.array("{}"), rows=ROWS, single=single))
    blocks, own = blocks_of(comm, COUNT)
    with reading(comm, path, "nothing") as file:
        assert np.array_equal(file.rows("rows", blocks, 2), ROWS[own])
        assert np.array_equal(file.rows("single", blocks), single[own])
        assert on_root(comm, file.header) == {}
    for name, width in (("missing", None), ("rows", 3), ("header", None)):
        with pytest.raises(FileError, match="nothing"), reading(comm, path, "nothing") as file:
            file.rows(name, blocks, width)


@pytest.mark.parallel([1, 3])
def test_damaged_rows_are_told_on_every_rank(comm: MPI.Intracomm, shared_tmp_path: Path) -> None:
    path = shared_tmp_path / "state.npz"
    written(comm, path)

    def damage() -> None:
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)

    on_root(comm, damage)
    blocks, _ = blocks_of(comm, COUNT)
    with pytest.raises(FileError, match="damaged"), reading(comm, path, "damaged") as file:
        file.rows("0/liquid", blocks)


LENGTH, TEXT = 8, 30
"""Bytes of an array's head: how long it is, and one of its text."""


@pytest.mark.parallel([1, 2])
@pytest.mark.parametrize(("byte", "bit"), [(LENGTH, 16), (LENGTH, 32), (TEXT, 1), (TEXT, 64)])
def test_a_damaged_head_is_told_on_every_rank(
    comm: MPI.Intracomm, shared_tmp_path: Path, byte: int, bit: int
) -> None:
    """Of a shorter one numbers begin early: all of them can be read, and are wrong."""
    path = shared_tmp_path / "state.npz"
    written(comm, path)

    def damage() -> None:
        content = bytearray(path.read_bytes())
        start = content.index(b"\x93NUMPY", content.index(b"0/liquid.npy"))
        content[start + byte] ^= bit
        path.write_bytes(content)

    on_root(comm, damage)
    blocks, _ = blocks_of(comm, COUNT)
    with pytest.raises(FileError, match="damaged"), reading(comm, path, "damaged") as file:
        file.rows("0/liquid", blocks)


@pytest.mark.parallel([1, 3])
def test_a_full_disk_leaves_the_file_before(comm: MPI.Intracomm, shared_tmp_path: Path) -> None:
    """Told on every rank, with pieces still to come when it fills up."""
    path = shared_tmp_path / "state.npz"
    on_root(comm, lambda: path.write_bytes(b"before"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROWS.nbytes // 3, hard))
    try:
        with pytest.raises(FileError, match="File too large"):
            written(comm, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    comm.barrier()
    assert [each.name for each in path.parent.iterdir()] == ["state.npz"]
    assert path.read_bytes() == b"before"
    with pytest.raises(FileError, match="No such file"):
        written(comm, shared_tmp_path / "missing" / "state.npz")
