"""What a front moves from along the stack."""

from collections.abc import Mapping
from dataclasses import dataclass

from zinterphase.solve.system import Array


@dataclass(frozen=True, eq=False)
class Footing:
    """Where a mesh moves along the stack from: displacement of this rank's nodes (n, dim) [m],
    rises of the surfaces there [m], how often nodes had slid until then, the largest share of an
    amount that interpolation had missed, and the unevenness below which none is tried again."""

    displacement: Array
    rises: Mapping[str, Array]
    slides: int
    missed: float
    refused: float
