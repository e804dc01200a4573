"""The panels of a comparison: each draws one thing of all anodes on one pair of axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import scipy
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, NullFormatter

from zinterphase.ensemble.anode import Anode
from zinterphase.observe.statistics import CONFIDENCE, MIN_SEEDS, Interval
from zinterphase.observe.surface import FloatArray
from zinterphase.output.figures import CURRENT_DENSITY, AxisQuantity, length_unit, number
from zinterphase.output.panels import along_surface, label_profile
from zinterphase.output.plotstyle import Look
from zinterphase.output.surface_panels import deposition_upwards

# Amplitudes this far below the largest are numerical noise and only stretch the axis.
AMPLITUDE_DECADES = 4
# A spread of CVs beyond this factor is read on a logarithmic axis.
LOG_RANGE = 20.0
COINCIDENT = 0.01
"""Distance over the panel's range at which one line hides another."""


def draw_profiles(
    axes: Axes,
    anodes: Sequence[Anode],
    styles: Mapping[str, Look],
    name: str,
    width: float | Sequence[float],
    quantity: AxisQuantity,
) -> None:
    for anode in anodes:
        if anode.surface is None:
            continue
        x, values, extent = along_surface(anode.surface, name, width)
        unit = length_unit(extent)
        look = styles[anode.label]
        axes.plot(
            unit.scale * x, quantity.scale * values, label=anode.label,
            color=look.colour, linestyle=look.dashes, linewidth=look.width,
        )  # fmt: skip
        label_profile(axes, unit, extent, quantity)
        if quantity is CURRENT_DENSITY:
            deposition_upwards(axes, values)


def coinciding(
    anodes: Sequence[Anode], name: str, width: float | Sequence[float]
) -> list[tuple[str, str]]:
    """Anodes of one current whose profile is hidden under an earlier one's, with that one."""
    drawn = [
        (anode.label, *along_surface(anode.surface, name, width)[:2])
        for anode in anodes
        if anode.surface is not None
    ]
    if not drawn:
        return []
    height = np.ptp(np.concatenate([values for _, _, values in drawn]))
    found = []
    for count, (label, x, values) in enumerate(drawn):
        for earlier, place, others in drawn[:count]:
            if np.abs(values - np.interp(x, place, others)).max() <= COINCIDENT * height:
                found.append((label, earlier))
                break
    return found


def draw_spectra(axes: Axes, anodes: Sequence[Anode], styles: Mapping[str, Look]) -> None:
    means: list[tuple[FloatArray, FloatArray]] = []
    for anode in anodes:
        if not anode.spectra:
            continue
        # finer meshes reach further; the mean is over the modes that every seed has
        shared = min(len(spectrum.amplitude) for spectrum in anode.spectra)
        amplitudes = np.stack([spectrum.amplitude[:shared] for spectrum in anode.spectra])
        wavelength = 1e6 * anode.spectra[0].wavelength[:shared]
        mean = amplitudes.mean(axis=0)
        means.append((wavelength, mean))
        look = styles[anode.label]
        axes.plot(
            wavelength, mean, label=anode.label,
            color=look.colour, linestyle=look.dashes, linewidth=look.width,
        )  # fmt: skip
        n = len(amplitudes)
        if n >= MIN_SEEDS:
            half = scipy.stats.t.ppf(0.5 + 0.5 * CONFIDENCE, n - 1) * amplitudes.std(axis=0, ddof=1)
            low, high = mean - half / np.sqrt(n), mean + half / np.sqrt(n)
            tiny = np.finfo(np.float64).tiny
            axes.fill_between(
                wavelength, np.maximum(low, tiny), high, color=look.colour, alpha=0.18, linewidth=0
            )
    axes.set_xscale("log")
    largest = max((float(mean.max()) for _, mean in means), default=0.0)
    if largest > 0.0:
        axes.set_yscale("log")
        floor = largest * 10.0**-AMPLITUDE_DECADES
        seen = [(wave[mean >= floor], mean[mean >= floor]) for wave, mean in means]
        waves, levels = (np.concatenate(parts) for parts in zip(*seen, strict=True))
        axes.set_ylim(max(floor, 0.5 * float(levels.min())), 3.0 * largest)
        # at least a decade, for a field of a single mode too
        longest = 1.25 * max(float(wave.max()) for wave, _ in means)
        shortest = min(0.8 * float(waves.min()), 0.1 * longest)
        axes.set_xlim(shortest, longest)
        steps = (1.0, 2.0, 5.0) if longest < 100.0 * shortest else (1.0,)
        axes.xaxis.set_major_locator(LogLocator(subs=steps))
        axes.xaxis.set_major_formatter("{x:g}")
        axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("Wavelength (µm)")
    axes.set_ylabel("Relative amplitude $T$")


def draw_corrosion(axes: Axes, anodes: Sequence[Anode], styles: Mapping[str, Look]) -> None:
    """Corrosion of each anode: at open circuit no mean is left to relate a spectrum to."""
    for place, anode in enumerate(anodes):
        found = anode.corrosion
        if found is None or found.value is None:
            continue
        value, error = 100.0 * found.value, None
        if found.low is not None and found.high is not None:
            error = [[value - 100.0 * found.low], [100.0 * found.high - value]]
        look = styles[anode.label]
        axes.errorbar(
            [place], [value], yerr=error, color=look.colour, marker=look.marker, markersize=4.5,
            capsize=2.5, linewidth=1.0, label=anode.label,
        )  # fmt: skip
    axes.set_yscale("log")
    axes.margins(y=0.2)
    axes.set_xlim(-0.5, len(anodes) - 0.5)
    axes.set_xticks([])
    axes.set_ylabel("Corrosion (µA cm$^{-2}$)")


def draw_variation(
    axes: Axes,
    anodes: Sequence[Anode],
    currents: Sequence[float],
    styles: Mapping[str, Look],
    which: str,
) -> None:
    variations = [(anode, anode.cv) for anode in anodes]
    shown = _draw_intervals(axes, variations, currents, styles, which)
    if shown and min(shown) > 0.0 and max(shown) > LOG_RANGE * min(shown):
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=0.0)
    axes.set_ylabel("Coefficient of variation, CV")


def draw_factors(
    axes: Axes,
    anodes: Sequence[Anode],
    currents: Sequence[float],
    styles: Mapping[str, Look],
    which: str,
) -> None:
    factors = [(a, a.homogenisation) for a in anodes if a.homogenisation is not None]
    axes.axhline(0.0, color="#808080", linewidth=0.6, zorder=0)
    _draw_intervals(axes, factors, currents, styles, which)
    axes.set_ylabel("Homogenisation factor, $H$")


def _draw_intervals(
    axes: Axes,
    shown: Sequence[tuple[Anode, Interval]],
    currents: Sequence[float],
    styles: Mapping[str, Look],
    which: str,
) -> list[float]:
    """Values with their intervals side by side at each current, ``which`` is named; the values
    drawn."""
    offsets = np.linspace(-0.28, 0.28, len(styles)) if len(styles) > 1 else np.zeros(1)
    place = dict(zip(styles, offsets, strict=True))
    drawn = []
    for anode, interval in shown:
        value, low, high = interval.value, interval.low, interval.high
        if value is None:
            continue
        drawn.append(value)
        error = None if low is None or high is None else [[value - low], [high - value]]
        look = styles[anode.label]
        axes.errorbar(
            [currents.index(anode.current) + place[anode.label]], [value], yerr=error,
            color=look.colour, marker=look.marker, markersize=4.5, capsize=2.5, linewidth=1.0,
            label=anode.label,
        )  # fmt: skip
    axes.set_xlim(-0.5, len(currents) - 0.5)
    axes.set_xticks(range(len(currents)), [number(0.1 * current) for current in currents])
    axes.set_xlabel(f"{which.capitalize()} current density\n(mA cm$^{{-2}}$)")
    return drawn
