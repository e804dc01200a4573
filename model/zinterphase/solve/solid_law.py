"""A solid on electrodes or pore walls: how fast it forms, how much there is, what it covers.

How much there is has no unknown of its own: with a formula of time rate m + earlier = dm/dt, and
no solid where there is none, it follows from the liquid at the end of a step in closed form.
"""

from collections.abc import Callable, Iterable, Sequence
from math import prod

from dolfinx import fem

from zinterphase.cell.precipitation import Precipitating
from zinterphase.expressions import Expr
from zinterphase.fem_types import Function, Mesh, new_function
from zinterphase.levels.base import ElectrodePlane
from zinterphase.physics.functions import below, exp
from zinterphase.physics.precipitation import covered_share, ln_saturation, precipitation_rate
from zinterphase.scales import FARADAY
from zinterphase.solve.unknowns import constant

ALWAYS = 1e30
"""Rate [1/s] of the formula of a steady state, where no amount is enough."""
Trace = Callable[[Expr], Expr]


class SolidLaw:
    """One solid on one wall, per area of it.

    ``rate`` [1/s] and ``earlier`` [mol/(m2 s)] are a step's formula. Where time stands still
    ``runs`` is zero; in a steady state what forms is carried away (``inverse`` = 0: there is none).
    """

    def __init__(
        self,
        mesh: Mesh,
        solid: Precipitating,
        room: Expr | None = None,
        initial: Function | None = None,
        *,
        reacts: bool = False,
    ) -> None:
        """``room`` [mol/m2] is the largest amount; None where there is no end to it. ``initial``
        [mol/m2] is that at the beginning, None where there is none. Reactions form and use it where
        it ``reacts``."""
        self.solid, self._room, self.initial = solid, room, initial
        self._constant = constant(mesh, solid.table.rate_constant)
        space = fem.functionspace(mesh, ("DG", 0))
        self.earlier: Function = new_function(space, "earlier")
        self.formed: Function | None = new_function(space, "formed") if reacts else None
        """What reactions make of it [mol/(m2 s)]: in integrals their laws, the numbers of the last
        state elsewhere."""
        self.rate, self.inverse = constant(mesh, ALWAYS), constant(mesh, 0.0)
        self.runs = constant(mesh, 1.0)

    def formation(self, plane: ElectrodePlane, trace: Trace) -> Expr:
        """What forms [mol/(m2 s)], negative where it dissolves: not more than there is."""
        rate, least = self._unlimited(plane), self._before(trace)
        found = below(rate - least, 0.0, least, rate)
        if self._room is None:
            return found
        most = self.rate * trace(self._room) + least
        return below(most - found, 0.0, most, found)

    def amount(self, plane: ElectrodePlane, trace: Trace) -> Expr:
        """How much there is [mol/m2]."""
        return self.inverse * (self.formation(plane, trace) - self._before(trace))

    def covered(self, plane: ElectrodePlane, trace: Trace, used: Expr, half: Expr) -> Expr:
        """Share of the wall on which a reaction finds it, that uses ``used`` [mol/(m2 s)] of it
        where all is covered; half is by the amount ``half`` [mol/m2]."""
        supply = self._unlimited(plane) - trace(self.earlier)
        return covered_share(supply, self.runs * used, self.rate, half)

    def uncovered(self, plane: ElectrodePlane, trace: Trace) -> Expr | None:
        """Share of the wall that the solid leaves free: what forms settles anywhere, so that it
        covers (1 - theta) V/l of every amount. None where it does not block."""
        thickness = self.solid.table.blocking_thickness
        if thickness is None:
            return None
        return exp(-self.solid.table.molar_volume / thickness * self.amount(plane, trace))

    def _unlimited(self, plane: ElectrodePlane) -> Expr:
        """What would form or dissolve of any amount [mol/(m2 s)]."""
        ln_omega = ln_saturation(self.solid.ln_saturation, self.solid.dissolved, plane.ln_activity)
        return self.runs * precipitation_rate(ln_omega, self._constant, self.solid.root)

    def _before(self, trace: Trace) -> Expr:
        """What a step's formula takes from states before, less what reactions have made since."""
        earlier = trace(self.earlier)
        return earlier if self.formed is None else earlier - trace(self.formed)


def uncovered(solids: Sequence[SolidLaw], plane: ElectrodePlane, trace: Trace) -> Expr | None:
    """Share of a wall that all solids leave free; None where none blocks."""
    shares = (law.uncovered(plane, trace) for law in solids)
    found = [share for share in shares if share is not None]
    return prod(found[1:], start=found[0]) if found else None


def ion_rates(solids: Iterable[SolidLaw], plane: ElectrodePlane, trace: Trace) -> dict[str, Expr]:
    """What solids give of each ion [A/m2], F mol/(m2 s): negative where they form."""
    found: dict[str, Expr] = {}
    for law in solids:
        formed = FARADAY * law.formation(plane, trace)
        for ion, number in law.solid.ions.items():
            found[ion] = found.get(ion, 0.0) - number * formed
    return found
