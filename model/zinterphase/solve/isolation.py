"""Metal that loses contact with its electrode while what is around it is stripped."""

from typing import Any

import ufl

from zinterphase.case.kinetics import Isolation
from zinterphase.expressions import Expr
from zinterphase.fem_types import Mesh
from zinterphase.solve.unknowns import constant


class IsolationLaw:
    """k = fraction (Sa/roughness)^exponent of the current that strips the metal, on top of it.

    Isolated metal stays behind as metal and passes no current: an areal law of book-keeping, with
    the roughness of the whole surface for what makes pieces come off.
    """

    def __init__(self, mesh: Mesh, table: Isolation) -> None:
        """Of a surface as rough as the law's reference."""
        self._table = table
        self._share = constant(mesh, table.fraction)

    def see(self, roughness: float) -> None:
        """Take over Sa of the surface [m]."""
        table = self._table
        if table.roughness is not None:
            relative = roughness / table.roughness
            self._share.value[...] = table.fraction * relative**table.exponent

    def lost(self, current: Expr) -> Expr:
        """Of a current density of the metal's own reaction [A/m2], as one that strips."""
        stripping: Any = ufl.max_value(current, 0.0)
        return self._share * stripping
