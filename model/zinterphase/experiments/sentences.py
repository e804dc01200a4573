"""Sentences of the protocols that experiments put a cell through."""

from zinterphase.units import with_unit

SLACK = 1.5
"""Time allowed to a stripping over that which the whole deposit takes."""


def plate(current: float, until: str) -> str:
    """At a magnitude [A/m2]."""
    return f"plate at {with_unit(current, 'A/m^2')} until {until}"


def strip(current: float, until: str) -> str:
    """At a magnitude [A/m2]."""
    return f"strip at {with_unit(current, 'A/m^2')} until {until}"


def passed(charge: float) -> str:
    """The condition of a charge [C/m2]."""
    return f"charge >= {with_unit(charge, 'C/m^2')}"


def above(voltage: float) -> str:
    """The condition of a voltage [V]."""
    return f"voltage >= {with_unit(voltage, 'V')}"


def emptied(thickness: str, charge: float, current: float, cutoff: float) -> str:
    """The conditions that end a stripping: no ``thickness`` is left (its name in conditions), a
    ``cutoff`` voltage [V], or the time in which a ``current`` [A/m2] takes more than the whole
    ``charge`` [C/m2]."""
    longest = SLACK * charge / current
    return f"{thickness} <= 0 um or {above(cutoff)} or time >= {longest!r} s"


def rest(duration: float) -> str:
    """At open circuit, so long [s]."""
    return f"rest for {with_unit(duration, 's')}"


def hold(voltage: float, duration: float) -> str:
    """At a voltage [V], so long [s]."""
    return f"hold at {with_unit(voltage, 'V')} for {with_unit(duration, 's')}"
