"""The command line: the contract of docs and scripts, thin over the Python API."""

import sys

import typer
from mpi4py import MPI

from zinterphase.cli.commands import app
from zinterphase.cli.guard import guarded
from zinterphase.errors import UsageError


def main() -> None:
    """Entry point of the `zinterphase` command; alone or under mpirun."""
    with guarded(MPI.COMM_WORLD):
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
