"""How much charge is at the wrong place where a jump has gone astray."""

from math import isnan

import numpy as np
from mpi4py import MPI

from zinterphase.cell.deposit import volume_per_charge
from zinterphase.march.sample import Sample
from zinterphase.scales import FARADAY
from zinterphase.solve.problem import Problem
from zinterphase.solve.storage import Stored
from zinterphase.solve.system import LIQUID, Array

CHARGES = (
    "charge",
    "metal_charge",
    "side_charge",
    "layer_charge",
    "dissolved",
    "isolated",
    "alloyed",
    "hosted",
    "bound",
)
"""Of a sample [C/m2]."""
AMOUNTS = ("hydrogen", "precipitated")
"""Of a sample [mol/m2], of two electrons each."""
THICKNESSES = ("thickness", "thickness_min", "thickness_max")


class Displacement:
    """Differences of amounts as charges per projected area; everything collective."""

    def __init__(self, problem: Problem) -> None:
        """For amounts of this problem."""
        assert problem.storage is not None
        self._comm, self._area = problem.domain.comm, problem.projected_area
        self._components = problem.system.components(LIQUID)
        self._surfaces = problem.storage.surfaces
        self._volume = abs(volume_per_charge(problem.cell.working.surface.main))

    def charge(self, stored: Stored, sample: Sample) -> float:
        """The largest of what the rows of any ion, the metals, the walls' states and the sums of
        reactions differ by, places with too much and too little added up [C/m2]."""
        sums = [abs(getattr(sample, name)) for name in CHARGES]
        sums += [2 * FARADAY * abs(getattr(sample, name)) for name in AMOUNTS]
        sums.append(self.thickness(sample) / self._volume)
        held = np.max([*self._per_row(stored), *self._at_walls(stored), *self._metals(stored)])
        return float(max([held / self._area, *(s for s in sums if not isnan(s))]))

    def thickness(self, sample: Sample) -> float:
        """The largest difference of the deposit's thickness [m]; 0 where it is not known."""
        found = [abs(getattr(sample, name)) for name in THICKNESSES]
        return max((size for size in found if not isnan(size)), default=0.0)

    def becomes_negative(self, now: Stored, then: Stored) -> bool:
        """Whether an amount that there is would be less than nothing."""
        pairs = [(now.liquid, then.liquid)]
        pairs += [(held, then.surfaces[name]) for name, held in now.surfaces.items()]
        found = any(bool(np.any((a > 0.0) & (b < 0.0))) for a, b in pairs)
        return bool(self._comm.allreduce(found, MPI.LOR))

    # -- details --------------------------------------------------------------------------

    def _per_row(self, stored: Stored) -> Array:
        rows = np.abs(stored.liquid).reshape(-1, self._components).sum(axis=0)
        return np.asarray(self._summed(rows))

    def _metals(self, stored: Stored) -> list[float]:
        return [0.0, *(abs(charge) for charge in stored.charges.values())]

    def _at_walls(self, stored: Stored) -> Array:
        found = [
            state.charge
            * float(np.abs(state.judged(stored.surfaces[name])).mean(axis=1) @ state.cells.area)
            for name, state in self._surfaces.items()
        ]
        return self._summed(np.array(found))

    def _summed(self, values: Array) -> Array:
        self._comm.Allreduce(MPI.IN_PLACE, values, MPI.SUM)
        return values
