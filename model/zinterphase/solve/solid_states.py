"""Amounts of solids as states that change in time."""

import numpy as np
import numpy.typing as npt

from zinterphase.scales import FARADAY
from zinterphase.solve.model import Model
from zinterphase.solve.solid_law import SolidLaw
from zinterphase.solve.surface_states import ClosedFormState, WallCells

Array = npt.NDArray[np.float64]
THICKNESS = 1e-7
"""Mean thickness [m] of a solid that does not block, by which the local error of time is judged."""


class SolidState(ClosedFormState):
    """Amount per area [mol/m2] of one solid in each cell beside a wall, or in its pores."""

    def __init__(self, name: str, cells: WallCells, law: SolidLaw) -> None:
        amount = law.amount(cells.at.plane, cells.at.trace)
        super().__init__(name, cells, (law.earlier,), (amount,))
        self.law, self._amount = law, cells.compiled(amount)
        table = law.solid.table
        formed = law.formed
        self._formed = None if formed is None else (formed, cells.compiled(formed))
        self._size = (table.blocking_thickness or THICKNESS) / table.molar_volume

    @property
    def charge(self) -> float:
        """Of the ions that form as much as errors are judged by."""
        return FARADAY * self.law.solid.root * self._size

    def initial(self) -> Array:
        """What the case has, none by default."""
        if self.law.initial is None:
            return np.zeros((len(self.cells.cells), 1))
        return np.asarray(self.law.initial.x.array[self.cells.cells, None])

    def values(self) -> Array:
        """Means of the closed form."""
        if self._formed is not None:
            function, form = self._formed
            self.cells.put(function, self.cells.mean(form))
        return self.cells.mean(self._amount)[:, None]

    def judged(self, values: Array) -> Array:
        """Over what blocks a surface."""
        return values / self._size

    def total(self, values: Array) -> float:
        """Amount in this rank's cells [mol]."""
        return float(values[:, 0] @ self.cells.area)

    def _put(self, rate: float, runs: float, earlier: Array) -> None:
        law = self.law
        if law.formed is not None and runs == 0.0:
            law.formed.x.array[:] = 0.0
        law.rate.value[...], law.inverse.value[...], law.runs.value[...] = rate, 1.0 / rate, runs
        self.cells.put(law.earlier, earlier[:, 0])


def solid_states(model: Model) -> dict[str, SolidState]:
    """Of all places and solids of a model; collective."""
    found: dict[str, SolidState] = {}
    for place in model.precipitation.places:
        cells = WallCells(place.wall, model.level, place.unknowns, model.measures)
        for law in place.wall.solids:
            name = f"{place.name}.{law.solid.name}"
            found[name] = SolidState(name, cells, law)
    return found
