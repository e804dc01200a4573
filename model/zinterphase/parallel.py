"""Errors that all ranks share."""

from collections.abc import Callable

from mpi4py import MPI

from zinterphase.errors import ZinterphaseError


def on_root[T](comm: MPI.Intracomm, action: Callable[[], T]) -> T:
    """Run ``action`` on rank 0 and give its (picklable) value to every rank; collective.

    An error of the package is raised on every rank; any other one stays on rank 0.
    """
    value: T | None = None
    error: ZinterphaseError | None = None
    if comm.rank == 0:
        try:
            value = action()
        except ZinterphaseError as caught:
            error = caught
    error, value = comm.bcast((error, value))
    if error is not None:
        raise error
    return value
