"""Level `concentrated`: a binary salt with measured transport properties."""

from typing import Any

import numpy as np
import numpy.typing as npt
import ufl

from zinterphase.levels.base import Component, ElectrodePlane, LiquidMedia
from zinterphase.physics.salt import SaltProperties
from zinterphase.scales import FARADAY


class ConcentratedSalt:
    """Salt and charge balance of a z:z salt whose cation reacts, M(z+) + z e- = M.

    Unknowns: ln(c/c_bulk) and Phi, the liquid's potential against a reference electrode of the
    plated metal, in units of RT/F. Rows: anions F N_- and charge i_l.
    Newman & Thomas-Alyea, Electrochemical Systems, ch. 12: i_l = -kappa grad Phi +
    kappa (RT/F)(2/z)(1 - t+)(d ln a/d ln c) grad ln c, N_- = -D grad c - (1 - t+) i_l/(z F).
    In a layer with fixed charge X, c is the virtual salt sqrt(c+ c-), continuous at its faces
    (ideal Donnan equilibrium), with conductivity kappa s, diffusivity D/s, cation transference
    number t+ (c+/c)/s and s = t+ c+/c + (1 - t+) c-/c.
    """

    component_names = ("ln_c", "potential")
    has_double_layer = False
    has_compact_layer = False
    averaging = None

    def __init__(
        self,
        salt: SaltProperties,
        ions: tuple[str, str],
        charge: int,
        bulk: Any,
        thermal_voltage: Any,
        level_shift: Any,
    ) -> None:
        """``ions`` are cation and anion, ``bulk`` the concentration [mol/m3]; ``level_shift`` is a
        global unknown added to ln c where no boundary fixes the amount of salt."""
        self._salt = salt
        self._charge = charge
        self._bulk = bulk
        self._thermal_voltage = thermal_voltage
        self._level_shift = level_shift
        self.measured_range = salt.valid
        self.conserved: dict[Component, str] = {0: ions[1]}

    def concentration(self, u: Any) -> Any:
        """Concentration of the (virtual) salt per pore volume [mol/m3]."""
        return self._bulk * ufl.exp(u[0] + self._level_shift)

    def concentrations(self, u: Any, media: LiquidMedia) -> list[Any]:
        """Of cation and anion [mol/m3]."""
        c = self.concentration(u)
        ratio = self._cation_ratio(c, media)
        return [c * ratio, c / ratio]

    def donnan_potential(self, u: Any, media: LiquidMedia) -> Any:
        """-ln(c+/c)/z."""
        return -ufl.ln(self._cation_ratio(self.concentration(u), media)) / self._charge

    def transference_number(self, u: Any, media: LiquidMedia) -> Any:
        """Cations of pore liquid and walls over the whole conductivity."""
        kappa, _, transference = self._effective(self.concentration(u), media)
        walls = FARADAY * self._charge**2 * media.surface_transport / self._thermal_voltage
        return (transference * kappa + walls) / (kappa + walls)

    def residual(self, u: Any, v: Any, media: LiquidMedia) -> Any:
        """Anion and charge balance; see :class:`Level`."""
        _, anion = self.fluxes(u, media)
        current = self.current_density(u, media)
        return -FARADAY * ufl.inner(anion, ufl.grad(v[0])) - ufl.inner(current, ufl.grad(v[1]))

    def potential(self, u: Any) -> Any:
        """Phi."""
        return u[1]

    def plane(self, u: Any) -> ElectrodePlane:
        """Phi - ln(a)/z: the rate law then has i0 of order alpha_a/z in the local activity."""
        activity = self._salt.ln_activity
        ln_activity = activity(self.concentration(u)) - activity(self._bulk)
        return ElectrodePlane(u[1] - ln_activity / self._charge, ln_activity)

    def outer_potential(self, u: Any) -> Any:
        """That of the plane of reaction."""
        return self.plane(u).potential

    def faradaic(self, current_density: Any, v: Any) -> Any:
        """i_l . n = -i_F and N_- . n = 0 with n into the metal."""
        return -current_density * v[1]

    def metal_charge(self, charge_density: Any, v: Any) -> Any:
        """There is no diffuse layer to charge at this level."""
        return 0 * charge_density * v[1]

    def diffuse_charge(self, u: Any, media: LiquidMedia) -> None:
        """There is no diffuse layer at this level."""

    def current_density(self, u: Any, media: LiquidMedia) -> Any:
        """Ohm's law with the diffusion potential, and cations along the pore walls."""
        return self._pore_current(u, media) + self._wall_current(u, media)

    def _pore_current(self, u: Any, media: LiquidMedia) -> Any:
        c = self.concentration(u)
        kappa, _, transference = self._effective(c, media)
        slope = 2 / self._charge * (1 - transference) * self._salt.activity_slope(c)
        driving = media.along(slope * ufl.grad(u[0]) - ufl.grad(u[1]))
        return kappa * self._thermal_voltage * driving

    def _wall_current(self, u: Any, media: LiquidMedia) -> Any:
        """Adsorbed cations follow their electrochemical potential, which is z F Phi."""
        return -FARADAY * self._charge**2 * media.surface_transport * media.along(ufl.grad(u[1]))

    def fluxes(self, u: Any, media: LiquidMedia) -> list[Any]:
        """Superficial molar fluxes of cation and anion [mol/m2/s]."""
        c = self.concentration(u)
        _, diffusivity, transference = self._effective(c, media)
        pores = self._pore_current(u, media) / (self._charge * FARADAY)
        walls = self._wall_current(u, media) / (self._charge * FARADAY)
        anion = -diffusivity * c * media.along(ufl.grad(u[0])) - (1 - transference) * pores
        return [anion + pores + walls, anion]

    def ohmic_dissipation(self, u: Any, media: LiquidMedia) -> Any:
        """i_l^2/kappa of pores and walls, in units of RT/F."""
        pores = self._pore_current(u, media)
        kappa, _, _ = self._effective(self.concentration(u), media)
        ohmic = ufl.inner(pores, media.resisted(pores)) / kappa / self._thermal_voltage
        return ohmic - ufl.inner(self._wall_current(u, media), ufl.grad(u[1]))

    def dissipation(self, u: Any, media: LiquidMedia) -> Any:
        """i_l . (-grad Phi)."""
        return -ufl.inner(self.current_density(u, media), ufl.grad(u[1]))

    def bulk_current_to_terminal(self, recovered: npt.NDArray[np.float64]) -> float:
        """What leaves the liquid at the counter electrode enters at the working electrode."""
        return float(-recovered[1])

    def normal_field(self, current: Any, charge: Any, u: Any, media: LiquidMedia) -> Any:
        """Ohm's law and the diffusion potential, with N_- . n = 0 and i_l . n = -i_F."""
        c = self.concentration(u)
        kappa, diffusivity, transference = self._effective(c, media)
        blocked = (1 - transference) / self._charge
        slope = 2 * blocked * self._salt.activity_slope(c)
        polarised = self._thermal_voltage * slope * blocked / (FARADAY * diffusivity * c)
        walls = FARADAY * self._charge**2 * media.surface_transport / self._thermal_voltage
        return -current / (1 / (1 / kappa + polarised) + walls)

    def reactant_current(self, rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """F N_+ out of a region from its residual rows: anions plus the current over z."""
        return -rows[:, 0] - rows[:, 1] / self._charge

    def _effective(self, c: Any, media: LiquidMedia) -> tuple[Any, Any, Any]:
        """Conductivity, diffusivity and cation transference number of the layer."""
        cation = self._cation_ratio(c, media)
        free = self._salt.transference_number(c)
        s = free * cation + (1 - free) / cation
        kappa = media.transport * self._salt.conductivity(c) * s
        return kappa, media.transport * self._salt.diffusivity(c) / s, free * cation / s

    def _cation_ratio(self, c: Any, media: LiquidMedia) -> Any:
        """c+/c = c/c- of a neutral layer with fixed charge."""
        half = -media.fixed_charge / (2 * self._charge * c)
        return half + ufl.sqrt(half**2 + 1)
