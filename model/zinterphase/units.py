"""Units at the edge of the program: text with a unit in, SI numbers out.

What is not a number and a product of units by a small grammar is refused unread: pint evaluates
what it is given, powers of powers too. One pint registry serves the whole package. It is built
at the first unit that is none of :mod:`zinterphase.symbols`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

from zinterphase.symbols import Measure, measure

LONGEST_TEXT = 80
"""Characters of a quantity at most."""
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?"
_POWER = r"(?:(?:\^|\*\*)?[+-]?\d)"
_SYMBOL = rf"(?:[A-Za-zµμΩ°%_]+{_POWER}?|1)"
_JOINT = r"(?:\s*[*/]\s*|\s+)"
_PRODUCT = rf"{_SYMBOL}(?:{_JOINT}{_SYMBOL})*"
_FACTOR = rf"(?:{_SYMBOL}|\({_PRODUCT}\){_POWER}?)"
_UNIT = re.compile(rf"(?:{_FACTOR}(?:{_JOINT}{_FACTOR})*)?", re.ASCII)
_QUANTITY = re.compile(rf"\s*({_NUMBER})\s*(.*?)\s*", re.DOTALL | re.ASCII)
_SCALE = re.compile(r"[A-Za-z°_]+")
_BARE_POWER = re.compile(r"([A-Za-zµμΩ)])([+-]?\d)")


class UnitError(ValueError):
    """Text is not a number with a unit of the wanted dimension."""


@cache
def registry() -> Any:
    """Return the package's only pint registry, built on first use."""
    import pint

    units: Any = pint.UnitRegistry()
    units.define("ampere_hour = ampere * hour = Ah")
    return units


def to_si(text: str, unit: str) -> float:
    """Convert text such as ``"60 um"`` to a float in ``unit``.

    Decimal arithmetic keeps round numbers round: ``"60 um"`` is exactly ``6e-05`` m.

    Raises
    ------
    UnitError
        When the text is not a finite number followed by a unit of the dimension of ``unit``.
    """
    match = _QUANTITY.fullmatch(text) if len(text) <= LONGEST_TEXT else None
    if match is None:
        raise UnitError("not a number with a unit")
    number, given = match.groups()
    factor = conversion_factor(given, unit)
    if factor is None:
        value = _with_offset(float(number), given, unit)
    else:
        value = float(Decimal(number) * factor)
    if not math.isfinite(value):
        raise UnitError(f"{text!r} is not finite")
    return value


def unit_of(text: str) -> str:
    """The unit that stands behind the number of a quantity's text, "" for a plain number.

    Raises
    ------
    UnitError
        When the text begins with no number.
    """
    match = _QUANTITY.fullmatch(text) if len(text) <= LONGEST_TEXT else None
    if match is None:
        raise UnitError("not a number with a unit")
    return str(match.group(2))


def read_si(value: object, unit: str) -> float | None:
    """Value in SI of what may be a quantity's text; None where it is none."""
    try:
        return to_si(value, unit) if isinstance(value, str) else None
    except UnitError:
        return None


@cache
def conversion_factor(given: str, unit: str) -> Decimal | None:
    """Return what one ``given`` is in ``unit``; None for scales with an offset (``degC``)."""
    common, wanted = _measure(given), _measure(unit)
    if common is not None and wanted is not None:
        if common.powers != wanted.powers:
            raise UnitError(f"{given!r} is not a unit like {unit!r}")
        return _decimal(lambda: float(common.factor / wanted.factor), given)
    source, target = _unit(given), _unit(unit)
    if source.dimensionality != target.dimensionality:
        raise UnitError(f"{given!r} is not a unit like {unit!r}")
    one = registry().Quantity(1.0, source)
    if not one._is_multiplicative:
        return None
    return _decimal(lambda: one.to(target).magnitude, given)


def base_factor(given: str) -> Decimal:
    """Return what one ``given`` is in coherent SI base units.

    Raises
    ------
    UnitError
        When the text is not a unit, or is a scale with an offset.
    """
    common = _measure(given)
    if common is not None:
        return _decimal(lambda: float(common.factor), given)
    one = registry().Quantity(1.0, _unit(given))
    if not one._is_multiplicative:
        raise UnitError(f"{given!r} has an offset")
    return _decimal(lambda: one.to_base_units().magnitude, given)


def with_unit(value: float, unit: str) -> str:
    """Return the text that `to_si` reads back to exactly ``value``."""
    return f"{value!r} {unit}"


def _with_offset(number: float, given: str, unit: str) -> float:
    """Convert on a scale with its own zero, which has no meaning in products."""
    if _SCALE.fullmatch(given) is None:
        raise UnitError(f"{given!r} has an offset")
    return float(registry().Quantity(number, _unit(given)).to(unit).magnitude)


def _decimal(convert: Callable[[], float], given: str) -> Decimal:
    """The factor of a conversion, to 15 digits: they drop the rounding noise of chained prefixes
    (9.999999999999998 -> 10)."""
    try:
        factor = convert()
    except Exception as error:  # logarithmic units and powers beyond floats, each in its own way
        raise UnitError(f"{given!r} does not convert") from error
    if not 0.0 < factor < math.inf:
        raise UnitError(f"{given!r} does not convert")
    return Decimal(format(factor, ".15g"))


def _measure(text: str) -> Measure | None:
    _require_product(text)
    return measure(text)


def _require_product(text: str) -> None:
    if len(text) > LONGEST_TEXT or _UNIT.fullmatch(text) is None:
        raise UnitError("not a product of units")


@cache
def _unit(text: str) -> Any:
    """Parse a unit; ``m2`` and ``cm-2`` mean powers as they do in print."""
    _require_product(text)
    try:
        return registry().parse_units(_BARE_POWER.sub(r"\1**\2", text))
    except Exception as error:  # pint's tokenizer lets many kinds of error through
        raise UnitError(f"{text!r} is not a unit") from error


def for_readers(unit: str) -> tuple[str, float]:
    """The unit in which tables for people show what files give in ``unit``, and its factor.

    Current densities are asked for in mA/cm^2 and shown in it; other units stay as they are.
    """
    return ("mA/cm^2", 0.1) if unit == "A/m^2" else (unit, 1.0)


def milliampere(current: float) -> str:
    """A current density [A/m2] in text for people, by :func:`for_readers`."""
    unit, factor = for_readers("A/m^2")
    return f"{factor * current:.4g} {unit}"
