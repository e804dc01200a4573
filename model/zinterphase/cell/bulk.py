"""State of the bulk electrolyte and the scales that follow from it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from math import log, prod

from zinterphase.case import Case
from zinterphase.case.temperature import salt_at
from zinterphase.materials.aqueous import LITRE, Complex
from zinterphase.materials.electrolyte import Salt, Species
from zinterphase.physics.electrostatics import debye_length
from zinterphase.scales import AVOGADRO, thermal_voltage

ABSENT = 1.0
"""Reference concentration [mol/m3] of an ion that the bulk does not hold."""
TRACE = 1e-6
"""What a bulk without an ion holds of it [mol/m3]: the unknowns are logarithms."""


@dataclass(frozen=True)
class Formation:
    """A complex that forms and decays at a finite rate, with an unknown of its own.

    ``made`` tells its equilibrium, ``decay_constant`` [1/s] its rate where concentrations count in
    mol/L. ``balances`` are the ions whose balances it takes part in: at levels with measured
    properties of a salt, those count what is in complexes of the salt's own ions. None of an inert
    species.
    """

    made: Complex
    decay_constant: float
    balances: Mapping[str, float]

    @property
    def name(self) -> str:
        """Of the complex."""
        return self.made.name

    @property
    def makes(self) -> dict[str, float]:
        """What one turn of it makes of each conserved ion."""
        return {self.name: 1.0} | {ion: -nu for ion, nu in self.balances.items()}


@dataclass(frozen=True)
class Bulk:
    """The bulk electrolyte of a case, SI units.

    ``species`` are those with an unknown each where ions are solved, with their free
    concentrations; ``complexes`` are in equilibrium with them, their constants those of the bulk's
    activities. Complexes that form at a finite rate are species, the last ones: ``formations``.
    ``salt`` is that of the first two species where its measured activity counts.
    """

    species: tuple[Species, ...]
    complexes: tuple[Complex, ...]
    thermal_voltage: float
    permittivity: float
    conductivity: float
    site_volume: float | None
    salt: Salt | None = None
    formations: tuple[Formation, ...] = ()

    @property
    def measured_activity(self) -> bool:
        """Whether activities of the salt's ions are measured, and not concentrations."""
        return self.salt is not None

    @property
    def debye_length(self) -> float:
        """Debye length [m]."""
        ions = [(s.charge, s.concentration) for s in self.species]
        ions += [(c.charge, self.held(c.name)) for c in self.complexes]
        return debye_length(self.permittivity, self.thermal_voltage, ions)

    @property
    def charge_rate(self) -> float:
        """Largest diffusivity over the Debye length squared [1/s]."""
        return max(s.diffusivity for s in self.species) / self.debye_length**2

    @property
    def names(self) -> tuple[str, ...]:
        """Of the ions, in the order of every list of concentrations."""
        return tuple(s.name for s in self.species)

    @property
    def charges(self) -> dict[str, int]:
        """Charge number of everything dissolved, ions first."""
        ions = {s.name: s.charge for s in self.species}
        return ions | {c.name: c.charge for c in self.complexes}

    def ion(self, name: str) -> Species:
        """The species called ``name``."""
        return next(s for s in self.species if s.name == name)

    def counts(self, name: str) -> Mapping[str, float]:
        """How many of each ion are in one of a dissolved species."""
        made = next((c for c in self.complexes if c.name == name), None)
        return {name: 1.0} if made is None else made.composition

    def in_ions(self, counts: Mapping[str, float]) -> dict[str, float]:
        """Numbers of dissolved species as those of ions that have an unknown each."""
        found: dict[str, float] = {}
        for species, number in counts.items():
            for ion, nu in self.counts(species).items():
                found[ion] = found.get(ion, 0.0) + number * nu
        return found

    def parts(self, ions: Iterable[str]) -> set[str]:
        """Ions, and what those of them decay into that form at a finite rate."""
        found = set(ions)
        return found.union(*(f.balances for f in self.formations if f.name in found))

    def exchange_rate(self, formation: Formation) -> float:
        """Rate [mol/m3/s] of a formation at the reference composition, both ways."""
        parts = formation.made.composition.items()
        split = prod(float((self.reference(ion) / LITRE) ** -nu) for ion, nu in parts if nu < 0)
        return formation.decay_constant * self.reference(formation.name) * split

    def reference(self, name: str) -> float:
        """Concentration [mol/m3] against which activities count: the bulk's, if any."""
        made = self._complex(name)
        if made is not None:
            return made.beside({name: self.reference(name) for name in made.composition})
        return self.ion(name).concentration or ABSENT

    def held(self, name: str) -> float:
        """Concentration [mol/m3] of a species in a reservoir."""
        made = self._complex(name)
        if made is not None:
            return made.beside({name: self.held(name) for name in made.composition})
        return self.ion(name).concentration or TRACE

    def ln_held(self, name: str) -> float:
        """ln of the concentration in a reservoir over the reference; zero but for what the bulk
        does not hold."""
        return log(self.held(name) / self.reference(name))

    def amounts(self, concentrations: Mapping[str, float]) -> dict[str, float]:
        """What every ion has of concentrations, free and in complexes [mol/m3]."""
        found = {name: concentrations[name] for name in self.names}
        for made in self.complexes:
            for ion, nu in made.composition.items():
                found[ion] += nu * concentrations[made.name]
        return self.totals(found)

    def holding(self, ion: str) -> dict[str, float]:
        """How many of an ion are in each species: one in itself, and those in what forms from it
        at a finite rate."""
        formed = {f.name: f.balances[ion] for f in self.formations if ion in f.balances}
        return {ion: 1.0, **formed}

    def totals(self, amounts: Mapping[str, float]) -> dict[str, float]:
        """Amounts of ions, with what is in those that form from them at a finite rate."""
        names = dict.fromkeys([*amounts, *self.parts(amounts)])
        return {
            ion: sum(nu * amounts.get(name, 0.0) for name, nu in self.holding(ion).items())
            for ion in names
        }

    def activity_ratio(self, name: str, concentration: float, reference: float) -> float:
        """Activity of a species at a concentration over that at another [mol/m3].

        Measured activities of the salt's ions where the level takes the library's, concentrations
        (ideal solution) otherwise.
        """
        if self.salt is None or name not in self.names[:2]:
            return concentration / reference
        return self.salt.activity_ratio(concentration, reference, ideal=False)

    def _complex(self, name: str) -> Complex | None:
        made = (*self.complexes, *(f.made for f in self.formations))
        return next((c for c in made if c.name == name), None)


def bulk_of(case: Case) -> Bulk:
    """Bulk state of ``case``."""
    electrolyte = case.electrolyte
    diameter = electrolyte.steric_diameter
    species, complexes = electrolyte.resolved_species, electrolyte.resolved_complexes
    if not case.ideal:
        species, complexes = _with_measured_activity(case)
    slow = electrolyte.decay_constants
    salt = () if case.ideal else tuple(s.name for s in species[:2])
    formations = tuple(
        Formation(c, slow[c.name], _balances(c, salt) if slow[c.name] else {})
        for c in complexes
        if c.name in slow
    )
    held = {s.name: s.concentration for s in species}
    return Bulk(
        species=(*species, *(_as_species(f.made, held) for f in formations)),
        complexes=tuple(c for c in complexes if c.name not in slow),
        thermal_voltage=thermal_voltage(case.temperature),
        permittivity=electrolyte.permittivity,
        conductivity=electrolyte.conductivity or 0.0,
        site_volume=None if diameter is None else AVOGADRO * diameter**3,
        salt=None if case.ideal else salt_at(electrolyte.known_salt, case.temperature),
        formations=formations,
    )


def _balances(made: Complex, salt: Collection[str]) -> dict[str, float]:
    return {ion: nu for ion, nu in made.composition.items() if ion not in salt}


def _as_species(made: Complex, held: Mapping[str, float]) -> Species:
    """With an unknown of its own."""
    concentration = made.beside({name: c or TRACE for name, c in held.items()})
    return Species(made.name, made.charge, made.diffusivity, concentration, made.source)


def _with_measured_activity(case: Case) -> tuple[tuple[Species, ...], tuple[Complex, ...]]:
    """Both ions of the salt have its concentration; the constants of complexes take up that it has
    another activity, with which traces are in equilibrium (their own activities are ideal)."""
    electrolyte = case.electrolyte
    concentration = electrolyte.concentration
    assert concentration is not None
    known = electrolyte.known_salt
    salt, complexes = known.species(concentration), electrolyte.resolved_complexes
    gamma = LITRE * known.activity(concentration) / concentration if complexes else 1
    complexes = tuple(
        replace(c, constant=c.constant * gamma ** sum(c.composition.get(s.name, 0) for s in salt))
        for c in electrolyte.resolved_complexes
    )
    return (*salt, *electrolyte.resolved_species[2:]), complexes
