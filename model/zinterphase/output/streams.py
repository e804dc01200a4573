"""Tables that grow while a run goes on."""

from __future__ import annotations

import csv
import errno
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from zinterphase.errors import FileError


class RowStream:
    """Appends rows to a CSV file, several in one piece: no row is torn, whenever the program ends.

    Not collective.
    """

    def __init__(self, path: Path, columns: Sequence[str], size: int | None = None) -> None:
        """Start with the head, or go on after the first ``size`` bytes. Raises FileError."""
        self._path, self._columns = path, tuple(columns)
        self._waiting: list[Sequence[object]] = []
        try:
            if size is None:
                path.write_bytes(b"")
            else:
                os.truncate(path, size)
            self._file = path.open("ab", buffering=0)
        except OSError as error:
            raise FileError(f"{path}: {error.strerror}") from error
        if size is None:
            self._waiting.append(self._columns)
            self.flush()

    @property
    def size(self) -> int:
        """Bytes in the file."""
        return self._path.stat().st_size

    def add(self, row: Sequence[object]) -> None:
        """A row by the columns."""
        assert len(row) == len(self._columns)
        self._waiting.append(row)

    def extend(self, rows: Iterable[Sequence[object]]) -> None:
        """Several rows."""
        for row in rows:
            self.add(row)

    def flush(self) -> None:
        """Write what waits. Raises FileError, with the file as it was."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(self._waiting)
        data, before = text.getvalue().encode(), self.size
        try:
            if self._file.write(data) != len(data):
                os.truncate(self._path, before)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            raise FileError(f"{self._path}: {error.strerror}") from error
        self._waiting = []

    def close(self) -> None:
        """Write what waits, and close."""
        self.flush()
        self._file.close()
