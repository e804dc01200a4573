"""Scales of electrode potential."""

from __future__ import annotations

import math

from zinterphase.materials import electrolyte as liquid
from zinterphase.materials.library import parameter

_REFERENCE_CONCENTRATION = 2000.0  # mol/m3, state of the library's equilibrium potential
_ELECTRONS = 2


def zero_of_scale(concentration: float, temperature: float, ideal: bool) -> float:
    """Return the equilibrium potential of Zn in the bulk, V vs SHE: the zero of the Zn scale.

    Parameters
    ----------
    concentration : Zn2+ in the bulk, mol/m3.
    temperature : K.
    ideal : activities are concentrations (level pnp, explicit species); else Pitzer's.
    """
    if ideal:
        ratio = concentration / _REFERENCE_CONCENTRATION
    else:
        ratio = liquid.activity(concentration) / liquid.activity(_REFERENCE_CONCENTRATION)
    thermal = parameter("constants.R").si * temperature / parameter("constants.F").si
    return parameter("zn_kinetics.E_eq_2M").si + thermal / _ELECTRONS * math.log(ratio)
