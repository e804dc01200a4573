"""Level `concentrated`: a binary salt with measured transport properties."""

import ufl

from zinterphase.expressions import Expr
from zinterphase.levels.base import Array, Component, ElectrodePlane, LiquidMedia, Rates
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
        bulk: Expr,
        thermal_voltage: Expr,
        level_shift: Expr,
    ) -> None:
        """``ions`` are cation and anion, ``bulk`` the concentration [mol/m3]; ``level_shift`` is a
        global unknown added to ln c where no boundary fixes the amount of salt."""
        self._salt = salt
        self._cation, self._anion = ions
        self._charge = charge
        self._bulk = bulk
        self._thermal_voltage = thermal_voltage
        self._level_shift = level_shift
        self.measured_range = salt.valid
        self.conserved: dict[Component, str] = {0: ions[1]}

    def concentration(self, u: Expr) -> Expr:
        """Concentration of the (virtual) salt per pore volume [mol/m3]."""
        return self._bulk * ufl.exp(u[0] + self._level_shift)

    def concentrations(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """Of cation and anion [mol/m3]."""
        c = self.concentration(u)
        ratio = self._cation_ratio(c, media)
        return {self._cation: c * ratio, self._anion: c / ratio}

    def donnan_potential(self, u: Expr, media: LiquidMedia) -> Expr:
        """-ln(c+/c)/z."""
        return -ufl.ln(self._cation_ratio(self.concentration(u), media)) / self._charge

    def transference_number(self, u: Expr, media: LiquidMedia) -> Expr:
        """Cations of pore liquid and walls over the whole conductivity."""
        kappa, _, transference = self._effective(self.concentration(u), media)
        walls = FARADAY * self._charge**2 * media.surface_transport / self._thermal_voltage
        return (transference * kappa + walls) / (kappa + walls)

    def transport(self, u: Expr, v: Expr, media: LiquidMedia) -> Expr:
        """Anion and charge balance; see :class:`Level`."""
        anion = self.fluxes(u, media)[self._anion]
        current = self.current_density(u, media)
        return -FARADAY * ufl.inner(anion, ufl.grad(v[0])) - ufl.inner(current, ufl.grad(v[1]))

    def stored(self, u: Expr, v: Expr, media: LiquidMedia) -> Expr:
        """F c_- of the pores; see :class:`Level`."""
        anion = self.concentrations(u, media)[self._anion]
        return FARADAY * media.porosity * anion * v[0]

    def space_charge(self, u: Expr, v: Expr, media: LiquidMedia) -> None:
        """Neutral by construction."""

    def potential(self, u: Expr) -> Expr:
        """Phi."""
        return u[1]

    def plane(self, u: Expr) -> ElectrodePlane:
        """Phi - ln(a)/z: the rate law then has i0 of order alpha_a/z in the local activity.

        Both ions have the mean activity: how it is split between them is a convention that the
        potential shares.
        """
        activity = self._salt.ln_activity
        ln_activity = activity(self.concentration(u)) - activity(self._bulk)
        both = {self._cation: ln_activity, self._anion: ln_activity}
        return ElectrodePlane(u[1] - ln_activity / self._charge, both)

    def outer_potential(self, u: Expr) -> Expr:
        """That of the plane of reaction."""
        return self.plane(u).potential

    def source(self, rates: Rates, v: Expr) -> Expr:
        """i_l . n = -i_F with n into the metal, and what reactions make of the anion."""
        rows = -self._charge_of(rates) * v[1]
        return rows - rates[self._anion] * v[0] if self._anion in rates else rows

    def _charge_of(self, rates: Rates) -> Expr:
        charges = {self._cation: self._charge, self._anion: -self._charge}
        return sum(charges[ion] * rate for ion, rate in rates.items())

    def metal_charge(self, charge_density: Expr, v: Expr) -> Expr:
        """There is no diffuse layer to charge at this level."""
        return 0 * charge_density * v[1]

    def diffuse_charge(self, u: Expr, media: LiquidMedia) -> None:
        """There is no diffuse layer at this level."""

    def current_density(self, u: Expr, media: LiquidMedia) -> Expr:
        """Ohm's law with the diffusion potential, and cations along the pore walls."""
        return self._pore_current(u, media) + self._wall_current(u, media)

    def _pore_current(self, u: Expr, media: LiquidMedia) -> Expr:
        c = self.concentration(u)
        kappa, _, transference = self._effective(c, media)
        slope = 2 / self._charge * (1 - transference) * self._salt.activity_slope(c)
        driving = media.along(slope * ufl.grad(u[0]) - ufl.grad(u[1]))
        return kappa * self._thermal_voltage * driving

    def _wall_current(self, u: Expr, media: LiquidMedia) -> Expr:
        """Adsorbed cations follow their electrochemical potential, which is z F Phi."""
        return -FARADAY * self._charge**2 * media.surface_transport * media.along(ufl.grad(u[1]))

    def fluxes(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """Superficial molar fluxes of cation and anion [mol/m2/s]."""
        c = self.concentration(u)
        _, diffusivity, transference = self._effective(c, media)
        pores = self._pore_current(u, media) / (self._charge * FARADAY)
        walls = self._wall_current(u, media) / (self._charge * FARADAY)
        anion = -diffusivity * c * media.along(ufl.grad(u[0])) - (1 - transference) * pores
        return {self._cation: anion + pores + walls, self._anion: anion}

    def ohmic_dissipation(self, u: Expr, media: LiquidMedia) -> Expr:
        """i_l^2/kappa of pores and walls, in units of RT/F."""
        pores = self._pore_current(u, media)
        kappa, _, _ = self._effective(self.concentration(u), media)
        ohmic = ufl.inner(pores, media.resisted(pores)) / kappa / self._thermal_voltage
        return ohmic - ufl.inner(self._wall_current(u, media), ufl.grad(u[1]))

    def dissipation(self, u: Expr, media: LiquidMedia) -> Expr:
        """i_l . (-grad Phi)."""
        return -ufl.inner(self.current_density(u, media), ufl.grad(u[1]))

    def normal_field(self, rates: Rates, charge: Expr, u: Expr, media: LiquidMedia) -> Expr:
        """Ohm's law and the diffusion potential, with N_- . n = -w_-/F and i_l . n = -i_F."""
        c = self.concentration(u)
        kappa, diffusivity, transference = self._effective(c, media)
        blocked = (1 - transference) / self._charge
        slope = 2 * blocked * self._salt.activity_slope(c)
        # Volt per flux [mol/m2/s] of salt, times F.
        polarising = self._thermal_voltage * slope / (FARADAY * diffusivity * c)
        walls = FARADAY * self._charge**2 * media.surface_transport / self._thermal_voltage
        pores = 1 / (1 / kappa + polarising * blocked)
        current = self._charge_of(rates)
        if self._anion in rates:
            current = current + pores * polarising * rates[self._anion]
        return -current / (pores + walls)

    def ion_current(self, ion: str, rows: Array) -> Array:
        """The anion's own row; cations are anions plus the current over z."""
        anion = -rows[:, 0]
        return anion if ion == self._anion else anion + self.ionic_current(rows) / self._charge

    def ionic_current(self, rows: Array) -> Array:
        """The row of charge."""
        return -rows[:, 1]

    def _effective(self, c: Expr, media: LiquidMedia) -> tuple[Expr, Expr, Expr]:
        """Conductivity, diffusivity and cation transference number of the layer."""
        cation = self._cation_ratio(c, media)
        free = self._salt.transference_number(c)
        s = free * cation + (1 - free) / cation
        kappa = media.transport * self._salt.conductivity(c) * s
        return kappa, media.transport * self._salt.diffusivity(c) / s, free * cation / s

    def _cation_ratio(self, c: Expr, media: LiquidMedia) -> Expr:
        """c+/c = c/c- of a neutral layer with fixed charge."""
        half = -media.fixed_charge / (2 * self._charge * c)
        return half + ufl.sqrt(half**2 + 1)
