"""Whether a spectrum is that of a linear, causal and stable system."""

import numpy as np

from zinterphase.impedance.arrays import Array, Complex

PER_DECADE = 5
"""Relaxations of the test in a decade of frequency."""
BEYOND = 10.0
"""Their times reach so far beyond those of the spectrum."""


def kramers_kronig_residuals(frequency: Array, impedance: Complex) -> Complex:
    """(Z - Z_fit)/|Z| with the best sum of a resistance, a capacitor, an inductor and relaxations
    R_k/(1 + i w tau_k) of given times.

    Each of these obeys the relations of Kramers and Kronig, so that what they cannot follow does
    not. Boukamp (1995), J. Electrochem. Soc. 142, 1885.
    """
    omega = 2 * np.pi * frequency
    low, high = omega.min() / BEYOND, omega.max() * BEYOND
    count = min(int(np.ceil(PER_DECADE * np.log10(high / low))) + 1, 2 * len(omega) - 4)
    times = 1 / np.geomspace(low, high, max(count, 1))
    terms = [
        np.ones(len(omega), dtype=np.complex128),
        1j * omega / high,
        low / (1j * omega),
        *(1 / (1 + 1j * omega * time) for time in times),
    ]
    size = np.abs(impedance)
    columns = np.stack(terms, axis=1) / size[:, None]
    wanted = impedance / size
    stacked = np.concatenate([columns.real, columns.imag])
    given = np.concatenate([wanted.real, wanted.imag])
    weights, *_ = np.linalg.lstsq(stacked, given, rcond=1e-12)
    return np.asarray(wanted - columns @ weights)
