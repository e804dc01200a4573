"""Level `pnp`: Nernst-Planck-Poisson with resolved double layers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import ufl

from zinterphase.expressions import Expr
from zinterphase.levels.base import Array, Averaging, Component, ElectrodePlane, LiquidMedia, Rates
from zinterphase.physics.transport import relative_activities, steric_factor
from zinterphase.scales import FARADAY


@dataclass(frozen=True)
class DissolvedIon:
    """An ion as the equations see it; ``diffusivity`` [m2/s] and the concentrations [mol/m3] may be
    UFL.

    ``reference`` is the concentration where its unknown is zero in a liquid at rest, ``bulk`` that
    of a reservoir. ``level_shift`` is a global unknown added to ln c where no boundary fixes the
    ion's amount.
    """

    name: str
    charge: int
    diffusivity: Expr
    reference: Expr
    bulk: Expr
    level_shift: Expr


class PoissonNernstPlanck:
    """Unknowns mu_i (deviation from the reference composition) and phi, both in units of RT/F.

    ``site_volume`` [m3/mol] is a^3 N_A of the steric model (None: ideal), ``charge_rate`` [1/s]
    turns Poisson's residual into a current so that all rows have one unit. ``main`` is the plated
    ion, which pore walls adsorb.
    Nernst-Planck: Newman & Thomas-Alyea eq. 11.9; steric term: Kilic, Bazant & Ajdari (2007).
    """

    has_double_layer = True
    has_compact_layer = True
    measured_range = None
    averaging: Averaging | None = None

    def __init__(
        self,
        ions: Sequence[DissolvedIon],
        main: str,
        thermal_voltage: Expr,
        charge_rate: Expr,
        site_volume: Expr | None = None,
    ) -> None:
        self._ions = tuple(ions)
        self._main = next(ion for ion in ions if ion.name == main)
        self._thermal_voltage = thermal_voltage
        self._charge_rate = charge_rate
        self._site_volume = site_volume

    @property
    def component_names(self) -> tuple[str, ...]:
        """mu of each ion, then phi."""
        return (*(f"mu_{ion.name}" for ion in self._ions), "phi")

    @property
    def conserved(self) -> dict[Component, str]:
        """One component per ion."""
        return {k: ion.name for k, ion in enumerate(self._ions)}

    @property
    def _phi(self) -> Component:
        return len(self._ions)

    def concentrations(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """c_i per pore volume [mol/m3]."""
        phi = u[self._phi]
        mu = [u[k] + ion.level_shift for k, ion in enumerate(self._ions)]
        activities = relative_activities(mu, [ion.charge for ion in self._ions], phi)
        ions = zip(self._ions, activities, strict=True)
        concentrations = {ion.name: ion.reference * a for ion, a in ions}
        if self._site_volume is None:
            return concentrations
        bulk = self._site_volume * sum(ion.bulk for ion in self._ions)
        factor = steric_factor(self._site_volume * sum(concentrations.values()), bulk)
        return {name: c * factor for name, c in concentrations.items()}

    def _with_concentrations(self, u: Expr, media: LiquidMedia) -> list[tuple[DissolvedIon, Expr]]:
        found = self.concentrations(u, media)
        return [(ion, found[ion.name]) for ion in self._ions]

    def donnan_potential(self, u: Expr, media: LiquidMedia) -> Expr:
        """Resolved by the potential itself."""
        return 0 * u[self._phi]

    def transference_number(self, u: Expr, media: LiquidMedia) -> Expr:
        """z^2 times the mobility of the plated ion over that of all ions."""
        ion = self._main
        c = self.concentrations(u, media)[ion.name]
        own = media.transport * ion.diffusivity * c + media.surface_transport
        share = FARADAY * ion.charge**2 * own / self._thermal_voltage
        return share / self.conductivity(u, media)

    def fluxes(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """Superficial molar fluxes N_i [mol/m2/s], the plated ion's along pore walls included."""
        mobilities = self._mobilities(u, media)
        return {
            ion.name: -mobilities[ion.name] * media.along(ufl.grad(u[k]))
            for k, ion in enumerate(self._ions)
        }

    def _mobilities(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """-N_i over grad mu_i [mol/m/s]."""
        found = {
            ion.name: media.transport * ion.diffusivity * c
            for ion, c in self._with_concentrations(u, media)
        }
        found[self._main.name] += media.surface_transport
        return found

    def charge_density(self, u: Expr, media: LiquidMedia) -> Expr:
        """Space charge of ions and fixed charge per volume of the layer [C/m3]."""
        mobile = sum(ion.charge * c for ion, c in self._with_concentrations(u, media))
        return FARADAY * media.porosity * (mobile + media.fixed_charge)

    def transport(self, u: Expr, v: Expr, media: LiquidMedia) -> Expr:
        """F N_i rows; see :class:`Level`."""
        return sum(
            -FARADAY * ufl.inner(flux, ufl.grad(v[k]))
            for k, flux in enumerate(self.fluxes(u, media).values())
        )

    def stored(self, u: Expr, v: Expr, media: LiquidMedia) -> Expr:
        """F c_i of the pores; see :class:`Level`."""
        found = self.concentrations(u, media)
        held = sum(found[ion.name] * v[k] for k, ion in enumerate(self._ions))
        return FARADAY * media.porosity * held

    def space_charge(self, u: Expr, v: Expr, media: LiquidMedia) -> Expr:
        """Poisson's row; see :class:`Level`."""
        phi, test = u[self._phi], v[self._phi]
        displacement = -media.permittivity * self._thermal_voltage * ufl.grad(phi)
        poisson = -ufl.inner(displacement, ufl.grad(test)) - self.charge_density(u, media) * test
        return self._charge_rate * poisson

    def potential(self, u: Expr) -> Expr:
        """phi."""
        return u[self._phi]

    def plane(self, u: Expr) -> ElectrodePlane:
        """Outer Helmholtz plane: electrostatic potential and activities c g."""
        phi = u[self._phi]
        ions = enumerate(self._ions)
        return ElectrodePlane(
            phi, {ion.name: u[k] + ion.level_shift - ion.charge * phi for k, ion in ions}
        )

    def outer_potential(self, u: Expr) -> Expr:
        """That of the plane of reaction."""
        return self.plane(u).potential

    def source(self, rates: Rates, v: Expr) -> Expr:
        """F N . n = -w with n into the metal."""
        ions = enumerate(self._ions)
        return sum(-rates[ion.name] * v[k] for k, ion in ions if ion.name in rates)

    def metal_charge(self, charge_density: Expr, v: Expr) -> Expr:
        """eps dphi/dn = q_M with n into the metal."""
        return -self._charge_rate * charge_density * v[self._phi]

    def diffuse_charge(self, u: Expr, media: LiquidMedia) -> None:
        """Resolved by Poisson's equation."""

    def current_density(self, u: Expr, media: LiquidMedia) -> Expr:
        """F sum z_i N_i."""
        fluxes = self.fluxes(u, media)
        return FARADAY * sum(ion.charge * fluxes[ion.name] for ion in self._ions)

    def conductivity(self, u: Expr, media: LiquidMedia) -> Expr:
        """Nernst-Einstein conductivity [S/m] of the layer."""
        ions = self._with_concentrations(u, media)
        mobility = sum(ion.charge**2 * ion.diffusivity * c for ion, c in ions)
        walls = self._main.charge**2 * media.surface_transport
        return FARADAY * (media.transport * mobility + walls) / self._thermal_voltage

    def ohmic_dissipation(self, u: Expr, media: LiquidMedia) -> Expr:
        """i_l^2/kappa with the local conductivity, in units of RT/F."""
        current = self.current_density(u, media)
        power = ufl.inner(current, media.resisted(current)) / self.conductivity(u, media)
        return power / self._thermal_voltage

    def dissipation(self, u: Expr, media: LiquidMedia) -> Expr:
        """F sum N_i . (-grad mu_i)."""
        fluxes = enumerate(self.fluxes(u, media).values())
        return -FARADAY * sum(ufl.inner(flux, ufl.grad(u[k])) for k, flux in fluxes)

    def normal_field(self, rates: Rates, charge: Expr, u: Expr, media: LiquidMedia) -> Expr:
        """Gauss's law at the outer Helmholtz plane."""
        return -charge / media.permittivity

    def ion_current(self, ion: str, rows: Array) -> Array:
        """The ion's own row."""
        return -rows[:, [own.name for own in self._ions].index(ion)]

    def ionic_current(self, rows: Array) -> Array:
        """sum z_i F N_i."""
        charges = np.array([ion.charge for ion in self._ions], dtype=np.float64)
        return np.asarray(-rows[:, : len(charges)] @ charges)
