"""One command at a time writes to a folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mpi4py import MPI

from zinterphase.errors import CaseError
from zinterphase.parallel import on_root


class FolderLock:
    """The lock on a folder, which leaves no file; the system releases it when its owner dies.

    A file system without locks on folders grants it always.
    """

    def __init__(self, folder: Path) -> None:
        """Take the lock; raises :class:`CaseError` where another command holds it."""
        self._handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            allowed = "a folder that no other command is writing to at this moment"
            raise CaseError("output", str(folder), allowed) from None
        except OSError:
            return

    def release(self) -> None:
        """Give the folder free; once."""
        os.close(self._handle)


def locked_folder(folder: Path) -> FolderLock:
    """Make the folder and lock it.

    Raises :class:`CaseError` where it is a file or another command is writing to it.
    """
    if folder.exists() and not folder.is_dir():
        raise CaseError("output", str(folder), "a folder, and this is a file")
    folder.mkdir(parents=True, exist_ok=True)
    return FolderLock(folder)


@contextmanager
def claimed(comm: MPI.Intracomm, folder: Path) -> Iterator[None]:
    """Make the folder and keep other commands out while the context lasts; collective.

    Raises :class:`CaseError` where it is a file or another command is writing to it.
    """
    lock: FolderLock | None = None

    def take() -> None:
        nonlocal lock
        lock = locked_folder(folder)

    on_root(comm, take)
    try:
        yield
    finally:
        if lock is not None:
            lock.release()
