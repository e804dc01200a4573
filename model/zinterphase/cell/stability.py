"""How much waves of a front grow over its protocol, by linear theory about every step's current.

Layers are those at the beginning; sigma(k) x duration of all steps so far is ln of the amplitude.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zinterphase.case import Case
from zinterphase.case.plan import PlannedStep, planned
from zinterphase.case.protocol import Block
from zinterphase.case.step import Step
from zinterphase.case.step_text import longest
from zinterphase.cell.deposit import volume_per_charge
from zinterphase.cell.electrodes import Cell, cell_of
from zinterphase.cell.finding import Finding
from zinterphase.cell.waves import WaveGrowth, wave_growth
from zinterphase.physics.waves import Array

CELLS_PER_WAVE = 2.0
"""Of the shortest wave that a mesh carries."""
LARGEST_GROWTH = 3.0
"""ln of the amplitude up to which the shortest wave may grow where nothing cuts it off."""
WAVES = 200
"""Wavelengths looked at, by equal factors."""
CURRENTS = 50
"""Currents of a file that are told apart."""


@dataclass(frozen=True, eq=False)
class StepGrowth:
    """A step of the protocol: ``exponent`` sigma(k) x duration of each wave.

    ``fastest`` is the growth at the current of it that makes waves grow most. ``duration`` [s] at
    most. Both are None where the step imposes no current; without a duration the exponent is 0.
    """

    planned: PlannedStep
    fastest: WaveGrowth | None
    duration: float | None
    exponent: Array


@dataclass(frozen=True, eq=False)
class Stability:
    """Growth of waves of a front.

    ``wavelength`` [m] from the shortest to the longest, ``whole`` ln of the growth of each over the
    protocol, ``largest`` ln of the amplitude that it reaches at any time of it. ``pores`` are the
    layers that react too, of which the theory knows nothing.
    """

    wavelength: Array
    steps: tuple[StepGrowth, ...]
    whole: Array
    largest: Array
    pores: tuple[str, ...]

    @property
    def unknown(self) -> list[int]:
        """Numbers, from 1, of the steps whose growth is not known."""
        return [n for n, s in enumerate(self.steps, 1) if s.fastest is None or s.duration is None]


def stability_of(case: Case, lateral_size: float) -> Stability | None:
    """Growth of the waves between two cells of the ``lateral_size`` [m] and twice the width.

    None for a case without a front, without a lateral direction, whose metal's volume is not known
    or does not react.
    """
    if not case.geometry.extents:
        return None
    wavelength = np.geomspace(
        CELLS_PER_WAVE * lateral_size, 2.0 * max(case.geometry.extents), WAVES
    )
    return _stability(case, wavelength)


def exponents_of(case: Case, wavelength: Array) -> Array:
    """ln of the growth of waves over the whole protocol; NaN where it is not known."""
    found = _stability(case, wavelength)
    if found is None or found.unknown or found.pores:
        return np.full(len(wavelength), np.nan)
    return found.whole


def _stability(case: Case, wavelength: Array) -> Stability | None:
    cell = cell_of(case)
    wall = cell.working.surface
    moves = case.front is not None and wall.main in wall.reactions
    if not moves or np.isnan(volume_per_charge(wall.main)):
        return None
    steps = tuple(
        _growth(cell, entry, 2.0 * np.pi / wavelength) for entry in planned(case.protocol)
    )
    exponents = iter([step.exponent for step in steps])
    whole, largest = _over(case.protocol, exponents, np.zeros(len(wavelength)))
    pores = tuple(wall.layer for wall in cell.working.pores)
    return Stability(wavelength, steps, whole, largest, pores)


def stability_findings(case: Case, found: Stability | None) -> Iterator[Finding]:
    """The largest growth; a refusal where the shortest waves grow and nothing cuts them off."""
    if found is None or case.front is None:
        return
    best = int(np.argmax(found.largest))
    grown = f"{found.wavelength[best] * 1e6:.4g} um grow most, by exp({found.largest[best]:.3g})"
    bounds = f"{found.wavelength[0] * 1e6:.4g} and {found.wavelength[-1] * 1e6:.4g} um"
    text = f"of waves between {bounds} those of {grown}, by linear theory"
    if found.unknown:
        numbers = ", ".join(map(str, found.unknown))
        text += f"; without step {numbers}, whose current or duration is not known before the run"
    if found.pores:
        text += f"; what reacts in the pores of {', '.join(found.pores)} is left out"
    yield Finding("note", "front", text)
    if case.front.surface_energy == 0.0 and found.largest[0] > LARGEST_GROWTH:
        short = f"{found.wavelength[0] * 1e6:.4g} um, by exp({found.largest[0]:.3g})"
        text = (
            f'above 0, as "library", which cuts off short waves: without it the shortest that the '
            f"mesh carries grows, {short}, and the answer is that of the mesh (at most "
            f"exp({LARGEST_GROWTH:g}), or accept_invalid = true)"
        )
        yield Finding("refusal", "front.surface_energy", text)


def _growth(cell: Cell, entry: PlannedStep, k: Array) -> StepGrowth:
    parts = _parts(entry.step)
    duration = _duration(cell, entry.step)
    if parts is None:
        return StepGrowth(entry, None, duration, np.zeros_like(k))
    growths = {current: wave_growth(cell, current, k) for current in parts}
    fastest = max(growths.values(), key=lambda growth: float(growth.rate.max()))
    mean = sum(share * growths[current].rate for current, share in parts.items())
    return StepGrowth(entry, fastest, duration, np.asarray(mean * (duration or 0.0)))


def _parts(step: Step) -> Mapping[float, float] | None:
    """Current densities [A/m2] of a step with their shares of its time; None where it imposes
    none."""
    match step.mode:
        case "current":
            return {step.current_density or 0.0: 1.0}
        case "rest" | "impedance":
            return {0.0: 1.0}
        case "pulse":
            on, off = step.on_time or 0.0, step.off_time or 0.0
            parts = {step.on or 0.0: on / (on + off)}
            parts[step.off or 0.0] = parts.get(step.off or 0.0, 0.0) + off / (on + off)
            return parts
        case "file":
            return _of_table(np.array(step.table.times), np.array(step.table.currents))
        case _:
            return None


def _of_table(times: Array, currents: Array) -> Mapping[float, float]:
    """Mean currents between rows, those alike together."""
    mean, width = (currents[1:] + currents[:-1]) / 2, np.diff(times)
    edges = np.linspace(mean.min(), mean.max(), CURRENTS + 1)
    place = np.clip(np.searchsorted(edges, mean, side="right") - 1, 0, CURRENTS - 1)
    time = np.bincount(place, width)
    charge = np.bincount(place, width * mean)
    held = time > 0.0
    shares = time[held] / width.sum()
    return dict(zip((charge[held] / time[held]).tolist(), shares.tolist(), strict=True))


def _duration(cell: Cell, step: Step) -> float | None:
    """Time [s] at most: of the step's own end, or in which all its current makes a thickness."""
    known = [longest(step)]
    current = step.current_density or 0.0
    if current < 0.0:
        speed = -current * volume_per_charge(cell.working.surface.main)
        known += [c.value / speed for c in step.until if c.quantity in _THICKNESSES and c.rising]
    return min((time for time in known if time is not None and time >= 0.0), default=None)


_THICKNESSES = ("thickness", "thickness_total")


def _over(
    parts: Sequence[Block | Step], exponents: Iterator[Array], none: Array
) -> tuple[Array, Array]:
    """Sum over all steps, and the largest of the sums so far, of each wave."""
    total, largest = none, none
    for part in parts:
        if isinstance(part, Block):
            one, high = _over(part.steps, exponents, none)
            more = part.repeat * one
            high = np.maximum(high, more - one + high)
        else:
            more = high = next(exponents)
        largest = np.maximum(largest, total + high)
        total = total + more
    return total, largest
