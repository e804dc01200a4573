"""Current per projected and per metal area on all ranks, and what of it this rank gave."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from mpi4py import MPI

from zinterphase.observe.goals import CURRENT, Goal
from zinterphase.observe.surface import SurfaceMap
from zinterphase.routes import everywhere
from zinterphase.solve.system import Array


@dataclass(frozen=True, eq=False)
class Chart:
    """Points of all ranks in the order of the ranks; ``mine`` are this rank's, ``seen`` says which
    of those it gave have a projected area. The current of ``surface`` is per projected area, that
    of ``metal`` per true area."""

    surface: SurfaceMap
    metal: SurfaceMap
    mine: slice
    seen: npt.NDArray[np.bool_]

    @classmethod
    def gather(
        cls, comm: MPI.Intracomm, position: Array, current: Array, area: Array, projected: Array
    ) -> "Chart":
        """From the points of each rank with their ``current`` [A]; collective."""
        seen = projected > 0.0
        place, total, true, flat = (
            everywhere(comm, column[seen]) for column in (position, current, area, projected)
        )
        count = int(seen.sum())
        start = comm.scan(count) - count
        surface, metal = (
            SurfaceMap(place, true, flat, np.arange(len(true)), {CURRENT: total / own})
            for own in (flat, true)
        )
        return cls(surface, metal, slice(start, start + count), seen)

    def of(self, goal: Goal) -> SurfaceMap:
        """The map whose current the goal is a functional of."""
        return self.metal if goal.weight == "area" else self.surface

    def slope(self, goal: Goal) -> Array:
        """The slope of ``goal`` at this rank's points, 0 where there is no projected area."""
        found = np.zeros(len(self.seen))
        found[self.seen] = goal.slope(self.of(goal))[self.mine]
        return found
