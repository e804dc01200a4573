"""What the walls of an electrode hold of their own: coverage, and metal taken up by a host."""

from collections.abc import Iterator, Mapping
from math import nan

import numpy as np
import numpy.typing as npt
from dolfinx import fem

from zinterphase.case.alloying import ALLOYING
from zinterphase.case.kinetics import DEPOSITION
from zinterphase.fem_types import new_function
from zinterphase.observe.balance import Balance
from zinterphase.observe.deposit import DepositMap
from zinterphase.solve.electrode import Electrode
from zinterphase.solve.problem import Problem
from zinterphase.solve.storage import Stored
from zinterphase.solve.surface_states import AlloyState, CoverageState, SurfaceState

Array = npt.NDArray[np.float64]


class WallStates:
    """States of an electrode's walls as maps and numbers; everything collective."""

    def __init__(self, problem: Problem, electrode: Electrode, deposit: DepositMap) -> None:
        """``deposit`` is that of the electrode."""
        assert problem.storage is not None
        self._comm, self._deposit = problem.domain.comm, deposit
        self._area = problem.projected_area
        states = problem.storage.surfaces.values()
        own = [s for s in states if s.name.startswith(f"{electrode.name}.")]
        self._alloys = [s for s in own if isinstance(s, AlloyState)]
        self._covered = [s for s in own if isinstance(s, CoverageState) and _name(s) == "coverage"]
        self._on_surface = {
            _name(s): s for s in own if s.cells.wall is electrode.surface and _name(s)
        }
        self._cells = problem.measures.facets[electrode.surface.facets][:, 0]
        self._function = new_function(fem.functionspace(problem.domain.mesh, ("DG", 0)))
        self._initial = {s.name: self._held(s, s.initial()) for s in self._alloys}

    def maps(self, stored: Stored) -> dict[str, Array]:
        """`coverage` and `alloyed`, mean composition over the depth, of each facet of the surface
        in lateral order; as far as they change in time."""
        found = {}
        for name, state in self._on_surface.items():
            state.cells.put(self._function, _shown(state, stored.surfaces[state.name]))
            found[name] = self._deposit.everywhere(self._function.x.array[self._cells])
        return found

    def coverage(self, stored: Stored) -> float:
        """Mean over the surface and the pores whose coverage changes in time; NaN without."""
        return self._mean([(s, _shown(s, stored.surfaces[s.name])) for s in self._covered])

    def nuclei(self, stored: Stored) -> float:
        """Mean number per area of those that were born where nothing covered the substrate [1/m2];
        NaN without."""
        born = [(s, s.nuclei(stored.surfaces[s.name])) for s in self._covered]
        return self._mean([(s, values) for s, values in born if values is not None])

    def _mean(self, parts: list[tuple[CoverageState, Array]]) -> float:
        if not parts:
            return nan
        sums = np.zeros(2)
        for state, values in parts:
            sums[0] += values @ state.cells.area
            sums[1] += state.cells.area.sum()
        whole, area = self._comm.allreduce(sums)
        return float(whole / area)

    def alloyed(self, stored: Stored) -> float:
        """Charge of the metal that hosts have taken up since t = 0, per projected area [C/m2]; NaN
        where there is none."""
        if not self._alloys:
            return nan
        return sum(self._grown(state, stored) for state in self._alloys) / self._area

    def hosted(self, sums: Mapping[str, Array]) -> float:
        """Charge of the metal that hosts have taken up from the liquid and from deposit since
        t = 0, less what they have given back, per projected area [C/m2]."""
        whole = sum((float(sums[_plated(state)][0]) for state in self._alloys), 0.0)
        return whole / self._area

    def rates(self, currents: Mapping[tuple[str, str], float]) -> dict[str, Array]:
        """Uptake of each host [A]: from the liquid and from deposit, and from behind; ``currents``
        are those of the electrode's reactions by layer and name."""
        found: dict[str, Array] = {}
        for state in self._alloys:
            deposit, behind = self._comm.allreduce(np.array(state.taken()))
            plated = deposit - currents[state.cells.wall.layer, ALLOYING]
            found |= {_plated(state): np.array([plated]), _behind(state): np.array([behind])}
        return found

    def balances(
        self, sums: Mapping[str, Array], stored: Stored, scale: float
    ) -> Iterator[Balance]:
        """What has come to each host since t = 0 against what its profiles hold more [C]."""
        for state in self._alloys:
            come = float(sums[_plated(state)][0] + sums[_behind(state)][0])
            size = max(scale, self._initial[state.name])
            yield Balance(f"alloy {state.name}", come, self._grown(state, stored), size, "C")

    def _grown(self, state: AlloyState, stored: Stored) -> float:
        return self._held(state, stored.surfaces[state.name]) - self._initial[state.name]

    def _held(self, state: AlloyState, values: Array) -> float:
        return float(self._comm.allreduce(state.held(values)))


def _plated(state: AlloyState) -> str:
    return f"alloyed {state.name}"


def _behind(state: AlloyState) -> str:
    return f"alloyed from behind {state.name}"


def _name(state: SurfaceState) -> str:
    """Of what is shown of a state; further reactions and solids have none."""
    if isinstance(state, AlloyState):
        return "alloyed"
    if not isinstance(state, CoverageState):
        return ""
    return "coverage" if state.name.endswith(f".{DEPOSITION}") else ""


def _shown(state: SurfaceState, values: Array) -> Array:
    return state.layer.content(values) if isinstance(state, AlloyState) else values[:, 0]
