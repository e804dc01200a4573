"""Continuum electrochemistry of metal-anode interphases with finite elements and MPI.

``Case.load(path)`` reads a case, ``solve(case)`` solves it, ``compare(cases)`` puts anodes side
by side at equal mean current; the command line calls these three. ``read_results(folder)`` reads
what a run wrote.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zinterphase.case import Case
    from zinterphase.ensemble.compare import Comparison, compare
    from zinterphase.output.runfolder import read_results
    from zinterphase.result import Result
    from zinterphase.run import solve

__version__ = "0.1.0"
__all__ = ["Case", "Comparison", "Result", "__version__", "compare", "read_results", "solve"]


class _Public:
    """A public name, loaded when it is first asked for: a case alone needs no finite elements."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, package: ModuleType | None, owner: type | None = None) -> Any:
        return getattr(import_module(self._module), self._name)

    def __set__(self, package: ModuleType, value: object) -> None:
        """The room ``solve`` does not take the place of the function when it is imported."""


class _Package(ModuleType):
    Case = _Public("zinterphase.case")
    Comparison = _Public("zinterphase.ensemble.compare")
    Result = _Public("zinterphase.result")
    compare = _Public("zinterphase.ensemble.compare")
    read_results = _Public("zinterphase.output.runfolder")
    solve = _Public("zinterphase.run")


sys.modules[__name__].__class__ = _Package
