"""What a front may come to touch, and how far it is from there."""

from collections.abc import Callable, Iterator

from zinterphase.mesh.lateral import Clearance, LateralMesh
from zinterphase.mesh.riding import Riding
from zinterphase.solve.system import Array

Heights = Callable[[], Array]


class Room:
    """Between a surface that rises and another one, or between two that do.

    Attributes
    ----------
    met : What comes to touch, in words.
    first : Smallest distance along the stack as they were made at first [m].
    """

    def __init__(
        self, met: str, lower: LateralMesh, upper: LateralMesh, below: Heights, above: Heights
    ) -> None:
        """``below`` and ``above`` are the present heights of the surfaces at their nodes [m]."""
        self.met, self._below, self._above = met, below, above
        self._between = Clearance(lower, upper)
        self.first = self.left()

    def left(self) -> float:
        """Smallest distance now [m]."""
        return self._between.least(self._below(), self._above())


def rooms_of(riding: Riding, here: Heights, there: Heights, gained: Heights) -> Iterator[Room]:
    """Between what rides on a mesh; the first is what the deposit meets first, or what rides on it.

    ``here`` and ``there`` are the heights of the working and the counter surface, ``gained`` the
    rise of the working one since the mesh was measured [m].
    """
    ceiling, surface = riding.ceiling, riding.surface
    if riding.stays:
        met = "the deposit has grown through the pores that it fills"
        yield Room(met, surface, ceiling, here, lambda: ceiling.height)
        return
    film = "" if ceiling is surface else "the film upon "
    met = f"{film}the working electrode comes to the counter electrode"
    yield Room(met, ceiling, riding.counter, lambda: riding.carried(gained()), there)
    if riding.floor is not None:
        floor, met = riding.floor, "the deposit comes to the film that it has lifted"
        yield Room(met, surface, floor, here, lambda: floor.height + riding.mean(gained()))
