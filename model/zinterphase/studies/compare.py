"""Anodes side by side at equal mean current over shared seeds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.output.tables import HomogenisationTable, Member


@dataclass(frozen=True)
class Comparison:
    """Stub."""

    members: tuple[Member, ...]
    table: HomogenisationTable


def compare(
    cases: Sequence[Case],
    *,
    currents: Sequence[float] | None = None,
    seeds: int | Sequence[int] = 1,
    comm: MPI.Intracomm = MPI.COMM_WORLD,
    members_at_once: int | None = None,
    progress: Callable[[str, int, int], None] = lambda text, done, total: None,
    folder: Path | None = None,
) -> Comparison:
    """Stub."""
    raise NotImplementedError
