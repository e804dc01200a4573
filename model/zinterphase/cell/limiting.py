"""Limiting current of a stack of layers in one dimension: all ions, migration, fixed charge.

The reactant r alone carries the current; the electrochemical potentials of the other ions are even,
so that their concentrations follow the pores' potential p [RT/F], c_j = c_j0 exp(-z_j p), and
neutrality gives the reactant's. Its flux over a layer of thickness h and transport factor f is then
a difference of states, J h/f = G(top) - G(bottom) with dG = D c_r d(mu_r) in closed form. At the
limit mu_r falls without bound at the metal. Newman & Thomas-Alyea, Electrochemical Systems, ch. 11
and 19; Donnan equilibrium between layers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, inf, log

import numpy as np
import numpy.typing as npt
import scipy

Array = npt.NDArray[np.float64]
REACH = 60.0
"""Distance [RT/F] over which an ion has vanished, and within which all states lie."""


@dataclass(frozen=True)
class Resistance:
    """A layer: thickness/f ``length`` [m], pore volume per area ``volume`` [m], fixed charge per
    pore volume [mol/m3], transport along pore walls over f ``walls`` [mol/m/s]."""

    length: float
    volume: float
    fixed_charge: float
    walls: float = 0.0


@dataclass(frozen=True)
class Composition:
    """Charge and bulk concentration [mol/m3] of the reactant, first, and of the ions at rest."""

    reactant: tuple[int, float]
    resting: tuple[tuple[int, float], ...]
    diffusivity: float

    def shifted(self, levels: Sequence[float]) -> "Composition":
        """With ln c of the resting ions raised by ``levels``."""
        pairs = zip(self.resting, levels, strict=True)
        return Composition(
            self.reactant, tuple((z, c * exp(x)) for (z, c), x in pairs), self.diffusivity
        )

    def concentration(self, p: float, fixed_charge: float) -> float:
        """The reactant's where the pores have the potential ``p``."""
        charge = sum(z * c * exp(-z * p) for z, c in self.resting) + fixed_charge
        return -charge / self.reactant[0]

    def beside(self, fixed_charge: float) -> list[float]:
        """Concentrations of the resting ions in charged pores in equilibrium with the bulk."""
        return self.filling(fixed_charge)[1:]

    def filling(self, fixed_charge: float) -> list[float]:
        """The same of all ions, the reactant first."""
        p = self.equilibrium(fixed_charge) if fixed_charge else 0.0
        return [c * exp(-z * p) for z, c in (self.reactant, *self.resting)]

    def equilibrium(self, fixed_charge: float) -> float:
        """Potential of charged pores in equilibrium with the bulk (Donnan)."""
        z, c = self.reactant
        return _rising(lambda p: self.concentration(p, fixed_charge) - c * exp(-z * p), 0.0)


@dataclass(frozen=True)
class _Layer:
    """A layer with a composition: states by the potential of its pores."""

    layer: Resistance
    ions: Composition

    @property
    def emptied(self) -> float:
        """Potential where the reactant is gone, -inf where it takes an infinite drop."""
        ions, charge = self.ions, self.layer.fixed_charge
        if charge <= 0.0 and all(z <= 0 for z, _ in ions.resting):
            return -inf
        return _rising(lambda p: ions.concentration(p, charge), 0.0)

    @property
    def limited(self) -> bool:
        """Whether the flux stays finite while mu_r falls without bound."""
        selective = self.emptied == -inf and self.layer.fixed_charge < 0.0
        return self.layer.walls == 0.0 and not selective

    def state(self, p: float) -> float:
        """G [mol/m/s]."""
        z, x = self.ions.reactant[0], self.layer.fixed_charge
        moved = sum(c * exp(-k * p) * (1 - k / z) for k, c in self.ions.resting)
        pores = self.ions.diffusivity * (moved - x / z - x * p)
        return pores + (self.layer.walls * self.mu(p) if self.layer.walls else 0.0)

    def mu(self, p: float) -> float:
        """mu_r against the bulk [RT/F]."""
        z, bulk = self.ions.reactant
        return log(self.ions.concentration(p, self.layer.fixed_charge) / bulk) + z * p

    def lowest(self) -> float:
        """G of a limited layer at the metal."""
        return 0.0 if self.emptied == -inf else self.state(self.emptied)

    def where(self, value: Callable[[float], float]) -> float:
        """Potential at which the rising function ``value`` of it vanishes."""
        if self.emptied == -inf:
            return _rising(value, 0.0)
        # Down to where mu_r, with ln c_r, is out of reach.
        return _rising(lambda s: value(self.emptied + exp(s)), 0.0, self.emptied)

    def amounts(self, bottom: float, top: float, flux: float) -> list[float]:
        """Of the resting ions between two states [mol/m2]."""
        ions, layer = self.ions, self.layer
        start = max(bottom, top - REACH)

        def density(p: float, ion: tuple[int, float]) -> float:
            z, c = ion
            slope = sum(k**2 * x * exp(-k * p) for k, x in ions.resting) / ions.reactant[0]
            held = ions.concentration(p, layer.fixed_charge)
            driven = ions.diffusivity * (slope + ions.reactant[0] * held)
            if layer.walls:
                driven += layer.walls * (slope / held + ions.reactant[0])
            return c * exp(-z * p) * driven

        scale = layer.volume / (layer.length * flux)
        return [
            scale * scipy.integrate.quad(density, start, top, args=(ion,))[0]
            for ion in ions.resting
        ]

    def amounts_at_rest(self, p: float) -> list[float]:
        """The same where the state is even."""
        return [self.layer.volume * c * exp(-z * p) for z, c in self.ions.resting]


def limiting_flux(layers: Sequence[Resistance], ions: Composition) -> float:
    """Largest flux [mol/m2/s] from the bulk through ``layers`` (from the metal) to the metal;
    infinite where every layer conducts without free reactant."""

    def excess(ln_flux: float) -> float:
        return _march(layers, ions, exp(ln_flux))[0]

    if not any(_Layer(layer, ions).limited for layer in layers):
        return inf
    return float(exp(_rising(excess, _first_guess(layers, ions))))


def limiting_flux_between_electrodes(
    layers: Sequence[Resistance], ions: Composition, filled: Sequence[float]
) -> float:
    """The same in a closed cell with the amounts ``filled`` [mol/m2] of the ions at rest.

    Raises :class:`ArithmeticError` where no state is found.
    """
    if not any(_Layer(layer, ions).limited for layer in layers):
        return inf
    # One ion's level is free: it shifts all potentials.
    start = np.zeros(len(filled))
    start[0] = _first_guess(layers, ions) + log(2)

    def missing(unknown: Array) -> Array:
        held = ions.shifted([0.0, *unknown[1:]])
        _, amounts = _march(layers, held, exp(unknown[0]))
        return np.asarray(np.log(np.array(amounts) / np.array(filled)))

    if len(filled) == 1:
        return float(exp(_rising(lambda x: float(missing(np.array([x]))[0]), start[0])))
    found = scipy.optimize.root(missing, start)
    if not found.success:
        raise ArithmeticError("no state at the limiting current is found")
    return float(exp(found.x[0]))


def filling(layers: Sequence[Resistance], ions: Composition, equilibrium: bool) -> list[float]:
    """Amounts of the resting ions [mol/m2]: pores in ``equilibrium`` with the bulk, or as it."""
    held = [ions.beside(layer.fixed_charge if equilibrium else 0.0) for layer in layers]
    volumes = [layer.volume for layer in layers]
    return [
        sum(c * volume for c, volume in zip(column, volumes, strict=True))
        for column in zip(*held, strict=True)
    ]


def _first_guess(layers: Sequence[Resistance], ions: Composition) -> float:
    return log(ions.diffusivity * ions.reactant[1] / sum(layer.length for layer in layers))


def _march(
    layers: Sequence[Resistance], ions: Composition, flux: float
) -> tuple[float, list[float]]:
    """mu_r at the far side and amounts of the resting ions, from the depleted metal upwards."""
    stack = [_Layer(layer, ions) for layer in layers]
    amounts = np.zeros(len(ions.resting))
    mu: float | None = None
    for part in stack:
        if mu is None and not part.limited:
            # Emptied as a whole: its face is depleted too.
            amounts += part.amounts_at_rest(part.emptied) if part.emptied > -inf else 0.0
            continue
        if mu is None:
            bottom, lowest = part.emptied, part.lowest()
        else:
            bottom = part.where(_minus(part.mu, mu))
            lowest = part.state(bottom)
        top = part.where(_minus(part.state, lowest + flux * part.layer.length))
        amounts += part.amounts(bottom, top, flux)
        mu = part.mu(top)
    assert mu is not None
    return mu, [float(a) for a in amounts]


def _minus(function: Callable[[float], float], value: float) -> Callable[[float], float]:
    return lambda p: function(p) - value


def _rising(function: Callable[[float], float], near: float, origin: float | None = None) -> float:
    """Where a rising function vanishes; ``origin`` + exp of it where one is given."""
    low, high, width = near, near, 0.5
    while function(low) > 0.0 and near - low < 1e3:
        low, width = low - width, 2 * width
    width = 0.5
    while function(high) < 0.0 and high - near < 1e3:
        high, width = high + width, 2 * width
    found = float(scipy.optimize.brentq(function, low, high, xtol=1e-13)) if low < high else near
    return found if origin is None else origin + exp(found)
