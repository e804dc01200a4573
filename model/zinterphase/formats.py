"""The formats of the files that are written and read again, and the refusal of another one."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from zinterphase.errors import FileError

KEY, WRITER = "format", "written_by"
"""Entries of a file: its format, and the version that wrote it."""
PROGRAM = "zinterphase"


class FormatError(FileError):
    """A file has another format than this version reads."""


@dataclass(frozen=True)
class Format:
    """One kind of file. ``number`` grows with every change that a reader of the old one would
    stumble over; a file without one is refused unless ``optional``, for files written by hand."""

    number: int
    optional: bool = False

    def stamp(self) -> dict[str, Any]:
        """What a file carries."""
        return {KEY: self.number, WRITER: f"{PROGRAM} {version(PROGRAM)}"}

    def objection(self, data: Mapping[str, Any]) -> str | None:
        """Why these entries of a file cannot be read, in words; None where they can."""
        found = data.get(KEY)
        if (self.optional and KEY not in data) or (type(found) is int and found == self.number):
            return None
        writer = data.get(WRITER)
        known = writer if isinstance(writer, str) else "an unknown version"
        return f"written by {known}; {PROGRAM} {version(PROGRAM)} reads format {self.number}"

    def require(self, data: Mapping[str, Any], name: str) -> None:
        """Raise :class:`FormatError` naming the file and the version that wrote it."""
        objection = self.objection(data)
        if objection is not None:
            shown = f"format {data[KEY]!r}" if KEY in data else "without a format"
            raise FormatError(f"{name}: {shown}, {objection}")


CASE = Format(1, optional=True)
"""Case files; Case.to_toml writes it."""
LIBRARY = Format(1)
"""Material libraries."""
RESULTS = Format(1)
"""JSON files of runs and studies."""
RECORDS = Format(1)
"""Lines of finished work that studies keep and take up again."""
