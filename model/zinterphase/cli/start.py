"""What has to be there before a command: the solver's packages, and MPI started as it was meant."""

from __future__ import annotations

import os
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING

from zinterphase.cli import launcher
from zinterphase.errors import UsageError

if TYPE_CHECKING:
    from mpi4py import MPI

SOLVER = {"mpi4py": "mpi4py", "petsc4py": "petsc4py", "dolfinx": "DOLFINx"}
"""What `pip install zinterphase` alone does not bring, by module."""
PATIENCE = 5.0
"""Seconds in which process 0 says what is wrong, before another's end makes the launcher end it."""


def lacking() -> str | None:
    """What the commands need and is not installed, with where to get it; None if all is."""
    missing = [name for module, name in SOLVER.items() if find_spec(module) is None]
    if not missing:
        return None
    verb = "is" if len(missing) == 1 else "are"
    return (
        f"{', '.join(missing)} {verb} not installed: pip install 'zinterphase[fem]', or conda with "
        "the package's environment.yml"
    )


def world() -> MPI.Intracomm:
    """All ranks, with MPI started; collective.

    Raises :class:`UsageError` on process 0 where launcher and library do not belong together, and
    :class:`SystemExit` on the others.
    """
    import mpi4py

    mpi4py.rc.initialize = False  # a library under a foreign launcher ends the process there
    mpi4py.rc.finalize = True
    from mpi4py import MPI

    if not MPI.Is_initialized():
        _refuse(launcher.unfit(os.environ, MPI.Get_library_version()))
        MPI.Init_thread(MPI.THREAD_MULTIPLE)
        if MPI.COMM_WORLD.size == 1:
            _refuse(launcher.alone(os.environ, MPI.Get_library_version()))
    return MPI.COMM_WORLD


def _refuse(reason: str | None) -> None:
    if reason is None:
        return
    if not launcher.first(os.environ):
        time.sleep(PATIENCE)
        raise SystemExit(2)
    raise UsageError(reason)
