"""The command line: the contract of docs and scripts, thin over the Python API."""

from mpi4py import MPI

from zinterphase.cli.commands import app
from zinterphase.cli.guard import guarded, only_root_speaks


def main() -> None:
    """Entry point of the `zinterphase` command; alone or under mpirun."""
    comm = MPI.COMM_WORLD
    only_root_speaks(comm)
    with guarded(comm):
        app()
