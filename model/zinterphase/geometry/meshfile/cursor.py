"""Numbers of one section of a .msh file in turn, as text or binary, never beyond its end."""

from __future__ import annotations

import warnings
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from zinterphase.geometry.meshfile.content import Malformed
from zinterphase.geometry.raw import Floats, Ints


class Cursor(Protocol):
    """The next numbers of a section."""

    def ints(self, count: int) -> Ints:
        """The next integers of 4 bytes, shape (count,)."""
        ...

    def sizes(self, count: int) -> Ints:
        """The next integers of the file's size type, shape (count,)."""
        ...

    def floats(self, count: int) -> Floats:
        """The next coordinates, shape (count,)."""
        ...


class TextCursor:
    """Numbers of a section of text."""

    def __init__(self, section: str, text: bytes) -> None:
        """Raises Malformed where anything but numbers stands in the text."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", DeprecationWarning)  # of text that is no number
                self._numbers = np.fromstring(text.decode("ascii"), dtype=np.float64, sep=" ")
        except (DeprecationWarning, ValueError) as error:
            raise Malformed(f"numbers only in its section {section}") from error
        self._section = section
        self._at = 0

    def finish(self) -> None:
        """Raises Malformed where numbers are left."""
        if self._at != self._numbers.size:
            raise Malformed(f"as many numbers in its section {self._section} as it announces")

    def count(self) -> int:
        """The count that begins a section of version 2.2."""
        return int(self.ints(1)[0])

    def floats(self, count: int) -> Floats:
        """See `Cursor`."""
        if not 0 <= count <= self._numbers.size - self._at:
            raise Malformed(f"as many numbers in its section {self._section} as it announces")
        taken = self._numbers[self._at : self._at + count]
        self._at += count
        return taken

    def ints(self, count: int) -> Ints:
        """See `Cursor`."""
        return _whole(self.floats(count), self._section)

    sizes = ints

    def rest(self) -> Ints:
        """All that is left, as integers."""
        return self.ints(self._numbers.size - self._at)


class BinaryCursor:
    """Numbers of a binary section that begins at an offset of a file's bytes."""

    def __init__(self, section: str, data: bytes, at: int, order: str) -> None:
        """``order`` is the byte order, "<" or ">"."""
        self._section, self._data, self.at, self._order = section, data, at, order

    def finish(self) -> None:
        """The end of the section that must follow is checked by who seeks it."""

    def count(self) -> int:
        """The count that begins a section of version 2.2, a line of text."""
        end = self._data.find(b"\n", self.at, self.at + 20)
        line = self._data[self.at : end].strip() if end > 0 else b""
        if not line.isdigit():
            raise Malformed(f"a count at the beginning of its section {self._section}")
        self.at = end + 1
        return int(line)

    def ints(self, count: int) -> Ints:
        """See `Cursor`."""
        return self._take(f"{self._order}i4", count).astype(np.int64)

    def sizes(self, count: int) -> Ints:
        """See `Cursor`."""
        return self._take(f"{self._order}i8", count).astype(np.int64)

    def floats(self, count: int) -> Floats:
        """See `Cursor`."""
        return self._take(f"{self._order}f8", count).astype(np.float64)

    def records(self, fields: list[tuple[str, str, int]], count: int) -> npt.NDArray[Any]:
        """The next records of named fields, each (name, type, length); shape (count,)."""
        return self._take(np.dtype([(n, self._order + kind, (k,)) for n, kind, k in fields]), count)

    def _take(self, kind: str | np.dtype[Any], count: int) -> npt.NDArray[Any]:
        size = np.dtype(kind).itemsize
        if not 0 <= count <= (len(self._data) - self.at) // size:
            raise Malformed(f"as many numbers in its section {self._section} as it announces")
        taken = np.frombuffer(self._data, kind, count, self.at)
        self.at += size * count
        return taken


def _whole(numbers: Floats, section: str) -> Ints:
    with np.errstate(invalid="ignore"):
        whole = (np.abs(numbers) < 2.0**53) & (numbers == np.floor(numbers))
    if not np.all(whole):
        raise Malformed(f"whole numbers where counts and tags stand in its section {section}")
    return numbers.astype(np.int64)
