"""Continuum electrochemistry of metal-anode interphases with finite elements and MPI.

``Case.load(path)`` reads a case, ``solve(case)`` solves it, ``compare(cases)`` puts anodes side
by side at equal mean current; the command line calls these three.
"""

from zinterphase import startup as _startup  # noqa: F401  # isort: skip  # before DOLFINx

from zinterphase.case import Case
from zinterphase.studies import Comparison, Result, compare, solve

__version__ = "0.1.0"
__all__ = ["Case", "Comparison", "Result", "__version__", "compare", "solve"]
