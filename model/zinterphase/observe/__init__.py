"""What a solution is reduced to: currents, balances, homogeneity metrics, error bars."""

from zinterphase import startup as _startup  # noqa: F401  # isort: skip  # before DOLFINx
