"""State of the bulk electrolyte and the scales that follow from it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from zinterphase.case import Case
from zinterphase.materials.aqueous import LITRE, Complex
from zinterphase.materials.electrolyte import Species, activity, activity_ratio, salt_species
from zinterphase.physics.electrostatics import debye_length
from zinterphase.scales import AVOGADRO, thermal_voltage

ABSENT = 1.0
"""Reference concentration [mol/m3] of an ion that the bulk does not hold."""
TRACE = 1e-6
"""What a bulk without an ion holds of it [mol/m3]: the unknowns are logarithms."""


@dataclass(frozen=True)
class Bulk:
    """The bulk electrolyte of a case, SI units.

    ``species`` are those with an unknown each where ions are solved, with their free
    concentrations; ``complexes`` are in equilibrium with them, their constants those of the bulk's
    activities.
    """

    species: tuple[Species, ...]
    complexes: tuple[Complex, ...]
    thermal_voltage: float
    permittivity: float
    conductivity: float
    site_volume: float | None
    measured_activity: bool

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
        made = self._complex(name)
        return {name: 1.0} if made is None else made.composition

    def reference(self, name: str) -> float:
        """Concentration [mol/m3] against which activities count: the bulk's, if any."""
        made = self._complex(name)
        if made is not None:
            return made.beside({s.name: self.reference(s.name) for s in self.species})
        return self.ion(name).concentration or ABSENT

    def held(self, name: str) -> float:
        """Concentration [mol/m3] of a species in a reservoir."""
        made = self._complex(name)
        if made is not None:
            return made.beside({s.name: self.held(s.name) for s in self.species})
        return self.ion(name).concentration or TRACE

    def amounts(self, concentrations: Mapping[str, float]) -> dict[str, float]:
        """What every ion has of concentrations, free and in complexes [mol/m3]."""
        found = {name: concentrations[name] for name in self.names}
        for made in self.complexes:
            for ion, nu in made.composition.items():
                found[ion] += nu * concentrations[made.name]
        return found

    def activity_ratio(self, name: str, concentration: float, reference: float) -> float:
        """Activity of a species at a concentration over that at another [mol/m3].

        Measured activities of the salt's ions where the level takes the library's, concentrations
        (ideal solution) otherwise.
        """
        salt = self.measured_activity and name in self.names[:2]
        return activity_ratio(concentration, reference, ideal=not salt)

    def _complex(self, name: str) -> Complex | None:
        return next((c for c in self.complexes if c.name == name), None)


def bulk_of(case: Case) -> Bulk:
    """Bulk state of ``case``."""
    electrolyte = case.electrolyte
    diameter = electrolyte.steric_diameter
    species, complexes = electrolyte.resolved_species, electrolyte.resolved_complexes
    if not case.ideal:
        species, complexes = _with_measured_activity(case)
    return Bulk(
        species=species,
        complexes=complexes,
        thermal_voltage=thermal_voltage(case.temperature),
        permittivity=electrolyte.permittivity,
        conductivity=electrolyte.conductivity or 0.0,
        site_volume=None if diameter is None else AVOGADRO * diameter**3,
        measured_activity=not case.ideal,
    )


def _with_measured_activity(case: Case) -> tuple[tuple[Species, ...], tuple[Complex, ...]]:
    """Both ions of the salt have its concentration; the constants of complexes take up that it has
    another activity, with which traces are in equilibrium (their own activities are ideal)."""
    electrolyte = case.electrolyte
    concentration = electrolyte.concentration
    assert concentration is not None
    salt = salt_species(concentration)
    gamma = LITRE * activity(concentration) / concentration if electrolyte.resolved_complexes else 1
    complexes = tuple(
        replace(c, constant=c.constant * gamma ** sum(c.composition.get(s.name, 0) for s in salt))
        for c in electrolyte.resolved_complexes
    )
    return (*salt, *electrolyte.resolved_species[2:]), complexes
