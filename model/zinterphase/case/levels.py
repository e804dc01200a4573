"""Facts about the levels of theory: what each needs, takes and resolves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Facts:
    """A level of theory.

    Attributes
    ----------
    ideal : its ions are ideal and single; activities are concentrations.
    salt : needs a salt of the library, where its properties are measured.
    conductivity : needs that of the electrolyte.
    concentrations : solves them, so that depletion is known; it takes fixed charge then.
    kinetics : solves rate laws; where it does not, metals are equipotential.
    double_layer : resolves it; it takes charge on faces then.
    wall_law : takes thin double layers as a law of the wall.
    donnan : has potential jumps at the faces of charged layers.
    """

    ideal: bool = False
    salt: bool = False
    conductivity: bool = False
    concentrations: bool = True
    kinetics: bool = True
    double_layer: bool = False
    wall_law: bool = False
    donnan: bool = False


LEVELS: Mapping[str, Facts] = MappingProxyType(
    {
        "pnp": Facts(ideal=True, double_layer=True),
        "concentrated": Facts(salt=True, conductivity=True, wall_law=True),
        "electroneutral": Facts(ideal=True, wall_law=True, donnan=True),
        "secondary": Facts(conductivity=True, concentrations=False),
        "primary": Facts(conductivity=True, concentrations=False, kinetics=False),
    }
)

IDEAL_LEVELS = tuple(name for name, facts in LEVELS.items() if facts.ideal)
"""Levels of single ideal ions: activities are concentrations, no measured conductivity enters."""


def is_ideal(level: object, by_ion: bool) -> bool:
    """Whether activities are concentrations: at levels of single ions, and where the electrolyte
    is given ``by_ion`` instead of by a salt whose activity is measured."""
    return by_ion or level in IDEAL_LEVELS


def levels_that(fact: str) -> tuple[str, ...]:
    """Return the levels with a fact, by the name of its attribute."""
    return tuple(name for name, facts in LEVELS.items() if getattr(facts, fact))
