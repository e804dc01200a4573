"""What PETSc spends its time on, for those who tune it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mpi4py import MPI
from petsc4py import PETSc

from zinterphase.parallel import on_root


@contextmanager
def petsc_log(comm: MPI.Intracomm, path: Path | None) -> Iterator[None]:
    """Write PETSc's summary of operations to ``path``, if there is one, once the work is done;
    collective. Raises :class:`FileError`."""
    if path is None:
        yield
        return
    on_root(comm, path.touch)  # refused now, not after hours
    PETSc.Log.begin()
    yield
    viewer = PETSc.Viewer().createASCII(str(path), comm=comm)
    PETSc.Log.view(viewer)
    viewer.destroy()
