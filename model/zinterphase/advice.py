"""Is a case inside the validity of its level, and in which regime does it run."""

from dataclasses import dataclass
from math import inf, sqrt
from typing import Literal

import numpy as np
from scipy.optimize import brentq

from zinterphase.case import Case, Layer
from zinterphase.errors import CaseError
from zinterphase.materials.electrolyte import activity_slope
from zinterphase.materials.library import parameter
from zinterphase.physics.polarisation import apparent_conductivity
from zinterphase.physics.transport import transport_factor
from zinterphase.scales import FARADAY
from zinterphase.solve.bulk import Bulk, bulk_of
from zinterphase.solve.stack import Stack, stack_of

Severity = Literal["note", "warning", "refusal"]
LIMITING_DEFINITION = {
    "reservoir": "z F D c/((1-t+) sum(h/f)): binary salt, bulk at the far side, with migration",
    "electrode": "2 z F D c/((1-t+) sum(h/f)): binary salt, two electrodes, with migration",
}
NO_POLARISATION = 0.1
"""i/i_lim up to which the concentration at the electrode may be taken for the bulk's."""


@dataclass(frozen=True)
class Finding:
    """One line of advice; ``field`` names what to change."""

    severity: Severity
    field: str
    text: str


@dataclass(frozen=True)
class Regime:
    """Lengths [m], currents [A/m2] and ratios that place a case.

    ``limiting_current`` follows ``limiting_definition``; ``polarisation_resistance`` [ohm m2] is
    d|eta|/di of the reacting metal at the mean current. ``apparent_conductivity`` [S/m] counts
    polarisation of the salt as ohmic where the level knows it; ``wagner_length`` is that times
    R_ct [m] and ``wagner_number`` the length over the cell's width.
    """

    debye_length: float
    ion_size: float
    limiting_current: float
    limiting_definition: str
    current: float | None
    exchange_current: float
    polarisation_resistance: float
    conductivity: float
    apparent_conductivity: float
    wagner_length: float
    wagner_number: float
    findings: tuple[Finding, ...]

    @property
    def limiting_fraction(self) -> float | None:
        """|i| / i_lim, None where the potential is imposed."""
        return None if self.current is None else abs(self.current) / self.limiting_current

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """Findings that stop a run unless the case accepts them."""
        return tuple(f for f in self.findings if f.severity == "refusal")


def regime_of(case: Case) -> Regime:
    """Place ``case``; raises :class:`CaseError` only for a stack without a path for currents."""
    bulk, stack = bulk_of(case), stack_of(case)
    kinetics = case.kinetics[stack.metal]
    exchange = bulk.equilibrium(kinetics).exchange_current_density
    current = case.control.current_density
    kappa = bulk.conductivity or _ideal_conductivity(bulk)
    resistance = _polarisation_resistance(case, bulk, exchange)
    limiting = limiting_current(case, bulk, stack)
    apparent = _apparent_conductivity(case, bulk, kappa, resistance)
    regime = Regime(
        debye_length=bulk.debye_length,
        ion_size=parameter("electrolyte.radius_hyd_Zn").si,
        limiting_current=limiting,
        limiting_definition=LIMITING_DEFINITION[case.counter.type],
        current=current,
        exchange_current=exchange,
        polarisation_resistance=resistance,
        conductivity=kappa,
        apparent_conductivity=apparent,
        wagner_length=apparent * resistance,
        wagner_number=apparent * resistance / case.geometry.width,
        findings=(),
    )
    return Regime(**{**regime.__dict__, "findings": tuple(_findings(case, regime, stack))})


def require_valid(case: Case) -> Regime:
    """Regime of ``case``; raises :class:`CaseError` when it is refused and not accepted."""
    regime = regime_of(case)
    if regime.refusals and not case.accept_invalid:
        finding = regime.refusals[0]
        raise CaseError(finding.field, _value(case, finding.field), finding.text)
    return regime


def limiting_current(case: Case, bulk: Bulk, stack: Stack) -> float:
    """Limiting current density [A/m2]; see ``LIMITING_DEFINITION``.

    Levels with measured properties take the salt's measured diffusivity and transference number,
    `pnp` its own ions. More than two ions: the reactant alone, without migration.
    """
    kinetics = case.kinetics[stack.metal]
    ion = bulk.ion(kinetics.reactant)
    sides = 2.0 if case.counter.type == "electrode" else 1.0
    thickness = sum(
        layer.thickness / _factor(layer) for layer in case.layers if layer.name in stack.liquid
    )
    mobility = _cation_mobility(bulk, kinetics.reactant)
    return sides * ion.charge * FARADAY * mobility * ion.concentration / thickness


def _cation_mobility(bulk: Bulk, reactant: str) -> float:
    """D/(1-t+) of the binary salt [m2/s]."""
    ion = bulk.ion(reactant)
    others = [s for s in bulk.species if s.name != reactant]
    if len(others) != 1:
        return ion.diffusivity
    if not bulk.measured_activity:
        return ion.diffusivity * (1 + ion.charge / abs(others[0].charge))
    return _measured("D_salt", ion.concentration) / (1 - _measured("t_plus", ion.concentration))


def _apparent_conductivity(case: Case, bulk: Bulk, kappa: float, resistance: float) -> float:
    """Conductivity [S/m] with polarisation; without it for more than two ions."""
    kinetics = case.kinetics[stack_of(case).metal]
    ion = bulk.ion(kinetics.reactant)
    if case.level in ("primary", "secondary") or len(bulk.species) != 2:
        return kappa
    other = next(s for s in bulk.species if s.name != ion.name)
    slope, diffusivity = 1.0, 2 * ion.diffusivity * other.diffusivity
    diffusivity /= ion.diffusivity + other.diffusivity
    transference = ion.diffusivity / (ion.diffusivity + other.diffusivity)
    if bulk.measured_activity:
        slope = activity_slope(ion.concentration)
        diffusivity = _measured("D_salt", ion.concentration)
        transference = _measured("t_plus", ion.concentration)
    rate = kinetics.alpha_a / ion.charge * slope
    return apparent_conductivity(
        kappa,
        diffusivity,
        transference,
        slope,
        ion.concentration,
        ion.charge,
        bulk.thermal_voltage,
        resistance * abs(case.control.current_density or 0.0) * rate,
    )


def _measured(name: str, concentration: float) -> float:
    """Salt property, piecewise linear in the root of the concentration between the rows."""
    rows = {0.0: "inf", 100.0: "0p1M", 1000.0: "1M", 2000.0: "2M"}
    values = [parameter(f"electrolyte.{name}_{row}").si for row in rows.values()]
    return float(np.interp(sqrt(concentration), np.sqrt(list(rows)), values))


def _factor(layer: Layer) -> float:
    medium = layer.medium
    return transport_factor(medium.porosity, medium.tortuosity_factor, medium.constrictivity)


def _ideal_conductivity(bulk: Bulk) -> float:
    """Nernst-Einstein conductivity [S/m]."""
    strength = sum(s.charge**2 * s.diffusivity * s.concentration for s in bulk.species)
    return FARADAY * strength / bulk.thermal_voltage


def _polarisation_resistance(case: Case, bulk: Bulk, exchange: float) -> float:
    """d|eta|/di [ohm m2] of uniform Butler-Volmer kinetics at the mean current."""
    kinetics = case.kinetics[stack_of(case).metal]
    charge = bulk.ion(kinetics.reactant).charge
    if kinetics.form == "linear" or case.control.current_density is None:
        return bulk.thermal_voltage / (charge * exchange)
    a, c = kinetics.alpha_a, kinetics.alpha_c
    relative = case.control.current_density / exchange

    def excess(eta: float) -> float:
        return float(np.exp(a * eta) - np.exp(-c * eta)) - relative

    reach = np.log1p(abs(relative)) / min(a, c) + 1.0
    eta = brentq(excess, -reach, reach)
    slope = a * np.exp(a * eta) + c * np.exp(-c * eta)
    return float(bulk.thermal_voltage / (exchange * slope))


def _findings(case: Case, regime: Regime, stack: Stack) -> list[Finding]:
    return [
        *_double_layer(case, regime),
        *_without_effect(case),
        *_pores(case, regime, stack),
        *_transport_limit(case, regime),
        _recommended(case, regime),
    ]


def _double_layer(case: Case, regime: Regime) -> list[Finding]:
    if case.level != "pnp":
        return []
    lengths = f"Debye length {regime.debye_length * 1e9:.3g} nm"
    if regime.debye_length < regime.ion_size:
        text = (
            f"up to the concentration where the Debye length ({regime.debye_length * 1e9:.3g} nm "
            f"here) is the ion size ({regime.ion_size * 1e9:.3g} nm): mean-field PNP is outside "
            "its validity above; take level = concentrated, or accept_invalid = true"
        )
        return [Finding("refusal", "electrolyte.concentration", text)]
    thin = [x for x in case.layers if x.meshed and x.thickness < 5 * regime.debye_length]
    return [
        Finding("warning", f"layers.{x.name}.thickness", f"below 5 Debye lengths: {lengths}")
        for x in thin
    ]


def _without_effect(case: Case) -> list[Finding]:
    """Charges that the level does not see."""
    seen = {"pnp": ("fixed_charge", "surface_charge"), "concentrated": ("fixed_charge",)}
    text = f"0: it has no effect at level {case.level}"
    return [
        Finding("warning", f"layers.{layer.name}.{name}", text)
        for layer in case.layers
        for name in ("fixed_charge", "surface_charge")
        if getattr(layer, name) != 0.0 and name not in seen.get(case.level, ())
    ]


def _pores(case: Case, regime: Regime, stack: Stack) -> list[Finding]:
    """Smearing charge over a pore needs overlapping double layers."""
    findings = []
    for layer in case.layers:
        medium = layer.medium
        metal = case.level == "pnp" and layer.name in stack.porous
        charged = metal or (case.level in ("pnp", "concentrated") and medium.fixed_charge != 0.0)
        radius = 2 * medium.porosity / medium.specific_area if medium.specific_area else inf
        if charged and radius > 2 * regime.debye_length:
            text = (
                f"pore radius {radius * 1e9:.3g} nm exceeds 2 Debye lengths "
                f"({2 * regime.debye_length * 1e9:.3g} nm): smeared charge overstates its effect"
            )
            findings.append(Finding("warning", f"layers.{layer.name}", text))
    return findings


def _transport_limit(case: Case, regime: Regime) -> list[Finding]:
    if case.control.current_density is None:
        return []
    text = beyond_limit(case, regime, case.control.current_density)
    if text is None:
        return []
    charged = any(layer.medium.fixed_charge < 0 for layer in case.layers)
    if case.level == "pnp" or (case.level == "concentrated" and charged):
        return [Finding("warning", "control.current_density", text)]
    return [Finding("refusal", "control.current_density", text + ": no steady state beyond it")]


def beyond_limit(case: Case, regime: Regime, current: float) -> str | None:
    """What to say of a mean current density [A/m2] beyond the limit; None below it.

    Dissolution into a reservoir has no limit; in a closed cell the other electrode plates.
    """
    fraction = abs(current) / regime.limiting_current
    if fraction <= 1.0 or (current > 0 and case.counter.type == "reservoir"):
        return None
    limit = f"{regime.limiting_current / 10:.3g} mA/cm^2"
    return f"below the limiting current {limit} (i/i_lim = {fraction:.3g})"


def require_below_limit(case: Case, regime: Regime, current: float) -> None:
    """Refuse a solved mean current density that a level without depletion cannot know is too high.

    Raises :class:`CaseError` unless the case accepts it.
    """
    text = beyond_limit(case, regime, current)
    if case.level in ("secondary", "primary") and text is not None and not case.accept_invalid:
        raise CaseError("control", f"{current / 10:g} mA/cm^2", text)


def _recommended(case: Case, regime: Regime) -> Finding:
    """Which of the levels is valid here, and why."""
    fraction = regime.limiting_fraction
    debye = f"Debye length {regime.debye_length * 1e9:.3g} nm"
    ion = f"ion size {regime.ion_size * 1e9:.3g} nm"
    if regime.debye_length >= regime.ion_size:
        text = f"pnp is valid ({debye}, {ion}); secondary gives the ohmic part only"
        return Finding("note", "level", text)
    share = "" if fraction is None else f", i/i_lim = {fraction:.2g}"
    if fraction is None or fraction <= NO_POLARISATION:
        valid = "concentrated and secondary are valid"
    else:
        valid = "concentrated is valid, secondary ignores depletion"
    return Finding("note", "level", f"{valid}; pnp is not ({debye}, {ion}{share})")


def _value(case: Case, field: str) -> str:
    if field == "electrolyte.concentration" and case.electrolyte.concentration is not None:
        return f"{case.electrolyte.concentration / 1000:g} mol/L"
    if field == "control.current_density" and case.control.current_density is not None:
        return f"{case.control.current_density / 10:g} mA/cm^2"
    return "given"
