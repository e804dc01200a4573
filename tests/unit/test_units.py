"""Text with units to SI: exact round numbers, refusals, round trip."""

import math

import pytest

from zinterphase.symbols import SYMBOLS, measure
from zinterphase.units import UnitError, base_factor, registry, to_si, with_unit

DIMENSIONS = ("length", "mass", "time", "current", "temperature", "substance")


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("60 um", "m", 6e-05),
        ("0.55 nm", "m", 5.5e-10),
        (" .5um ", "m", 5e-07),
        ("-1 mA/cm^2", "A/m^2", -10.0),
        ("0.5 mA/cm2", "A/m^2", 5.0),
        ("0.5 mA cm-2", "A/m^2", 5.0),
        ("2 mol/L", "mol/m^3", 2000.0),
        ("2 M", "mol/m^3", 2000.0),
        ("30 uF/cm^2", "F/m^2", 0.3),
        ("50 mS/cm", "S/m", 5.0),
        ("1.2e8 1/m", "1/m", 1.2e8),
        ("-50 mV", "V", -0.05),
        ("25 degC", "K", 298.15),
        ("1 mAh/cm2", "C/m^2", 36000.0),
    ],
)
def test_round_numbers_stay_exact(text: str, unit: str, value: float) -> None:
    assert to_si(text, unit) == value


@pytest.mark.parametrize(
    "text", ["", "um", "60", "60 mV", "60 parsec potato", "60 (m", "1e400 m", "nan m", "60 um 3"]
)
def test_what_is_not_a_length_is_refused(text: str) -> None:
    with pytest.raises(UnitError):
        to_si(text, "m")


@pytest.mark.parametrize("value", [math.pi, 1e-300, -7.03e-10, 0.1 + 0.2, 5.0])
def test_written_values_read_back_to_the_last_bit(value: float) -> None:
    for unit in ("m", "A/m^2", "mol/m^3", "F/m^2", "1/m", "m^2/s"):
        assert to_si(with_unit(value, unit), unit) == value


def test_base_units() -> None:
    assert float(base_factor("eV")) == pytest.approx(1.602176634e-19, rel=1e-14)
    assert float(base_factor("")) == 1.0
    with pytest.raises(UnitError):
        base_factor("degC")


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_a_symbol_is_what_pint_says(symbol: str) -> None:
    one = registry().Quantity(1.0, symbol)
    powers = tuple(one.dimensionality.get(f"[{name}]", 0) for name in DIMENSIONS)
    assert SYMBOLS[symbol].powers == powers
    assert float(SYMBOLS[symbol].factor) == pytest.approx(one.to_base_units().magnitude, rel=1e-14)


@pytest.mark.parametrize(
    "unit", ["mA/cm^2", "J/(mol K)", "1/(mol/L)^2", "kg m2 s-3 A-1", "A*h/m**2", "", "1"]
)
def test_products_are_what_pint_says(unit: str) -> None:
    found = measure(unit)
    assert found is not None
    one = registry().Quantity(1.0, unit.replace("m2 s-3 A-1", "m^2 / s^3 / A"))
    powers = tuple(one.dimensionality.get(f"[{name}]", 0) for name in DIMENSIONS)
    assert found.powers == powers
    assert float(found.factor) == pytest.approx(one.to_base_units().magnitude, rel=1e-14)
