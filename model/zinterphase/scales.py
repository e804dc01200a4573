"""Physical constants and the thermal voltage."""

from math import log

FARADAY = 96485.33212
"""Faraday constant [C/mol], exact by the SI."""
GAS_CONSTANT = 8.31446261815324
"""Molar gas constant [J/(mol K)], exact by the SI."""
GAS_VOLUME = 0.024790
"""Molar volume of an ideal gas at 298.15 K and 1 bar [m3/mol]."""
AVOGADRO = 6.02214076e23
"""Avogadro constant [1/mol], exact by the SI."""
VACUUM_PERMITTIVITY = 8.8541878128e-12
"""Vacuum permittivity [F/m], CODATA 2018."""
LN10 = log(10.0)


def thermal_voltage(temperature: float) -> float:
    """RT/F [V] at ``temperature`` [K]."""
    return GAS_CONSTANT * temperature / FARADAY
