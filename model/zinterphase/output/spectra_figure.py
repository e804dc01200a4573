"""The spectra of a run in time: Nyquist figures side by side, and what they come to in time."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from zinterphase.case import Case
from zinterphase.output.plotstyle import (
    COLOURS,
    MARKERS,
    TICK_SIZE,
    WIDTH,
    canvas,
    dress,
    wrapped,
    write_caption,
)
from zinterphase.output.spectra import SPECTRA

OHM_CM2 = 1e4
NAMED = 6
"""Spectra that have a name in the legend at most."""
COURSES = {"slopes.R_ct": "charge transfer", "slopes.R_ohm": "ohmic"}


@dataclass(frozen=True, eq=False)
class SavedSpectrum:
    """As files have it: impedances [ohm m2], and numbers by their keys, NaN where none is known."""

    cycle: int
    step: int
    time: float
    impedance: npt.NDArray[np.complex128]
    numbers: dict[str, float]


def saved_spectra(folder: Path) -> list[SavedSpectrum]:
    """Those of a run's folder, in the order of time."""
    found = []
    for row in _rows(folder / SPECTRA):
        points = _rows(folder / row["file"])
        z = [complex(float(p["re_ohm m2"]), float(p["im_ohm m2"])) for p in points]
        numbers = {key: float(row[key]) if row[key] else np.nan for key in COURSES}
        place = int(row["cycle"]), int(row["step"]), float(row["time"])
        found.append(SavedSpectrum(*place, np.array(z), numbers))
    return found


def spectra_figure(case: Case, spectra: Sequence[SavedSpectrum]) -> Figure:
    """All of them in the complex plane (a), resistances by slopes over the time (b)."""
    text = wrapped(
        f"{case.title}, level {case.level}: impedance per projected area at steps of the protocol "
        "(a), resistances by the laws' slopes (b).",
        WIDTH,
    )
    figure, upper, lower = canvas(1, text, legend_row=False)
    figure.set_layout_engine("constrained", rect=(0, lower - 0.1, 1, upper - lower + 0.12))
    left, right = figure.subplots(1, 2)
    _planes(left, spectra)
    _courses(right, spectra)
    dress(left, "a")
    dress(right, "b")
    write_caption(figure, text)
    return figure


def _planes(axes: Axes, spectra: Sequence[SavedSpectrum]) -> None:
    colours = matplotlib.colormaps["viridis"](np.linspace(0.0, 0.9, len(spectra)))
    named = set(np.linspace(0, len(spectra) - 1, min(NAMED, len(spectra))).round().astype(int))
    for number, (each, colour) in enumerate(zip(spectra, colours, strict=True)):
        z = OHM_CM2 * each.impedance
        label = f"cycle {each.cycle}, step {each.step}" if number in named else None
        axes.plot(z.real, -z.imag, "o-", color=colour, markersize=1.8, linewidth=0.7, label=label)
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_xlabel(r"Re Z ($\Omega$ cm$^2$)")
    axes.set_ylabel("\N{MINUS SIGN}Im Z ($\\Omega$ cm$^2$)")
    axes.legend(frameon=False, fontsize=TICK_SIZE)


def _courses(axes: Axes, spectra: Sequence[SavedSpectrum]) -> None:
    hours = [each.time / 3600 for each in spectra]
    for (key, name), colour, marker in zip(COURSES.items(), COLOURS, MARKERS, strict=False):
        values = [OHM_CM2 * each.numbers[key] for each in spectra]
        axes.plot(hours, values, marker=marker, color=colour, markersize=3, linewidth=0.9,
                  label=name)  # fmt: skip
    axes.set_yscale("log")
    axes.set_xlabel("Time (h)")
    axes.set_ylabel(r"Resistance ($\Omega$ cm$^2$)")
    axes.legend(frameon=False, fontsize=TICK_SIZE)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
