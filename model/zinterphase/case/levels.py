"""Levels of theory by what they need of the electrolyte."""

IDEAL_LEVELS = ("pnp", "electroneutral")
"""Levels of single ideal ions: activities are concentrations, no measured conductivity enters."""
