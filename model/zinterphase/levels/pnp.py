"""Level `pnp`: Nernst-Planck-Poisson with resolved double layers."""

from collections.abc import Sequence

import numpy as np
import ufl

from zinterphase.expressions import Expr
from zinterphase.levels.base import Array, Averaging, Component, ElectrodePlane, LiquidMedia, Rates
from zinterphase.levels.solutes import DissolvedIon, Solutes
from zinterphase.physics.transport import steric_factor
from zinterphase.scales import FARADAY


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
    averages_everywhere = False
    averaging: Averaging | None = None

    def __init__(
        self,
        ions: Sequence[DissolvedIon],
        main: str,
        thermal_voltage: Expr,
        charge_rate: Expr,
        site_volume: Expr | None = None,
        complexes: Sequence[DissolvedIon] = (),
    ) -> None:
        self._solutes = Solutes(ions, complexes)
        self._ions = self._solutes.ions
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
        """c_i per pore volume [mol/m3], of complexes too."""
        concentrations = self._solutes.ideal_concentrations(u, u[self._phi])
        if self._site_volume is None:
            return concentrations
        bulk = self._site_volume * sum(s.bulk for s in self._solutes.all)
        factor = steric_factor(self._site_volume * sum(concentrations.values()), bulk)
        return {name: c * factor for name, c in concentrations.items()}

    def amounts(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """As at :class:`Level`."""
        return self._solutes.totals(self.concentrations(u, media))

    def donnan_potential(self, u: Expr, media: LiquidMedia) -> Expr:
        """Resolved by the potential itself."""
        return 0 * u[self._phi]

    def transference_number(self, u: Expr, media: LiquidMedia) -> Expr:
        """Share of the conductivity that moves the plated ion, free or in complexes."""
        ion, mobilities = self._main, self._mobilities(u, media)
        own = {name: self._solutes.charges[name] * m for name, m in mobilities.items()}
        moved = ion.charge * self._solutes.totals(own)[ion.name]
        return FARADAY * moved / self._thermal_voltage / self.conductivity(u, media)

    def fluxes(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """Superficial molar fluxes N_i [mol/m2/s] of the ions, free and in complexes, the plated
        ion's along pore walls included."""
        return self._solutes.totals(self._species_fluxes(u, media))

    def _species_fluxes(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        mobilities, slopes = self._mobilities(u, media), self._solutes.slopes(u)
        return {name: -m * media.along(slopes[name]) for name, m in mobilities.items()}

    def _mobilities(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """-N_i over grad mu_i [mol/m/s]."""
        concentrations = self.concentrations(u, media)
        found = {
            s.name: media.transport * s.diffusivity * concentrations[s.name]
            for s in self._solutes.all
        }
        found[self._main.name] += media.surface_transport
        return found

    def charge_density(self, u: Expr, media: LiquidMedia) -> Expr:
        """Space charge of ions and fixed charge per volume of the layer [C/m3]."""
        found = self.concentrations(u, media)
        mobile = sum(s.charge * found[s.name] for s in self._solutes.all)
        return FARADAY * media.porosity * (mobile + media.fixed_charge)

    def transport(self, u: Expr, v: Expr, media: LiquidMedia) -> Expr:
        """F N_i rows; see :class:`Level`."""
        return sum(
            -FARADAY * ufl.inner(flux, ufl.grad(v[k]))
            for k, flux in enumerate(self.fluxes(u, media).values())
        )

    def stored(self, u: Expr, v: Expr, media: LiquidMedia) -> Expr:
        """F c_i of the pores; see :class:`Level`."""
        found = self.amounts(u, media)
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
        return ElectrodePlane(phi, self._solutes.ln_activities(u, phi))

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
        mobilities, charges = self._mobilities(u, media), self._solutes.charges
        return (
            FARADAY
            * sum(charges[s] ** 2 * m for s, m in mobilities.items())
            / (self._thermal_voltage)
        )

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
