"""A command on a terminal, as a user has it: a pseudo-terminal in place of pipes."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("zinterphase")


def _heed() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """A command that has begun; what it shows is in ``shown``."""

    def __init__(self, words: Sequence[str | Path], folder: Path) -> None:
        """Start it in a folder."""
        self._own, other = pty.openpty()
        self._process = subprocess.Popen(
            [PROGRAM, *words], cwd=folder, stdin=other, stdout=other, stderr=other,
            env=os.environ | {"TERM": "xterm", "COLUMNS": "100", "LINES": "40"},
            preexec_fn=_heed,  # where a shell started the tests behind itself, they ignore Ctrl-C
        )  # fmt: skip
        os.close(other)
        self.shown = ""

    def until(self, text: str, seconds: float = 60.0) -> None:
        """Wait until it shows a text."""
        end = time.monotonic() + seconds
        while text not in self.shown:
            assert time.monotonic() < end, self.shown
            if not self._read(0.2):
                assert text in self.shown, self.shown
                return

    def type(self, text: str) -> None:
        """As by a keyboard."""
        os.write(self._own, text.encode())

    def interrupt(self) -> None:
        """By Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    def end(self, seconds: float = 60.0) -> int:
        """Wait for its end; the exit code."""
        stop = time.monotonic() + seconds
        try:
            while self._read(0.2):
                assert time.monotonic() < stop, self.shown
            return self._process.wait(timeout=10)
        finally:
            self._process.kill()
            self._process.wait()
            os.close(self._own)

    def _read(self, wait: float) -> bool:
        """Whether there may be more."""
        if not select.select([self._own], [], [], wait)[0]:
            return True
        try:
            piece = os.read(self._own, 65536)
        except OSError:  # the other side has closed it
            return False
        self.shown += piece.decode(errors="replace")
        return bool(piece)
