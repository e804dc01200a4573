"""Which values of a case are known at the temperature of the library only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zinterphase.materials.library import parameter

if TYPE_CHECKING:
    from zinterphase.case.schema import Case

_NEGLIGIBLE = 0.5
"""K; no property of the library changes by more than its uncertainty over it."""


def known_elsewhere_only(case: Case) -> list[str]:
    """Return the fields that enter the case with library values of another temperature.

    The library has an activation energy for the exchange current density; on the scale of zinc the
    equilibrium potential follows from the bulk. Everything else it knows at 298.15 K alone.
    """
    if abs(case.temperature - parameter("constants.T").si) <= _NEGLIGIBLE:
        return []
    salt = ["electrolyte.salt"] if case.electrolyte.salt else []
    library = [entry.field for entry in case.provenance if entry.confidence]
    return salt + [field for field in library if _enters(case, field)]


def in_range_of_arrhenius(temperature: float) -> bool:
    """Return whether the library's activation energy may be used at a temperature [K]."""
    low, high = parameter("constants.T").si_range or (temperature, temperature)
    return low <= temperature <= high


def _enters(case: Case, field: str) -> bool:
    """Whether a property depends on the temperature and the case uses it."""
    table, name, key = field.split(".")[0], field.split(".")[1], field.split(".")[-1]
    charged = case.level == "pnp" or case.wall_law != "none"
    match table, key:
        case "electrolyte" | "layers", "permittivity":
            return charged
        case "electrolyte", "conductivity":
            return case.level in ("secondary", "primary")
        case "layers", "electronic_conductivity":
            return case.layer(name).potential == "resolved"
        case "layers", "conductivity" | "flat_band":
            return True
        case "kinetics", "pzc" | "stern_capacitance":
            return charged
        case "kinetics", "exchange_current_density":
            return case.level != "primary" and not in_range_of_arrhenius(case.temperature)
        case "kinetics", "formal_potential":
            return case.reference == "SHE"
        case "kinetics", "overpotential":
            return case.level != "primary"
    return False
