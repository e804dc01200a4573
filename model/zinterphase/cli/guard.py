"""One readable message and one exit code, whatever happens on whichever rank."""

import os
import sys
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
    VerificationError,
    ZinterphaseError,
)

PATIENCE = 20.0
"""Seconds to wait for the other ranks to report the same error before all are ended."""
EXIT_CODES = {
    CaseError: 2,
    FileError: 2,
    MeshError: 3,
    BalanceError: 5,
    VerificationError: 6,
    AccuracyNotMet: 6,
    BudgetSpent: 6,
}
SOLVE_FAILED = 4


@contextmanager
def guarded(comm: MPI.Intracomm) -> Iterator[None]:
    """Turn errors into messages: an expected one on all ranks is one line from rank 0; anything
    else, or an error on some ranks only, names its rank and ends every rank."""
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
        say(f"{where}: memory is used up ({error or 'no size known'})")
        if comm.size > 1:
            comm.Abort(SOLVE_FAILED)
        sys.exit(SOLVE_FAILED)
    except ZinterphaseError as error:
        if not _everyone_is_here(comm):
            say(f"error on rank {comm.rank} only: {error}")
            comm.Abort(1)
        if comm.rank == 0:
            say(f"error: {error}")
        sys.exit(_exit_code(error))
    except Exception:  # whatever it is, the other ranks would wait for this one for ever
        if comm.size == 1:
            raise
        say(f"unexpected error on rank {comm.rank}:\n{traceback.format_exc()}")
        comm.Abort(1)


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


def _exit_code(error: ZinterphaseError) -> int:
    codes = (code for kind, code in EXIT_CODES.items() if isinstance(error, kind))
    return next(codes, SOLVE_FAILED)
