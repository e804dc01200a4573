"""Bytes of a file that is a file and not too long."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from zinterphase.geometry.meshfile.content import Malformed

LARGEST_FILE = 2**31
"""Bytes; about 2e7 tetrahedra as text, which is what one rank may mesh itself."""


@contextmanager
def opened(path: Path) -> Iterator[tuple[BinaryIO, int]]:
    """An existing regular file, neither empty nor beyond `LARGEST_FILE`, and its size.

    Raises
    ------
    Malformed
        It is none: a pipe, a device, a folder, empty, too long or unreadable.
    """
    try:
        # A pipe without a writer would block on opening.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Malformed(f"an existing mesh file ({error.strerror})") from error
    status = os.fstat(handle)
    try:
        if not stat.S_ISREG(status.st_mode):
            raise Malformed("a file, not a folder, pipe or device")
        if not 0 < status.st_size <= LARGEST_FILE:
            raise Malformed(f"a file of 1 to {LARGEST_FILE} bytes, not {status.st_size}")
        with os.fdopen(handle, "rb", closefd=False) as stream:
            yield stream, status.st_size
    finally:
        os.close(handle)
