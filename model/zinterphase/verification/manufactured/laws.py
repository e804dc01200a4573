"""The laws of every level, written out a second time for exact fields.

Potentials in RT/F, rows in amperes per area as in the residual: fluxes J with -J . grad v, terms S,
and what the electrode's reaction adds to -J . n.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import ufl

from zinterphase.case import Layer
from zinterphase.expressions import Expr
from zinterphase.scales import FARADAY, VACUUM_PERMITTIVITY
from zinterphase.solve.model import Model
from zinterphase.verification.cells import VT
from zinterphase.verification.manufactured.exact_problem import Exact


@dataclass(frozen=True)
class ElectrodeLaw:
    """Butler-Volmer kinetics against the bulk's equilibrium, compact layer with its pzc [RT/F]."""

    exchange: float
    alpha_a: float
    alpha_c: float
    stern: float
    pzc: float

    def rate(self, eta: Expr, ln_activity: Expr) -> Expr:
        """Anodic current density [A/m2]."""
        cathodic = ufl.exp(ln_activity - self.alpha_c * eta)
        return self.exchange * (ufl.exp(self.alpha_a * eta) - cathodic)


class Law(Protocol):
    """A level's rows for exact fields u."""

    def fluxes(self, u: Sequence[Expr], layer: Layer) -> list[Expr]:
        """J of each row."""

    def terms(self, u: Sequence[Expr], layer: Layer) -> list[Expr]:
        """S of each row."""

    def reaction(self, u: Sequence[Expr], metal: Expr) -> tuple[Expr, list[Expr]]:
        """Anodic current density, and what the electrode adds to each row."""


@dataclass(frozen=True)
class IonLaw:
    """Levels `pnp` and `electroneutral`; the first ion reacts. ``rate`` scales the charge row."""

    charges: Sequence[int]
    diffusivities: Sequence[float]
    bulks: Sequence[float]
    kinetics: ElectrodeLaw
    rate: float
    neutral: bool

    def concentrations(self, u: Sequence[Expr]) -> list[Expr]:
        """c = c_bulk exp(mu - z phi)."""
        ions = zip(self.bulks, self.charges, u[:-1], strict=True)
        return [bulk * ufl.exp(mu - z * u[-1]) for bulk, z, mu in ions]

    def fluxes(self, u: Sequence[Expr], layer: Layer) -> list[Expr]:
        """F N_i, and the displacement times the rate."""
        k = _transport(layer)
        ions = zip(self.diffusivities, self.concentrations(u), u[:-1], strict=True)
        rows = [-FARADAY * k * d * c * ufl.grad(mu) for d, c, mu in ions]
        permittivity = 0.0 if self.neutral else VACUUM_PERMITTIVITY * layer.permittivity
        return [*rows, -self.rate * permittivity * VT * ufl.grad(u[-1])]

    def terms(self, u: Sequence[Expr], layer: Layer) -> list[Expr]:
        """Minus the space charge times the rate."""
        mobile = sum(z * c for z, c in zip(self.charges, self.concentrations(u), strict=True))
        density = FARADAY * layer.porosity * (mobile + layer.fixed_charge)
        return [*(0 for _ in self.charges), -self.rate * density]

    def reaction(self, u: Sequence[Expr], metal: Expr) -> tuple[Expr, list[Expr]]:
        """N . n = -i_F/(z F); the metal's charge enters Poisson's equation."""
        z, eta = self.charges[0], metal - u[-1]
        current = self.kinetics.rate(eta, u[0] - z * u[-1])
        charge = 0.0 if self.neutral else self.kinetics.stern * VT * (eta - self.kinetics.pzc)
        rest = [0 for _ in self.charges[1:]]
        return current, [-current / z, *rest, -self.rate * charge]


@dataclass(frozen=True)
class Salt:
    """Level `concentrated`: zinc sulphate between 1 and 2 mol/L, where the rows are one line."""

    bulk: float
    kinetics: ElectrodeLaw

    def fluxes(self, u: Sequence[Expr], layer: Layer) -> list[Expr]:
        """F N_- and i_l."""
        c = ufl.variable(self.bulk * ufl.exp(u[0]))
        k, half = _transport(layer), -layer.fixed_charge / (4 * c)
        ratio = half + ufl.sqrt(half**2 + 1)
        free = _between(c, 0.33, 0.30)
        s = free * ratio + (1 - free) / ratio
        t = free * ratio / s
        slope = c * ufl.diff(_ln_activity(c), c)
        drive = (1 - t) * slope * ufl.grad(u[0]) - ufl.grad(u[1])
        current = k * _kappa(c) * s * VT * drive
        anion = -FARADAY * k * _between(c, 4.8e-10, 4.2e-10) / s * c * ufl.grad(u[0])
        return [anion - (1 - t) * current / 2, current]

    def terms(self, u: Sequence[Expr], layer: Layer) -> list[Expr]:
        """None."""
        return [0, 0]

    def ln_activity(self, ln_c: Expr) -> Expr:
        """Against that of the bulk, at ln(c/c_bulk)."""
        return _ln_activity(self.bulk * ufl.exp(ln_c)) - _ln_activity(self.bulk)

    def reaction(self, u: Sequence[Expr], metal: Expr) -> tuple[Expr, list[Expr]]:
        """i0 of order alpha_a/z in the local activity; anions do not react."""
        activity = self.ln_activity(u[0])
        current = self.kinetics.rate(metal - u[1] + activity / 2, activity)
        return current, [0, -current]


@dataclass(frozen=True)
class Ohm:
    """Levels `secondary` and `primary`."""

    conductivity: float
    kinetics: ElectrodeLaw

    def fluxes(self, u: Sequence[Expr], layer: Layer) -> list[Expr]:
        """i_l."""
        return [-_transport(layer) * self.conductivity * VT * ufl.grad(u[0])]

    def terms(self, u: Sequence[Expr], layer: Layer) -> list[Expr]:
        """None."""
        return [0]

    def reaction(self, u: Sequence[Expr], metal: Expr) -> tuple[Expr, list[Expr]]:
        """i_l . n = -i_F."""
        current = self.kinetics.rate(metal - u[0], 0)
        return current, [-current]


def exact_data(
    problem: Model,
    law: Law,
    liquid: Sequence[Expr],
    *,
    solid: Expr = None,
    conductivity: float = 0.0,
    dirichlet: bool = False,
) -> Exact:
    """Data of given fields over all layers of a problem.

    ``solid`` is the metal's deviation with its ``conductivity`` [S/m]; with ``dirichlet`` the
    electrode's values are prescribed.
    """
    layers = {layer.name: layer for layer in problem.case.layers}
    names, up = problem.stack.liquid, problem.domain.dimension - 1
    fluxes = {name: law.fluxes(liquid, layers[name]) for name in names}
    sources = {
        name: [ufl.div(j) + s for j, s in zip(fluxes[name], terms, strict=True)]
        for name, terms in ((name, law.terms(liquid, layers[name])) for name in names)
    }
    faces = {f"{a}|{b}": _jumps(fluxes, a, b, up) for a, b in pairwise(names)}
    if dirichlet:
        return Exact(liquid, sources, faces)
    metal = problem.potential.function + (0 if solid is None else solid)
    current, added = law.reaction(liquid, metal)
    wall = [j[up] + a for j, a in zip(fluxes[names[0]], added, strict=True)]
    if solid is None:
        return Exact(liquid, sources, faces, wall)
    electronic = -conductivity * VT * ufl.grad(solid)
    out = current - electronic[up]
    return Exact(liquid, sources, faces, wall, solid, ufl.div(electronic), out)


def _jumps(fluxes: Mapping[str, list[Expr]], lower: str, upper: str, up: int) -> list[Expr]:
    pairs = zip(fluxes[lower], fluxes[upper], strict=True)
    return [above[up] - below[up] for below, above in pairs]


def _transport(layer: Layer) -> float:
    return layer.porosity * layer.constrictivity / layer.tortuosity_factor


def _between(c: Expr, at_1_molar: float, at_2_molar: float) -> Expr:
    """Linear in the root of the concentration."""
    share = (ufl.sqrt(c) - 1000**0.5) / (2000**0.5 - 1000**0.5)
    return at_1_molar + (at_2_molar - at_1_molar) * share


def _kappa(c: Expr) -> Expr:
    """Casteel-Amis [S/m]."""
    distance = c / 1000 - 1.924
    shape = -0.0777 * distance**2 - 0.7835 * distance / 1.924
    return 5.66 * (c / 1924) ** 0.7835 * ufl.exp(shape)


def _ln_activity(c: Expr) -> Expr:
    """Pitzer's equation for a 2:2 salt, ln(gamma m)."""
    apparent = (1 - (1302 - 2000 * 0.16144) / 997.05) / 2000
    m = c / (997.05 * (1 - apparent * c))
    root = ufl.sqrt(4 * m)

    def g(x: Expr) -> Expr:
        return 2 * (1 - (1 + x - x * x / 2) * ufl.exp(-x)) / x**2

    debye = -0.3915 * (root / (1 + 1.2 * root) + 2 / 1.2 * ufl.ln(1 + 1.2 * root))
    second = 2 * 0.1991 + 2.63 * g(1.4 * root) - 37.74 * g(12 * root)
    return 4 * debye + m * second + 1.5 * 0.02892 * m**2 + ufl.ln(m)
