"""The `zinterphase` command: in order before the package, which takes seconds, is loaded."""

import os
import signal
import sys


def main() -> None:
    """Run the command line; an interruption while it loads ends it quietly."""
    _open_streams()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from zinterphase.cli import main as run

    run()


def _open_streams() -> None:
    """Where the caller closed a standard stream, no file of ours may take its number."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for name, number in (("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            stream = os.fdopen(number, "w", encoding="utf-8")
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)


if __name__ == "__main__":
    main()
