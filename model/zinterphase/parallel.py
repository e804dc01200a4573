"""Errors that all ranks share, and what they take together."""

import resource
from collections.abc import Callable
from pathlib import Path

from mpi4py import MPI

from zinterphase.errors import FileError, ZinterphaseError

_KIBIBYTE = 1024


def peak_memory(comm: MPI.Intracomm) -> float:
    """What the processes of all ranks have held at most until now, summed [bytes]; collective."""
    return float(comm.allreduce(_KIBIBYTE * _own_peak()))


def _own_peak() -> int:
    """Of this program [KiB]; what the system counts for the process has that of its parent too."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        lines = []
    held = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
    return held[0] if held else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


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
