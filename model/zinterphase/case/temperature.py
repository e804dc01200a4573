"""Which values of a case are known at the temperature of the library only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zinterphase.case.levels import LEVELS
from zinterphase.materials.electrolyte import Salt
from zinterphase.materials.library import parameter

if TYPE_CHECKING:
    from zinterphase.case.schema import Case

_NEGLIGIBLE = 0.5
"""K; no property of the library changes by more than its uncertainty over it."""


def known_elsewhere_only(case: Case) -> list[str]:
    """Return the fields that enter the case with library values of another temperature.

    The library has activation energies for the exchange current density and for what moves in a
    salt; on the scale of zinc the equilibrium potential follows from the bulk. Everything else it
    knows at 298.15 K alone.
    """
    if abs(case.temperature - parameter("constants.T").si) <= _NEGLIGIBLE:
        return []
    salt = ["electrolyte.salt"] if case.electrolyte.salt and not _salt_moves(case) else []
    library = [entry.field for entry in case.provenance if entry.confidence]
    return salt + [field for field in library if _enters(case, field)]


def in_range_of_arrhenius(temperature: float) -> bool:
    """Return whether the library's activation energy may be used at a temperature [K]."""
    low, high = parameter("constants.T").si_range or (temperature, temperature)
    return low <= temperature <= high


def salt_at(salt: Salt, temperature: float) -> Salt:
    """Return a salt at a temperature [K], where its activation energies may be used."""
    return salt.at(temperature) if in_range_of_arrhenius(temperature) else salt


def _salt_moves(case: Case) -> bool:
    """Whether all that is taken from the salt is known at the case's temperature: not the single
    ions, and no equilibria beside it."""
    liquid = case.electrolyte
    beside = liquid.pH is not None or liquid.oxygen is not None or bool(liquid.complexes)
    known = liquid.salt is not None and liquid.known_salt.activation is not None
    return known and not case.ideal and not beside and in_range_of_arrhenius(case.temperature)


def _enters(case: Case, field: str) -> bool:
    """Whether a property depends on the temperature and the case uses it."""
    table, name, key = field.split(".")[0], field.split(".")[1], field.split(".")[-1]
    facts = LEVELS[case.level]
    charged = facts.double_layer or case.wall_law != "none"
    match table, key:
        case "electrolyte" | "layers", "permittivity":
            return charged
        case "electrolyte", "conductivity":
            return not facts.concentrations and not _salt_moves(case)
        case "layers", "electronic_conductivity":
            return case.layer(name).potential == "resolved"
        case "layers", "conductivity" | "flat_band":
            return True
        case "kinetics", "pzc" | "stern_capacitance":
            return charged
        case "kinetics", "exchange_current_density":
            return facts.kinetics and not in_range_of_arrhenius(case.temperature)
        case "kinetics", "formal_potential":
            return case.reference == "SHE"
        case "kinetics", "overpotential":
            return facts.kinetics
    return False
