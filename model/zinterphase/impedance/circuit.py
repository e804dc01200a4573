"""A spectrum reduced as in a laboratory: an equivalent circuit fitted to it."""

from dataclasses import dataclass

import numpy as np
import scipy

from zinterphase.impedance.arrays import Array, Complex

ILL = 2e-3
"""Root of the mean square of the relative residual above which a circuit says nothing."""

FAR = 60.0
"""Logarithm of what is nothing, or without bound, in SI units."""


@dataclass(frozen=True)
class Circuit:
    """R_ohm in series with C_dl beside R_ct and a finite Warburg element
    R_d tanh(sqrt(i w tau))/sqrt(i w tau) (Randles, 1947).

    ``resistance`` R_ohm, ``transfer`` R_ct, ``diffusion`` R_d [ohm m2], ``capacitance`` C_dl
    [F/m2], ``time`` tau [s], ``residual`` the root of the mean square of |Z_fit - Z|/|Z|.
    """

    resistance: float
    transfer: float
    capacitance: float
    diffusion: float
    time: float
    residual: float

    @property
    def warburg(self) -> float:
        """sigma [ohm m2 s^-1/2] of sigma (1 - i)/sqrt(w), above the frequency of ``time``."""
        return float(self.diffusion / np.sqrt(2 * self.time))

    def at(self, frequency: Array) -> Complex:
        """Its impedance [ohm m2]."""
        return _impedance(
            np.array([self.resistance, self.transfer, self.capacitance, self.diffusion, self.time]),
            frequency,
        )


def fitted(frequency: Array, impedance: Complex) -> Circuit | None:
    """The circuit nearest to a spectrum in relative terms; None where it is none."""
    starts = [_start(frequency, impedance, share) for share in (0.01, 0.1, 0.5, 0.9)]

    def off(logarithms: Array) -> Array:
        relative = (_impedance(_values(logarithms), frequency) - impedance) / impedance
        return np.concatenate([relative.real, relative.imag])

    tries = [
        scipy.optimize.least_squares(off, np.log(start), method="lm", max_nfev=4000)
        for start in starts
    ]
    best = min(tries, key=lambda found: float(found.cost))
    residual = float(np.sqrt(2 * best.cost / len(frequency)))
    resistance, transfer, capacitance, diffusion, time = _values(best.x).tolist()
    if residual >= ILL:
        return None
    return Circuit(resistance, transfer, capacitance, diffusion, time, residual)


def _values(logarithms: Array) -> Array:
    """Of the elements; one that is not there goes to nothing or without bound."""
    return np.exp(np.clip(logarithms, -FAR, FAR))


def _start(frequency: Array, impedance: Complex, share: float) -> Array:
    """A first guess in which ``share`` of what is not ohmic is diffusion."""
    ohmic = float(impedance.real.min())
    width, height = np.ptp(impedance.real), np.abs(impedance.imag).max()
    rest = float(max(width, 2 * height))
    apex = 2 * np.pi * float(frequency[int(np.argmin(impedance.imag))])
    transfer = (1 - share) * rest
    slow = 1 / (2 * np.pi * float(np.sqrt(frequency[0] * frequency[-1] ** 0.2)))
    return np.array([max(ohmic, 1e-12), transfer, 1 / (apex * transfer), share * rest, slow])


def _impedance(values: Array, frequency: Array) -> Complex:
    resistance, transfer, capacitance, diffusion, time = values
    omega = 2j * np.pi * frequency
    root = np.sqrt(omega * time)
    branch = transfer + diffusion * np.tanh(root) / root
    return np.asarray(resistance + 1 / (omega * capacitance + 1 / branch))
