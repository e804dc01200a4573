"""A moving front in numbers and maps."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from zinterphase.observe.balance import Balance
from zinterphase.observe.relief import Relief
from zinterphase.solve.problem import Problem

Array = npt.NDArray[np.float64]
FRONT = "front"
"""Name of the map of heights."""


class FrontCourse:
    """Of the surfaces at the problem's present state; of none where they do not move."""

    def __init__(self, problem: Problem) -> None:
        storage = problem.storage
        self._front = None if storage is None else storage.front
        self._radial = problem.measures.axisymmetric

    def now(self) -> dict[str, float]:
        """Gap between the electrodes and relief of the working one [m], as a sample has them."""
        if self._front is None:
            return {}
        relief = self.relief()
        return {
            "gap": self._front.gap(),
            "sa": relief.arithmetic,
            "sq": relief.root_mean_square,
            "peak": relief.peak,
            "valley": relief.valley,
        }

    def relief(self) -> Relief:
        """Of the working electrode."""
        assert self._front is not None
        return self._risen(self._front.rises["working"])

    def first_relief(self) -> Relief:
        """Of the working electrode as it was made."""
        return self._risen(0.0)

    @property
    def is_graph(self) -> bool:
        """Whether a surface moves that has lateral directions."""
        return self._front is not None and self._front.faces["working"].position.shape[1] > 0

    def _risen(self, rise: Array | float) -> Relief:
        assert self._front is not None
        face = self._front.faces["working"]
        places = np.column_stack([face.position, face.height + rise])
        corners = face.facets[:, : places.shape[1]]
        return Relief(places[corners], self._radial)

    def maps(self) -> dict[str, Array]:
        """Mean height of each facet's corners [m], in lateral order."""
        if self._front is None:
            return {}
        return {FRONT: self.relief().corners[:, :, -1].mean(axis=1)}

    def balances(
        self, name: str, charge: float, per_charge: float, scale: float
    ) -> Iterator[Balance]:
        """The charge [C] that plated an electrode's metal, with its volume ``per_charge`` [m3/C],
        against the volume that its surface has swept."""
        if self._front is not None:
            volume = self._front.swept(name)
            yield Balance(f"front {name}", -charge, volume / per_charge, scale, "C")
