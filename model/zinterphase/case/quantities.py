"""Field types of the case file: quantities with units, bounded numbers, names.

A quantity is written as text with a unit and stored as an SI float; a bare number is refused,
because nobody can see whether 60 means metres or micrometres.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    GetCoreSchemaHandler,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from pydantic_core.core_schema import ValidationInfo

from zinterphase.case.bounds import (
    CURRENT_DENSITY,
    EXCHANGE_CURRENT_DENSITY,
    Bounds,
    within,
)
from zinterphase.errors import CaseError
from zinterphase.units import UnitError, read_si, to_si

LONGEST_TITLE = 120
LONGEST_NAME = 40
NAME = r"^[A-Za-z][A-Za-z0-9_]*$"
"""What a layer may be called."""


def not_allowed(allowed: str) -> PydanticCustomError:
    """Return the error a field type raises; the field's name is added by the reader."""
    return PydanticCustomError("not_allowed", "allowed {allowed}", {"allowed": allowed})


@dataclass(frozen=True)
class Dimensional:
    """Marks a float field as dimensional: its SI unit, its name and an example for messages, and
    bounds of sense: what lies outside is a slip of the pen or of the unit."""

    unit: str
    name: str
    example: str
    bounds: Bounds

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
            raise not_allowed(f"{self.name} of {self.bounds} {self.unit}")
        return number


@dataclass(frozen=True)
class Number:
    """Marks a dimensionless field and its bounds."""

    bounds: Bounds
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

    def __get_pydantic_core_schema__(self, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def read(self, value: object) -> float:
        """Return the fraction."""
        number = _fraction(value)
        if number is None or not _RELATIVE.holds(number):
            raise not_allowed(f'a relative error of {_RELATIVE}, such as "1 %" or 0.01')
        return float(number)


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
    if isinstance(value, str):
        return read_si(value, "") if value.strip().endswith("%") else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def is_name(value: object) -> bool:
    """Return whether a layer may be called so."""
    return isinstance(value, str) and re.fullmatch(NAME, value) is not None


def valid_seed(seed: object) -> int:
    """Return the seed of random fields. Raises CaseError unless a whole number of at least 0."""
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise CaseError("seed", seed, "a whole number, at least 0")
    return seed


def si_unit(field: FieldInfo) -> str | None:
    """Return the SI unit of a dimensional field; None for every other field."""
    marks = [*field.metadata, *_marks(field.annotation)]
    return next((mark.unit for mark in marks if isinstance(mark, Dimensional | Coordinates)), None)


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
    try:
        exists = full.is_file()
    except OSError:  # a name longer than the system takes
        exists = False
    if not exists:
        raise not_allowed("an existing file, relative to the case file")
    return full


def _title(value: object) -> object:
    if not isinstance(value, str):
        raise not_allowed("text between quotes")
    if len(value) > LONGEST_TITLE or not value.isprintable():
        raise not_allowed(f"one line of at most {LONGEST_TITLE} printable characters")
    return value


def _name(value: object) -> object:
    if not isinstance(value, str) or not value.strip():
        raise not_allowed("text between quotes")
    if len(value) > LONGEST_NAME or not value.isprintable():
        raise not_allowed(f"a name of at most {LONGEST_NAME} printable characters")
    return value


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


_RELATIVE = Bounds(1e-9, 1.0, high_open=True)
_COORDINATE = Dimensional("m", "a length", "10 um", within(1.0))
_POTENTIAL = Dimensional("V", "a potential", "-50 mV", within(10.0))
_CURRENT = Dimensional("A/m^2", "a current density", "-1 mA/cm^2", CURRENT_DENSITY)
_EXCHANGE = Dimensional("A/m^2", "a current density", "0.5 mA/cm^2", EXCHANGE_CURRENT_DENSITY)
_CHARGE = Dimensional("mol/m^3", "a charge concentration", "-125 mol/m^3", within(1e5))

# Bounds of sense, wide: docs/case-file.md lists them.
Extent = Annotated[float, Dimensional("m", "a length", "60 um", Bounds(1e-11, 1.0))]
Length = Annotated[float, Dimensional("m", "a length", "60 um", Bounds(1e-13, 1.0))]
CellSize = Annotated[float, Dimensional("m", "a length", "1 um", Bounds(1e-17, 1.0))]
LengthUnit = Annotated[float, Dimensional("m", "a length", "1 um", Bounds(1e-12, 1.0))]
Coordinate = Annotated[float, _COORDINATE]
Position = Annotated[tuple[float, ...], Coordinates()]
Temperature = Annotated[float, Dimensional("K", "a temperature", "298.15 K", Bounds(200, 500))]
Potential = Annotated[float, _POTENTIAL]
PositivePotential = Annotated[float, Dimensional("V", "a potential", "45 mV", Bounds(1e-6, 10))]
CurrentDensity = Annotated[float, _CURRENT]
ExchangeCurrentDensity = Annotated[float, _EXCHANGE]
Concentration = Annotated[
    float, Dimensional("mol/m^3", "a concentration", "2 mol/L", Bounds(1e-21, 5.5e4))
]
FixedCharge = Annotated[float, _CHARGE]
SurfaceCharge = Annotated[
    float, Dimensional("C/m^2", "a charge per area", "-0.05 C/m^2", within(100.0))
]
Diffusivity = Annotated[
    float, Dimensional("m^2/s", "a diffusivity", "7e-10 m^2/s", Bounds(1e-20, 1e-6))
]
Conductivity = Annotated[
    float, Dimensional("S/m", "a conductivity", "5.65 S/m", Bounds(1e-12, 1e4))
]
ElectronicConductivity = Annotated[
    float, Dimensional("S/m", "a conductivity", "1e-4 S/m", Bounds(0.0, 1e9))
]
SpecificArea = Annotated[
    float, Dimensional("1/m", "an area per volume", "1.2e8 1/m", Bounds(0.0, 1e11))
]
SiteDensity = Annotated[
    float, Dimensional("1/m^2", "a number per area", "5 1/nm^2", Bounds(1e10, 1e21))
]
Affinity = Annotated[
    float, Dimensional("m^3/mol", "an inverse concentration", "5 L/mol", Bounds(1e-12, 1e9))
]
SurfaceTransport = Annotated[
    float,
    Dimensional("mol/m/s", "a surface transport coefficient", "1e-9 mol/m/s", Bounds(0.0, 1.0)),
]
Frequency = Annotated[float, Dimensional("1/s", "a rate", "0.1 1/s", Bounds(1e-12, 1e12))]
RateConstant = Annotated[float, Dimensional("1/s", "a rate constant", "1e5 1/s", Bounds(0.0, 1e18))]
SurfaceAmount = Annotated[
    float, Dimensional("mol/m^2", "an amount per area", "2.7e-5 mol/m^2", Bounds(1e-9, 1.0))
]
Capacitance = Annotated[
    float, Dimensional("F/m^2", "a capacitance", "0.3 F/m^2", Bounds(1e-6, 1e12))
]

Fraction = Annotated[float, Number(Bounds(0.0, 1.0))]
PositiveFraction = Annotated[float, Number(Bounds(1e-12, 1.0))]
LogSpread = Annotated[float, Number(Bounds(1e-6, 5.0))]
InnerFraction = Annotated[float, Number(Bounds(1e-6, 1.0 - 1e-6))]
Ratio = Annotated[float, Number(Bounds(1e-12, 1e12))]
Tolerance = Annotated[float, Number(Bounds(1e-14, 1e-2))]
AdsorbedCharge = Annotated[float, Number(Bounds(0.0, 2.0))]
Acidity = Annotated[float, Number(Bounds(0.0, 14.0))]
LogConstant = Annotated[float, Number(Bounds(-60.0, 60.0))]
Accuracy = Annotated[float, RelativeError()]
Tortuosity = Annotated[float, Number(Bounds(1.0, 1e12))]
Permittivity = Annotated[float, Number(Bounds(1.0, 1e5))]
Refinement = Annotated[float, Number(Bounds(1.0, 1024.0))]
Growth = Annotated[float, Number(Bounds(1.01, 2.0))]
TransferCoefficient = Annotated[float, Number(Bounds(0.0, 8.0))]
Exponent = Annotated[float, Number(Bounds(0.0, 8.0))]
ReactionOrder = Annotated[float, Number(Bounds(-8.0, 8.0))]
StoichiometricNumber = Annotated[float, Number(Bounds(-8.0, 8.0))]
PositiveCount = Annotated[int, Number(Bounds(1, 10_000), integer=True)]
ElementOrder = Annotated[int, Number(Bounds(1, 2), integer=True)]
Divisions = Annotated[int, Number(Bounds(0, 3), integer=True)]
Seed = Annotated[int, Number(Bounds(0, 2**63 - 1), integer=True)]
Charge = Annotated[int, Number(Bounds(-8, 8), integer=True)]
Switch = Annotated[bool, BeforeValidator(_boolean)]
Title = Annotated[
    str, BeforeValidator(_title), WithJsonSchema({"type": "string", "maxLength": LONGEST_TITLE})
]
Text = Annotated[
    str,
    BeforeValidator(_name),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": LONGEST_NAME}),
]
LayerName = Annotated[str, StringConstraints(pattern=NAME, max_length=LONGEST_NAME, strict=True)]
PetscOption = Annotated[
    bool | int | float | str,
    PlainValidator(_option),
    WithJsonSchema({"type": ["boolean", "number", "string"]}),
]
_GROUP = {"type": ["string", "integer"]}
GroupNames = Annotated[
    tuple[str, ...],
    BeforeValidator(_group_names),
    WithJsonSchema({"anyOf": [_GROUP, {"type": "array", "minItems": 1, "items": _GROUP}]}),
]
DataFile = Annotated[Path, BeforeValidator(_text), AfterValidator(_read_file)]
