"""Materials: the parameter library, layer media, electrolyte laws, kinetic defaults."""

from zinterphase.materials.library import Parameter, Sourced, library, parameter

__all__ = ["Parameter", "Sourced", "library", "parameter"]
