"""State of the bulk electrolyte and the scales that follow from it."""

from dataclasses import dataclass

from zinterphase.case import Case
from zinterphase.materials.electrolyte import Species, activity_ratio
from zinterphase.physics.electrostatics import debye_length
from zinterphase.scales import AVOGADRO, thermal_voltage

ABSENT = 1.0
"""Reference concentration [mol/m3] of an ion that the bulk does not hold."""
TRACE = 1e-6
"""What a bulk without an ion holds of it [mol/m3]: the unknowns are logarithms."""


@dataclass(frozen=True)
class Bulk:
    """The bulk electrolyte of a case, SI units."""

    species: tuple[Species, ...]
    thermal_voltage: float
    permittivity: float
    conductivity: float
    site_volume: float | None
    measured_activity: bool

    @property
    def debye_length(self) -> float:
        """Debye length [m]."""
        ions = [(s.charge, s.concentration) for s in self.species]
        return debye_length(self.permittivity, self.thermal_voltage, ions)

    @property
    def charge_rate(self) -> float:
        """Largest diffusivity over the Debye length squared [1/s]."""
        return max(s.diffusivity for s in self.species) / self.debye_length**2

    @property
    def names(self) -> tuple[str, ...]:
        """Of the ions, in the order of every list of concentrations."""
        return tuple(s.name for s in self.species)

    def ion(self, name: str) -> Species:
        """The species called ``name``."""
        return next(s for s in self.species if s.name == name)

    def reference(self, name: str) -> float:
        """Concentration [mol/m3] against which activities of an ion count: the bulk's, if any."""
        return self.ion(name).concentration or ABSENT

    def held(self, name: str) -> float:
        """Concentration [mol/m3] of an ion in a reservoir."""
        return self.ion(name).concentration or TRACE

    def activity_ratio(self, concentration: float, reference: float) -> float:
        """Activity at a concentration over that at another [mol/m3].

        Measured activities where the level takes measured properties of the library's salt,
        concentrations (ideal solution) otherwise.
        """
        return activity_ratio(concentration, reference, ideal=not self.measured_activity)


def bulk_of(case: Case) -> Bulk:
    """Bulk state of ``case``."""
    electrolyte = case.electrolyte
    diameter = electrolyte.steric_diameter
    return Bulk(
        species=electrolyte.resolved_species,
        thermal_voltage=thermal_voltage(case.temperature),
        permittivity=electrolyte.permittivity,
        conductivity=electrolyte.conductivity or 0.0,
        site_volume=None if diameter is None else AVOGADRO * diameter**3,
        measured_activity=not case.ideal,
    )
