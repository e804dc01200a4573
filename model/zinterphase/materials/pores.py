"""Walls of narrow pores: their area, what they hinder, and the charge they carry."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import scipy

from zinterphase.scales import AVOGADRO

_LARGEST_POTENTIAL = 40.0  # kT/e, far beyond any Donnan potential


@dataclass(frozen=True)
class AcidBase:
    """1-pK sites, TiOH(-1/2) + H(+) = TiOH2(+1/2): sites per area [1/m2], pK = pH of zero charge.

    ``ph`` is that of the free electrolyte.
    """

    site_density: float
    pk: float
    ph: float


@dataclass(frozen=True)
class Adsorption:
    """Langmuir adsorption of the reactant: saturation [mol/m2], affinity [m3/mol].

    ``charge`` is what an adsorbed ion adds to the wall, in elementary charges: the ion's own, less
    that of the protons it sets free.
    """

    saturation: float
    affinity: float
    charge: float


@dataclass(frozen=True)
class PoreState:
    """A film in equilibrium with the free electrolyte.

    ``fixed_charge`` is all charge of the walls per pore volume [mol/m3], ``potential`` that of the
    pores against the free electrolyte [RT/F], ``adsorbed`` Gamma [mol/m2].
    """

    fixed_charge: float
    potential: float
    adsorbed: float


def specific_area(porosity: float, particle_diameter: float) -> float:
    """Wall per volume of a packing of spheres, 6 (1 - porosity)/d [1/m]."""
    return 6.0 * (1.0 - porosity) / particle_diameter


def renkin_constrictivity(ion_radius: float, pore_radius: float) -> float:
    """Hindrance of diffusion by narrow pores (Renkin, 1954, J. Gen. Physiol. 38, 225, eq. 11).

    0 where the ion does not fit.
    """
    ratio = ion_radius / pore_radius
    if ratio >= 1.0:
        return 0.0
    drag = 1.0 - 2.104 * ratio + 2.09 * ratio**3 - 0.95 * ratio**5
    return (1.0 - ratio) ** 2 * drag


def pore_state(
    ions: Sequence[tuple[int, float]],
    reactant: int,
    area: float,
    fixed_charge: float,
    acid_base: AcidBase | None,
    adsorption: Adsorption | None,
) -> PoreState:
    """Charge and Donnan potential of a film in equilibrium with the free electrolyte.

    ``ions`` are (charge, bulk concentration [mol/m3]), ``reactant`` the index of the adsorbing one,
    ``area`` wall per pore volume [1/m], ``fixed_charge`` [mol/m3] what does not answer. The pore
    liquid is neutral with its walls, sum z c exp(-z phi) + X(phi) = 0, and the walls see the
    potential of the pores (uniform-potential limit, pores narrower than the diffuse layer): the pH
    at the wall is pH + phi/ln 10.
    """

    def adsorbed(potential: float) -> float:
        if adsorption is None:
            return 0.0
        charge, bulk = ions[reactant]
        filling = adsorption.affinity * bulk * math.exp(-charge * potential)
        return adsorption.saturation * filling / (1.0 + filling)

    def walls(potential: float) -> float:
        found = fixed_charge
        if acid_base is not None:
            ph = acid_base.ph + potential / math.log(10.0)
            protonated = 1.0 / (1.0 + 10.0 ** (ph - acid_base.pk))
            sites = acid_base.site_density / AVOGADRO
            found += area * sites * (protonated - 0.5)
        if adsorption is not None:
            found += area * adsorption.charge * adsorbed(potential)
        return found

    def space_charge(potential: float) -> float:
        return sum(z * c * math.exp(-z * potential) for z, c in ions) + walls(potential)

    potential = float(
        scipy.optimize.brentq(space_charge, -_LARGEST_POTENTIAL, _LARGEST_POTENTIAL, xtol=1e-14)
    )
    return PoreState(walls(potential), potential, adsorbed(potential))
