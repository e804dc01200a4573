"""State of the bulk electrolyte and the scales that follow from it."""

from dataclasses import dataclass

from zinterphase.case import Case, Kinetics
from zinterphase.materials.electrolyte import Species, activity_ratio
from zinterphase.physics.electrostatics import debye_length
from zinterphase.scales import AVOGADRO, thermal_voltage
from zinterphase.solve.ratelaw import Equilibrium, equilibrium


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

    def ion(self, name: str) -> Species:
        """The species called ``name``."""
        return next(s for s in self.species if s.name == name)

    def activity_ratio(self, kinetics: Kinetics) -> float:
        """Activity of the reactant over that in the reference state of ``kinetics``.

        Measured activities where the level takes measured properties of the library's salt,
        concentrations (ideal solution) otherwise.
        """
        concentration = self.ion(kinetics.reactant).concentration
        return activity_ratio(
            concentration, kinetics.reference_concentration, ideal=not self.measured_activity
        )

    def equilibrium(self, kinetics: Kinetics) -> Equilibrium:
        """Equilibrium of a metal with this bulk."""
        charge = self.ion(kinetics.reactant).charge
        ratio = self.activity_ratio(kinetics)
        return equilibrium(kinetics, charge, ratio, self.thermal_voltage)


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
