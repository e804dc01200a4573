"""What every level of theory tells the assembler about the liquid."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt
import ufl

from zinterphase.expressions import Expr

Component = int
Array = npt.NDArray[np.float64]
Rates = Mapping[str, Expr]


@dataclass(frozen=True)
class LiquidMedia:
    """Effective properties of the layers as UFL coefficients, piecewise constant by layer.

    ``transport`` is porosity x constrictivity / tortuosity factor, ``permittivity`` is absolute
    [F/m], ``fixed_charge`` is per pore volume [mol of charge/m3] and ``charged`` one where there is
    any, at every load. ``surface_transport`` [mol/m/s] is that of the plated ion adsorbed on pore
    walls, N = -surface_transport grad(mu/RT), ``lateral`` the ratio of transport along to that
    across the layer.
    """

    porosity: Expr
    transport: Expr
    permittivity: Expr
    fixed_charge: Expr
    charged: Expr
    surface_transport: Expr
    lateral: Expr

    def pore_liquid(self, permittivity: Expr) -> "LiquidMedia":
        """The liquid inside the pores [F/m], without the solid around it."""
        return replace(self, porosity=1.0, permittivity=permittivity)

    def towards(self, normal: Expr) -> "LiquidMedia":
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

    def along(self, gradient: Expr) -> Expr:
        """A gradient as the layer conducts it: its lateral components times ``lateral``."""
        return self._scaled(gradient, self.lateral)

    def resisted(self, flux: Expr) -> Expr:
        """Inverse of :meth:`along`."""
        return self._scaled(flux, 1 / self.lateral)

    @staticmethod
    def _scaled(vector: Expr, ratio: Expr) -> Expr:
        last = len(vector) - 1
        return ufl.as_vector([*(ratio * vector[k] for k in range(last)), vector[last]])


@dataclass(frozen=True)
class ElectrodePlane:
    """State of the liquid at the plane of reaction, potentials in units of RT/F.

    ``potential`` drives the kinetics (electrostatic at a resolved double layer, against a
    reference electrode otherwise); ``ln_activity`` is that of each ion over its value at the
    liquid's reference composition.
    """

    potential: Expr
    ln_activity: Mapping[str, Expr]

    def on(self, side: str) -> "ElectrodePlane":
        """Traces on one side of interior facets."""
        return ElectrodePlane(
            self.potential(side), {ion: a(side) for ion, a in self.ln_activity.items()}
        )


class Transport(Protocol):
    """Fluxes between the unknowns of a level."""

    def transport(self, u: Expr, v: Expr, media: LiquidMedia) -> Expr:
        """Integrand of the rows of transport."""

    def dissipation(self, u: Expr, media: LiquidMedia) -> Expr:
        """As at :class:`Level`."""

    def ohmic_dissipation(self, u: Expr, media: LiquidMedia) -> Expr:
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
    charge balance in i, Poisson's equation scaled to a current. ``Rates`` are what reactions make
    of each ion, F mol/(m2 s) or F mol/(m3 s); the charge that goes with them is sum z_i w_i.
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
    def averages_everywhere(self) -> bool:
        """Whether fluxes are averaged exactly over every cell, so that one point of a cell stands
        for it."""

    @property
    def conserved(self) -> Mapping[Component, str]:
        """Ions whose balance a component's row is (none where only charge is conserved)."""

    def concentrations(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """c_i per pore volume [mol/m3] of every dissolved species; empty where none are solved."""

    def amounts(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """What every ion has per pore volume [mol/m3], free and in complexes."""

    def donnan_potential(self, u: Expr, media: LiquidMedia) -> Expr:
        """Potential of charged pores against the neutral liquid in equilibrium [RT/F]."""

    def transference_number(self, u: Expr, media: LiquidMedia) -> Expr:
        """Share of the current that the plated ion carries where composition is even (virtual
        composition in charged pores), pore walls included."""

    def fluxes(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """Superficial N_i [mol/m2/s] by ion, free and in complexes; empty where none are solved."""

    def transport(self, u: Expr, v: Expr, media: LiquidMedia) -> Expr:
        """Integrand of transport over the liquid."""

    def stored(self, u: Expr, v: Expr, media: LiquidMedia) -> Expr | None:
        """Integrand of F times the amounts that the liquid holds, in the rows of their balances;
        None where none are solved."""

    def space_charge(self, u: Expr, v: Expr, media: LiquidMedia) -> Expr | None:
        """Integrand of Poisson's equation or neutrality over the liquid; None without a row."""

    def potential(self, u: Expr) -> Expr:
        """Potential of the liquid [RT/F]: electrostatic, or against a reference electrode."""

    def plane(self, u: Expr) -> ElectrodePlane:
        """State at a reacting surface or inside a porous conductor."""

    def outer_potential(self, u: Expr) -> Expr:
        """Electrostatic potential of the liquid outside thin double layers, against the bulk's
        [RT/F]."""

    def source(self, rates: Rates, v: Expr) -> Expr:
        """Integrand of what reactions make of the ions, in the liquid's rows."""

    def metal_charge(self, charge_density: Expr, v: Expr) -> Expr:
        """Integrand of charge [C/m2 or C/m3] behind a compact layer, less `diffuse_charge`."""

    def diffuse_charge(self, u: Expr, media: LiquidMedia) -> Expr | None:
        """Charge [C/m2] that a thin diffuse layer at an electrode needs of the metal; None where
        the diffuse layer is resolved, or left out."""

    def current_density(self, u: Expr, media: LiquidMedia) -> Expr:
        """Ionic current density vector [A/m2]."""

    def ohmic_dissipation(self, u: Expr, media: LiquidMedia) -> Expr:
        """Ohmic part of the dissipation [A V/m3 over RT/F], i_l^2/kappa."""

    def dissipation(self, u: Expr, media: LiquidMedia) -> Expr:
        """Whole dissipation of transport [A V/m3 over RT/F]."""

    def normal_field(self, rates: Rates, charge: Expr, u: Expr, media: LiquidMedia) -> Expr:
        """-d(potential)/dn [V/m] at a surface with reactions' rates and metal charge [C/m2]."""

    def ion_current(self, ion: str, rows: Array) -> Array:
        """F N_i [A] of an ion out of a region, from its residual rows (n, components)."""

    def ionic_current(self, rows: Array) -> Array:
        """Charge [A] that all ions carry out of a region, from its residual rows."""
