"""One readable message and one exit code, whatever happens on whichever rank."""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

from mpi4py import MPI

from zinterphase.errors import (
    AccuracyNotMet,
    BalanceError,
    BudgetSpent,
    CaseError,
    FileError,
    Interrupted,
    MeshError,
    VerificationError,
    ZinterphaseError,
)
from zinterphase.printable import printable

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
    Interrupted: 128 + signal.SIGTERM,
}
SOLVE_FAILED = 4


@contextmanager
def guarded(comm: MPI.Intracomm) -> Iterator[None]:
    """Turn errors into messages: an expected one on all ranks is one line from rank 0; anything
    else, or an error on some ranks only, names its rank and ends every rank."""
    try:
        yield
    except ZinterphaseError as error:
        if not _everyone_is_here(comm):
            _say(f"error on rank {comm.rank} only: {error}")
            comm.Abort(1)
        if comm.rank == 0:
            _say(f"error: {error}")
        sys.exit(_exit_code(error))
    except Exception:  # whatever it is, the other ranks would wait for this one for ever
        if comm.size == 1:
            raise
        _say(f"unexpected error on rank {comm.rank}:\n{traceback.format_exc()}")
        comm.Abort(1)


def only_root_speaks(comm: MPI.Intracomm) -> None:
    """Send what other ranks would print to nowhere; errors still reach the terminal."""
    if comm.rank != 0:
        nowhere: TextIO = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
        sys.stdout = sys.stderr = nowhere


def stop_on_sigterm(comm: MPI.Intracomm) -> Callable[[], None]:
    """A check, collective, that raises :class:`Interrupted` on all ranks once one got SIGTERM."""
    received = False

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal received
        received = True

    signal.signal(signal.SIGTERM, note)

    def check() -> None:
        if comm.allreduce(received, MPI.LOR):
            raise Interrupted("stopped by SIGTERM; the last good state is kept")

    return check


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


def _say(text: str) -> None:
    sys.__stderr__.write(printable(text) + "\n")  # type: ignore[union-attr]
    sys.__stderr__.flush()  # type: ignore[union-attr]
