"""Anodes side by side: profiles, spectra, coefficients of variation, homogenisation factors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite

from matplotlib.figure import Figure

from zinterphase.ensemble.anode import Anode
from zinterphase.ensemble.anode_panels import (
    coinciding,
    draw_corrosion,
    draw_factors,
    draw_profiles,
    draw_spectra,
    draw_variation,
)
from zinterphase.ensemble.subject import STEADY, Subject
from zinterphase.observe.spectrum import lateral_widths
from zinterphase.observe.statistics import CONFIDENCE
from zinterphase.output.figures import number
from zinterphase.output.plotstyle import WIDTH, canvas, dress, legend, looks, wrapped, write_caption


def comparison_figure(
    anodes: Sequence[Anode],
    *,
    width: float | Sequence[float],
    level: str,
    concentration: float,
    seed: int,
    seeds: Sequence[int],
    compared: str,
    subject: Subject = STEADY,
) -> Figure:
    """Compare anodes: a row per current with the profile and its spectrum, CV and H of all.

    Parameters
    ----------
    anodes : The anodes at their currents; rows and colours follow their order.
    width : Distance between the mirror planes, one or one per lateral axis [m].
    level : Level of theory, for the caption.
    concentration : Bulk salt concentration, for the caption [mol/m3].
    seed : Seed whose profile is drawn.
    seeds : All seeds of the ensemble.
    compared : Area that the field of CV and H is per.
    subject : The field that is drawn, and how it is called.
    """
    currents = tuple(dict.fromkeys(anode.current for anode in anodes))
    styles = looks([anode.label for anode in anodes])
    rows = {i: [anode for anode in anodes if anode.current == i] for i in currents}
    hidden = _hidden({i: coinciding(row, subject.drawn, width) for i, row in rows.items()})
    text = _caption(anodes, subject, width, level, concentration, seed, seeds, compared)
    text = wrapped(f"{text}{hidden}", WIDTH)
    # one current leaves room for two panels at the right, too
    height = max(2, len(currents))
    figure, top, bottom = canvas(height, text)
    grid = figure.add_gridspec(
        len(currents), 3, left=0.085, right=0.98, top=top, bottom=bottom,
        wspace=0.42, hspace=0.5, width_ratios=(1.25, 1.0, 0.75),
    )  # fmt: skip
    letters = iter("abcdefghijklmnopqrstuvwxyz")
    for row, (current, chosen) in enumerate(rows.items()):
        title = f"{number(0.1 * current)} mA cm$^{{-2}}$"
        axes = figure.add_subplot(grid[row, 0])
        draw_profiles(axes, chosen, styles, subject.drawn, width, subject.axis)
        dress(axes, next(letters), title)
        axes = figure.add_subplot(grid[row, 1])
        if any(anode.corrosion is not None for anode in chosen):
            draw_corrosion(axes, chosen, styles)
        else:
            draw_spectra(axes, chosen, styles)
        dress(axes, next(letters), title)
    factors = any(anode.homogenisation is not None for anode in anodes)
    right = grid[:, 2].subgridspec(2 if factors else 1, 1, hspace=0.5)
    axes = figure.add_subplot(right[0])
    draw_variation(axes, anodes, currents, styles, subject.current)
    dress(axes, next(letters))
    if factors:
        axes = figure.add_subplot(right[1])
        draw_factors(axes, anodes, currents, styles, subject.current)
        dress(axes, next(letters))
    legend(figure, styles, markers=True)
    write_caption(figure, text)
    return figure


def _caption(
    anodes: Sequence[Anode],
    subject: Subject,
    width: float | Sequence[float],
    level: str,
    concentration: float,
    seed: int,
    seeds: Sequence[int],
    compared: str,
) -> str:
    surface = next(anode.surface for anode in anodes if anode.surface is not None)
    widths = lateral_widths(surface, width)
    line = "on" if len(widths) == 1 else "along the middle line of"
    size = " \N{MULTIPLICATION SIGN} ".join(number(1e6 * w) for w in widths)
    shown = sorted({anode.cv.n for anode in anodes if anode.cv.low is not None})
    bars = f" Bands and bars: {CONFIDENCE:.0%} intervals over the seeds." if shown else ""
    currents = []
    for current in dict.fromkeys(anode.current for anode in anodes):
        text = f"{number(0.1 * current)} mA/cm\N{SUPERSCRIPT TWO}"
        fractions = sorted(
            abs(anode.limiting_fraction)
            for anode in anodes
            if anode.current == current
            and anode.limiting_fraction is not None
            and isfinite(anode.limiting_fraction)
        )
        if fractions:
            ends = dict.fromkeys((f"{fractions[0]:.2g}", f"{fractions[-1]:.2g}"))
            text += f" (i/i_lim = {' to '.join(ends)})"
        currents.append(text)
    numbers = f"{len(seeds)} seeds ({_ranges(seeds)})" if len(seeds) > 1 else f"seed {seeds[0]}"
    factor = resting = ""
    if any(anode.corrosion is not None for anode in anodes):
        resting = " At open circuit corrosion stands there."
    if any(anode.homogenisation is not None for anode in anodes):
        factor = f" H = 1 \N{MINUS SIGN} CV/CV({anodes[0].label})."
    return (
        f"{subject.caption} {line} a cell {size} \N{MICRO SIGN}m wide, "
        f"seed {seed} (left). "
        f"T: amplitude of its cosine of a wavelength over its mean, averaged over the seeds "
        f"(middle).{resting} CV: standard deviation over mean, per {compared} (right)."
        f"{factor}{bars} Level {level}, "
        f"{number(1e-3 * concentration)} mol/L, {numbers}, {subject.current} current density "
        f"{', '.join(currents)}; cathodic is negative, deposition upwards."
    )


def _hidden(found: Mapping[float, Sequence[tuple[str, str]]]) -> str:
    """Which profiles lie on another, and at which current unless at all."""
    said: dict[tuple[str, str], list[float]] = {}
    for current, pairs in found.items():
        for pair in pairs:
            said.setdefault(pair, []).append(current)
    texts = []
    for (label, earlier), currents in said.items():
        at = ", ".join(number(0.1 * current) for current in currents)
        where = "" if len(currents) == len(found) else f" at {at} mA/cm\N{SUPERSCRIPT TWO}"
        texts.append(f"{label} on {earlier}{where}")
    return f" Profiles that coincide: {'; '.join(texts)}." if texts else ""


def _ranges(numbers: Sequence[int]) -> str:
    """Whole numbers with runs drawn together: 1 to 4, then 7."""
    runs: list[list[int]] = []
    for value in sorted(set(numbers)):
        if runs and value == runs[-1][1] + 1:
            runs[-1][1] = value
        else:
            runs.append([value, value])
    return ", ".join(str(a) if a == b else f"{a}\N{EN DASH}{b}" for a, b in runs)
