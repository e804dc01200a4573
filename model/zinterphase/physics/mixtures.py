"""Effective conductivity of a mixture over that of its conducting phase: models, bounds, lattices.

``solid`` is the volume fraction of particles that do not conduct, ``dimension`` 2 (disks) or 3.
"""

from __future__ import annotations


def maxwell(solid: float, dimension: int) -> float:
    """Dilute insulating spheres, Maxwell (1873) art. 314, or disks, Rayleigh (1892); also the upper
    bound of Hashin & Shtrikman (1962) for isotropic mixtures, whose lower one is zero."""
    return (1.0 - solid) * (dimension - 1) / (dimension - 1 + solid)


def bruggeman(solid: float, dimension: int) -> float:
    """Insulating particles of a wide range of sizes, added bit by bit (Bruggeman, 1935)."""
    return float((1.0 - solid) ** (dimension / (dimension - 1)))


def square_array(solid: float) -> float:
    """Insulating disks on a square lattice: Rayleigh (1892), with the coefficients of Perrins,
    McKenzie & McPhedran, Proc. R. Soc. A 369 (1979) 207, to the order of solid^8."""
    higher = 0.305827 * solid**4 / (1.0 - 1.402958 * solid**8) + 0.013362 * solid**8
    return float(1.0 - 2.0 * solid / (1.0 + solid - higher))


def simple_cubic(solid: float) -> float:
    """Insulating spheres on a simple cubic lattice: Sangani & Acrivos, Proc. R. Soc. A 386 (1983)
    263, to the order of solid^(22/3)."""
    second, third, fourth, fifth = -3.0 / 4.0, -5.0 / 6.0, -7.0 / 8.0, -9.0 / 10.0
    pairs = 1.305 * second * solid ** (10 / 3)
    pairs *= (1.0 + 0.231 * third * solid ** (11 / 3)) / (1.0 - 0.405 * second * solid ** (7 / 3))
    higher = 0.0723 * third * solid ** (14 / 3) + 0.153 * fourth * solid**6
    higher += 0.0105 * fifth * solid ** (22 / 3)
    return float(1.0 - 3.0 * solid / (2.0 + solid + pairs + higher))
