"""What each reaction of an electrode has of its current, and what it makes of the ions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zinterphase.cell.electrodes import ElectrodeParts
from zinterphase.observe.currents import Turns, metal_taken, production
from zinterphase.scales import FARADAY

VANISHES = 1e-9
"""Net current over the sum of its parts' sizes below which shares of it mean nothing."""


@dataclass(frozen=True)
class ReactionCurrent:
    """One reaction over all walls of its electrode, per projected area of the working electrode.

    ``mean_current_density`` [A/m2] is anodic positive, ``share`` the part of the electrode's net
    current (None where that vanishes), ``ion_production``
    and ``gas_production`` what it makes of each ion and of each gas [mol/m2/s].
    """

    name: str
    mean_current_density: float
    share: float | None
    ion_production: Mapping[str, float]
    gas_production: Mapping[str, float]


def reaction_currents(
    parts: ElectrodeParts, currents: Mapping[tuple[str, str], float], area: float
) -> Iterator[ReactionCurrent]:
    """The reactions of an electrode from its integrated rate laws [A] by layer and reaction."""
    total, size = sum(currents.values()), sum(abs(current) for current in currents.values())
    for name in dict.fromkeys(name for _, name in currents):
        own = {key: current for key, current in currents.items() if key[1] == name}
        current = sum(own.values())
        share = current / total if abs(total) > VANISHES * size else None
        made = ion_production(parts, own, {}, area), gas_production(parts, own, {}, area)
        yield ReactionCurrent(name, current / area, share, *made)


def gas_production(
    parts: ElectrodeParts,
    currents: Mapping[tuple[str, str], float],
    turns: Turns,
    area: float = 1.0,
) -> dict[str, float]:
    """What some of an electrode's reactions and chemical steps make of each gas [mol/m2/s], or in
    all [mol/s]."""
    made: dict[str, float] = {}
    reactions = parts.reactions
    for key, current in currents.items():
        for gas in reactions[key].rate.gas or {}:
            rate = reactions[key].gas(gas) * current / (FARADAY * area)
            made[gas] = made.get(gas, 0.0) + rate
    for key, turned in turns.items():
        for gas, number in parts.steps[key].gas.items():
            made[gas] = made.get(gas, 0.0) + number * turned / area
    return made


def corrosion_current(
    parts: ElectrodeParts,
    currents: Mapping[tuple[str, str], float],
    turns: Turns,
    area: float,
) -> float | None:
    """Irreversible reductions [A/m2], as a magnitude: what they take from the metal where no net
    current flows; with what chemical steps take of it, which needs no current. None where there
    are none."""
    reactions = parts.reactions
    taken = [-current for key, current in currents.items() if reactions[key].rate.only_reduces]
    if any(step.metal for step in parts.steps.values()):
        taken.append(metal_taken(parts, turns))
    return sum(taken) / area if taken else None


def ion_production(
    parts: ElectrodeParts,
    currents: Mapping[tuple[str, str], float],
    turns: Turns,
    area: float,
) -> dict[str, float]:
    """What some of an electrode's reactions and chemical steps make of each ion [mol/m2/s]."""
    made = production(parts, currents, turns)
    return {ion: amount / (FARADAY * area) for ion, amount in made.items()}
