"""The active material of a full cell by its mass, and currents as C-rates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from zinterphase.case.bounds import Bounds
from zinterphase.case.quantities import Dimensional
from zinterphase.case.raw import RawTable, fill
from zinterphase.case.table import Table
from zinterphase.errors import CaseError
from zinterphase.materials.iodine import conventions
from zinterphase.units import read_si, with_unit

if TYPE_CHECKING:
    from zinterphase.case.schema import Case

HOUR = 3600.0
_LOADING = Dimensional("kg/m^2", "a mass per area", "2 mg/cm^2", Bounds(1e-9, 1e3))
_SPECIFIC = Dimensional("C/kg", "a charge per mass", "211.2 mAh/g", Bounds(1.0, 1e9))
Loading = Annotated[float, _LOADING]
SpecificCapacity = Annotated[float, _SPECIFIC]
_NUMBER = r"((?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
_C_RATE = re.compile(rf"(?<![\w.^/])(?:{_NUMBER}\s*)?C(?:\s*/\s*{_NUMBER})?(?![\w^/*])")


class ActiveMaterial(Table):
    """What C-rates refer to: ``loading`` [kg/m2] of active material per projected area times its
    ``specific`` capacity [C/kg], in one hour."""

    loading: Loading
    specific: SpecificCapacity

    @property
    def charge(self) -> float:
        """Nominal capacity per projected area [C/m2]."""
        return self.loading * self.specific

    @property
    def current(self) -> float:
        """Current density of 1 C [A/m2]."""
        return self.charge / HOUR


def fill_active(raw: Any) -> None:
    """Replace a convention by its number: that of two electrons per I2 by default."""
    if not isinstance(raw, dict):
        return
    known = conventions()
    word = raw.get("specific", "two_electrons")
    if isinstance(word, str) and word in known:
        raw.pop("specific", None)
        fill(raw, {"specific": known[word]})


def fill_c_rates(case: RawTable) -> None:
    """Put current densities in place of the C-rates of all sentences of a raw case, as far as its
    capacity can be read."""
    table = case.get("active")
    if not isinstance(table, Mapping):
        return
    loading = read_si(table.get("loading"), "kg/m^2")
    specific = read_si(table.get("specific"), "C/kg")
    if loading and specific:
        _fill_steps(case.get("protocol"), loading * specific / HOUR)


def _fill_steps(steps: Any, current: float) -> None:
    for number, step in enumerate(steps if isinstance(steps, list) else []):
        if isinstance(step, str):
            steps[number] = _in_amperes(step, current)
        elif isinstance(step, dict):
            if isinstance(step.get("sentence"), str):
                step["sentence"] = _in_amperes(step["sentence"], current)
            _fill_steps(step.get("steps"), current)


def _in_amperes(sentence: str, current: float) -> str:
    """The sentence with current densities: "2 C" and "C/5" times that of 1 C [A/m2]."""

    def density(found: re.Match[str]) -> str:
        times, over = float(found[1] or 1.0), float(found[2] or 1.0)
        return with_unit(current * times / over, "A/m^2") if over else found[0]

    return _C_RATE.sub(density, sentence)


def check_active(case: Case) -> None:
    """Raise CaseError for an active material without a counter electrode of its own."""
    if case.active is not None and not case.opposite_layers:
        allowed = "nothing: it is that of a full cell, whose stack ends with its host"
        raise CaseError("active", "given", allowed)
