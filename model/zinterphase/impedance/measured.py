"""A measured spectrum beside the computed one."""

from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import numpy as np

from zinterphase.errors import CaseError
from zinterphase.impedance.arrays import Array, Complex
from zinterphase.output.measured_file import read_rows, unit_factor

OPTION = "--measured"
COLUMNS = (("frequency", "Hz"), ("re", "ohm m^2"), ("im", "ohm m^2"))
EXAMPLE = "frequency_Hz,re_ohm cm2,im_ohm cm2"
MOST_ROWS = 100_000


@dataclass(frozen=True, eq=False)
class MeasuredSpectrum:
    """Frequencies [Hz], rising, and impedances [ohm m2] of a file of that ``name``."""

    name: str
    frequency: Array
    impedance: Complex

    def distance(self, frequency: Array, impedance: Complex) -> float | None:
        """Root of the mean square of |measured - computed|/|computed| where both are, computed ones
        interpolated in the logarithm of the frequency; None where they share no frequency."""
        inside = (self.frequency >= frequency[0]) & (self.frequency <= frequency[-1])
        if not inside.any():
            return None
        at, grid = np.log(self.frequency[inside]), np.log(frequency)
        computed = np.interp(at, grid, impedance.real) + 1j * np.interp(at, grid, impedance.imag)
        off = np.abs(self.impedance[inside] - computed) / np.abs(computed)
        return float(np.sqrt(np.mean(off**2)))


def read_spectrum(path: Path) -> MeasuredSpectrum:
    """Read a CSV file with the header :data:`EXAMPLE`, in any units of these kinds.

    Raises :class:`CaseError`: one line, the header or the row, and what is allowed.
    """
    header, rows = read_rows(path, OPTION, MOST_ROWS)
    factors = _factors(header)
    if not rows:
        raise CaseError(OPTION, "no rows", "a row for each frequency below the header")
    values = np.array([_numbers(number, row) for number, row in enumerate(rows, 2)]) * factors
    values = values[np.argsort(values[:, 0], kind="stable")]
    return MeasuredSpectrum(path.name, values[:, 0], values[:, 1] + 1j * values[:, 2])


def _factors(header: list[str]) -> Array:
    """To SI, from the units behind the columns' names."""
    found: list[float] = []
    if len(header) == len(COLUMNS):
        pairs = zip(header, COLUMNS, strict=True)
        factors = [unit_factor(cell, name, unit) for cell, (name, unit) in pairs]
        found = [factor for factor in factors if factor is not None]
    if len(found) != len(COLUMNS):
        raise CaseError(OPTION, ",".join(header), f"a header with units, such as {EXAMPLE}")
    return np.array(found)


def _numbers(line: int, row: list[str]) -> list[float]:
    try:
        values = [float(cell) for cell in row]
    except ValueError:
        values = []
    if len(values) != len(COLUMNS) or not all(map(isfinite, values)) or values[0] <= 0.0:
        allowed = "three numbers, the frequency above 0"
        raise CaseError(f"{OPTION}: line {line}", ",".join(row), allowed)
    return values
