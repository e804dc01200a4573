"""Physical constants and the reference values of a problem."""

from zinterphase.materials.library import AVOGADRO, parameter

__all__ = ["AVOGADRO", "FARADAY", "GAS_CONSTANT", "VACUUM_PERMITTIVITY", "thermal_voltage"]

FARADAY: float = parameter("constants.F").si
"""Faraday constant [C/mol]."""
GAS_CONSTANT: float = parameter("constants.R").si
"""Molar gas constant [J/(mol K)]."""
VACUUM_PERMITTIVITY: float = parameter("constants.eps0").si
"""Vacuum permittivity [F/m]."""


def thermal_voltage(temperature: float) -> float:
    """RT/F [V] at ``temperature`` [K]."""
    return GAS_CONSTANT * temperature / FARADAY
