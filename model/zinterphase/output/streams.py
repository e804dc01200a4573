"""Tables that grow while a run goes on."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from zinterphase.errors import FileError


class RowStream:
    """Appends rows to a CSV file; no row is torn, whenever the program ends.

    Rows are written with :meth:`flush`, several in one piece. Not collective.
    """

    def __init__(self, path: Path, columns: Sequence[str], size: int | None = None) -> None:
        """Start with the head, or go on after the first ``size`` bytes. Raises FileError."""
        self._path, self._columns = path, tuple(columns)
        self._waiting: list[Sequence[object]] = []
        try:
            if size is None:
                path.write_text("", encoding="utf-8")
                self._file: TextIO = path.open("a", newline="", encoding="utf-8")
                self._waiting.append(self._columns)
                self.flush()
            else:
                os.truncate(path, size)
                self._file = path.open("a", newline="", encoding="utf-8")
        except OSError as error:
            raise FileError(f"{path}: {error.strerror}") from error

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
        """Write what waits. Raises FileError."""
        try:
            csv.writer(self._file, lineterminator="\n").writerows(self._waiting)
            self._file.flush()
        except OSError as error:
            raise FileError(f"{self._path}: {error.strerror}") from error
        self._waiting = []

    def close(self) -> None:
        """Write what waits, and close."""
        self.flush()
        self._file.close()
