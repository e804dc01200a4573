"""The electrolyte: a library salt or explicit species."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, ValidationError, model_validator

from zinterphase.case.precipitates import Precipitate
from zinterphase.case.quantities import (
    Acidity,
    Charge,
    Concentration,
    Conductivity,
    Diffusivity,
    Length,
    LogConstant,
    Permittivity,
    RateConstant,
    Ratio,
    StoichiometricNumber,
    Text,
)
from zinterphase.case.raw import RawTable
from zinterphase.case.salt import SaltTable
from zinterphase.case.table import Table, refused
from zinterphase.errors import CaseError
from zinterphase.materials.aqueous import (
    Complex,
    acidified,
    constant_of,
    equilibria,
    oxygen,
    proton,
)
from zinterphase.materials.electrolyte import CATION, Salt, Species, zinc_sulphate
from zinterphase.materials.iodine import TRIIODIDE_OXIDATION, triiodide
from zinterphase.scales import FARADAY, thermal_voltage
from zinterphase.units import read_si

SCALED_TO = "scaled_to"
"""Key of the conductivity that stands in place of a mobility."""


class SpeciesEntry(Table):
    """An ion given by the case instead of the salt's."""

    name: Text
    charge: Charge
    diffusivity: Diffusivity
    concentration: Concentration


class ComplexEntry(Table):
    """A species in equilibrium with ions of the electrolyte at every moment.

    ``composition`` counts the ions of one, negative for those that split off; ``log_K`` is log10
    of its concentration over theirs, in mol/L.
    """

    name: Text
    charge: Charge
    diffusivity: Diffusivity
    composition: Mapping[str, StoichiometricNumber]
    log_K: LogConstant  # noqa: N815


class FiniteRate(Table):
    """How fast a complex forms from its parts, or decays into them: one of the two [1/s], the other
    follows from the equilibrium.

    Rates are k times concentrations in mol/L to the powers of the composition, in mol/L/s: those of
    what the complex is made of where it forms, its own and those of what splits off where it
    decays. Zero: an inert species.
    """

    formation_rate_constant: RateConstant | None = None
    decay_rate_constant: RateConstant | None = None

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        if (self.formation_rate_constant is None) == (self.decay_rate_constant is None):
            raise refused("formation_rate_constant", "either it or decay_rate_constant")
        return self

    def decay(self, made: Complex) -> float:
        """The constant of the decay [1/s]."""
        if self.decay_rate_constant is not None:
            return self.decay_rate_constant
        assert self.formation_rate_constant is not None
        return self.formation_rate_constant / made.standard_constant


class Electrolyte(Table):
    """Bulk electrolyte in SI; ``salt`` and ``concentration`` are None with explicit species.

    ``conductivity`` is resolved at the levels that use it (secondary, primary), else None unless
    the case gives it. With a ``pH`` the salt's solution has H+ among its ions, and the complexes of
    the library's ``equilibria``; all sulfate is ``concentration``. ``oxygen`` is that dissolved in
    the bulk, None where there is none. ``complexes`` are further ones, ``rates`` those of complexes
    and equilibria that are not instantaneous, ``precipitates`` the solids that may form, by name.
    ``properties`` are those of a salt that the library does not have. ``mobility`` multiplies the
    diffusivities of everything dissolved; the case may write the conductivity ``scaled_to`` in its
    place, that the bulk then has.
    """

    told_empty: ClassVar[tuple[str, ...]] = ("equilibria",)
    consumed_keys: ClassVar[tuple[str, ...]] = (SCALED_TO,)

    salt: Text | None = None
    properties: SaltTable | None = None
    concentration: Concentration | None = None
    steric_diameter: Length | None = None
    permittivity: Permittivity
    conductivity: Conductivity | None = None
    mobility: Ratio = 1.0
    pH: Acidity | None = None  # noqa: N815
    equilibria: tuple[Literal["water", "bisulfate", "zinc_hydroxide", "triiodide"], ...] = ()
    oxygen: Concentration | None = None
    complexes: tuple[ComplexEntry, ...] = ()
    rates: Mapping[str, FiniteRate] = Field(default_factory=dict)
    precipitates: Mapping[str, Precipitate] = Field(default_factory=dict)
    species: tuple[SpeciesEntry, ...] = Field(default=())

    @cached_property
    def known_salt(self) -> Salt:
        """The salt with its properties: the case's own, else the library's."""
        if self.properties is None or self.salt is None:
            return zinc_sulphate()
        return self.properties.salt(self.salt)

    @cached_property
    def resolved_species(self) -> tuple[Species, ...]:
        """Ions of the bulk, explicit ones or the salt's, and what else has an unknown of its own.

        Concentrations are those of free ions where activities are concentrations.
        """
        dissolved = () if self.oxygen is None else (oxygen(self.oxygen),)
        return tuple(
            replace(s, diffusivity=self.mobility * s.diffusivity)
            for s in (*self._ions(), *dissolved)
        )

    def _ions(self) -> tuple[Species, ...]:
        if self.concentration is None:
            return tuple(
                Species(s.name, s.charge, s.diffusivity, s.concentration, "case file")
                for s in self.species
            )
        salt = self.known_salt.species(self.concentration)
        if self.pH is None:
            return tuple(salt)
        return tuple(acidified(salt, proton(self.pH), self.resolved_complexes))

    @cached_property
    def resolved_complexes(self) -> tuple[Complex, ...]:
        """Species in equilibrium with those ions."""
        found = (
            *(_known_complexes()[name] for name in self.equilibria),
            *(
                Complex(
                    c.name,
                    c.charge,
                    c.diffusivity,
                    dict(c.composition),
                    constant_of(c.log_K, c.composition),
                    "case file",
                )
                for c in self.complexes
            ),
        )
        return tuple(replace(c, diffusivity=self.mobility * c.diffusivity) for c in found)

    def ideal_conductivity(self, thermal_voltage: float) -> float:
        """Of the bulk's ions by Nernst and Einstein [S/m]; ``thermal_voltage`` is RT/F [V]."""
        free = {s.name: s.concentration for s in self.resolved_species}
        carried = [(s.charge, s.diffusivity, s.concentration) for s in self.resolved_species]
        carried += [(c.charge, c.diffusivity, c.beside(free)) for c in self.resolved_complexes]
        return FARADAY / thermal_voltage * sum(z**2 * d * c for z, d, c in carried)

    @property
    def decay_constants(self) -> dict[str, float]:
        """Of the complexes that form at a finite rate, by name [1/s]."""
        known: dict[str, str] = {name: _known_complexes()[name].name for name in self.equilibria}
        complexes = {made.name: made for made in self.resolved_complexes}
        named = ((known.get(name, name), rate) for name, rate in self.rates.items())
        return {name: rate.decay(complexes[name]) for name, rate in named}

    @property
    def charges(self) -> dict[str, int]:
        """Charge number of everything dissolved, ions first."""
        ions = {s.name: s.charge for s in self.resolved_species}
        return ions | {c.name: c.charge for c in self.resolved_complexes}

    def zinc(self, ideal: bool) -> float:
        """Concentration [mol/m3] of zinc ions that reacts: free ones where activities are
        concentrations (``ideal``), else that of the salt whose activity is measured."""
        salt = self.concentration
        return self.find(CATION).concentration if ideal or salt is None else salt

    def find(self, name: str) -> Species:
        """Return an ion by name. Raises KeyError when there is none."""
        for species in self.resolved_species:
            if species.name == name:
                return species
        raise KeyError(name)


def _known_complexes() -> dict[str, Complex]:
    """Of the library, by the name of their equilibrium."""
    return {**equilibria(), TRIIODIDE_OXIDATION: triiodide()}


def require_permittivity(table: Mapping[str, Any], default: float | str) -> None:
    """Refuse a raw electrolyte so concentrated that the library's permittivity has no meaning."""
    if "permittivity" not in table and float(default) < 1.0:
        field = "species" if "species" in table else "concentration"
        allowed = "what the library knows a permittivity for; else give electrolyte.permittivity"
        raise CaseError(f"electrolyte.{field}", table[field], allowed)


def fill_mobility(table: RawTable, temperature: float) -> None:
    """Replace the conductivity that the bulk is scaled to by the ratio that gives it.

    Raises
    ------
    CaseError
        For what is no conductivity, or stands beside a ratio.
    """
    if SCALED_TO not in table:
        return
    text = table.pop(SCALED_TO)
    wanted = read_si(text, "S/m")
    if wanted is None or not wanted > 0.0 or "mobility" in table:
        allowed = 'a conductivity, such as "5.65 S/m", without mobility'
        raise CaseError(f"electrolyte.{SCALED_TO}", text, allowed)
    solids = ("precipitates",)  # not readable yet, and without a part in it
    try:
        read = Electrolyte.model_validate({k: v for k, v in table.items() if k not in solids})
    except ValidationError:
        return  # validation names what is wrong
    found = read.ideal_conductivity(thermal_voltage(temperature))
    if not found > 0.0:
        raise CaseError(f"electrolyte.{SCALED_TO}", text, "only with ions in the bulk")
    table["mobility"] = wanted / found
