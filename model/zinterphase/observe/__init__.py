"""What a solution is reduced to: currents, balances, homogeneity metrics, error bars."""

import zinterphase.startup  # noqa: F401
