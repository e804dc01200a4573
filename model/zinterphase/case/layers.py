"""One layer of the stack."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from zinterphase.case.quantities import (
    AtLeastOne,
    ElectronicConductivity,
    FixedCharge,
    Fraction,
    LayerName,
    Length,
    PositiveFraction,
    SpecificArea,
    SurfaceCharge,
    Switch,
)
from zinterphase.case.table import Table
from zinterphase.materials.media import Medium, kind_of

Material = Literal["Zn", "Ag", "Ag_nanoparticles", "TiO2", "electrolyte", "separator"]


class Layer(Table):
    """A layer, bottom to top in the case; every material value resolved to SI.

    ``electronic_conductivity`` is that of the solid when it conducts; `medium` applies the switch
    ``conducting``. ``potential`` is None in layers that do not conduct electrons.
    ``surface_charge`` sits on the upper face of a layer with electrolyte [C/m2].
    """

    name: LayerName
    material: Material
    thickness: Length
    potential: Literal["equipotential", "resolved"] | None = None
    top: Literal["conformal", "flat"]
    conducting: Switch
    porosity: Fraction
    tortuosity_factor: AtLeastOne
    constrictivity: PositiveFraction
    permittivity: AtLeastOne
    fixed_charge: FixedCharge
    electronic_conductivity: ElectronicConductivity
    specific_area: SpecificArea
    surface_charge: SurfaceCharge = 0.0

    @cached_property
    def medium(self) -> Medium:
        """The layer as the equations see it."""
        return Medium(
            porosity=self.porosity,
            tortuosity_factor=self.tortuosity_factor,
            constrictivity=self.constrictivity,
            permittivity=self.permittivity,
            fixed_charge=self.fixed_charge,
            electronic_conductivity=self.electronic_conductivity if self.conducting else 0.0,
            specific_area=self.specific_area,
            kind=kind_of(self.porosity, self.conducting),
        )

    @property
    def meshed(self) -> bool:
        """Whether the layer has cells: all but dense metal taken as equipotential."""
        return self.medium.kind != "dense_conductor" or self.potential == "resolved"
