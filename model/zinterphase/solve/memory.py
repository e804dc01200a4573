"""PETSc's want of memory as the program's own error."""

from collections.abc import Iterator
from contextlib import contextmanager

from petsc4py import PETSc

from zinterphase.errors import OutOfMemory

_OUT_OF_MEMORY = 55
"""PETSC_ERR_MEM."""


@contextmanager
def memory_told(unknowns: int) -> Iterator[None]:
    """Raise :class:`OutOfMemory` where PETSc finds no memory for a problem of so many unknowns."""
    try:
        yield
    except PETSc.Error as error:
        if error.ierr != _OUT_OF_MEMORY:
            raise
        raise out_of_memory(unknowns) from error


def out_of_memory(unknowns: int) -> OutOfMemory:
    """What to say of a matrix, or its factors, that do not fit."""
    return OutOfMemory(
        f"memory is used up: the matrix of {unknowns} unknowns and its factors take more than is "
        'left; take coarser cells, or solver.preset = "fieldsplit"'
    )
