"""Reactions that share species share one equilibrium: nothing runs in a circle at rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import null_space

from zinterphase.case.chemical import ChemicalStep
from zinterphase.case.kinetics import Rate
from zinterphase.cell.precipitation import Precipitating
from zinterphase.cell.reaction import Reaction
from zinterphase.cell.step import Step
from zinterphase.errors import CaseError

TOLERANCE = 1e-6
"""Of a loop's driving force, in units of RT/F."""


@dataclass(frozen=True)
class _Turn:
    """One turn of a reversible reaction: what it makes of everything but electrons, of which it
    gives ``electrons``; ``driving`` [RT] is what drives it at one composition and no potential."""

    name: str
    made: dict[str, float]
    electrons: int
    driving: float
    shown: str


def require_one_equilibrium(
    layer: str,
    metal: str,
    reactions: Sequence[Reaction],
    steps: Sequence[Step],
    voltage: float,
    solids: Sequence[Precipitating] = (),
) -> None:
    """Raise CaseError where reversible ``reactions`` and ``steps`` of a wall add up to nothing.

    Reactions written as oxidations with n electrons, sum l_k nu_k = 0 over every species and
    sum l_k n_k = 0 make a loop; it is at rest where sum l_k A_k = 0, with A = -n U F/RT for the
    equilibrium potential U and ln(k_f/k_b) of a step, at one composition. ``metal`` is that of the
    wall, in touch with all of them. ``voltage`` is RT/F [V], ``solids`` are those of the case: one
    that a reaction forms is in equilibrium with what dissolves, too.
    """
    found = [_of_reaction(r, voltage) for r in reactions if not r.rate.irreversible]
    found += [_of_step(s) for s in steps if s.forward and s.backward]
    found += [
        _of_solid(r, solid)
        for r in reactions
        for solid in solids
        if solid.name == r.rate.precipitate
    ]
    if len(found) < 2:
        return
    species = sorted({name for turn in found for name in turn.made} - {f"{metal} (s)"})
    numbers = [[t.made.get(name, 0.0) for name in species] + [t.electrons] for t in found]
    for loop in null_space(np.array(numbers).T).T:
        driving = [weight * turn.driving for weight, turn in zip(loop, found, strict=True)]
        if abs(sum(driving)) <= TOLERANCE * (1.0 + sum(abs(d) for d in driving)):
            continue
        part = [t for weight, t in zip(loop, found, strict=True) if abs(weight) > TOLERANCE]
        allowed = "one equilibrium of reactions that make the same of the same species"
        shown = ", ".join(f"{turn.name} {turn.shown}" for turn in part)
        raise CaseError(f"kinetics.{layer}.reactions", shown, allowed)


def _of_reaction(reaction: Reaction, voltage: float) -> _Turn:
    potential = reaction.equilibrium.potential
    driving = -reaction.electrons * potential / voltage
    made = _all(reaction.ions, reaction.rate)
    return _Turn(reaction.name, made, reaction.electrons, driving, f"{potential:.4f} V")


def _of_step(step: Step) -> _Turn:
    shown = f"ln K = {step.affinity:.4g}"
    return _Turn(step.name, _all(step.ions, step.table), 0, step.affinity, shown)


def _of_solid(reaction: Reaction, solid: Precipitating) -> _Turn:
    """The precipitation of what a reaction forms, by the name that the reaction has for it."""
    (formula,) = reaction.rate.solids or {}
    made = {**{ion: -number for ion, number in solid.ions.items()}, f"{formula} (s)": 1.0}
    shown = f"ln K = {solid.ln_saturation:.4g}"
    return _Turn(f"precipitation of {solid.name}", made, 0, solid.ln_saturation, shown)


def _all(ions: Mapping[str, float], table: Rate | ChemicalStep) -> dict[str, float]:
    """What it makes of ions, gases and solids."""
    solids = {f"{name} (s)": number for name, number in (table.solids or {}).items()}
    gases = {f"{name} (g)": number for name, number in (table.gas or {}).items()}
    return {**ions, **gases, **solids}
