"""One layer of the stack."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import ClassVar, Literal

from pydantic import Field

from zinterphase.case.film import FILM_KEYS
from zinterphase.case.packing import Packing
from zinterphase.case.quantities import (
    Affinity,
    Concentration,
    ElectronicConductivity,
    Extent,
    FixedCharge,
    Fraction,
    LayerName,
    Permittivity,
    PositiveFraction,
    Potential,
    Ratio,
    SpecificArea,
    SurfaceCharge,
    SurfaceTransport,
    Switch,
    Text,
    Tortuosity,
)
from zinterphase.case.table import Table
from zinterphase.materials.media import Medium, kind_of


class Accumulation(Table):
    """Electrons that a semiconductor takes up below its flat-band potential.

    Its solid conducts ``conductivity`` [S/m] more where it is filled, by a logistic step of
    ``ideality`` RT/F around ``flat_band`` [V, scale of the case].
    """

    conductivity: ElectronicConductivity
    flat_band: Potential
    ideality: Ratio = 1.1


class Adsorption(Table):
    """Micro pores that hold a neutral species in equilibrium with the liquid beside them, by
    Langmuir's isotherm: ``capacity`` [mol/m3 of the layer] K c/(1 + K c), ``affinity`` K [m3/mol].
    """

    capacity: Concentration
    affinity: Affinity


class Layer(Table):
    """A layer, bottom to top in the case; every material value resolved to SI.

    ``electronic_conductivity`` is that of the solid when it conducts; `medium` applies the switch
    ``conducting``. ``potential`` is None in layers that do not conduct electrons, and in packings
    whose particles are at the metal's.
    ``surface_charge`` sits on the upper face of a layer with electrolyte [C/m2].
    ``surface_transport`` is that of ions adsorbed on pore walls, D_s a_v dGamma/dln a [mol/m/s],
    ``lateral_transport`` the ratio of effective transport along to that across the layer.
    With a ``packing`` the cells are the liquid between particles, which are no part of the layer.
    The case may also write ``particle_diameter``, ``regulation`` and ``surface_diffusion``; they
    are turned into the values above while reading.
    """

    consumed_keys: ClassVar[tuple[str, ...]] = FILM_KEYS

    name: LayerName
    material: Text
    thickness: Extent
    potential: Literal["equipotential", "resolved"] | None = None
    top: Literal["conformal", "normal", "flat"]
    conducting: Switch
    porosity: Fraction
    tortuosity_factor: Tortuosity
    constrictivity: PositiveFraction
    permittivity: Permittivity
    fixed_charge: FixedCharge
    electronic_conductivity: ElectronicConductivity
    specific_area: SpecificArea
    surface_charge: SurfaceCharge = 0.0
    surface_transport: SurfaceTransport = 0.0
    lateral_transport: Ratio = 1.0
    accumulation: Accumulation | None = None
    packing: Packing | None = None
    adsorption: Mapping[str, Adsorption] = Field(default_factory=dict)

    @property
    def wall_area(self) -> float:
        """Of its inner surface over the projected one, at its nominal thickness."""
        return self.specific_area * self.thickness

    @cached_property
    def medium(self) -> Medium:
        """The layer as the equations see it: between particles, the liquid."""
        conducts = self.conducting and self.packing is None
        return Medium(
            porosity=self.porosity,
            tortuosity_factor=self.tortuosity_factor,
            constrictivity=self.constrictivity,
            permittivity=self.permittivity,
            fixed_charge=self.fixed_charge,
            electronic_conductivity=self.electronic_conductivity if conducts else 0.0,
            specific_area=self.specific_area,
            surface_transport=self.surface_transport,
            lateral_transport=self.lateral_transport,
            kind=kind_of(self.porosity, conducts),
        )

    @property
    def particle(self) -> Medium | None:
        """A particle of its packing as the equations see it; None where no potential is solved in
        it."""
        resolved = self.potential == "resolved"
        if self.packing is None or not (resolved or self.packing.permittivity):
            return None
        return Medium(
            porosity=0.0,
            tortuosity_factor=1.0,
            constrictivity=1.0,
            permittivity=self.packing.permittivity or self.permittivity,
            fixed_charge=0.0,
            electronic_conductivity=self.electronic_conductivity if resolved else 0.0,
            specific_area=0.0,
            kind=kind_of(0.0, resolved),
        )

    def with_seed(self, seed: int) -> Layer:
        """The layer with another draw of its particles."""
        if self.packing is None:
            return self
        return self.model_copy(update={"packing": self.packing.model_copy(update={"seed": seed})})

    @property
    def meshed(self) -> bool:
        """Whether the layer has cells: all but dense metal taken as equipotential."""
        return self.medium.kind != "dense_conductor" or self.potential == "resolved"
