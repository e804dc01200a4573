"""Continuum electrochemistry of metal-anode interphases with finite elements and MPI.

``Case.load(path)`` reads a case, ``solve(case)`` solves it, ``compare(cases)`` puts anodes side
by side at equal mean current; the command line calls these three.
"""

# The PyPI build of DOLFINx finds libmpi only after mpi4py has loaded it.
from mpi4py import MPI as _MPI  # noqa: F401  # isort: skip

from zinterphase.case import Case
from zinterphase.ensemble.compare import Comparison, compare
from zinterphase.result import Result
from zinterphase.run import solve

__version__ = "0.1.0"
__all__ = ["Case", "Comparison", "Result", "__version__", "compare", "solve"]
