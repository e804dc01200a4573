"""Level `concentrated`: a binary salt with measured transport properties."""

from collections.abc import Mapping

import ufl

from zinterphase.expressions import Expr
from zinterphase.levels.base import (
    Array,
    Averaging,
    Component,
    ElectrodePlane,
    LiquidMedia,
    Rates,
    Transport,
)
from zinterphase.levels.traces import Traces
from zinterphase.physics.salt import SaltProperties
from zinterphase.scales import FARADAY


class ConcentratedSalt:
    """Salt and charge balance of a binary salt whose cation reacts, M(z+) + z+ e- = M.

    Unknowns: ln(c/c_bulk) and Phi, the liquid's potential against a reference electrode of the
    plated metal, in units of RT/F. Rows: anions F N_- and charge i_l.
    c counts cations, so that there are z+/|z-| anions for each.
    Newman & Thomas-Alyea, Electrochemical Systems, ch. 12: i_l = -kappa grad Phi +
    kappa (RT/F)(1/z+ + 1/|z-|)(1 - t+)(d ln a/d ln c) grad ln c with the mean activity a, and
    |z-| N_- = -z+ D grad c - (1 - t+) i_l/F.
    In a layer with fixed charge X (of a z:z salt only), c is the virtual salt sqrt(c+ c-),
    continuous at its faces (ideal Donnan equilibrium), with conductivity kappa s, diffusivity D/s,
    cation transference number t+ (c+/c)/s and s = t+ c+/c + (1 - t+) c-/c.
    ``traces`` (acid, base, complexes, oxygen) travel in the salt's potential, one more unknown
    each: mu_k. The salt is then all of the anion, free and in complexes, the laws above hold for
    the current i_l - F sum z_k N_k that the salt carries, and the cation follows from neutrality:
    charge and every ion close identically.
    """

    has_double_layer = False
    has_compact_layer = False
    averages_everywhere = False

    def __init__(
        self,
        salt: SaltProperties,
        ions: tuple[str, str],
        charges: tuple[int, int],
        bulk: Expr,
        thermal_voltage: Expr,
        level_shift: Expr,
        traces: Traces | None = None,
        averaged: Transport | None = None,
    ) -> None:
        """``ions`` are cation and anion with their ``charges``, ``bulk`` the cation's concentration
        [mol/m3]; ``level_shift`` is a
        global unknown added to ln c where no boundary fixes the amount of salt. ``averaged`` is
        the transport of cells beside electrodes where it is not this one."""
        self._salt = salt
        self._cation, self._anion = ions
        self._charge, self._anion_charge = charges[0], -charges[1]
        self._anions = self._charge / self._anion_charge
        """For each cation."""
        self._bulk = bulk
        self._thermal_voltage = thermal_voltage
        self._level_shift = level_shift
        self.measured_range = salt.valid
        self._traces = Traces((), (), {}) if traces is None else traces
        self._ions = {self._cation: charges[0], self._anion: charges[1]}
        self.component_names = ("ln_c", "potential", *(f"mu_{k}" for k in self._traces.names))
        self.conserved: dict[Component, str] = {0: ions[1]} | {
            2 + k: name for k, name in enumerate(self._traces.names)
        }
        self.averaging = None if averaged is None else Averaging(self, averaged)

    def concentration(self, u: Expr) -> Expr:
        """Concentration of the (virtual) salt per pore volume [mol/m3]."""
        return self._bulk * ufl.exp(u[0] + self._level_shift)

    def concentrations(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """Of free cation and anion, and of traces [mol/m3]."""
        traces = self._trace_concentrations(u, media)
        free = dict(self.amounts(u, media))
        for made in self._traces.all:
            for ion, nu in made.composition.items():
                if ion in self._ions:
                    free[ion] = free[ion] - nu * traces[made.name]
        return {ion: free[ion] for ion in self._ions} | traces

    def amounts(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """As at :class:`Level`; traces leave the cation to keep the liquid neutral."""
        c = self.concentration(u)
        ratio = self._cation_ratio(c, media)
        held = self._traces.totals(self._trace_concentrations(u, media))
        carried = self._traces.charge(held)
        cation = c * ratio if carried is None else c * ratio - carried / self._charge
        return {self._cation: cation, self._anion: self._anions * c / ratio, **held}

    def _trace_concentrations(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        plane = self.plane(u)
        return self._traces.concentrations(plane.ln_activity, self.donnan_potential(u, media))

    def donnan_potential(self, u: Expr, media: LiquidMedia) -> Expr:
        """-ln(c+/c)/z."""
        return -ufl.ln(self._cation_ratio(self.concentration(u), media)) / self._charge

    def transference_number(self, u: Expr, media: LiquidMedia) -> Expr:
        """Cations of pore liquid and walls over the whole conductivity."""
        kappa, _, transference = self._effective(self.concentration(u), media)
        walls = FARADAY * self._charge**2 * media.surface_transport / self._thermal_voltage
        return (transference * kappa + walls) / (kappa + walls)

    def transport(self, u: Expr, v: Expr, media: LiquidMedia) -> Expr:
        """Balances of anion, charge and traces; see :class:`Level`."""
        fluxes = self.fluxes(u, media)
        current = self.current_density(u, media)
        rows = -FARADAY * ufl.inner(fluxes[self._anion], ufl.grad(v[0]))
        rows = rows - ufl.inner(current, ufl.grad(v[1]))
        for k, name in enumerate(self._traces.names):
            rows = rows - FARADAY * ufl.inner(fluxes[name], ufl.grad(v[2 + k]))
        return rows

    def stored(self, u: Expr, v: Expr, media: LiquidMedia) -> Expr:
        """F times what the pores hold of anion and traces; see :class:`Level`."""
        held = self.amounts(u, media)
        return FARADAY * media.porosity * sum(held[ion] * v[k] for k, ion in self.conserved.items())

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
        phi = u[1] - ln_activity / self._charge
        both = {self._cation: ln_activity, self._anion: ln_activity}
        return ElectrodePlane(phi, self._traces.ln_activities(both, u, phi))

    def outer_potential(self, u: Expr) -> Expr:
        """That of the plane of reaction."""
        return self.plane(u).potential

    def source(self, rates: Rates, v: Expr) -> Expr:
        """i_l . n = -i_F with n into the metal, and what reactions make of anion and traces."""
        charges = {**self._ions, **self._traces.charges}
        rows = -sum(charges[ion] * rate for ion, rate in rates.items()) * v[1]
        made = self._traces.with_parts(rates)
        for component, ion in self.conserved.items():
            if ion in made:
                rows = rows - made[ion] * v[component]
        return rows

    def _salt_charge_of(self, rates: Rates) -> Expr:
        """What the salt's own ions make of a current."""
        return sum(charge * rates[ion] for ion, charge in self._ions.items() if ion in rates)

    def metal_charge(self, charge_density: Expr, v: Expr) -> Expr:
        """There is no diffuse layer to charge at this level."""
        return 0 * charge_density * v[1]

    def diffuse_charge(self, u: Expr, media: LiquidMedia) -> None:
        """There is no diffuse layer at this level."""

    def current_density(self, u: Expr, media: LiquidMedia) -> Expr:
        """Ohm's law with the diffusion potential, cations along the pore walls, and traces."""
        salt = self._salt_current(u, media)
        carried = self._traces.charge(self._trace_fluxes(u, media))
        return salt if carried is None else salt + FARADAY * carried

    def _salt_current(self, u: Expr, media: LiquidMedia) -> Expr:
        return self._pore_current(u, media) + self._wall_current(u, media)

    def _trace_fluxes(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """Of each trace, free and in complexes."""
        if not self._traces.names:
            return {}
        slope = self._salt.activity_slope(self.concentration(u)) * ufl.grad(u[0])
        slopes = self._traces.slopes(
            {
                self._cation: self._charge * ufl.grad(u[1]),
                self._anion: (1 + 1 / self._anions) * slope - self._anion_charge * ufl.grad(u[1]),
            },
            u,
        )
        return self._traces.totals(self._driven_traces(u, media, slopes))

    def _driven_traces(
        self, u: Expr, media: LiquidMedia, slopes: Mapping[str, Expr]
    ) -> dict[str, Expr]:
        """Flux of each species down its slope of mu."""
        found = self._trace_concentrations(u, media)
        return {
            s.name: -media.transport * s.diffusivity * found[s.name] * media.along(slopes[s.name])
            for s in self._traces.all
        }

    def _pore_current(self, u: Expr, media: LiquidMedia) -> Expr:
        c = self.concentration(u)
        kappa, _, transference = self._effective(c, media)
        slope = self._polarising(transference) * self._salt.activity_slope(c)
        driving = media.along(slope * ufl.grad(u[0]) - ufl.grad(u[1]))
        return kappa * self._thermal_voltage * driving

    def _wall_current(self, u: Expr, media: LiquidMedia) -> Expr:
        """Adsorbed cations follow their electrochemical potential, which is z F Phi."""
        return -FARADAY * self._charge**2 * media.surface_transport * media.along(ufl.grad(u[1]))

    def fluxes(self, u: Expr, media: LiquidMedia) -> dict[str, Expr]:
        """Superficial molar fluxes of cation, anion and traces [mol/m2/s], with complexes."""
        c = self.concentration(u)
        _, diffusivity, transference = self._effective(c, media)
        pores = self._pore_current(u, media) / (self._charge * FARADAY)
        walls = self._wall_current(u, media) / (self._charge * FARADAY)
        salt = -diffusivity * c * media.along(ufl.grad(u[0])) - (1 - transference) * pores
        own = {self._cation: salt + pores + walls, self._anion: self._anions * salt}
        return own | self._trace_fluxes(u, media)

    def ohmic_dissipation(self, u: Expr, media: LiquidMedia) -> Expr:
        """i_l^2/kappa of pores and walls, in units of RT/F."""
        pores = self._pore_current(u, media)
        kappa, _, _ = self._effective(self.concentration(u), media)
        ohmic = ufl.inner(pores, media.resisted(pores)) / kappa / self._thermal_voltage
        return ohmic - ufl.inner(self._wall_current(u, media), ufl.grad(u[1]))

    def dissipation(self, u: Expr, media: LiquidMedia) -> Expr:
        """i . (-grad Phi) of the salt, and F N_k . (-grad mu_k) of traces."""
        power = ufl.inner(self._salt_current(u, media), ufl.grad(u[1]))
        for k, flux in enumerate(self._trace_fluxes(u, media).values()):
            power = power + FARADAY * ufl.inner(flux, ufl.grad(u[2 + k]))
        return -power

    def normal_field(self, rates: Rates, charge: Expr, u: Expr, media: LiquidMedia) -> Expr:
        """Ohm's law and the diffusion potential of the salt, with N_- . n = -w_-/F and
        i . n = -i_F of its own ions."""
        c = self.concentration(u)
        kappa, diffusivity, transference = self._effective(c, media)
        blocked = (1 - transference) / self._charge
        slope = self._polarising(transference) * self._salt.activity_slope(c)
        # Volt per flux [mol/m2/s] of salt, times F.
        polarising = self._thermal_voltage * slope / (FARADAY * diffusivity * c)
        walls = FARADAY * self._charge**2 * media.surface_transport / self._thermal_voltage
        pores = 1 / (1 / kappa + polarising * blocked)
        current = self._salt_charge_of(rates)
        if self._anion in rates:
            current = current + pores * polarising * rates[self._anion] / self._anions
        return -current / (pores + walls)

    def ion_current(self, ion: str, rows: Array) -> Array:
        """Anion and traces have rows of their own; cations carry the rest of the current."""
        own = {name: k for k, name in self.conserved.items()}
        if ion in own:
            return -rows[:, own[ion]]
        rest = self.ionic_current(rows)
        for name, charge in self._traces.carried.items():
            rest = rest + charge * rows[:, own[name]]
        return rest / self._charge - rows[:, 0] / self._anions

    def ionic_current(self, rows: Array) -> Array:
        """The row of charge."""
        return -rows[:, 1]

    def _polarising(self, transference: Expr) -> Expr:
        """(nu/(z+ nu+)) (1 - t+), the factor of the diffusion potential for s+ = -1 and n = z+;
        Newman & Thomas-Alyea, eq. 12.27."""
        return (1 / self._charge + 1 / self._anion_charge) * (1 - transference)

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
