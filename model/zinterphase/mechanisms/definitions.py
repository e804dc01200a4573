"""What a mechanism switches in a case: definitions read from the package's data file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from itertools import combinations, product
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from zinterphase.materials.library import library, parameter
from zinterphase.mechanisms.defaults import About
from zinterphase.units import with_unit

LevelName = Literal["pnp", "concentrated", "electroneutral", "secondary", "primary"]
ASSUMPTION = "assumption"


class _Definition(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FromLibrary(_Definition):
    """A value of the material library, ``over`` another where it is a ratio; ``scale`` marks a
    potential against SHE."""

    library: str
    over: str | None = None
    unit: str = ""
    scale: Literal["SHE"] | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        for key in (self.library, self.over):
            if key is not None:
                parameter(key)
        return self

    def value(self, zero: float) -> float | str:
        """The value as a case file has it; ``zero`` is that of its potential scale [V vs SHE]."""
        number = parameter(self.library).si - (zero if self.scale else 0.0)
        number /= 1.0 if self.over is None else parameter(self.over).si
        return with_unit(number, self.unit) if self.unit else number


CaseValue = bool | float | str | FromLibrary
CaseValues = Mapping[str, CaseValue]


class InTime(_Definition):
    """What stands in place of a switch's own in a case with a protocol, where it is given."""

    title: str | None = None
    about: tuple[About, ...] | None = None
    levels: tuple[LevelName, ...] | None = None
    off: CaseValues | None = None
    on: CaseValues | None = None
    factors: Mapping[str, FromLibrary] | None = None


class MechanismSwitch(_Definition):
    """One mechanism: what it changes in the base, by key of the case file with roles in braces.

    ``factors`` multiply those of other switches at the same key. ``needs`` names roles without
    which it means nothing, though no key names them, ``about`` the studies that have it.
    ``in_time`` has what differs in a case with a protocol; a switch that changes nothing without
    is one of those cases alone.
    """

    name: str = Field(pattern=r"[A-Za-z][A-Za-z0-9_]*")
    title: str
    group: str
    source: str
    levels: tuple[LevelName, ...]
    about: tuple[About, ...] = ("evenness",)
    exclusive_with: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    in_time: InTime = InTime()
    off: CaseValues = Field(default_factory=dict)
    on: CaseValues = Field(default_factory=dict)
    factors: Mapping[str, FromLibrary] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _sourced(self) -> Self:
        if self.source != ASSUMPTION and self.source not in library():
            raise ValueError(f"source {self.source}: a key of the library, or {ASSUMPTION}")
        if not any((self.on, self.factors, self.in_time.on, self.in_time.factors)):
            raise ValueError(f"{self.name} switches nothing")
        return self

    def at(self, *, in_time: bool) -> Self:
        """As it is in cases with a protocol, or in those without."""
        if not in_time:
            return self
        other = self.in_time
        given = {name: getattr(other, name) for name in InTime.model_fields}
        return self.model_copy(update={n: v for n, v in given.items() if v is not None})

    @property
    def acts(self) -> bool:
        """Whether it changes anything."""
        return bool(self.on or self.factors)

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key it names."""
        return (*self.off, *self.on, *self.factors)


class Base(_Definition):
    """What is set in the base next to every switch's ``off``, and what is taken away; ``corrosion``
    is set in studies of that alone."""

    level: LevelName
    remove: tuple[str, ...] = ()
    values: CaseValues = Field(default_factory=dict)
    corrosion: CaseValues = Field(default_factory=dict)

    def of(self, about: About) -> CaseValues:
        """Values of the base of a study."""
        return {**self.values, **self.corrosion} if about == "corrosion" else self.values


class Definitions(_Definition):
    """The base and all switches, in the order they are reported."""

    base: Base
    switch: tuple[MechanismSwitch, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [switch.name for switch in self.switch]
        if len(set(names)) < len(names):
            raise ValueError("two switches have the same name")
        for switch in self.switch:
            for other in switch.exclusive_with:
                if switch.name not in self.find(other).exclusive_with:
                    raise ValueError(f"{other} must exclude {switch.name} as well")
        for in_time, (one, two) in product((False, True), combinations(self.switch, 2)):
            shared = set(one.at(in_time=in_time).on) & set(two.at(in_time=in_time).on)
            if shared and two.name not in one.exclusive_with:
                raise ValueError(f"{one.name} and {two.name} both set {shared.pop()}")
        return self

    def about(self, asked: About, *, in_time: bool) -> tuple[MechanismSwitch, ...]:
        """The switches of studies that ask something, of cases with a protocol or without."""
        found = (switch.at(in_time=in_time) for switch in self.switch)
        return tuple(switch for switch in found if asked in switch.about)

    def find(self, name: str) -> MechanismSwitch:
        """A switch by name. Raises :class:`ValueError`."""
        for switch in self.switch:
            if switch.name == name:
                return switch
        raise ValueError(f"there is no switch {name}")

    def excluded(self, names: tuple[str, ...]) -> tuple[str, str] | None:
        """The first two of ``names`` that exclude each other."""
        for one, other in combinations(names, 2):
            if other in self.find(one).exclusive_with:
                return one, other
        return None


@cache
def definitions() -> Definitions:
    """The switches of the package."""
    text = files(__package__).joinpath("mechanisms.toml").read_text(encoding="utf-8")
    return Definitions.model_validate(tomllib.loads(text))
