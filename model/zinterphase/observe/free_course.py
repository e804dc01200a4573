"""A front that may fold in numbers and maps, those of a graph where it is one."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from zinterphase.mesh.cuts import kept, lateral_order
from zinterphase.mesh.lines import lengths
from zinterphase.observe.balance import Balance
from zinterphase.observe.relief import Relief
from zinterphase.solve.free_front import FreeFront

Array = npt.NDArray[np.float64]
FRONT, PLACE, ALONG = "front", "front_x", "front_arc"
"""Names of maps: height and lateral place of the surface, and the way along it from its left."""


class FreeCourse:
    """Of the surfaces of a :class:`FreeFront` at the present state."""

    def __init__(self, front: FreeFront, *, radial: bool) -> None:
        """As it is now is how the working surface was made."""
        self._front, self._radial = front, radial
        self._first = self._line()

    def recall(self, corners: Array) -> None:
        """Count from a first surface whose facets in order have these ``corners``, parts of which
        are those of now."""
        self._first = np.vstack([corners[:, 0], corners[-1:, 1]])

    @property
    def slides(self) -> int:
        """None: nodes slide in time."""
        return self._front.slides

    @property
    def remeshes(self) -> int:
        """How often the mesh was made anew."""
        return self._front.remeshes

    @property
    def missed(self) -> float:
        """The largest share of an amount that interpolation missed then."""
        return self._front.missed

    def now(self) -> dict[str, float]:
        """Distances and length of the working surface [m], and its relief where it is a graph, as a
        sample has them."""
        line = self._line()
        clearance, _ = self._front.clearance("working")
        found = {
            "gap": self._front.gap(),
            "arc": float(lengths(line).sum()),
            "clearance": clearance if np.isfinite(clearance) else np.nan,
        }
        if self.is_graph:
            relief = self.relief()
            found |= {
                "sa": relief.arithmetic,
                "sq": relief.root_mean_square,
                "peak": relief.peak,
                "valley": relief.valley,
            }
        return found

    def relief(self) -> Relief:
        """Of the working electrode, where it is a graph."""
        return self._relief(self._line())

    def first_relief(self) -> Relief:
        """Of the working electrode as it was made, where it was a graph."""
        return self._relief(self._first)

    @property
    def is_graph(self) -> bool:
        """Whether the surface has one height over each place, now and when it was made."""
        sides = self._front.lines["working"].planes == (0, 0)
        lines = self._first, self._line()
        return sides and all(bool(np.all(np.diff(line[:, 0]) > 0.0)) for line in lines)

    def maps(self) -> dict[str, Array]:
        """Of each facet, in the lateral order in which they were made: height, place, and way along
        the surface to its middle [m]."""
        line = self._line()
        ends = kept(self._first, self._front.lines["working"].made)
        middles = (line[ends[1:]] + line[ends[:-1]]) / 2
        run = np.append(0.0, np.cumsum(lengths(line)))[ends]
        found = {FRONT: middles[:, 1], PLACE: middles[:, 0], ALONG: (run[1:] + run[:-1]) / 2}
        order = lateral_order(self._first)
        return {name: values[order] for name, values in found.items()}

    def balances(
        self, name: str, charge: float, per_charge: float, scale: float
    ) -> Iterator[Balance]:
        """The charge [C] that plated an electrode's metal, with its volume ``per_charge`` [m3/C],
        against the volume that its surface has swept."""
        volume = self._front.swept(name)
        yield Balance(f"front {name}", -charge, volume / per_charge, scale, "C")

    def _line(self) -> Array:
        return self._front.line("working")

    def _relief(self, line: Array) -> Relief:
        return Relief(np.stack([line[:-1], line[1:]], axis=1), self._radial)
