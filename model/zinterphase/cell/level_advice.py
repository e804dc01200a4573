"""Which levels of theory are valid for a case, which it cannot use, and what of the one in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zinterphase.case import Case
from zinterphase.case.level_checks import refusal_at
from zinterphase.case.levels import LEVELS, Facts
from zinterphase.cell.finding import Finding

if TYPE_CHECKING:
    from zinterphase.cell.advice import Regime

NO_POLARISATION = 0.1
"""i/i_lim up to which the concentration at the electrode may be taken for the bulk's."""
NO_KINETICS = 0.1
"""Wagner number up to which the kinetic resistance may be left out."""
THIN = 5.0
"""Debye lengths from which on a layer has an electroneutral inside."""


@dataclass(frozen=True)
class Verdict:
    """A level for a case: what speaks against it; nothing where it is valid.

    ``usable`` is False where the case cannot be run at it; ``proviso`` is what the solution has
    still to show.
    """

    level: str
    usable: bool
    against: str = ""
    proviso: str = ""

    @property
    def valid(self) -> bool:
        """Whether the level may be used and nothing speaks against it."""
        return self.usable and not self.against


def level_finding(case: Case, regime: Regime) -> Finding:
    """Judge the level in use, a warning where it is not valid, and name the others."""
    verdicts = {level: verdict(case, regime, level) for level in LEVELS}
    used = verdicts.pop(case.level)
    parts = [f"{used.level} {'is valid' if used.valid else 'is not valid'}"]
    if used.against or used.proviso:
        parts[0] += f": {used.against or used.proviso}"
    for title, chosen in (
        ("also valid" if used.valid else "valid", [v for v in verdicts.values() if v.valid]),
        ("not valid", [v for v in verdicts.values() if v.usable and not v.valid]),
        ("not for this case", [v for v in verdicts.values() if not v.usable]),
    ):
        if chosen:
            parts.append(f"{title}: {_listed(chosen)}")
    if not used.valid and not any(v.valid for v in verdicts.values()):
        parts.insert(1, "no level is valid here")
    return Finding("note" if used.valid else "warning", "level", "; ".join(parts))


def _listed(verdicts: list[Verdict]) -> str:
    """Levels with their remarks, those with the same one together."""
    by_remark: dict[str, list[str]] = {}
    for found in verdicts:
        by_remark.setdefault(found.against or found.proviso, []).append(found.level)
    return ", ".join(
        f"{' and '.join(names)} ({remark})" if remark else ", ".join(names)
        for remark, names in by_remark.items()
    )


def verdict(case: Case, regime: Regime, level: str) -> Verdict:
    """Judge one level for a case."""
    refusal = refusal_at(case, level)
    if refusal is not None:
        return Verdict(level, usable=False, against=f"{refusal.field}: {refusal.allowed}")
    facts = LEVELS[level]
    against = [
        *_of_ions(regime, facts),
        *_of_depletion(regime, facts),
        *_of_kinetics(regime, facts),
        *_of_double_layers(case, regime, facts),
    ]
    proviso = ""
    if not facts.concentrations and regime.limiting_fraction is None:
        proviso = f"while i/i_lim stays below {NO_POLARISATION:g}"
    return Verdict(level, True, ", ".join(against), proviso)


def _of_ions(regime: Regime, facts: Facts) -> list[str]:
    """Point charges in a mean field, and ideal ions, end where the Debye length is an ion's."""
    if not facts.ideal or regime.debye_length >= regime.ion_size:
        return []
    lengths = f"{regime.debye_length * 1e9:.3g} nm, below the ion size, {regime.ion_size * 1e9:.3g}"
    return [f"ideal ions at a Debye length of {lengths} nm"]


def _of_depletion(regime: Regime, facts: Facts) -> list[str]:
    fraction = regime.limiting_fraction
    if facts.concentrations or fraction is None or not fraction > NO_POLARISATION:
        return []
    return [f"ignores depletion at i/i_lim = {fraction:.2g}"]


def _of_kinetics(regime: Regime, facts: Facts) -> list[str]:
    if facts.kinetics or regime.wagner_number <= NO_KINETICS:
        return []
    return [f"ignores kinetics at a Wagner number of {regime.wagner_number:.2g}"]


def _of_double_layers(case: Case, regime: Regime, facts: Facts) -> list[str]:
    """A level without double layers needs layers, and pores, that they do not fill."""
    if facts.double_layer:
        return []
    thinnest = min((x for x in case.layers if x.porosity > 0.0), key=lambda x: x.thickness)
    if thinnest.thickness >= THIN * regime.debye_length:
        return []
    lengths = f"{thinnest.thickness / regime.debye_length:.2g} Debye lengths"
    return [f"no double layers, and {thinnest.name} is {lengths} thick"]
