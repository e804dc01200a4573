"""What every test may use: the communicator and a folder that all ranks see."""

import gc
import os
import sys
from pathlib import Path

import pytest
from mpi4py import MPI

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # ranks and threads would fight for the cores
# Ranks of MPICH that wait leave a core to those that work: there may be more of them than cores.
os.environ.setdefault("MPIR_CVAR_ENABLE_HEAVY_YIELD", "1")
# Programs that tests start would read every source file anew, half a second each.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Parallel tests start the first mpiexec they find; it has to be this environment's.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
# What these ranks inherit: they give up on a deadlock before the run that waits for them does, so
# that one test fails and not the whole run.
os.environ["PYTEST_ADDOPTS"] = f"-o faulthandler_timeout=200 {os.environ.get('PYTEST_ADDOPTS', '')}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse tests on several ranks that each make a temporary folder: they race for its number."""
    for item in items:
        if item.get_closest_marker("parallel") and "tmp_path" in getattr(item, "fixturenames", ()):
            raise pytest.UsageError(
                f"{item.nodeid}: takes tmp_path on every rank, not shared_tmp_path"
            )


def pytest_collection_finish() -> None:
    """Tests by the thousand are no part of what a collection has to look through."""
    gc.freeze()


@pytest.fixture
def comm() -> MPI.Intracomm:
    """All ranks of the test."""
    return MPI.COMM_WORLD


@pytest.fixture
def shared_tmp_path(comm: MPI.Intracomm, request: pytest.FixtureRequest) -> Path:
    """Temporary folder of rank 0, known to every rank. Collective.

    The other ranks make none: pytest numbers its folders, and ranks race for the numbers.
    """
    path = request.getfixturevalue("tmp_path") if comm.rank == 0 else None
    return comm.bcast(path, root=0)
