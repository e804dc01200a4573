"""The electrolyte: a library salt or explicit species."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import Field

from zinterphase.case.quantities import (
    Charge,
    Concentration,
    Conductivity,
    Diffusivity,
    Length,
    Permittivity,
    Text,
)
from zinterphase.case.table import Table
from zinterphase.materials.electrolyte import Species, salt_species


class SpeciesEntry(Table):
    """An ion given by the case instead of the salt's."""

    name: Text
    charge: Charge
    diffusivity: Diffusivity
    concentration: Concentration


class Electrolyte(Table):
    """Bulk electrolyte in SI; ``salt`` and ``concentration`` are None with explicit species.

    ``conductivity`` is resolved at the levels that use it (secondary, primary), else None unless
    the case gives it.
    """

    salt: Literal["ZnSO4"] | None = None
    concentration: Concentration | None = None
    steric_diameter: Length | None = None
    permittivity: Permittivity
    conductivity: Conductivity | None = None
    species: tuple[SpeciesEntry, ...] = Field(default=())

    @cached_property
    def resolved_species(self) -> tuple[Species, ...]:
        """Ions of the bulk, explicit ones or the salt's."""
        if self.concentration is not None:
            return salt_species(self.concentration)
        return tuple(
            Species(s.name, s.charge, s.diffusivity, s.concentration, "case file")
            for s in self.species
        )

    def find(self, name: str) -> Species:
        """Return an ion by name. Raises KeyError when there is none."""
        for species in self.resolved_species:
            if species.name == name:
                return species
        raise KeyError(name)
