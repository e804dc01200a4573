"""Uncertain numbers of a coated anode with their ranges, and the cases at any point of them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from zinterphase.case import Draft
from zinterphase.errors import CaseError
from zinterphase.materials.library import parameter
from zinterphase.mechanisms.defaults import About
from zinterphase.mechanisms.definitions import definitions
from zinterphase.mechanisms.switches import Switchboard
from zinterphase.units import to_si, with_unit

Point = Mapping[str, float]
"""Where each factor stands between the lower end of its range, 0, and the upper one, 1; a factor
that is left out has the value of the anode."""


class Ranged(BaseModel):
    """One value of a case file and its range; without one it is a choice.

    ``over`` divides the library's range by another of its values, ``shown`` is the unit in
    figures, where it is another than ``unit``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    library: str | None = None
    over: str | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    shown: str | None = None
    reverse: bool = False
    of_width: float | None = None

    def ends(self, width: float) -> tuple[float, float]:
        """Value at 0 and at 1, in the unit of the key; ``width`` is the cell's [m]."""
        if self.library is not None:
            bounds = parameter(self.library).si_range
            assert bounds is not None, f"{self.library} has no range"
            scale = 1.0 if self.over is None else parameter(self.over).si
            low, high = (bound / scale for bound in bounds)
        else:
            assert self.low is not None
            assert self.high is not None
            low, high = self.low, self.high
        if self.of_width is not None:
            high = min(high, self.of_width * width)
        return (high, low) if self.reverse else (low, high)


class RangedFactor(BaseModel):
    """One uncertain number, or several that move together."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    scale: Literal["linear", "log"] = "linear"
    shared: bool = False
    about: tuple[About, ...] = ("evenness",)
    switch: str | None = None
    choice: tuple[str, str] | None = None
    value: tuple[Ranged, ...]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for value in self.value:
            ranged = value.library is not None or None not in (value.low, value.high)
            if ranged == (self.choice is not None):
                raise ValueError(f"{self.name}: a range for each key, or a choice")
        if self.switch is not None:
            definitions().find(self.switch)
        return self

    def at(self, place: float, width: float) -> dict[str, Any]:
        """Values by key, roles in braces, at a place between 0 and 1."""
        if self.choice is not None:
            return {value.key: self.choice[place >= 0.5] for value in self.value}
        return {value.key: self._number(value, place, width) for value in self.value}

    def _number(self, value: Ranged, place: float, width: float) -> float | str:
        low, high = value.ends(width)
        if self.scale == "log":
            number = float(low * (high / low) ** place)
        else:
            number = low + place * (high - low)
        return with_unit(number, value.unit) if value.unit else number

    def shown(self, place: float, width: float) -> str:
        """The value at a place as a figure shows it."""
        if self.choice is not None:
            return self.choice[place >= 0.5]
        numbers = []
        for value in self.value:
            text = str(self._number(value, place, width))
            unit = value.shown or value.unit
            number = to_si(text, unit) if unit else float(text)
            numbers.append(f"{number:.3g} {unit}".strip())
        return ", ".join(numbers)


class Ranges(BaseModel):
    """All factors, and what the anode has switched on, that of corrosion apart."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    anode: tuple[str, ...]
    corroding: tuple[str, ...]
    factor: tuple[RangedFactor, ...]


@cache
def ranges() -> Ranges:
    """The ranges of the package."""
    text = files(__package__).joinpath("ranges.toml").read_text(encoding="utf-8")
    return Ranges.model_validate(tomllib.loads(text))


@dataclass(frozen=True)
class Anodes:
    """An anode at any point of its ranges, and the bare metal it is compared with.

    Attributes
    ----------
    board : Base and switches of the case.
    switched : Switches that are on in the anode.
    factors : Factors that act on this case.
    width : Width of the cell [m].
    """

    board: Switchboard
    switched: tuple[str, ...]
    factors: tuple[RangedFactor, ...]
    width: float

    def coated(self, point: Point) -> Draft:
        """The anode. Raises :class:`CaseError` for a factor that is unknown."""
        board = replace(self.board, base=self.board.base.changed(self._values(point, True)))
        return board.draft(self.switched).changed(self._values(point, False))

    def bare(self, point: Point) -> Draft:
        """The same metal with all switches off and no film."""
        film = {f"layers.{name}": None for name in self.board.roles.get("film", ())}
        return self.board.base.changed({**self._values(point, True), **film})

    def _values(self, point: Point, shared: bool) -> dict[str, Any]:
        known = {factor.name: factor for factor in self.factors}
        values: dict[str, Any] = {}
        for name, place in point.items():
            if name not in known:
                raise CaseError("factor", name, ", ".join(known))
            if known[name].shared == shared:
                values |= self.board.filled(known[name].at(place, self.width))
        return values


def is_coated(board: Switchboard) -> bool:
    """Whether the case has a silver layer or a film, to be compared with bare metal."""
    return _on_silver(board) or "film" in board.roles


def anodes(board: Switchboard) -> Anodes:
    """The anode of the package's ranges on a case, with what it has of silver and film.

    Raises :class:`CaseError` where it has neither.
    """
    case, metal = board.base.case(), board.roles["metal"][0]
    if not is_coated(board):
        raise CaseError("layers", metal, "a silver layer or a TiO2 film, to compare with bare zinc")
    on = ranges().anode if _on_silver(board) else ()
    if board.about == "corrosion":
        on = tuple(s.name for s in board.switches if s.name in ranges().corroding)
    factors = tuple(f for f in ranges().factor if _acts(f, board, on))
    return Anodes(board, on, factors, case.geometry.extents[0])


def _on_silver(board: Switchboard) -> bool:
    return board.base.case().layer(board.roles["metal"][0]).material != "Zn"


def _acts(factor: RangedFactor, board: Switchboard, on: tuple[str, ...]) -> bool:
    if board.about not in factor.about or factor.switch not in (None, *on):
        return False
    return all(board.filled({value.key: 0.0}) for value in factor.value)
