"""The share of a substrate that deposit covers, as rate laws see it."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from math import pi
from typing import Protocol

import numpy as np
from dolfinx import fem

from zinterphase.case.kinetics import Nuclei
from zinterphase.expressions import Expr
from zinterphase.fem_types import Function, Mesh, new_function
from zinterphase.physics.coverage import grown_share, left_share
from zinterphase.physics.functions import below
from zinterphase.physics.nuclei import activation, born, covered_by
from zinterphase.solve.unknowns import constant

type Trace = Callable[[Expr], Expr]
"""Takes coefficients to the side they are evaluated on."""


@dataclass(frozen=True)
class Parts:
    """Of a surface that deposit covers in part: currents per area of what is ``covered`` and of
    what is ``bare`` [A/m2], the ``overpotential`` against the local composition [RT/F], how far
    it overcomes the barrier, ``open`` (0 to 1), and what chemical steps take of the deposit,
    ``attacked``, as a current per area that is covered [A/m2]."""

    covered: Expr
    bare: Expr
    overpotential: Expr
    open: Expr
    attacked: Expr = 0.0


class Coverage(Protocol):
    """Of a substrate by deposit."""

    def share(self, parts: Parts, trace: Trace) -> Expr:
        """0 to 1."""


class GivenCoverage:
    """One that stays."""

    def __init__(self, mesh: Mesh, share: float) -> None:
        """``share`` is given."""
        self._share = constant(mesh, share)

    def share(self, parts: Parts, trace: Trace) -> Expr:
        """As given."""
        return self._share


class ChangingCoverage(ABC):
    """One that follows from what is plated and dissolved, and from earlier states.

    Numbers per cell beside the wall: the share theta, the metal on the wall in monolayers m (per
    area of the wall), and further ones. At the end of a step of time they are closed forms of the
    currents there, so that they are no unknowns. ``rate`` [1/s] and ``earlier`` (of each number,
    per s) are the step's formula; with ``runs`` zero they stay what ``earlier`` says.
    """

    def __init__(
        self, mesh: Mesh, initial: float, per_charge: float, charge: float, more: int = 0
    ) -> None:
        """``initial`` share, a monolayer of metal on it; ``per_charge`` [m2/C] monolayers by
        oxidation; ``charge`` [C/m2] that covers; ``more`` numbers begin at zero."""
        space = fem.functionspace(mesh, ("DG", 0))
        self.initial = np.array([initial, initial, *[0.0] * more])
        self.charge = charge
        self.rate, self.runs = constant(mesh, 1.0), constant(mesh, 0.0)
        self.earlier = tuple(new_function(space, f"state{k}") for k in range(len(self.initial)))
        for function, value in zip(self.earlier, self.initial, strict=True):
            function.x.array[:] = -value
        self._per_charge = constant(mesh, per_charge)
        self.taken: Callable[[Trace], Expr] = lambda trace: 0.0
        """Charge per area and time that the covered host takes from the metal on it [A/m2]."""

    def share(self, parts: Parts, trace: Trace) -> Expr:
        """At the end of the step."""
        loss, gain = self._changes(parts, trace)
        grown = self._grown(parts, gain, trace)
        return left_share(grown, loss, gain, self.rate, trace(self.earlier[1]))

    def states(self, parts: Parts, trace: Trace) -> tuple[Expr, ...]:
        """Every number at the end of the step."""
        loss, gain = self._changes(parts, trace)
        share, earlier = self.share(parts, trace), trace(self.earlier[1])
        metal = ((1 - share) * gain - share * loss - earlier) / self.rate
        return share, metal, *self._further(parts, share, trace)

    def _changes(self, parts: Parts, trace: Trace) -> tuple[Expr, Expr]:
        """What the covered part loses and the bare one gains, monolayers per second."""
        speed = self.runs * self._per_charge
        loss = parts.covered + parts.attacked + self.taken(trace)
        return speed * loss, -speed * parts.bare

    @abstractmethod
    def _grown(self, parts: Parts, gain: Expr, trace: Trace) -> Expr:
        """The share where no metal is lacking; ``gain`` as :meth:`_changes` has it."""

    def _further(self, parts: Parts, share: Expr, trace: Trace) -> tuple[Expr, ...]:
        return ()


class GrowingCoverage(ChangingCoverage):
    """A part of what is plated on the substrate covers more of it."""

    def __init__(self, mesh: Mesh, initial: float, growth: float, per_charge: float) -> None:
        """``growth`` is that part."""
        super().__init__(mesh, initial, per_charge, 1.0 / (growth * per_charge))
        self._growth = constant(mesh, growth)

    def _grown(self, parts: Parts, gain: Expr, trace: Trace) -> Expr:
        return grown_share(self._growth * gain, self.rate, trace(self.earlier[0]))


class NucleiCoverage(ChangingCoverage):
    """Hemispheres that are born on sites and grow as fast as metal is plated on what is covered.

    Further numbers are moments of the nuclei's radii if none met another, with lengths in units of
    the mean distance of sites: their number, sum of radii, and the area they extend over; then the
    number of those that were born where nothing covered the substrate.
    """

    def __init__(
        self, mesh: Mesh, initial: float, per_charge: float, volume: float, nuclei: Nuclei,
        sites: Function, thermal_voltage: float,
    ) -> None:  # fmt: skip
        """``volume`` [m3/C] of metal, ``sites`` their density over its mean."""
        length = nuclei.density**-0.5
        super().__init__(mesh, initial, per_charge, length / volume, more=4)
        self.density, self._sites, self._begin = nuclei.density, sites, constant(mesh, initial)
        self._attempts = constant(mesh, nuclei.rate)
        self._speed = constant(mesh, volume / length)
        given = nuclei.activation
        self._activation = None if given is None else constant(mesh, given / thermal_voltage)

    def _grown(self, parts: Parts, gain: Expr, trace: Trace) -> Expr:
        return covered_by(self._moments(parts, trace)[2], self._begin)

    def _further(self, parts: Parts, share: Expr, trace: Trace) -> tuple[Expr, ...]:
        moments = self._moments(parts, trace)
        free = trace(self._sites) - moments[0]
        visible = (self._birth(parts) * free * (1 - share) - trace(self.earlier[5])) / self.rate
        return *moments, visible

    def _moments(self, parts: Parts, trace: Trace) -> tuple[Expr, Expr, Expr]:
        earlier = [trace(function) for function in self.earlier[2:5]]
        plating = -below(parts.covered, 0.0, parts.covered, 0.0)
        speed = self.runs * self._speed * plating
        number = born(self._birth(parts), trace(self._sites), self.rate, earlier[0])
        radii = (speed * number - earlier[1]) / self.rate
        return number, radii, (2 * pi * speed * radii - earlier[2]) / self.rate

    def _birth(self, parts: Parts) -> Expr:
        attempts = self.runs * self._attempts * parts.open
        if self._activation is None:
            return attempts
        return attempts * activation(parts.overpotential, self._activation)
