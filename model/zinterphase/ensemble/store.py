"""Finished work on disk, one JSON line each."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from zinterphase.errors import FileError
from zinterphase.formats import FormatError


class Keyed(Protocol):
    """What is stored: found by its key, written as one line."""

    @property
    def key(self) -> str:
        """What it is found by."""

    def to_line(self) -> str:
        """One line of JSON."""


class Store[T: Keyed]:
    """Records by key, in memory and in a file. Used on one rank only."""

    def __init__(self, path: Path | None, parse: Callable[[str], T | None]) -> None:
        """Read what is there; a line that is damaged, or that ``parse`` gives None for (one cut
        off), is left out. Raises :class:`FormatError` for lines of another format."""
        self._path = path
        self.records: dict[str, T] = {}
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        content = self._path.read_bytes() if self._path.is_file() else b""
        for line in content.splitlines():
            try:
                record = _parsed(line, parse)
            except FormatError as error:
                raise FormatError(f"{self._path}: {error}; take another folder") from None
            if record:
                self.records[record.key] = record
        if content and not content.endswith(b"\n"):
            self._append("\n")

    def add(self, record: T) -> None:
        """Keep a record; complete on disk when this returns. Raises :class:`FileError`."""
        self.records[record.key] = record
        self._append(record.to_line() + "\n")

    def _append(self, text: str) -> None:
        if self._path is not None:
            try:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(text)
            except OSError as error:
                raise FileError(f"{self._path}: {error.strerror}") from error


def _parsed[T: Keyed](line: bytes, parse: Callable[[str], T | None]) -> T | None:
    try:
        record = parse(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return record if record is not None and isinstance(record.key, str) else None
