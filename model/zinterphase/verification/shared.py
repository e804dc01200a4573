"""A temporary folder that all ranks know."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

from mpi4py import MPI

from zinterphase.parallel import on_root


@contextmanager
def shared_folder(comm: MPI.Intracomm) -> Iterator[Path]:
    """Made and removed by rank 0; collective.

    Use it for what every rank has read before the next collective step of rank 0 ends.
    """
    path = on_root(comm, lambda: Path(tempfile.mkdtemp(prefix="zinterphase-")))
    try:
        yield path
    finally:
        if comm.rank == 0:
            rmtree(path, ignore_errors=True)
