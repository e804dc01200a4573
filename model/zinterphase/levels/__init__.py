"""Levels of theory: the constitutive model of the liquid, one per file."""

import zinterphase.startup  # noqa: F401
from zinterphase.levels.base import ElectrodePlane, Level, LiquidMedia
from zinterphase.levels.concentrated import ConcentratedSalt
from zinterphase.levels.conduction import Conduction
from zinterphase.levels.electroneutral import Electroneutral
from zinterphase.levels.pnp import PoissonNernstPlanck
from zinterphase.levels.wall import GouyChapmanStern

__all__ = [
    "ConcentratedSalt",
    "Conduction",
    "ElectrodePlane",
    "Electroneutral",
    "GouyChapmanStern",
    "Level",
    "LiquidMedia",
    "PoissonNernstPlanck",
]
