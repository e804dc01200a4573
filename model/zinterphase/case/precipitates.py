"""Solids that may precipitate from the electrolyte."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from zinterphase.case.bounds import Bounds
from zinterphase.case.equation import EQUATION, read_formation, written
from zinterphase.case.quantities import (
    Dimensional,
    LogConstant,
    Number,
)
from zinterphase.case.raw import RawTable, fill, number
from zinterphase.case.table import Table
from zinterphase.errors import CaseError
from zinterphase.materials.solids import EQUATIONS, blocking_defaults, solid_defaults

if TYPE_CHECKING:
    from zinterphase.case.electrolyte import Electrolyte

_TOLERANCE = 1e-9
MolarVolume = Annotated[
    float, Dimensional("m^3/mol", "a molar volume", "1.6e-4 m^3/mol", Bounds(1e-7, 1e-1))
]
PrecipitationRate = Annotated[
    float, Dimensional("mol/m^2/s", "a rate per area", "1e-6 mol/m^2/s", Bounds(1e-15, 1e3))
]
BlockingThickness = Annotated[float, Dimensional("m", "a length", "100 nm", Bounds(1e-10, 1.0))]
Count = Annotated[float, Number(Bounds(-24.0, 24.0))]
InitialAmount = Annotated[
    float, Dimensional("mol/m^3", "an amount per volume", "500 mol/m^3", Bounds(1e-9, 1e5))
]


class Precipitate(Table):
    """A solid that forms on electrodes and pore walls where the liquid is supersaturated, and
    dissolves where it is not; the case writes its ``equation``, those of the library need none.

    ``dissolved`` counts the liquid's species that one of it gives when it dissolves, ``water`` the
    water; ``log_K`` is log10 of the constant of its formation, for mol/L. The rate per area is
    ``rate_constant`` (Omega^(1/n) - 1) with n the largest of those numbers. A mean thickness of
    ``blocking_thickness`` covers 63 % of a reacting surface; nothing is blocked where it is None.
    ``initial`` is what the pores of layers hold at the beginning, per volume of the layer.
    """

    consumed_keys: ClassVar[tuple[str, ...]] = (EQUATION,)

    dissolved: Mapping[str, Count]
    water: Count = 0.0
    log_K: LogConstant  # noqa: N815
    molar_volume: MolarVolume
    rate_constant: PrecipitationRate
    blocking_thickness: BlockingThickness | None = None
    initial: Mapping[str, InitialAmount] = Field(default_factory=dict)


def fill_precipitates(raw: Any, charges: Mapping[str, int]) -> None:
    """Replace equations by the numbers they tell, and fill what the library knows; ``charges`` are
    those of the liquid's species, empty where it cannot be read yet."""
    if not isinstance(raw, dict) or not charges:
        return
    for name, table in raw.items():
        if isinstance(table, dict):
            where = f"electrolyte.precipitates.{name}"
            if name in EQUATIONS and "dissolved" not in table:
                table.setdefault(EQUATION, EQUATIONS[name])
            _fill_formation(table, where, charges, known_constant="log_K" not in table)
            fill(table, solid_defaults(name))
            if table.get("blocking_thickness") == "library":
                del table["blocking_thickness"]
                fill(table, blocking_defaults())


def _fill_formation(
    table: RawTable, where: str, charges: Mapping[str, int], *, known_constant: bool
) -> None:
    """The library's constant is that of formation, a given one that of the equation as written."""
    if EQUATION not in table:
        return
    text = written(table, where, ("dissolved", "water"))
    found = read_formation(text, f"{where}.{EQUATION}", charges)
    table |= {"dissolved": dict(found.dissolved), "water": found.water}
    given = number(table.get("log_K"))
    if not known_constant and given is not None:
        table["log_K"] = given / found.direction


def check_precipitates(liquid: Electrolyte) -> None:
    """Raise CaseError for solids of what is not dissolved, or that carry a charge."""
    charges = liquid.charges
    for name, solid in liquid.precipitates.items():
        where = f"electrolyte.precipitates.{name}"
        missing = [species for species in solid.dissolved if species not in charges]
        if missing or not solid.dissolved:
            found = missing[0] if missing else "nothing"
            raise CaseError(f"{where}.dissolved", found, f"some of {', '.join(charges)}")
        charge = sum(n * charges[species] for species, n in solid.dissolved.items())
        if abs(charge) > _TOLERANCE:
            raise CaseError(f"{where}.dissolved", f"charge {charge:g}", "none: a solid is neutral")
