"""What every level of theory tells the assembler about the liquid."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import ufl

Component = int


@dataclass(frozen=True)
class LiquidMedia:
    """Effective properties of the layers as UFL coefficients, piecewise constant by layer.

    ``transport`` is porosity x constrictivity / tortuosity factor, ``permittivity`` is absolute
    [F/m], ``fixed_charge`` is per pore volume [mol of charge/m3] and ``charged`` one where there is
    any, at every load. ``surface_transport`` [mol/m/s] is that of adsorbed reactant along the pore
    walls, N = -surface_transport grad(mu/RT), ``lateral`` the ratio of transport along to that
    across the layer.
    """

    porosity: Any
    transport: Any
    permittivity: Any
    fixed_charge: Any
    charged: Any
    surface_transport: Any
    lateral: Any

    def pore_liquid(self, permittivity: Any) -> "LiquidMedia":
        """The liquid inside the pores [F/m], without the solid around it."""
        return replace(self, porosity=1.0, permittivity=permittivity)

    def towards(self, normal: Any) -> "LiquidMedia":
        """Transport across a surface with the unit ``normal``, n . K n of each effective property.

        Exact where the surface is equipotential: what a tangential gradient drives through a slope
        of an anisotropic layer is left out.
        """
        last = normal[len(normal) - 1] ** 2
        share = last + self.lateral * (1 - last)
        return replace(
            self,
            transport=share * self.transport,
            surface_transport=share * self.surface_transport,
        )

    def along(self, gradient: Any) -> Any:
        """A gradient as the layer conducts it: its lateral components times ``lateral``."""
        return self._scaled(gradient, self.lateral)

    def resisted(self, flux: Any) -> Any:
        """Inverse of :meth:`along`."""
        return self._scaled(flux, 1 / self.lateral)

    @staticmethod
    def _scaled(vector: Any, ratio: Any) -> Any:
        last = len(vector) - 1
        return ufl.as_vector([*(ratio * vector[k] for k in range(last)), vector[last]])


@dataclass(frozen=True)
class ElectrodePlane:
    """State of the liquid at the plane of reaction, potentials in units of RT/F.

    ``potential`` drives the kinetics (electrostatic at a resolved double layer, against a
    reference electrode otherwise); ``ln_activity`` is that of the reacting ion over the bulk.
    """

    potential: Any
    ln_activity: Any


class Transport(Protocol):
    """Fluxes between the unknowns of a level."""

    def transport(self, u: Any, v: Any, media: LiquidMedia) -> Any:
        """Integrand of the rows of transport."""

    def dissipation(self, u: Any, media: LiquidMedia) -> Any:
        """As at :class:`Level`."""

    def ohmic_dissipation(self, u: Any, media: LiquidMedia) -> Any:
        """As at :class:`Level`."""


@dataclass(frozen=True)
class Averaging:
    """Transport at a point, and with concentrations averaged exactly over every cell.

    The second holds in the cells that touch an electrode, which it can deplete; it is constant in
    a cell.
    """

    pointwise: Transport
    averaged: Transport


class Level(Protocol):
    """Constitutive model of the liquid: unknowns, fluxes, charge, and relation at a wall.

    Residual rows carry amperes (per metre of depth in a cross-section): ions in units of F N_i,
    charge balance in i, Poisson's equation scaled to a current.
    """

    @property
    def component_names(self) -> tuple[str, ...]:
        """Names of the unknowns, in the order of the blocked space."""

    @property
    def has_double_layer(self) -> bool:
        """Whether the diffuse layer is resolved (Stern condition at the electrodes)."""

    @property
    def has_compact_layer(self) -> bool:
        """Whether the last row is the charge behind a compact layer."""

    @property
    def measured_range(self) -> tuple[float, float] | None:
        """Concentrations [mol/m3] of the measured properties; None where none are used."""

    @property
    def averaging(self) -> Averaging | None:
        """How cells that touch an electrode differ from the others; None where they do not."""

    @property
    def conserved(self) -> Mapping[Component, str]:
        """Ions whose balance a component's row is (none where only charge is conserved)."""

    def concentrations(self, u: Any, media: LiquidMedia) -> list[Any]:
        """c_i per pore volume [mol/m3], in the order of the bulk's ions; empty without them."""

    def donnan_potential(self, u: Any, media: LiquidMedia) -> Any:
        """Potential of charged pores against the neutral liquid in equilibrium [RT/F]."""

    def transference_number(self, u: Any, media: LiquidMedia) -> Any:
        """Share of the current that the reactant carries where composition is even (virtual
        composition in charged pores), pore walls included."""

    def fluxes(self, u: Any, media: LiquidMedia) -> list[Any]:
        """Superficial N_i [mol/m2/s], in the same order."""

    def residual(self, u: Any, v: Any, media: LiquidMedia) -> Any:
        """Integrand of transport and Poisson's equation over the liquid."""

    def potential(self, u: Any) -> Any:
        """Potential of the liquid [RT/F]: electrostatic, or against a reference electrode."""

    def plane(self, u: Any) -> ElectrodePlane:
        """State at a reacting surface or inside a porous conductor."""

    def outer_potential(self, u: Any) -> Any:
        """Electrostatic potential of the liquid outside thin double layers, against the bulk's
        [RT/F]."""

    def faradaic(self, current_density: Any, v: Any) -> Any:
        """Integrand of a reaction's source in the liquid's rows (anodic current positive)."""

    def metal_charge(self, charge_density: Any, v: Any) -> Any:
        """Integrand of charge [C/m2 or C/m3] behind a compact layer, less `diffuse_charge`."""

    def diffuse_charge(self, u: Any, media: LiquidMedia) -> Any | None:
        """Charge [C/m2] that a thin diffuse layer at an electrode needs of the metal; None where
        the diffuse layer is resolved, or left out."""

    def current_density(self, u: Any, media: LiquidMedia) -> Any:
        """Ionic current density vector [A/m2]."""

    def ohmic_dissipation(self, u: Any, media: LiquidMedia) -> Any:
        """Ohmic part of the dissipation [A V/m3 over RT/F], i_l^2/kappa."""

    def dissipation(self, u: Any, media: LiquidMedia) -> Any:
        """Whole dissipation of transport [A V/m3 over RT/F]."""

    def normal_field(self, current: Any, charge: Any, u: Any, media: LiquidMedia) -> Any:
        """-d(potential)/dn [V/m] at a surface with Faradaic current [A/m2] and charge [C/m2]."""

    def reactant_current(self, rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """F N [A] of the reactant out of a region, from its residual rows (n, components)."""

    def bulk_current_to_terminal(self, recovered: npt.NDArray[np.float64]) -> float:
        """Electrode current [A] from residuals summed over a counter reservoir, by component."""
