"""Standard output and error that may be closed, full, or of another encoding."""

import io
import os
import sys
from collections.abc import Callable

from zinterphase.printable import printable


class Stream(io.TextIOWrapper):
    """A standard stream that hands an error of writing to ``on_loss``; from then on all is lost.

    What its encoding cannot express is written as an escape.
    """

    def __init__(self, stream: io.TextIOWrapper, on_loss: Callable[[OSError], None]) -> None:
        """Takes over ``stream``, which is unusable afterwards."""
        encoding, lines = stream.encoding, stream.line_buffering
        super().__init__(
            stream.detach(), encoding=encoding, errors="backslashreplace", line_buffering=lines
        )
        self._on_loss = on_loss

    def write(self, text: str, /) -> int:
        """As of any text stream."""
        try:
            return super().write(text)
        except OSError as error:
            self._lose(error)
            return len(text)

    def flush(self) -> None:
        """As of any text stream."""
        try:
            super().flush()
        except OSError as error:
            self._lose(error)

    def _lose(self, error: OSError) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)
        self._on_loss(error)


def install_streams(on_loss: Callable[[OSError], None]) -> None:
    """Replace both streams; ``on_loss`` is told when standard output cannot be written."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout = sys.__stdout__ = Stream(sys.stdout, on_loss)  # type: ignore[misc]
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr = sys.__stderr__ = Stream(sys.stderr, lambda error: None)  # type: ignore[misc]


def say(text: str) -> None:
    """Write a line to the standard error of whichever rank; nothing for an empty text."""
    if text and sys.__stderr__ is not None:
        sys.__stderr__.write(printable(text) + "\n")
        sys.__stderr__.flush()
