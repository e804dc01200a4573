"""What a built-in problem with a known solution is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from mpi4py import MPI

from zinterphase.verification.check import Check

Suite = Literal["fast", "full"]
Checks = Callable[[MPI.Intracomm], Iterable[Check]]


@dataclass(frozen=True)
class KnownProblem:
    """A problem whose solution is known independently of the finite elements.

    ``name`` is "family.problem"; ``what`` says in one line what is compared, ``source`` where the
    known values come from. ``fast`` puts it into the suite of that name; all are in `full`.
    ``checks(comm)`` solves on all ranks of ``comm`` and yields the comparisons; collective.
    """

    name: str
    what: str
    source: str
    checks: Checks
    fast: bool = True

    @property
    def family(self) -> str:
        """First part of the name."""
        return self.name.partition(".")[0]
