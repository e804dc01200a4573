"""The command line: the contract of docs and scripts, thin over the Python API."""

from mpi4py import MPI

from zinterphase.cli.commands import app
from zinterphase.cli.guard import guarded


def main() -> None:
    """Run the command line; alone or under mpirun."""
    with guarded(MPI.COMM_WORLD):
        app()
