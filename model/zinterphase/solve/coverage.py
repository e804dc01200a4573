"""The share of a substrate that deposit covers, as rate laws see it."""

from collections.abc import Callable
from typing import Protocol

from dolfinx import fem

from zinterphase.expressions import Expr
from zinterphase.fem_types import Mesh, new_function
from zinterphase.physics.coverage import grown_share, left_share
from zinterphase.solve.unknowns import constant

type Trace = Callable[[Expr], Expr]
"""Takes coefficients to the side they are evaluated on."""


class Coverage(Protocol):
    """Of a substrate by deposit."""

    def share(self, covered: Expr, bare: Expr, trace: Trace) -> Expr:
        """0 to 1, from the currents per area of the covered and of the bare part [A/m2]."""


class GivenCoverage:
    """One that stays."""

    def __init__(self, mesh: Mesh, share: float) -> None:
        """``share`` is given."""
        self._share = constant(mesh, share)

    def share(self, covered: Expr, bare: Expr, trace: Trace) -> Expr:
        """As given."""
        return self._share


class GrowingCoverage:
    """One that follows from what is plated and dissolved, and from earlier states.

    Two numbers per cell beside the wall: the share theta, and the metal on the wall in monolayers
    m (per area of the wall). At the end of a step of time both are closed forms of the currents
    there, so that they are no unknowns. ``rate`` [1/s] and ``earlier`` (of theta and m, per s) are
    the step's formula; with ``runs`` zero they stay what ``earlier`` says.
    """

    def __init__(self, mesh: Mesh, initial: float, growth: float, per_charge: float) -> None:
        """``initial`` share, a monolayer of metal on it; ``growth`` is the part of new metal that
        covers; ``per_charge`` [m2/C] monolayers by oxidation."""
        space = fem.functionspace(mesh, ("DG", 0))
        self.initial = initial
        self.rate, self.runs = constant(mesh, 1.0), constant(mesh, 0.0)
        self.earlier = (new_function(space, "covered"), new_function(space, "metal"))
        for function in self.earlier:
            function.x.array[:] = -initial
        self._growth, self._per_charge = constant(mesh, growth), constant(mesh, per_charge)
        self.charge = 1.0 / (growth * per_charge)
        """Per area that covers all of it [C/m2]."""
        self.taken: Callable[[Trace], Expr] = lambda trace: 0.0
        """Charge per area and time that the covered host takes from the metal on it [A/m2]."""

    def share(self, covered: Expr, bare: Expr, trace: Trace) -> Expr:
        """At the end of the step."""
        loss, gain = self._changes(covered, bare, trace)
        shares, metal = (trace(function) for function in self.earlier)
        grown = grown_share(self._growth * gain, self.rate, shares)
        return left_share(grown, loss, gain, self.rate, metal)

    def metal(self, covered: Expr, bare: Expr, trace: Trace) -> Expr:
        """Metal on the wall at the end of the step, in monolayers."""
        loss, gain = self._changes(covered, bare, trace)
        share, earlier = self.share(covered, bare, trace), trace(self.earlier[1])
        return ((1 - share) * gain - share * loss - earlier) / self.rate

    def _changes(self, covered: Expr, bare: Expr, trace: Trace) -> tuple[Expr, Expr]:
        """What the covered part loses and the bare one gains, monolayers per second."""
        speed = self.runs * self._per_charge
        return speed * (covered + self.taken(trace)), -speed * bare
