"""Field types of the case file: quantities with units, bounded numbers, names.

A quantity is written as text with a unit and stored as an SI float; a bare number is refused,
because nobody can see whether 60 means metres or micrometres.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    GetCoreSchemaHandler,
    PlainValidator,
    StringConstraints,
)
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from pydantic_core.core_schema import ValidationInfo

from zinterphase.units import UnitError, to_si


def not_allowed(allowed: str) -> PydanticCustomError:
    """Return the error a field type raises; the field's name is added by the reader."""
    return PydanticCustomError("not_allowed", "allowed {allowed}", {"allowed": allowed})


@dataclass(frozen=True)
class Bounds:
    """Allowed interval of a number; a bound is open when its flag says so."""

    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False

    def holds(self, number: float) -> bool:
        """Return whether a finite number lies inside."""
        above = number > self.low if self.low_open else number >= self.low
        below = number < self.high if self.high_open else number <= self.high
        # Compared as it is: a huge whole number does not convert to float.
        return abs(number) <= sys.float_info.max and above and below

    def __str__(self) -> str:
        if math.isinf(self.high):
            if math.isinf(self.low):
                return "any finite number"
            return f"{'above' if self.low_open else 'at least'} {self.low:g}"
        low = f"above {self.low:g}" if self.low_open else f"{self.low:g}"
        return f"{low} {'to below' if self.high_open else 'to'} {self.high:g}"


POSITIVE = Bounds(low=0.0, low_open=True)
NOT_NEGATIVE = Bounds(low=0.0)
ANY = Bounds()


@dataclass(frozen=True)
class Quantity:
    """Marks a float field as dimensional: its SI unit, its name and an example for messages."""

    unit: str
    name: str
    example: str
    bounds: Bounds = ANY

    def __get_pydantic_core_schema__(self, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def read(self, value: object) -> float:
        """Return the SI value of text with a unit."""
        allowed = f'{self.name} with its unit, such as "{self.example}"'
        if not isinstance(value, str):
            raise not_allowed(allowed)
        try:
            number = to_si(value, self.unit)
        except UnitError:
            raise not_allowed(allowed) from None
        if not self.bounds.holds(number):
            raise not_allowed(f"{self.name} {self.bounds}")
        return number


@dataclass(frozen=True)
class Number:
    """Marks a dimensionless field and its bounds."""

    bounds: Bounds = ANY
    integer: bool = False

    def __get_pydantic_core_schema__(self, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def read(self, value: object) -> float | int:
        """Return the number; text and booleans are refused."""
        wanted = int if self.integer else int | float
        if isinstance(value, bool) or not isinstance(value, wanted):
            raise self._refusal()
        if not self.bounds.holds(value):
            raise self._refusal()
        return value if self.integer else float(value)

    def _refusal(self) -> PydanticCustomError:
        return not_allowed(f"a {'whole' if self.integer else 'plain'} number, {self.bounds}")


@dataclass(frozen=True)
class RelativeError:
    """Marks a relative error: text in per cent, or the fraction as a plain number."""

    bounds: Bounds = field(default=Bounds(0.0, 1.0, low_open=True, high_open=True))

    def __get_pydantic_core_schema__(self, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def read(self, value: object) -> float:
        """Return the fraction."""
        number = _fraction(value)
        if number is None or not self.bounds.holds(number):
            raise not_allowed('a relative error above 0 and below 1, such as "1 %" or 0.01')
        return number


@dataclass(frozen=True)
class Coordinates:
    """Marks a position: lengths in m, written "10 um, 20 um" or as a list of such texts."""

    unit: str = "m"

    def __get_pydantic_core_schema__(self, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def read(self, value: object) -> tuple[float, ...]:
        """Return the coordinates in m."""
        parts = value.split(",") if isinstance(value, str) else value
        if not isinstance(parts, list | tuple) or not parts:
            raise not_allowed('lengths with units, such as "10 um" or "10 um, 20 um"')
        return tuple(_COORDINATE.read(part) for part in parts)


def _fraction(value: object) -> float | None:
    """A plain number, or text in per cent, as a fraction."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, str) or not value.strip().endswith("%"):
        return None
    try:
        return float(Decimal(value.strip()[:-1].strip()) / 100)
    except InvalidOperation:
        return None


def si_unit(field: FieldInfo) -> str | None:
    """Return the SI unit of a dimensional field; None for every other field."""
    marks = [*field.metadata, *_marks(field.annotation)]
    return next((mark.unit for mark in marks if isinstance(mark, Quantity | Coordinates)), None)


def is_dimensionless(field: FieldInfo) -> bool:
    """Return whether a field holds a plain number with a physical meaning."""
    marks = [*field.metadata, *_marks(field.annotation)]
    return any(isinstance(mark, Number) and not mark.integer for mark in marks)


def _marks(annotation: Any) -> list[Any]:
    found = list(getattr(annotation, "__metadata__", ()))
    for inner in get_args(annotation):
        found += _marks(inner)
    return found


def _read_file(path: Path, info: ValidationInfo) -> Path:
    folder = (info.context or {}).get("folder", Path())
    full: Path = folder / path
    if not full.is_file():
        raise not_allowed("an existing file, relative to the case file")
    return full


def _text(value: object) -> object:
    if not isinstance(value, str) or not value.strip():
        raise not_allowed("text between quotes")
    return value


def _boolean(value: object) -> object:
    if not isinstance(value, bool):
        raise not_allowed("true or false")
    return value


def _option(value: object) -> object:
    if not isinstance(value, bool | int | float | str):
        raise not_allowed("a number, text, true or false")
    return value


def _group_names(value: object) -> object:
    names = value if isinstance(value, list | tuple) else (value,)
    # A group without a name is called by its number.
    texts = [str(name) if type(name) is int else name for name in names]
    if not texts or not all(isinstance(name, str) and name.strip() for name in texts):
        raise not_allowed('a group of the mesh file, by name or number, or a list: ["a", "b"]')
    return tuple(texts)


_COORDINATE = Quantity("m", "a length", "10 um")

Length = Annotated[float, Quantity("m", "a length", "60 um", POSITIVE)]
Coordinate = Annotated[float, _COORDINATE]
Position = Annotated[tuple[float, ...], Coordinates()]
Temperature = Annotated[float, Quantity("K", "a temperature", "298.15 K", POSITIVE)]
Potential = Annotated[float, Quantity("V", "a potential", "-50 mV")]
PositivePotential = Annotated[float, Quantity("V", "a potential", "45 mV", POSITIVE)]
CurrentDensity = Annotated[float, Quantity("A/m^2", "a current density", "-1 mA/cm^2")]
ExchangeCurrentDensity = Annotated[
    float, Quantity("A/m^2", "a current density", "0.5 mA/cm^2", POSITIVE)
]
Concentration = Annotated[float, Quantity("mol/m^3", "a concentration", "2 mol/L", POSITIVE)]
FixedCharge = Annotated[float, Quantity("mol/m^3", "a charge concentration", "-125 mol/m^3")]
SurfaceCharge = Annotated[float, Quantity("C/m^2", "a charge per area", "-0.05 C/m^2")]
Diffusivity = Annotated[float, Quantity("m^2/s", "a diffusivity", "7e-10 m^2/s", POSITIVE)]
Conductivity = Annotated[float, Quantity("S/m", "a conductivity", "5.65 S/m", POSITIVE)]
ElectronicConductivity = Annotated[
    float, Quantity("S/m", "a conductivity", "1e-4 S/m", NOT_NEGATIVE)
]
SpecificArea = Annotated[float, Quantity("1/m", "an area per volume", "1.2e8 1/m", NOT_NEGATIVE)]
SiteDensity = Annotated[float, Quantity("1/m^2", "a number per area", "5 1/nm^2", POSITIVE)]
Affinity = Annotated[float, Quantity("m^3/mol", "an inverse concentration", "5 L/mol", POSITIVE)]
SurfaceTransport = Annotated[
    float, Quantity("mol/m/s", "a surface transport coefficient", "1e-9 mol/m/s", NOT_NEGATIVE)
]
Capacitance = Annotated[float, Quantity("F/m^2", "a capacitance", "0.3 F/m^2", POSITIVE)]

Fraction = Annotated[float, Number(Bounds(0.0, 1.0))]
PositiveFraction = Annotated[float, Number(Bounds(0.0, 1.0, low_open=True))]
LogSpread = Annotated[float, Number(Bounds(0.0, 5.0, low_open=True))]
InnerFraction = Annotated[float, Number(Bounds(0.0, 1.0, low_open=True, high_open=True))]
PositiveNumber = Annotated[float, Number(POSITIVE)]
AdsorbedCharge = Annotated[float, Number(Bounds(0.0, 2.0))]
Acidity = Annotated[float, Number(Bounds(0.0, 14.0))]
Accuracy = Annotated[float, RelativeError()]
AtLeastOne = Annotated[float, Number(Bounds(low=1.0))]
Growth = Annotated[float, Number(Bounds(1.0, 2.0))]
TransferCoefficient = Annotated[float, Number(NOT_NEGATIVE)]
PositiveCount = Annotated[int, Number(Bounds(low=1), integer=True)]
Seed = Annotated[int, Number(Bounds(low=0), integer=True)]
Charge = Annotated[int, Number(Bounds(-8, 8), integer=True)]
Switch = Annotated[bool, BeforeValidator(_boolean)]
Text = Annotated[str, BeforeValidator(_text)]
LayerName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", strict=True)]
PetscOption = Annotated[bool | int | float | str, PlainValidator(_option)]
GroupNames = Annotated[tuple[str, ...], BeforeValidator(_group_names)]
DataFile = Annotated[Path, BeforeValidator(_text), AfterValidator(_read_file)]
