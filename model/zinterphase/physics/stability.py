"""Whether a corrugation of an electrode grows: linear stability of its shape.

Quasi-steady: the state of the liquid follows the shape. A wave a cos kx of the height carries the
wave i1 cos kx of the deposition current: the overpotential R_ct i1 it takes is what it gains by
reaching to a higher potential, less what its own current loses on the way and what its curvature
costs, R_ct i1 = (i lead - Gamma k^2) a - impedance i1. Mullins & Sekerka (1964), J. Appl. Phys. 35,
444; Barton & Bockris (1962), Proc. R. Soc. A 268, 485; Sundstroem & Bark (1995), Electrochim. Acta
40, 599.
"""

from collections.abc import Sequence

import numpy as np

from zinterphase.physics.waves import Array, Way


def capillarity(surface_energy: float, volume_per_charge: float) -> float:
    """Shift of the equilibrium per curvature [V m], gamma Vm/(n F): Gibbs and Thomson.

    Of a metal with the surface energy gamma [J/m2] and the volume Vm/(n F) [m3/C].
    """
    return surface_energy * volume_per_charge


def current_response(
    k: Array,
    deposition: float,
    resistance: float,
    capillary: float,
    ways: Sequence[tuple[float, Way]],
) -> Array:
    """i1/a [A/m3]: wave of the deposition current density per wave of the height.

    Parameters
    ----------
    k : Wave numbers [1/m].
    deposition : Mean current density [A/m2], positive while plating.
    resistance : Tangent d|eta|/di of the charge transfer at that current density [ohm m2].
    capillary : Of :func:`capillarity` [V m].
    ways : Ways of the current, each with its weight. Conduction has the weight 1. Diffusion of a
        binary salt is a second one, with z F D/(1 - t+) [A m2/mol] in place of the conductivity and
        the weight of :func:`polarisation_weight`: both drops add up in the overpotential.
    """
    lead = sum((weight * way.lead for weight, way in ways), np.zeros_like(k))
    impedance = sum((weight * way.impedance for weight, way in ways), np.zeros_like(k))
    return np.asarray((deposition * lead - capillary * k**2) / (resistance + impedance))


def polarisation_weight(
    diffusion_potential: float, rate_polarisation: float, concentration: float
) -> float:
    """Overpotential per concentration of the salt [V m3/mol], about ``concentration`` [mol/m3].

    ``diffusion_potential`` is (RT/F)(2/z)(1 - t+) d ln a/d ln c, ``rate_polarisation`` R_ct i
    d ln i0/d ln c with i > 0 while plating [V].
    """
    return (diffusion_potential + rate_polarisation) / concentration


def growth_rate(response: Array, volume_per_charge: float, porosity: float = 1.0) -> Array:
    """sigma [1/s] of a(t) = a(0) exp(sigma t) for the ``response`` i1/a [A/m3].

    ``volume_per_charge`` of the metal is Vm/(nF) [m3/C]; metal that grows into pores takes up
    ``porosity`` of the volume that its surface sweeps.
    """
    return np.asarray(volume_per_charge / porosity * response)
