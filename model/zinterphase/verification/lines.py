"""Flat, uniform cells that are solved on a line and in a cross-section one lateral cell wide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zinterphase.verification.cells import Metal, binary, current, film, tables
from zinterphase.verification.jacobian import SOLID

IONS = binary(2, 100.0)
SALT = {"salt": "ZnSO4", "concentration": "1 mol/L"}
SILVER = {
    "name": "silver",
    "material": "Ag",
    "thickness": "400 nm",
    "porosity": 0.4,
    "conducting": True,
    "specific_area": "1e7 1/m",
}
"""A porous conductor that reacts."""


def flat_cell(
    level: str, *, order: int = 1, counter: bool = False, stack: str = "film"
) -> dict[str, Any]:
    """Tables of metal | ``stack`` | 2 um of electrolyte in a cross-section, -10 A/m2.

    ``stack`` is a charged "film", a porous conductor below a film ("porous"), or a meshed "metal".
    """
    films, more = _stack(level, stack)
    if level in ("primary", "secondary"):
        more["conductivity"] = 1.0
    first = "0.5 nm" if level == "pnp" else "40 nm"
    mesh = {"first_cell": first, "far_size": "30 nm" if level == "pnp" else "60 nm", "order": order}
    data = tables(
        level, 2e-6, IONS, Metal(5.0), control=current(-10.0), films=films, mesh=mesh,
        counter=counter, **more,
    )  # fmt: skip
    if level == "concentrated":
        data["electrolyte"] = SALT
        data["kinetics"] = {name: _of_zinc(table) for name, table in data["kinetics"].items()}
    return data


def _stack(level: str, stack: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    charged = {"fixed_charge": "-20 mol/m^3"} if level in ("electroneutral", "pnp") else {}
    if level == "pnp":
        charged["surface_charge"] = "0.001 C/m^2"
    coat = film("film", 0.5e-6, transport=0.1, **charged)
    if stack == "porous":
        return [SILVER, coat], {"kinetics": {"silver": Metal(2.0).table(IONS[0])}}
    return [coat], {"metal_layer": SOLID} if stack == "metal" else {}


def _of_zinc(kinetics: Mapping[str, Any]) -> dict[str, Any]:
    """Kinetics without what belongs to another metal's ion."""
    other = ("reactant", "reference_concentration", "formal_potential")
    return {key: value for key, value in kinetics.items() if key not in other}
