"""Flat cells: resistances in series, Butler-Volmer inverted, Newman's porous electrode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from zinterphase.scales import VACUUM_PERMITTIVITY


def overpotential(
    density: float, exchange: float, alpha_a: float, alpha_c: float, thermal_voltage: float
) -> float:
    """Inverse of Butler-Volmer's law [V]."""

    def excess(eta: float) -> float:
        return butler_volmer_current(eta, 1.0, alpha_a, alpha_c, 1.0) - density / exchange

    return thermal_voltage * float(scipy.optimize.brentq(excess, -60.0, 60.0, xtol=1e-15))


def butler_volmer_current(
    eta: float, exchange: float, alpha_a: float, alpha_c: float, thermal_voltage: float
) -> float:
    """Butler-Volmer's law [A/m2], anodic positive; ``eta`` [V]."""
    driving = eta / thermal_voltage
    return exchange * float(np.exp(alpha_a * driving) - np.exp(-alpha_c * driving))


def porous_electrode(
    length: float, ionic: float, electronic: float, area: float, resistance: float
) -> float:
    """Resistance [ohm m2] between the metal and the outer face of a porous conductor.

    Conductivities [S/m], inner ``area`` [m2/m3], linear kinetics of ``resistance`` [ohm m2].
    Newman & Tobias, J. Electrochem. Soc. 109, 1183 (1962).
    """
    nu = length * np.sqrt(area / resistance * (1 / ionic + 1 / electronic))
    ratio = electronic / ionic + ionic / electronic
    shape = 1 + (2 + ratio * np.cosh(nu)) / (nu * np.sinh(nu))
    return float(length / (ionic + electronic) * shape)


@dataclass(frozen=True)
class Slab:
    """A layer of the Poisson stack: thickness [m], relative permittivity, space charge [C/m3]."""

    thickness: float
    permittivity: float
    charge: float


def poisson_stack(
    slabs: Sequence[Slab], face_charges: Sequence[float], ends: tuple[float, float]
) -> list[float]:
    """Potentials [V] at the faces of the slabs, outer ones first and last.

    ``face_charges`` [C/m2] lie on the interior faces, D+ - D- = sigma; ``ends`` are the imposed
    potentials. Integrates -eps phi'' = rho slab by slab; the displacement at the first face
    follows from the whole drop, which is linear in it.
    """

    def walk(displacement: float) -> list[float]:
        phi, d, faces = ends[0], displacement, [ends[0]]
        for slab, sigma in zip(slabs, [*face_charges, 0.0], strict=True):
            eps, h = VACUUM_PERMITTIVITY * slab.permittivity, slab.thickness
            phi -= (d * h + slab.charge * h**2 / 2) / eps
            d += slab.charge * h + sigma
            faces.append(phi)
        return faces

    rest, unit = walk(0.0)[-1], walk(1e-3)[-1]
    return walk(1e-3 * (ends[1] - rest) / (unit - rest))
