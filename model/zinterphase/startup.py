"""PETSc and DOLFINx started without what lies around: it is no part of a case.

PETSc would read ``.petscrc`` and ``petscrc`` of the working folder, ``~/.petscrc`` and two
variables, among whose options some run Python files, load libraries and write files. This has to
be imported before anything that imports PETSc: rooms that use it do so first of all. A program
that has started PETSc itself keeps its own options.
"""

import gc
import importlib
import os
import sys

# The PyPI build of PETSc finds libmpi only after mpi4py has loaded it.
from mpi4py import MPI  # noqa: F401  # isort: skip
import petsc4py

_VARIABLES = ("PETSC_OPTIONS", "PETSC_OPTIONS_YAML")


def start_petsc() -> None:
    """Start PETSc with the options given here alone; collective over all ranks."""
    hidden = {name: os.environ.pop(name) for name in _VARIABLES if name in os.environ}
    try:
        # Signals are answered by the program, or by Python.
        petsc4py.init(["zinterphase", "-skip_petscrc", "-no_signal_handler"])
    finally:
        os.environ.update(hidden)


def load_dolfinx() -> None:
    """Load DOLFINx, which would take the program's arguments for those of its log."""
    arguments, sys.argv = sys.argv, ["zinterphase"]
    try:
        importlib.import_module("dolfinx")
    finally:
        sys.argv = arguments


start_petsc()
load_dolfinx()
# What is loaded stays: collections, one at every new mesh, need not look at it.
gc.freeze()
