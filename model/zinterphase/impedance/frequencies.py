"""Which frequencies: from a cell's times, and then where its spectrum bends."""

from collections.abc import Callable
from math import pi

import numpy as np

from zinterphase.case import Case
from zinterphase.case.levels import LEVELS
from zinterphase.cell.characteristic import conductivity
from zinterphase.cell.electrodes import cell_of
from zinterphase.impedance.arrays import Array, Complex

MARGIN = 10.0
"""Frequencies go so far beyond those of the slowest and the fastest of a cell's times."""
PER_DECADE = 4
"""Points of the first grid."""
TURN = np.deg2rad(12.0)
"""Angle between neighbouring chords of the spectrum from which it is refined."""
SHORT = 5e-3
"""Chord over the extent of the spectrum below which it is not."""
FLAT = 0.01
"""Imaginary part over modulus at which an end of the spectrum is one."""
BEYOND = 3
"""Decades at most that are added at either end."""
MOST = 240
"""Points in all."""


def default_range(case: Case) -> tuple[float, float]:
    """Lowest and highest frequency [Hz] from the times of a cell: diffusion across the liquid, and
    the double layer's through the kinetics and through the liquid."""
    cell, facts = cell_of(case), LEVELS[case.level]
    bulk, surface = cell.bulk, cell.working.surface
    layers = [layer for layer in case.layers if layer.name in cell.stack.liquid]
    ohmic = sum(
        x.thickness / (x.medium.ionic_conductivity_factor * conductivity(bulk)) for x in layers
    )
    times = []
    if facts.concentrations:
        length = sum(layer.thickness for layer in layers)
        times.append(length**2 / min(species.diffusivity for species in bulk.species))
    kinetics = surface.kinetics
    capacitance = (
        kinetics.stern_capacitance if facts.double_layer else kinetics.double_layer_capacitance
    )
    if capacitance:
        times += [ohmic * capacitance]
        if surface.exchange_current_density > 0.0:
            times.append(capacitance * bulk.thermal_voltage / surface.exchange_current_density)
    if not times:
        return 1e-3, 1e5
    if facts.concentrations and not capacitance:
        times.append(min(times) * 1e-6)
    return 1 / (2 * pi * max(times) * MARGIN), MARGIN / (2 * pi * min(times))


def resolved(
    at: Callable[[float], complex], low: float, high: float, *, given: bool = False
) -> tuple[Array, Complex]:
    """Frequencies [Hz], rising, and ``at`` them: a grid in the logarithm from ``low`` to ``high``,
    lengthened until both ends are flat (unless they are ``given``), halved where it bends."""
    count = max(int(np.ceil(PER_DECADE * np.log10(high / low))), 1)
    found = {f: at(f) for f in np.geomspace(low, high, count + 1).tolist()}
    if not given:
        for end, factor in ((high, 10 ** (1 / PER_DECADE)), (low, 10 ** (-1 / PER_DECADE))):
            _lengthen(at, found, end, factor)
    while len(found) < MOST:
        wanted = _bends(found)
        if not wanted:
            break
        found |= {f: at(f) for f in wanted[: MOST - len(found)]}
    frequencies = np.array(sorted(found))
    return frequencies, np.array([found[f] for f in frequencies])


def _lengthen(
    at: Callable[[float], complex], found: dict[float, complex], end: float, factor: float
) -> None:
    for _ in range(BEYOND * PER_DECADE):
        if abs(found[end].imag) <= FLAT * abs(found[end]):
            return
        end *= factor
        found[end] = at(end)


def _bends(found: dict[float, complex]) -> list[float]:
    """Middles of the chords that meet at an angle."""
    frequencies = np.array(sorted(found))
    z = np.array([found[f] for f in frequencies])
    chords = np.diff(z)
    extent = float(np.abs(z - z[0]).max())
    if extent == 0.0:
        return []
    turn = np.abs(np.angle(chords[1:] * np.conj(chords[:-1])))
    long = np.abs(chords) > SHORT * extent
    bent = np.zeros(len(chords), dtype=bool)
    sharp = turn > TURN
    bent[:-1] |= sharp
    bent[1:] |= sharp
    return [
        float(np.sqrt(frequencies[k] * frequencies[k + 1])) for k in np.flatnonzero(bent & long)
    ]
