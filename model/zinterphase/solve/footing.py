"""What a front moves from along the stack."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from zinterphase.solve.system import Array


@dataclass(frozen=True, eq=False)
class Footing:
    """Where a mesh moves along the stack from.

    Attributes
    ----------
    displacement : Of this rank's nodes (n, dim) [m].
    rises : Of the surfaces there [m].
    slides, remeshes : How often nodes had slid, and the mesh had been made anew, until then.
    missed : The largest share of an amount that interpolation had missed.
    refused : The unevenness up to which nodes do not slide again.
    worn : The wear up to which no mesh is made anew.
    spacing : What distances of the working surface's nodes are measured against [m], followed by
        those of the counter electrode where surfaces may fold; None where it is no line of
        straight facets.
    rooms : Of what the surfaces may touch, the smallest distances at first [m]; that between them
        where they may fold.
    """

    displacement: Array
    rises: Mapping[str, Array]
    slides: int
    remeshes: int
    missed: float
    refused: float
    worn: float
    spacing: Sequence[float] | None
    rooms: Sequence[float]

    @property
    def course(self) -> dict[str, object]:
        """All but arrays, as plain data."""
        return {f.name: getattr(self, f.name) for f in fields(self)[2:]}
