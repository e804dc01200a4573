"""What a raw rate law says in words: its equation, and Tafel's slope."""

from __future__ import annotations

import math
from typing import Any

from pydantic import ValidationError

from zinterphase.case.electrolyte import Electrolyte
from zinterphase.case.equation import EQUATION, count, read_equation, written
from zinterphase.case.kinetics import TAFEL_SLOPE
from zinterphase.case.raw import RawTable
from zinterphase.errors import CaseError
from zinterphase.scales import thermal_voltage
from zinterphase.units import read_si

_TOLD = ("stoichiometry", "electrons", "gas", "solids")


def liquid_charges(electrolyte: Any) -> dict[str, int]:
    """Charge number of every dissolved species; empty where the electrolyte cannot be read."""
    try:
        return Electrolyte.model_validate(electrolyte).charges
    except ValidationError:
        return {}


def fill_equation(rate: RawTable, where: str, charges: dict[str, int]) -> None:
    """Replace ``equation`` by the numbers it tells."""
    if EQUATION not in rate or not charges:
        return
    found = read_equation(written(rate, where, _TOLD), f"{where}.{EQUATION}", charges)
    count(rate, found)
    rate["electrons"] = found.electrons
    rate.setdefault("reactant", next(iter(found.dissolved)))


def fill_tafel(rate: RawTable, where: str, temperature: float) -> None:
    """An irreversible reaction has one transfer coefficient, by default that of a reduction with
    the ``tafel_slope`` [V per decade]."""
    if rate.get("form") != "tafel":
        return
    if TAFEL_SLOPE in rate:
        text = rate.pop(TAFEL_SLOPE)
        slope = read_si(text, "V")
        if slope is None or not 0.01 <= slope <= 1.0:
            raise CaseError(f"{where}.{TAFEL_SLOPE}", text, '10 mV to 1 V per decade: "120 mV"')
        if "alpha_a" in rate or "alpha_c" in rate:
            allowed = "nothing beside alpha_a or alpha_c"
            raise CaseError(f"{where}.{TAFEL_SLOPE}", text, allowed)
        rate["alpha_c"] = math.log(10.0) * thermal_voltage(temperature) / slope
    if "alpha_c" in rate:
        rate.setdefault("alpha_a", 0.0)
    elif "alpha_a" in rate:
        rate.setdefault("alpha_c", 0.0)
