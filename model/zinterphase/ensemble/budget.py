"""Wall time and memory a study may take."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mpi4py import MPI

from zinterphase.errors import BudgetSpent
from zinterphase.parallel import peak_memory

GROWTH_OF_TIME = 1.25
"""Power of the number of unknowns that the time of a direct solve in 2D grows with."""
GROWTH_OF_MEMORY = 1.1
"""The same of memory."""


class Spent(Protocol):
    """A finished mesh: its wall time [s] and the growth of memory since the start [bytes]."""

    @property
    def seconds(self) -> float:
        """Wall time [s]."""

    @property
    def memory(self) -> float:
        """Growth of the peak memory of all ranks since the study began [bytes]."""


@dataclass(frozen=True)
class Budget:
    """Limits, None where there is none; the clock starts when it is made. Collective.

    Attributes
    ----------
    comm : Ranks whose memory is summed; rank 0's clock counts.
    seconds : Wall time [s].
    memory : Memory of all ranks [bytes].
    """

    comm: MPI.Intracomm
    seconds: float | None = None
    memory: float | None = None
    start: float = field(default_factory=time.monotonic)
    memory_at_start: float = field(init=False)

    def __post_init__(self) -> None:
        """Note what memory the program takes by itself."""
        object.__setattr__(self, "memory_at_start", self._peak())

    def grown_memory(self) -> float:
        """Growth of the peak memory of all ranks since the start [bytes]."""
        return self._peak() - self.memory_at_start

    def check(self) -> None:
        """Raise :class:`BudgetSpent` on all ranks once a limit is reached."""
        if self.seconds is not None and self._elapsed() > self.seconds:
            raise BudgetSpent(f"the wall time of {self.seconds:.3g} s is spent")
        if self.memory is not None and self._peak() > self.memory:
            raise BudgetSpent(f"the memory of {self.memory / 1e9:.3g} GB is spent")

    def objection(self, meshes: Sequence[Spent], growth: float) -> str | None:
        """Why a next mesh, with ``growth`` times the unknowns of the last, is not begun."""
        if not meshes:
            return None
        if self.seconds is not None:
            left = self.seconds - self._elapsed()
            needed = meshes[-1].seconds * growth**GROWTH_OF_TIME
            if needed > left:
                return (
                    f"the next mesh takes about {needed:.2g} s, "
                    f"and {max(left, 0.0):.2g} s of {self.seconds:.3g} s are left"
                )
        if self.memory is not None:
            largest = max(mesh.memory for mesh in meshes)
            needed = self.memory_at_start + largest * growth**GROWTH_OF_MEMORY
            if needed > self.memory:
                return (
                    f"the next mesh takes about {needed / 1e9:.2g} GB "
                    f"of {self.memory / 1e9:.3g} GB allowed"
                )
        return None

    def _elapsed(self) -> float:
        return float(self.comm.bcast(time.monotonic() - self.start))

    def _peak(self) -> float:
        return peak_memory(self.comm)
