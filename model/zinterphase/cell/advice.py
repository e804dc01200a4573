"""Is a case inside the validity of its level, and in which regime does it run."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from zinterphase.case import Case
from zinterphase.case.bounds import CURRENT_DENSITY
from zinterphase.case.levels import LEVELS
from zinterphase.case.temperature import known_elsewhere_only
from zinterphase.cell.characteristic import (
    apparent_conductivity_of,
    conductivity,
    limiting_current,
    limiting_definition,
    polarisation_resistance,
    resistances,
)
from zinterphase.cell.consequences import consequences
from zinterphase.cell.electrodes import Cell, cell_of
from zinterphase.cell.finding import Finding
from zinterphase.cell.level_advice import THIN, level_finding
from zinterphase.cell.precipitation import supersaturation
from zinterphase.cell.stack import Stack
from zinterphase.errors import CaseError
from zinterphase.materials.library import parameter


@dataclass(frozen=True)
class Regime:
    """Lengths [m], currents [A/m2] and ratios that place a case.

    ``limiting_current`` follows ``limiting_definition``, infinite without a limit, NaN where it is
    not known; ``polarisation_resistance`` [ohm m2] is
    d|eta|/di of the reacting metal at the mean current. ``apparent_conductivity`` [S/m] counts
    polarisation of the salt as ohmic where the level knows it; ``wagner_length`` is that times
    R_ct [m] and ``wagner_number`` the length over the cell's width, on a line over the liquid's
    thickness, where it is the ratio of kinetic to ohmic resistance.
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
    """Place ``case``; raises :class:`CaseError` only for a stack without a path for currents.

    One with a protocol is placed at its largest current density.
    """
    given, case = case, case.at_largest_current()
    cell = cell_of(case)
    bulk, stack = cell.bulk, cell.stack
    exchange = cell.working.surface.main.equilibrium.exchange_current_density
    current = case.control.current_density
    kappa = conductivity(bulk)
    resistance = polarisation_resistance(cell.working.surface, bulk, current)
    limiting = limiting_current(case, bulk, stack)
    apparent = apparent_conductivity_of(cell, kappa, resistance, current)
    regime = Regime(
        debye_length=bulk.debye_length,
        ion_size=parameter("electrolyte.radius_hyd_Zn").si,
        limiting_current=limiting,
        limiting_definition=limiting_definition(case, bulk, limiting),
        current=current,
        exchange_current=exchange,
        polarisation_resistance=resistance,
        conductivity=kappa,
        apparent_conductivity=apparent,
        wagner_length=apparent * resistance,
        wagner_number=apparent * resistance / _extent(case, stack),
        findings=(),
    )
    return replace(regime, findings=tuple(_findings(cell, regime, given)))


def _extent(case: Case, stack: Stack) -> float:
    """Length over which the current may spread, or falls along a line [m]."""
    if case.geometry.extents:
        return case.geometry.extents[0]
    return sum(layer.thickness for layer in case.layers if layer.name in stack.liquid)


def require_valid(case: Case) -> Regime:
    """Regime of ``case``; raises :class:`CaseError` when it is refused and not accepted."""
    regime = regime_of(case)
    require_accepted(case, regime.findings)
    return regime


def require_accepted(case: Case, findings: Iterable[Finding]) -> None:
    """Raise :class:`CaseError` for the first finding that refuses ``case``, if not accepted."""
    refusal = next((f for f in findings if f.severity == "refusal"), None)
    if refusal is not None and not case.accept_invalid:
        raise CaseError(refusal.field, _value(case, refusal.field), refusal.text)


def _findings(cell: Cell, regime: Regime, given: Case) -> list[Finding]:
    """Of ``cell`` at one current, and of the case as it is ``given``, with its protocol."""
    case, stack = cell.case, cell.stack
    return [
        *_temperature(case),
        *_double_layer(case, regime),
        *_wall_law(case, regime),
        *_without_effect(case),
        *_pores(case, regime, stack),
        *_transport_limit(case, regime, bool(given.protocol)),
        *_filling(case, stack),
        *supersaturation(case, cell.bulk),
        *consequences(cell),
        level_finding(given, regime),
    ]


def _temperature(case: Case) -> list[Finding]:
    fields = known_elsewhere_only(case)
    if not fields:
        return []
    text = (
        f"{parameter('constants.T').si:g} K, where the library knows {', '.join(fields)}; "
        "give them at this temperature (ions as electrolyte.species, potentials by reference = "
        '"Zn"), or accept_invalid = true'
    )
    return [Finding("refusal", "temperature", text)]


def _double_layer(case: Case, regime: Regime) -> list[Finding]:
    if not LEVELS[case.level].double_layer:
        return []
    lengths = f"Debye length {regime.debye_length * 1e9:.3g} nm"
    if regime.debye_length < regime.ion_size:
        text = (
            f"up to the concentration where the Debye length ({regime.debye_length * 1e9:.3g} nm "
            f"here) is the ion size ({regime.ion_size * 1e9:.3g} nm): mean-field PNP is outside "
            "its validity above; take level = concentrated, or accept_invalid = true"
        )
        return [Finding("refusal", "electrolyte.concentration", text)]
    thin = [x for x in case.layers if x.meshed and x.thickness < THIN * regime.debye_length]
    return [
        Finding("warning", f"layers.{x.name}.thickness", f"below 5 Debye lengths: {lengths}")
        for x in thin
    ]


def _wall_law(case: Case, regime: Regime) -> list[Finding]:
    """Thin layers are mean-field too."""
    if case.wall_law == "none" or regime.debye_length >= regime.ion_size:
        return []
    text = (
        f"an extrapolation: the Debye length, {regime.debye_length * 1e9:.3g} nm, is below the ion "
        f"size, {regime.ion_size * 1e9:.3g} nm"
    )
    return [Finding("warning", "wall_law", text)]


def _without_effect(case: Case) -> list[Finding]:
    """Charges that the level does not see."""
    text, facts = f"no effect at level {case.level}", LEVELS[case.level]
    findings = [
        Finding("warning", f"layers.{layer.name}.{name}", text)
        for layer in case.layers
        for name, seen in (
            ("fixed_charge", facts.concentrations),
            ("surface_charge", facts.double_layer),
        )
        if getattr(layer, name) != 0.0 and not seen
    ]
    findings += [
        Finding("warning", f"layers.{layer.name}.packing.{name}", text)
        for layer in case.layers
        for name in ("surface_charge", "regulation", "permittivity")
        if layer.packing is not None and getattr(layer.packing, name) and not facts.double_layer
    ]
    unseen = not facts.double_layer and case.wall_law == "none"
    return findings + [
        Finding("warning", f"kinetics.{name}.patches.pzc", "no effect without wall_law, or pnp")
        for name, kinetics in case.kinetics.items()
        if unseen and kinetics.patches is not None and kinetics.patches.pzc is not None
    ]


def _pores(case: Case, regime: Regime, stack: Stack) -> list[Finding]:
    """Smearing charge over a pore needs overlapping double layers."""
    findings, facts = [], LEVELS[case.level]
    for layer in (layer for layer in case.layers if layer.name in stack.liquid):
        medium = layer.medium
        metal = facts.double_layer and layer.name in stack.porous + stack.opposite
        charged = metal or (facts.concentrations and medium.fixed_charge != 0.0)
        radius = medium.pore_radius
        if charged and radius > 2 * regime.debye_length:
            text = (
                f"pore radius {radius * 1e9:.3g} nm exceeds 2 Debye lengths "
                f"({2 * regime.debye_length * 1e9:.3g} nm): smeared charge overstates its effect"
            )
            findings.append(Finding("warning", f"layers.{layer.name}", text))
    return findings


def _filling(case: Case, stack: Stack) -> list[Finding]:
    """How a closed cell got its ions decides what charged pores leave to the rest."""
    charges = [x.fixed_charge for x in resistances(case, stack)]
    if case.counter.type == "reservoir" or not any(charges):
        return []
    how = {
        "equilibrium": "charged pores were filled in equilibrium with the bulk (Donnan)",
        "bulk": "charged pores were filled with liquid of the bulk's composition",
    }
    text = f"{how[case.counter.filling]}; the cell keeps these amounts"
    return [Finding("note", "counter.filling", text)]


def _transport_limit(case: Case, regime: Regime, in_time: bool) -> list[Finding]:
    if case.control.current_density is None:
        return []
    text = beyond_limit(case, regime, case.control.current_density)
    if text is None:
        return []
    if in_time:
        return [Finding("warning", "protocol", text + ": the electrode is depleted after a time")]
    if LEVELS[case.level].double_layer:
        return [Finding("warning", "control.current_density", text)]
    return [Finding("refusal", "control.current_density", text + ": no steady state beyond it")]


def beyond_limit(case: Case, regime: Regime, current: float) -> str | None:
    """What to say of a mean current density [A/m2] beyond the limit; None below it.

    Dissolution into a reservoir has no limit; in a closed cell the other electrode plates.
    """
    fraction = abs(current) / regime.limiting_current
    if not fraction > 1.0 or (current > 0 and case.counter.type == "reservoir"):
        return None
    limit = f"{regime.limiting_current / 10:.3g} mA/cm^2"
    return f"below the limiting current {limit} (i/i_lim = {fraction:.3g})"


def notices(case: Case, findings: Iterable[Finding]) -> tuple[str, ...]:
    """What is worth knowing, warnings of the case first, one line each."""
    return (*(f"warning: {text}" for text in case.warnings), *map(str, findings))


def require_sensible_current(case: Case, current: float) -> None:
    """Raise :class:`CaseError` for a solved mean current density [A/m2] that no cell carries."""
    if not CURRENT_DENSITY.holds(current):
        drive = case.control.potential
        field, shown = "control.potential", f"{drive:g} V" if drive is not None else "given"
        allowed = f"what drives {CURRENT_DENSITY} A/m^2; this gives {current:.3g} A/m^2"
        raise CaseError(field, shown, allowed)


def require_below_limit(case: Case, regime: Regime, current: float) -> None:
    """Refuse a solved mean current density that a level without depletion cannot know is too high.

    Raises :class:`CaseError` unless the case accepts it.
    """
    text = beyond_limit(case, regime, current)
    unknown = not LEVELS[case.level].concentrations
    if unknown and text is not None and not case.accept_invalid:
        raise CaseError("control", f"{current / 10:g} mA/cm^2", text)


def _value(case: Case, field: str) -> str:
    if field == "front.surface_energy" and case.front is not None:
        return f"{case.front.surface_energy:g} J/m^2"
    if field == "electrolyte.concentration" and case.electrolyte.concentration is not None:
        return f"{case.electrolyte.concentration / 1000:g} mol/L"
    if field == "temperature":
        return f"{case.temperature:g} K"
    if field == "control.current_density" and case.control.current_density is not None:
        return f"{case.control.current_density / 10:g} mA/cm^2"
    return "given"
