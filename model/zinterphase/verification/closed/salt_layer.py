"""Concentrated 2:2 zinc sulphate along a line, integrated by SciPy.

The property functions are written a second time here, in NumPy, from the formulas and numbers of
their sources (Casteel & Amis 1972; Pitzer & Mayorga 1974; rows of the material library), so that
nothing is shared with the forms that are tested. Units: mol/m3, S/m, m2/s, V.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import scipy

SaltLayer = tuple[float, float, float]
"""Thickness [m], transport factor, fixed charge per pore volume [mol/m3]."""
F = 96485.33212
VT = 8.31446261815324 * 298.15 / F
Z = 2
BULK = 2000.0


def kappa(c: float) -> float:
    """Casteel-Amis [S/m]."""
    distance = c / 1000 - 1.924
    shape = -0.0777 * distance**2 - 0.7835 * distance / 1.924
    return float(5.66 * (c / 1924) ** 0.7835 * np.exp(shape))


def diffusivity(c: float) -> float:
    """Rows over the root of the concentration [m2/s]."""
    nodes = np.sqrt([0, 100, 1000, 2000, 3000])
    return float(np.interp(np.sqrt(c), nodes, [8.47e-10, 6e-10, 4.8e-10, 4.2e-10, 3.5e-10]))


def transference(c: float) -> float:
    """Rows over the root of the concentration."""
    return float(np.interp(np.sqrt(c), np.sqrt([0, 100, 1000, 2000]), [0.3976, 0.37, 0.33, 0.30]))


def ln_activity(c: float) -> float:
    """Pitzer's equation for a 2:2 salt, ln(gamma m)."""
    apparent = (1 - (1302 - 2000 * 0.16144) / 997.05) / 2000
    m = c / (997.05 * (1 - apparent * c))
    root = np.sqrt(4 * m)

    def g(x: float) -> float:
        return float(2 * (1 - (1 + x - x * x / 2) * np.exp(-x)) / x**2)

    debye = -0.3915 * (root / (1 + 1.2 * root) + 2 / 1.2 * np.log(1 + 1.2 * root))
    second = 2 * 0.1991 + 2.63 * g(1.4 * root) - 37.74 * g(12 * root)
    return float(4 * debye + m * second + 1.5 * 0.02892 * m**2 + np.log(m))


def slope(c: float) -> float:
    """d ln a / d ln c by a central difference."""
    h = 1e-4
    return (ln_activity(c * (1 + h)) - ln_activity(c * (1 - h))) / (2 * h)


def gradients(c: float, i: float, k: float, charge: float) -> tuple[float, float]:
    """dc/dy and dPhi/dy of the virtual salt for a current density i along y.

    ``k`` is the transport factor of the layer, ``charge`` its fixed charge.
    """
    half = -charge / (2 * Z * c)
    ratio = half + np.sqrt(half**2 + 1)
    free = transference(c)
    s = free * ratio + (1 - free) / ratio
    t = free * ratio / s
    dc = -(1 - t) * i / (Z * F) / (k * diffusivity(c) / s)
    return dc, -i / (k * kappa(c) * s) + VT * 2 / Z * (1 - t) * slope(c) * dc / c


def integrate(start: float, i: float, layers: Sequence[SaltLayer]) -> tuple[float, float, float]:
    """Salt and potential after going down through ``layers``, and the amount of salt per pore
    area of the last one."""
    c, phi, amount = start, 0.0, 0.0
    for thickness, k, charge in layers:

        def slopes(
            y: float, u: npt.NDArray[np.float64], k: float = k, charge: float = charge
        ) -> tuple[float, float, float]:
            return (*gradients(u[0], i, k, charge), u[0])

        done = scipy.integrate.solve_ivp(
            slopes, (0, -thickness), [c, phi, 0.0], rtol=1e-11, atol=1e-14
        )
        c, phi, amount = (float(x) for x in done.y[:, -1])
    return c, phi, -amount


def closed_cell(i: float, layer: SaltLayer) -> tuple[float, float, float]:
    """Salt at the working and at the counter electrode, and the drop between them, with the mean
    concentration kept."""

    def excess(top: float) -> float:
        return integrate(top, i, [layer])[2] / layer[0] - BULK

    top = float(scipy.optimize.brentq(excess, 1300, 2600, xtol=1e-9))
    c, phi, _ = integrate(top, i, [layer])
    return c, top, phi


def overpotential(i: float, c: float, i0_at_2_molar: float = 5.0) -> float:
    """Two-step Butler-Volmer, i0 of order 0.75 in the local activity [V]."""
    i0 = i0_at_2_molar * np.exp(0.75 * (ln_activity(c) - ln_activity(BULK)))

    def excess(eta: float) -> float:
        return float(i0 * (np.exp(1.5 * eta / VT) - np.exp(-0.5 * eta / VT)) - i)

    return float(scipy.optimize.brentq(excess, -0.8, 0.8, xtol=1e-15))
