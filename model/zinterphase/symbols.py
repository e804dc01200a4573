"""The unit symbols of electrochemistry in SI, at the price of a look: pint takes 0.3 s to start.

What is written otherwise, and every scale with an offset, is left to pint.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

_POWERS = {"p": -12, "n": -9, "u": -6, "µ": -6, "μ": -6, "m": -3, "c": -2, "k": 3, "M": 6, "G": 9}
"""Prefixes, as powers of ten."""
_PREFIXED = {
    "m": ("1", (1, 0, 0, 0, 0, 0)),
    "g": ("1e-3", (0, 1, 0, 0, 0, 0)),
    "s": ("1", (0, 0, 1, 0, 0, 0)),
    "A": ("1", (0, 0, 0, 1, 0, 0)),
    "K": ("1", (0, 0, 0, 0, 1, 0)),
    "mol": ("1", (0, 0, 0, 0, 0, 1)),
    "L": ("1e-3", (3, 0, 0, 0, 0, 0)),
    "C": ("1", (0, 0, 1, 1, 0, 0)),
    "N": ("1", (1, 1, -2, 0, 0, 0)),
    "Pa": ("1", (-1, 1, -2, 0, 0, 0)),
    "J": ("1", (2, 1, -2, 0, 0, 0)),
    "eV": ("1.602176634e-19", (2, 1, -2, 0, 0, 0)),
    "V": ("1", (2, 1, -3, -1, 0, 0)),
    "S": ("1", (-2, -1, 3, 2, 0, 0)),
    "F": ("1", (-2, -1, 4, 2, 0, 0)),
    "Hz": ("1", (0, 0, -1, 0, 0, 0)),
    "ohm": ("1", (2, 1, -3, -2, 0, 0)),
    "Ah": ("3600", (0, 0, 1, 1, 0, 0)),
}
"""Factor and powers of m, kg, s, A, K and mol of symbols that take prefixes."""
_ALONE = {
    "min": ("60", (0, 0, 1, 0, 0, 0)),
    "h": ("3600", (0, 0, 1, 0, 0, 0)),
}
_FACTOR = re.compile(r"1|(?:([A-Za-zµμ]+)|\(([^()]*)\))(?:(?:\^|\*\*)?([+-]?\d))?")
_JOINT = re.compile(r"\s*([*/])\s*|\s+")


@dataclass(frozen=True)
class Measure:
    """One of a unit in coherent SI: ``factor`` times m, kg, s, A, K and mol to ``powers``."""

    factor: Decimal
    powers: tuple[int, ...]

    def __mul__(self, other: "Measure") -> "Measure":
        powers = tuple(a + b for a, b in zip(self.powers, other.powers, strict=True))
        return Measure(self.factor * other.factor, powers)

    def __pow__(self, power: int) -> "Measure":
        return Measure(self.factor**power, tuple(power * own for own in self.powers))


def _symbols() -> dict[str, Measure]:
    found = {name: Measure(Decimal(factor), powers) for name, (factor, powers) in _ALONE.items()}
    for name, (factor, powers) in _PREFIXED.items():
        for prefix, power in {"": 0, **_POWERS}.items():
            found.setdefault(prefix + name, Measure(Decimal(factor).scaleb(power), powers))
    return found


SYMBOLS = _symbols()
ONE = Measure(Decimal(1), (0, 0, 0, 0, 0, 0))


@cache
def measure(unit: str) -> Measure | None:
    """Of a product of units as :mod:`zinterphase.units` allows it; None where a symbol is rare."""
    found, sign, at = ONE, 1, 0
    while at < len(unit):
        factor = _FACTOR.match(unit, at)
        if factor is None:
            return None
        symbol, product, power = factor.groups()
        one = measure(product) if product else SYMBOLS.get(symbol, None) if symbol else ONE
        if one is None:
            return None
        found *= one ** (sign * int(power or 1))
        joint = _JOINT.match(unit, factor.end())
        sign = -1 if joint and joint[1] == "/" else 1
        at = joint.end() if joint else factor.end()
    return found
