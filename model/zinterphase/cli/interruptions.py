"""What ends a command from outside: signals, a closed output, a launcher that is gone."""

import errno
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import FrameType

from mpi4py import MPI

from zinterphase.cli.streams import say
from zinterphase.errors import Interrupted

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 15.0
"""Seconds that ranks which keep a state have to come to their next iteration together."""
PAUSE = 0.5
"""Seconds between two looks of the watch."""
KILLED = 128
"""What a shell adds to a signal's number for the exit code."""
FILE_ERROR = 2


@dataclass(frozen=True)
class Cause:
    """Why a command has to end, its exit code, and whether it says nothing of it."""

    text: str
    code: int
    quiet: bool = False

    @property
    def message(self) -> str:
        """What is said."""
        return "" if self.quiet else f"error: {self.text}"


class Stopped(Interrupted):
    """A command was stopped from outside."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause)
        self.cause = cause

    def __str__(self) -> str:
        return self.cause.text


class Interruptions:
    """Notes what should end the command, and ends it in order.

    Alone, :class:`Stopped` is raised where the program stands. Several ranks have to end together:
    those with checkpoints raise it at the next one, the others are ended by the watch.
    """

    def __init__(self, comm: MPI.Intracomm) -> None:
        """``comm`` is all ranks."""
        self._comm = comm
        self._cause: Cause | None = None
        self._deadline = float("inf")
        self._patience = 0.0
        # Rank 0 speaks and ends the others, if all were told.
        self._turn = 0.0 if comm.rank == 0 else 4 * PAUSE
        if comm.size > 1:
            threading.Thread(target=self._watch, args=(os.getppid(),), daemon=True).start()

    def note(self, cause: Cause) -> None:
        """The command has to end; the first cause counts."""
        if self._cause is None:
            self._cause = cause
            self._deadline = time.monotonic() + self._patience + self._turn
        if self._comm.size == 1:
            raise Stopped(self._cause)

    def note_lost_output(self, error: OSError) -> None:
        """Standard output takes no more: quiet where its reader has left."""
        left = error.errno == errno.EPIPE
        code = KILLED + signal.SIGPIPE if left else FILE_ERROR
        self.note(Cause(f"standard output: {error.strerror}", code, quiet=left))

    def check(self) -> None:
        """Raise :class:`Stopped` on all ranks once one has noted a cause; collective."""
        causes = [cause for cause in self._comm.allgather(self._cause) if cause is not None]
        if causes:
            raise Stopped(causes[0])

    @contextmanager
    def at_checkpoints(self) -> Iterator[None]:
        """Inside, ranks end at the next :meth:`check`, which keeps their last good state."""
        self._patience = PATIENCE
        try:
            yield
        finally:
            self._patience, self._deadline = 0.0, float("inf")

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        """Note a signal."""
        name = signal.Signals(number).name
        self.note(Cause(f"stopped by {name}", KILLED + number))

    def _watch(self, launcher: int) -> None:
        """End ranks that do not end by themselves, and those that the launcher has left alone."""
        while os.getppid() == launcher:
            time.sleep(PAUSE)
            if self._cause is not None and time.monotonic() > self._deadline:
                say(self._cause.message)
                self._comm.Abort(self._cause.code)
        os._exit(KILLED + signal.SIGTERM)


_CURRENT: ContextVar[Interruptions] = ContextVar("interruptions")


def current_interruptions() -> Interruptions:
    """Those of the command that is running; outside :func:`interruptible` nothing interrupts."""
    running = _CURRENT.get(None)
    return Interruptions(MPI.COMM_SELF) if running is None else running


@contextmanager
def interruptible(comm: MPI.Intracomm) -> Iterator[Interruptions]:
    """Inside, signals that are not ignored end the command in order, outside at once; collective.

    Also where the command exits, ranks do so together, and with all that they wrote.
    """
    interruptions = Interruptions(comm)
    signals = [n for n in SIGNALS if signal.getsignal(n) is not signal.SIG_IGN]
    try:
        for number in signals:
            signal.signal(number, interruptions.on_signal)
        _CURRENT.set(interruptions)
        yield interruptions
    except SystemExit:
        sys.stdout.flush()
        interruptions.check()
        raise
    finally:
        for number in signals:
            signal.signal(number, signal.SIG_DFL)
