"""Level `pnp`: Nernst-Planck-Poisson with resolved double layers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import ufl

from zinterphase.levels.base import Averaging, Component, ElectrodePlane, LiquidMedia
from zinterphase.physics.transport import relative_activities, steric_factor
from zinterphase.scales import FARADAY


@dataclass(frozen=True)
class Ion:
    """An ion as the equations see it; ``diffusivity`` [m2/s], ``bulk`` [mol/m3] may be UFL.

    ``level_shift`` is a global unknown added to ln c where no boundary fixes the ion's amount.
    """

    name: str
    charge: int
    diffusivity: Any
    bulk: Any
    level_shift: Any


class PoissonNernstPlanck:
    """Unknowns mu_i (deviation from the bulk) and phi, both in units of RT/F.

    ``site_volume`` [m3/mol] is a^3 N_A of the steric model (None: ideal), ``charge_rate`` [1/s]
    turns Poisson's residual into a current so that all rows have one unit.
    Nernst-Planck: Newman & Thomas-Alyea eq. 11.9; steric term: Kilic, Bazant & Ajdari (2007).
    """

    has_double_layer = True
    has_compact_layer = True
    measured_range = None
    averaging: Averaging | None = None

    def __init__(
        self,
        ions: Sequence[Ion],
        reactant: str,
        thermal_voltage: Any,
        charge_rate: Any,
        site_volume: Any | None = None,
    ) -> None:
        self._ions = tuple(ions)
        self._reactant = [ion.name for ion in ions].index(reactant)
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

    def concentrations(self, u: Any, media: LiquidMedia) -> list[Any]:
        """c_i per pore volume [mol/m3]."""
        phi = u[self._phi]
        mu = [u[k] + ion.level_shift for k, ion in enumerate(self._ions)]
        activities = relative_activities(mu, [ion.charge for ion in self._ions], phi)
        concentrations = [ion.bulk * a for ion, a in zip(self._ions, activities, strict=True)]
        if self._site_volume is None:
            return concentrations
        factor = steric_factor(activities, [self._site_volume * ion.bulk for ion in self._ions])
        return [c * factor for c in concentrations]

    def donnan_potential(self, u: Any, media: LiquidMedia) -> Any:
        """Resolved by the potential itself."""
        return 0 * u[self._phi]

    def transference_number(self, u: Any, media: LiquidMedia) -> Any:
        """z^2 times the mobility of the reactant over that of all ions."""
        ion = self._ions[self._reactant]
        c = self.concentrations(u, media)[self._reactant]
        own = media.transport * ion.diffusivity * c + media.surface_transport
        share = FARADAY * ion.charge**2 * own / self._thermal_voltage
        return share / self.conductivity(u, media)

    def fluxes(self, u: Any, media: LiquidMedia) -> list[Any]:
        """Superficial molar fluxes N_i [mol/m2/s], the reactant's along pore walls included."""
        mobilities = [
            media.transport * ion.diffusivity * c
            for ion, c in zip(self._ions, self.concentrations(u, media), strict=True)
        ]
        mobilities[self._reactant] += media.surface_transport
        return [-m * media.along(ufl.grad(u[k])) for k, m in enumerate(mobilities)]

    def charge_density(self, u: Any, media: LiquidMedia) -> Any:
        """Space charge of ions and fixed charge per volume of the layer [C/m3]."""
        ions = zip(self._ions, self.concentrations(u, media), strict=True)
        mobile = sum(ion.charge * c for ion, c in ions)
        return FARADAY * media.porosity * (mobile + media.fixed_charge)

    def transport(self, u: Any, v: Any, media: LiquidMedia) -> Any:
        """F N_i rows."""
        fluxes = enumerate(self.fluxes(u, media))
        return sum(-FARADAY * ufl.inner(flux, ufl.grad(v[k])) for k, flux in fluxes)

    def residual(self, u: Any, v: Any, media: LiquidMedia) -> Any:
        """F N_i rows and Poisson's row; see :class:`Level`."""
        phi, test = u[self._phi], v[self._phi]
        displacement = -media.permittivity * self._thermal_voltage * ufl.grad(phi)
        poisson = -ufl.inner(displacement, ufl.grad(test)) - self.charge_density(u, media) * test
        return self.transport(u, v, media) + self._charge_rate * poisson

    def potential(self, u: Any) -> Any:
        """phi."""
        return u[self._phi]

    def plane(self, u: Any) -> ElectrodePlane:
        """Outer Helmholtz plane: electrostatic potential and activity c g over the bulk's."""
        ion, phi = self._ions[self._reactant], u[self._phi]
        return ElectrodePlane(phi, u[self._reactant] + ion.level_shift - ion.charge * phi)

    def outer_potential(self, u: Any) -> Any:
        """That of the plane of reaction."""
        return self.plane(u).potential

    def faradaic(self, current_density: Any, v: Any) -> Any:
        """N . n = -i_F/(z F) with n into the metal."""
        charge = self._ions[self._reactant].charge
        return -current_density / charge * v[self._reactant]

    def metal_charge(self, charge_density: Any, v: Any) -> Any:
        """eps dphi/dn = q_M with n into the metal."""
        return -self._charge_rate * charge_density * v[self._phi]

    def diffuse_charge(self, u: Any, media: LiquidMedia) -> None:
        """Resolved by Poisson's equation."""

    def current_density(self, u: Any, media: LiquidMedia) -> Any:
        """F sum z_i N_i."""
        fluxes = zip(self._ions, self.fluxes(u, media), strict=True)
        return FARADAY * sum(ion.charge * flux for ion, flux in fluxes)

    def conductivity(self, u: Any, media: LiquidMedia) -> Any:
        """Nernst-Einstein conductivity [S/m] of the layer."""
        ions = zip(self._ions, self.concentrations(u, media), strict=True)
        mobility = sum(ion.charge**2 * ion.diffusivity * c for ion, c in ions)
        walls = self._ions[self._reactant].charge ** 2 * media.surface_transport
        return FARADAY * (media.transport * mobility + walls) / self._thermal_voltage

    def ohmic_dissipation(self, u: Any, media: LiquidMedia) -> Any:
        """i_l^2/kappa with the local conductivity, in units of RT/F."""
        current = self.current_density(u, media)
        power = ufl.inner(current, media.resisted(current)) / self.conductivity(u, media)
        return power / self._thermal_voltage

    def dissipation(self, u: Any, media: LiquidMedia) -> Any:
        """F sum N_i . (-grad mu_i)."""
        fluxes = enumerate(self.fluxes(u, media))
        return -FARADAY * sum(ufl.inner(flux, ufl.grad(u[k])) for k, flux in fluxes)

    def normal_field(self, current: Any, charge: Any, u: Any, media: LiquidMedia) -> Any:
        """Gauss's law at the outer Helmholtz plane."""
        return -charge / media.permittivity

    def reactant_current(self, rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The reactant's own row."""
        return -rows[:, self._reactant]

    def bulk_current_to_terminal(self, recovered: npt.NDArray[np.float64]) -> float:
        """Charge carried through the reservoir by all ions."""
        charges = np.array([ion.charge for ion in self._ions], dtype=np.float64)
        return float(-charges @ recovered[: len(self._ions)])
