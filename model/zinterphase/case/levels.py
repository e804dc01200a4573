"""Levels of theory by what they need of the electrolyte."""

IDEAL_LEVELS = ("pnp", "electroneutral")
"""Levels of single ideal ions: activities are concentrations, no measured conductivity enters."""


def is_ideal(level: object, by_ion: bool) -> bool:
    """Whether activities are concentrations: at levels of single ions, and where the electrolyte
    is given ``by_ion`` instead of by a salt whose activity is measured."""
    return by_ion or level in IDEAL_LEVELS
