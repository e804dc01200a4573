"""Solids that a cell's liquid may be supersaturated with."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

from zinterphase.case import Case
from zinterphase.case.equation import read_formation
from zinterphase.case.precipitates import Precipitate
from zinterphase.cell.bulk import Bulk
from zinterphase.cell.finding import Finding
from zinterphase.materials.aqueous import LITRE
from zinterphase.materials.electrolyte import ln_water_activity
from zinterphase.materials.solids import (
    EQUATIONS,
    ZINC_HYDROXIDE,
    ZINC_HYDROXIDE_SULFATE,
    dissolved_in,
    formation_constant,
)
from zinterphase.physics.precipitation import ln_saturation
from zinterphase.scales import LN10

_JUST = 0.1
"""Saturation index of a bulk that may count as saturated: constants are known as well as that."""
_QUICK = (ZINC_HYDROXIDE_SULFATE, ZINC_HYDROXIDE)


@dataclass(frozen=True)
class Solid:
    """A solid in touch with the liquid: when it dissolves it gives ``dissolved`` species.

    ``ions`` are the same in ions that have an unknown each (OH- is one H+ less), ``ln_saturation``
    is ln Omega at the liquid's reference composition, ``root`` the n of its rate.
    """

    name: str
    dissolved: Mapping[str, float]
    ions: Mapping[str, float]
    ln_saturation: float

    @property
    def root(self) -> float:
        """The largest number of one species: with it a rate is of first order in that."""
        return max(abs(number) for number in self.dissolved.values())

    def index(self, bulk: Bulk) -> float:
        """Saturation index log10 Omega of a reservoir's liquid."""
        ratios = {
            name: log(bulk.activity_ratio(name, bulk.held(name), bulk.reference(name)))
            for name in self.dissolved
        }
        return float(ln_saturation(self.ln_saturation, self.dissolved, ratios)) / LN10


@dataclass(frozen=True)
class Precipitating(Solid):
    """A solid of the case that forms and dissolves, by its ``table``; it ``reacts`` where electrode
    reactions form and use it too."""

    table: Precipitate
    reacts: bool = False


def precipitating(case: Case, bulk: Bulk) -> tuple[Precipitating, ...]:
    """The solids of the case."""
    formed = {
        r.precipitate for kinetics in case.kinetics.values() for r in kinetics.further.values()
    }
    return tuple(
        Precipitating(
            *_parts(bulk, name, table.dissolved, table.water, table.log_K), table, name in formed
        )
        for name, table in case.electrolyte.precipitates.items()
    )


def solids_of(case: Case, bulk: Bulk) -> tuple[Solid, ...]:
    """Those of the case and what else the library knows that the liquid's species can form."""
    found: list[Solid] = list(precipitating(case, bulk))
    for name, text in EQUATIONS.items():
        if name in case.electrolyte.precipitates or not dissolved_in(name) <= set(bulk.charges):
            continue
        formation = read_formation(text, name, bulk.charges)
        constant = float(formation_constant(name).value)
        found.append(Solid(*_parts(bulk, name, formation.dissolved, formation.water, constant)))
    return tuple(found)


def supersaturation(case: Case, bulk: Bulk) -> list[Finding]:
    """A warning where the bulk is no liquid that lasts; zinc oxide, which forms slowly, left out
    unless the case has it."""
    known = [s for s in solids_of(case, bulk) if isinstance(s, Precipitating) or s.name in _QUICK]
    over = [f"{s.name} (index {s.index(bulk):.2g})" for s in known if s.index(bulk) > _JUST]
    if not over:
        return []
    text = f"the bulk is supersaturated with {', '.join(over)}"
    return [Finding("warning", "electrolyte.pH", text)]


def _parts(
    bulk: Bulk, name: str, dissolved: Mapping[str, float], water: float, log_k: float
) -> tuple[str, Mapping[str, float], Mapping[str, float], float]:
    product = sum(number * _ln_activity(bulk, species) for species, number in dissolved.items())
    return (
        name,
        dissolved,
        bulk.in_ions(dissolved),
        LN10 * log_k + product + water * _ln_water(bulk),
    )


def _ln_activity(bulk: Bulk, species: str) -> float:
    """At the reference composition, on the scale of mol/L (of mol/kg where it is measured)."""
    reference = bulk.reference(species)
    if bulk.salt is not None and species in bulk.names[:2]:
        return log(bulk.salt.activity(reference))
    return log(reference / LITRE)


def _ln_water(bulk: Bulk) -> float:
    """Of the bulk, where the salt's activity is measured; in an ideal solution it is pure."""
    return ln_water_activity(bulk.reference(bulk.names[0])) if bulk.measured_activity else 0.0
