"""Reactions that share species share one equilibrium: no current runs in a circle at rest."""

from collections.abc import Sequence

import numpy as np
from scipy.linalg import null_space

from zinterphase.cell.reaction import Reaction
from zinterphase.errors import CaseError

TOLERANCE = 1e-6
"""Of a loop's driving force, in units of RT/F."""


def require_one_equilibrium(layer: str, reactions: Sequence[Reaction], voltage: float) -> None:
    """Raise CaseError where reversible ``reactions`` of a wall add up to nothing but a current.

    Written as oxidations with n electrons, sum l_k nu_k = 0 over every species and sum l_k n_k = 0
    make a loop; it is at rest where sum l_k n_k U_k = 0, with equilibrium potentials U_k at one
    composition. ``voltage`` is RT/F [V].
    """
    found = [r for r in reactions if not r.rate.irreversible]
    if len(found) < 2:
        return
    species = sorted({name for r in found for name in _all(r)})
    numbers = [[_all(r).get(name, 0.0) for name in species] + [r.electrons] for r in found]
    for loop in null_space(np.array(numbers).T).T:
        driving = [
            weight * r.electrons * r.equilibrium.potential / voltage
            for weight, r in zip(loop, found, strict=True)
        ]
        if abs(sum(driving)) <= TOLERANCE * (1.0 + sum(abs(d) for d in driving)):
            continue
        part = [r.name for weight, r in zip(loop, found, strict=True) if abs(weight) > TOLERANCE]
        shown = ", ".join(
            f"{r.name} {r.equilibrium.potential:.4f} V" for r in found if r.name in part
        )
        allowed = "one equilibrium of reactions that make the same of the same species"
        raise CaseError(f"kinetics.{layer}.reactions", shown, allowed)


def _all(reaction: Reaction) -> dict[str, float]:
    """What it makes of ions, gases and solids; the metal's own ion comes from that metal."""
    rate = reaction.rate
    solids = {f"{name} (s)": number for name, number in (rate.solids or {}).items()}
    gases = {f"{name} (g)": number for name, number in (rate.gas or {}).items()}
    return {**reaction.ions, **gases, **solids}
