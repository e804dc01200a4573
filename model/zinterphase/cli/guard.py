"""One readable message and one exit code, whatever happens on whichever rank."""

import os
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from mpi4py import MPI

from zinterphase.cli.interruptions import Stopped, interruptible
from zinterphase.cli.streams import install_streams, say
from zinterphase.errors import (
    AccuracyNotMet,
    BalanceError,
    BudgetSpent,
    CaseError,
    FileError,
    MeshError,
    UsageError,
    VerificationError,
    ZinterphaseError,
    shortened,
)

PATIENCE = 20.0
"""Seconds to wait for the other ranks to report the same error before all are ended."""
GRACE = 0.5
"""Seconds for the launcher to pass on what was said, before it ends every rank."""
EXIT_CODES = {
    UsageError: 2,
    CaseError: 2,
    FileError: 2,
    MeshError: 3,
    BalanceError: 5,
    VerificationError: 6,
    AccuracyNotMet: 6,
    BudgetSpent: 6,
}
SOLVE_FAILED = 4
UNFORESEEN = 70
"""A mistake of the program itself (EX_SOFTWARE of sysexits.h)."""
_LONGEST_LINE = 280


@contextmanager
def guarded(comm: MPI.Intracomm) -> Iterator[None]:
    """Turn errors into one line each: on all ranks it comes from one of them, an error on some
    ranks only names its rank and ends every rank. What nobody foresaw is named with a file that
    holds its traceback."""
    try:
        with interruptible(comm) as interruptions:
            install_streams(interruptions.note_lost_output)
            _only_root_speaks(comm)
            yield
    except Stopped as stopped:
        if comm.rank == 0:
            say(stopped.cause.message)
        sys.exit(stopped.cause.code)
    except MemoryError as error:
        where = f"error on rank {comm.rank}" if comm.size > 1 else "error"
        say(f"{where}: memory is used up ({str(error) or 'no size known'})")
        if comm.size > 1:
            comm.Abort(SOLVE_FAILED)
        sys.exit(SOLVE_FAILED)
    except Exception as error:  # whatever it is, the other ranks would wait for this one for ever
        unforeseen = not isinstance(error, ZinterphaseError)
        if not _everyone_is_here(comm):
            say(f"error on rank {comm.rank} only: {_described(error)}")
            time.sleep(GRACE)
            comm.Abort(UNFORESEEN if unforeseen else 1)
        # Where rank 0 failed at what it does alone, the others only know that it did.
        culprits = [rank for rank, mine in enumerate(comm.allgather(unforeseen)) if mine]
        if comm.rank == (culprits or [0])[0]:
            say(f"error: {_described(error)}")
        sys.exit(UNFORESEEN if culprits else _exit_code(error))


def _only_root_speaks(comm: MPI.Intracomm) -> None:
    """Send what other ranks would print to nowhere; errors still reach the terminal."""
    if comm.rank != 0:
        nowhere: TextIO = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
        sys.stdout = sys.stderr = nowhere


def _everyone_is_here(comm: MPI.Intracomm) -> bool:
    request = comm.Ibarrier()
    deadline = time.monotonic() + PATIENCE
    while not request.Test():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def _described(error: Exception) -> str:
    if isinstance(error, ZinterphaseError):
        return shortened(str(error), _LONGEST_LINE)
    what = shortened(f"{type(error).__name__}: {error}", 120)
    return f"unforeseen {what}; please report it with {_kept_traceback(error)}"


def _kept_traceback(error: Exception) -> str:
    """Path of a file with the traceback; where none can be written, the place of the error."""
    lines = traceback.format_exception(error)
    try:
        handle, path = tempfile.mkstemp(prefix="zinterphase-", suffix=".traceback")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.writelines([f"{' '.join(sys.argv)}\n", *lines])
    except OSError:
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"line {place.lineno} of {place.filename}"
    return path


def _exit_code(error: Exception) -> int:
    codes = (code for kind, code in EXIT_CODES.items() if isinstance(error, kind))
    return next(codes, SOLVE_FAILED)
