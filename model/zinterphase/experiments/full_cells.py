"""What experiments on full cells share: the window of the cell voltage, and its half-cycles."""

from math import nan

from zinterphase.case.active import HOUR
from zinterphase.experiments.parameters import Parameter, Values
from zinterphase.units import with_unit

UPPER = Parameter("upper", "1.6 V", "V", "end of charging, of the counter electrode against zinc")
LOWER = Parameter("lower", "0.6 V", "V", "end of discharging")


def charge(rate: float, values: Values) -> str:
    """At a C-rate, up to the nominal capacity or the upper voltage."""
    nominal = with_unit(HOUR / rate, "s")
    return f"charge at {rate!r} C for {nominal} until voltage >= {_volts(values['upper'])}"


def discharge(rate: float, values: Values) -> str:
    """At a C-rate, to the lower voltage."""
    return f"discharge at {rate!r} C until voltage <= {_volts(values['lower'])}"


def ratio(charge: float, over: float) -> float:
    """Of charges; NaN where none has passed."""
    return charge / over if over else nan


def _volts(value: float) -> str:
    return with_unit(value, "V")
