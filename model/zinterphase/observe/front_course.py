"""A moving front in numbers and maps."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from zinterphase.observe.balance import Balance
from zinterphase.observe.free_course import FRONT, FreeCourse
from zinterphase.observe.relief import Relief
from zinterphase.solve.free_front import FreeFront
from zinterphase.solve.front import Front
from zinterphase.solve.problem import Problem

Array = npt.NDArray[np.float64]


def front_course(problem: Problem) -> "FrontCourse | FreeCourse":
    """Of what moves in a problem."""
    front, radial = problem.front, problem.measures.axisymmetric
    if isinstance(front, FreeFront):
        return FreeCourse(front, radial=radial)
    return FrontCourse(front, radial=radial)


class FrontCourse:
    """Of surfaces that move along the stack, at the present state; of none where they do not."""

    def __init__(self, front: Front | None, *, radial: bool) -> None:
        self._front, self._radial = front, radial
        self._first = None if self._front is None else self.relief()

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
        face = self._front.faces["working"]
        places = np.column_stack([face.position, self._front.heights("working")])
        corners = face.facets[:, : places.shape[1]]
        return Relief(places[corners], self._radial)

    def first_relief(self) -> Relief:
        """Of the working electrode as it was made."""
        assert self._first is not None
        return self._first

    def recall(self, corners: Array) -> None:
        """Count from a first relief with these ``corners``."""
        self._first = Relief(corners, self._radial)

    @property
    def is_graph(self) -> bool:
        """Whether a surface moves that has lateral directions."""
        return self._front is not None and self._front.faces["working"].position.shape[1] > 0

    @property
    def slides(self) -> int:
        """How often nodes have slid along the surface."""
        return 0 if self._front is None else self._front.slides

    @property
    def remeshes(self) -> int:
        """How often the mesh was made anew."""
        return 0 if self._front is None else self._front.remeshes

    @property
    def missed(self) -> float:
        """The largest share of an amount that interpolation missed then."""
        return 0.0 if self._front is None else self._front.missed

    def maps(self) -> dict[str, Array]:
        """Mean height of the surface at the corners of each facet as it was made [m], in lateral
        order."""
        if self._front is None:
            return {}
        corners = self.relief().corners
        if self.slides or self.remeshes:
            corners = self.first_relief().corners
            lateral = corners[:, :, 0]
            face = self._front.faces["working"]
            heights = np.interp(lateral, face.position[:, 0], self._front.heights("working"))
            return {FRONT: heights.mean(axis=1)}
        return {FRONT: corners[:, :, -1].mean(axis=1)}

    def balances(
        self, name: str, charge: float, per_charge: float, scale: float
    ) -> Iterator[Balance]:
        """The charge [C] that plated an electrode's metal, with its volume ``per_charge`` [m3/C],
        against the volume that its surface has swept."""
        if self._front is not None:
            volume = self._front.swept(name)
            yield Balance(f"front {name}", -charge, volume / per_charge, scale, "C")
