"""Impedance: the small-signal response about a state, as a spectrum and as what it is made of."""

import zinterphase.startup  # noqa: F401  # isort: skip  # before DOLFINx and PETSc
