"""What the library knows of silver that takes up zinc."""

from __future__ import annotations

from collections.abc import Sequence

from zinterphase.materials.library import Sourced, parameter, sourced
from zinterphase.scales import FARADAY

PHASES = ("alpha", "gamma", "epsilon")
"""Of silver and zinc by rising content, each where it is saturated; the last is AgZn3."""
_DEPTH = 1e-7
"""Thickness that the library's capacity is for [m]."""
_ELECTRONS = 2


def alloying_defaults(material: str, porosity: float, thickness: float, area: float
                      ) -> dict[str, Sourced]:  # fmt: skip
    """Defaults of a silver layer by field of the case; empty for other materials.

    ``thickness`` [m] is that of a dense layer; a porous one has its solid spread over the ``area``
    of its pores per volume [1/m].
    """
    if material not in ("Ag", "Ag_nanoparticles"):
        return {}
    capacity = parameter("silver.AgZn3_capacity_per_100nm")
    held = capacity.si / (_ELECTRONS * FARADAY * _DEPTH)
    behind = thickness if porosity == 0.0 or area == 0.0 else (1.0 - porosity) / area
    return {
        "thickness": Sourced(behind, "m", "solid behind the surface", "high", "definition"),
        "diffusivity": sourced("silver.D_AgZn_298K", "m^2/s"),
        "capacity": Sourced(
            held, "mol/m^3", f"{capacity.key}: {capacity.source}", capacity.confidence, "computed"
        ),
        "alpha": sourced("silver.E_alloy_alpha_vs_Zn", "V"),
        "gamma": sourced("silver.E_alloy_gamma_vs_Zn", "V"),
        "epsilon": sourced("silver.E_alloy_eps_vs_Zn", "V"),
    }


def phases(potentials: Sequence[float], thermal_voltage: float) -> list[tuple[float, float]]:
    """Zinc of each saturated phase over that of AgZn3, with its potential in units of RT/F."""
    contents = (parameter(f"silver.composition_{phase}").si for phase in PHASES)
    return [(x, u / thermal_voltage) for x, u in zip(contents, potentials, strict=True)]
