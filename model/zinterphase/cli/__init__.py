"""The command line: the contract of docs and scripts, thin over the Python API."""

import os
import sys

import typer

from zinterphase.cli.commands import app
from zinterphase.cli.start import lacking, world
from zinterphase.cli.streams import say
from zinterphase.errors import UsageError, ZinterphaseError

COMPLETING = "_ZINTERPHASE_COMPLETE"
"""Variable that a shell sets when it completes a word."""


def main() -> None:
    """Entry point of the `zinterphase` command; alone or under mpirun."""
    if COMPLETING in os.environ:  # a shell asks what a word may be, and no solver is needed for it
        app(prog_name="zinterphase")
    try:
        missing = lacking()
        if missing is not None:
            sys.exit(_without_solver(missing))
        comm = world()
    except ZinterphaseError as error:
        say(f"error: {error}")
        sys.exit(2)

    from zinterphase.cli.guard import guarded

    with guarded(comm):
        sys.exit(called())


def called() -> int:
    """Run the command that ``sys.argv`` asks for and return its exit code; collective.

    Raises :class:`UsageError` for words that are none of the program's, and what the command does.
    """
    try:
        return app(standalone_mode=False) or 0
    except typer.TyperException as error:
        message = error.format_message()
        if not message:  # without arguments: the help is printed already
            return error.exit_code
        where = getattr(getattr(error, "ctx", None), "command_path", "zinterphase")
        raise UsageError(f"{message} (see {where} --help)") from None


def _without_solver(missing: str) -> int:
    """Help and version need no solver; a command that does says what is missing."""
    try:
        return called()
    except ModuleNotFoundError:
        raise UsageError(missing) from None
