"""A salt with measured properties, as the resolved case has it."""

from __future__ import annotations

from typing import Annotated, Self

import numpy as np
from pydantic import model_validator

from zinterphase.case.bounds import Bounds
from zinterphase.case.quantities import (
    Charge,
    Concentration,
    Diffusivity,
    Dimensional,
    Number,
    Text,
)
from zinterphase.case.table import Table, refused
from zinterphase.materials.electrolyte import Activation, Salt, Species
from zinterphase.materials.own import Group
from zinterphase.physics.curves import (
    MeasuredActivity,
    RootPolynomial,
    RootSpline,
    ascending,
    spline,
)
from zinterphase.physics.salt import SaltProperties

PlainNumber = Annotated[float, Number(Bounds())]
MolarEnergy = Annotated[
    float, Dimensional("J/mol", "an energy per mole", "18 kJ/mol", Bounds(0.0, 2e5))
]
SAMPLES = 60
"""Concentrations at which it is looked whether a property has its sign."""


class Curve(Table):
    """``values`` (SI) at ``concentrations``, joined by a natural spline in the root of c; without
    concentrations the coefficients of powers of the root of c in mol/L."""

    values: tuple[PlainNumber, ...]
    concentrations: tuple[Concentration, ...] = ()

    @property
    def law(self) -> RootPolynomial | RootSpline:
        """The property by concentration."""
        if not self.concentrations:
            return RootPolynomial(self.values)
        return spline(list(zip(self.concentrations, self.values, strict=True)))

    @model_validator(mode="after")
    def _check(self) -> Self:
        count = len(self.concentrations)
        if not self.values:
            raise refused("values", "one at least")
        if count not in (0, len(self.values)) or count == 1 or not ascending(self.concentrations):
            raise refused("concentrations", "as many as values, each above the one before, or none")
        return self


class SaltTable(Table):
    """Properties of a binary salt by the concentration of its cation, ``valid`` between two.

    ``charges`` and ``diffusivities`` (at infinite dilution) are of cation and anion.
    ``activity_coefficient`` is the logarithm of the mean one, a = coefficient x c in mol/L.
    Activation energies [J/mol], both or none, are those by which conductivity and diffusivity go
    with the temperature.
    """

    cation: Text
    anion: Text
    charges: tuple[Charge, Charge]
    diffusivities: tuple[Diffusivity, Diffusivity]
    valid: tuple[Concentration, Concentration]
    conductivity: Curve
    diffusivity: Curve
    transference_number: Curve
    activity_coefficient: Curve
    conductivity_activation_energy: MolarEnergy | None = None
    diffusivity_activation_energy: MolarEnergy | None = None

    def salt(self, name: str) -> Salt:
        """The salt as laws take it."""
        named = zip((self.cation, self.anion), self.charges, self.diffusivities, strict=True)
        cation, anion = (Species(ion, z, d, 0.0, f"properties of {name}") for ion, z, d in named)
        a, b = self.conductivity_activation_energy, self.diffusivity_activation_energy
        activation = None if a is None or b is None else Activation(a, b)
        return Salt(name, (cation, anion), self.laws, activation)

    @property
    def laws(self) -> SaltProperties:
        """The properties by concentration."""
        return SaltProperties(
            self.conductivity.law,
            self.diffusivity.law,
            self.transference_number.law,
            MeasuredActivity(self.activity_coefficient.law),
            self.valid,
        )

    @model_validator(mode="after")
    def _check(self) -> Self:
        """Charges of two signs, and a liquid that conducts and does not fall apart."""
        if not self.charges[0] > 0 > self.charges[1]:
            raise refused("charges", "that of the cation, above 0, and of the anion, below 0")
        if not self.valid[0] < self.valid[1]:
            raise refused("valid", "the lowest before the highest")
        if (self.conductivity_activation_energy is None) != (
            self.diffusivity_activation_energy is None
        ):
            raise refused("conductivity_activation_energy", "both activation energies, or none")
        laws = self.laws
        found = {
            "conductivity": laws.conductivity,
            "diffusivity": laws.diffusivity,
            "activity_coefficient": laws.activity_slope,
        }
        for key, law in found.items():
            for c in np.linspace(*self.valid, SAMPLES):
                if not law(float(c)) > 0.0:
                    what = "d ln a/d ln c" if key == "activity_coefficient" else "values"
                    raise refused(key, f"{what} above 0 where it is valid, also at {c:.4g} mol/m^3")
        return self


def taken_from(group: Group | None, properties: SaltTable | None) -> Group | None:
    """The group that properties are taken from; None for those that a case gives itself."""
    if group is None or SaltTable.model_validate(group.properties) != properties:
        return None
    return group
