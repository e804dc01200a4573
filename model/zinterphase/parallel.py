"""Errors that all ranks share, and what they take together."""

import resource
from collections.abc import Callable

from mpi4py import MPI

from zinterphase.errors import FileError, ZinterphaseError

_KIBIBYTE = 1024


def peak_memory(comm: MPI.Intracomm) -> float:
    """What the processes of all ranks have held at most until now, summed [bytes]; collective."""
    own = _KIBIBYTE * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # Linux gives KiB
    return float(comm.allreduce(own))


def on_root[T](comm: MPI.Intracomm, action: Callable[[], T]) -> T:
    """Run ``action`` on rank 0 and give its (picklable) value to every rank; collective.

    An error of the package is raised on every rank, a failure to read or write as
    :class:`FileError`; where rank 0 raises anything else, the others raise that it failed.
    """
    value: T | None = None
    error: Exception | None = None
    if comm.rank == 0:
        try:
            value = action()
        except OSError as caught:
            error = FileError(f"{caught.filename or 'file'}: {caught.strerror or caught}")
        except Exception as caught:
            error = caught
    shared: Exception | None = error
    if error is not None and not isinstance(error, ZinterphaseError):
        shared = ZinterphaseError(f"rank 0 failed: {error}")
    shared, value = comm.bcast((shared, value))
    if error is not None:
        raise error
    if shared is not None:
        raise shared
    return value
