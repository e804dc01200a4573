"""The folder of compiled forms, shared by processes, with nothing damaged in it.

A process that was killed while compiling leaves a source without its library, a full disk a
library cut short: the form compiler would wait for the first and crash on the second for ever.
Here every library gets a seal with its size and time once it is complete, and what lies in the
folder without a valid one is removed and compiled anew. Who compiles or loads shares a lock; who
removes holds it alone, so that nobody's work in progress goes. The system releases the lock of a
process that dies.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import BinaryIO

from mpi4py import MPI

from zinterphase.caches import cache_folder, temporary_folder
from zinterphase.parallel import on_root

PART = "forms"
_READY, _SEAL = ".c.cached", ".seal"


@contextmanager
def form_cache(comm: MPI.Intracomm, key: str, *, alone: bool) -> Iterator[Path]:
    """The folder of machines with this ``key``, healed if nobody else is at work in it, or if need
    be after waiting for that.

    Collective; rank 0 holds the lock, with ``alone`` it is the only one to do so, after healing.
    Raises :class:`FileError` where there is no folder to write to.
    """
    with ExitStack() as held:
        yield on_root(comm, lambda: _opened(held, f"{PART}-{key}", alone))


def _opened(held: ExitStack, part: str, alone: bool) -> Path:
    """Lock and heal the folder; closing ``held`` seals what is new and gives it free."""
    path = cache_folder(part)
    try:
        lock = _shared_lock(path)
    except OSError:  # a file system without locks
        path = temporary_folder(part)
        lock = _shared_lock(path)
    held.enter_context(lock)
    folder = _folder(path)
    needed = alone or folder.is_damaged()
    if (needed or folder.is_unfinished()) and _locked_alone(lock, wait=needed):
        folder.heal()
    if not alone:
        fcntl.flock(lock, fcntl.LOCK_SH)
    held.callback(_seal, folder)
    return path


def _shared_lock(folder: Path) -> BinaryIO:
    with ExitStack() as opened:
        lock = opened.enter_context((folder / "lock").open("wb"))
        fcntl.flock(lock, fcntl.LOCK_SH)
        opened.pop_all()
    return lock


def _locked_alone(lock: BinaryIO, *, wait: bool) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def _seal(folder: "_Folder") -> None:
    with suppress(OSError):  # on one rank only: the others are past this point
        folder.seal()


@cache
def _folder(path: Path) -> "_Folder":
    return _Folder(path)


class _Folder:
    """Files of compiled modules. Looks at them again only when one came or went."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._time = -1
        self._modules: dict[str, list[str]] = {}
        """Endings of the files of each."""
        self._valid: set[str] = set()

    def is_damaged(self) -> bool:
        """Whether a module is not what its seal says."""
        return any(self._is_sealed(name) for name in self._broken())

    def is_unfinished(self) -> bool:
        """Whether a module has no seal: it is being compiled, or was not to the end."""
        return any(not self._is_sealed(name) for name in self._broken())

    def heal(self) -> None:
        """Remove every module without a valid seal; only with the lock for oneself."""
        for name in self._broken():
            for ending in self._modules[name]:
                self._file(name, ending).unlink()

    def seal(self) -> None:
        """Seal what has been completed."""
        for name in self._broken():
            if not self._is_sealed(name) and _READY in self._modules[name]:
                for library in self._libraries(name):
                    _flush(library)
                self._file(name, _SEAL).write_bytes(self._mark(name))

    def _broken(self) -> list[str]:
        """Names of the modules without a valid seal."""
        time = self._path.stat().st_mtime_ns
        if time != self._time:
            self._modules = {}
            # By names, and what was whole when this process looked is not read again: there are
            # thousands, looked through after each form that this or another process compiles.
            with os.scandir(self._path) as files:
                for file in files:
                    name, dot, ending = file.name.partition(".")
                    if name.startswith("libffcx_"):
                        self._modules.setdefault(name, []).append(dot + ending)
            self._valid = {n for n in self._modules if n in self._valid or self._is_valid(n)}
            self._time = time
        return [name for name in self._modules if name not in self._valid]

    def _file(self, name: str, ending: str) -> Path:
        return self._path / (name + ending)

    def _is_sealed(self, name: str) -> bool:
        return _SEAL in self._modules[name]

    def _is_valid(self, name: str) -> bool:
        mark = self._mark(name)
        return self._is_sealed(name) and self._file(name, _SEAL).read_bytes() == mark != b""

    def _libraries(self, name: str) -> list[Path]:
        return [self._file(name, end) for end in self._modules[name] if end.endswith(".so")]

    def _mark(self, name: str) -> bytes:
        """What the seal says of the library."""
        status = [library.stat() for library in self._libraries(name)]
        return "".join(f"{s.st_size} {s.st_mtime_ns}\n" for s in status).encode()


def _flush(file: Path) -> None:
    with file.open("rb") as stream:
        os.fsync(stream.fileno())
