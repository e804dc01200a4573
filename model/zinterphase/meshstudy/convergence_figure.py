"""Errors over the cell size, log-log, with fitted slopes."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from zinterphase.meshstudy.convergence import Converged, Convergence, percent
from zinterphase.observe import keys
from zinterphase.output.plotstyle import (
    LINE_HEIGHT,
    TEXT_SIZE,
    TICK_SIZE,
    Look,
    dress,
    looks,
    wrapped,
    write_caption,
)

WIDTH = 7.2
PANEL_HEIGHT = 2.6
HEADROOM = 0.4
"""Part of the height of the axes that is added for the legend."""
LABELS = {
    "mean_current_density": "mean current",
    "potential": "potential",
    "cv": "CV",
    "max_over_mean": "max/mean",
    "p99_over_median": "p99/median",
    "p1_over_median": "p1/median",
    "gini": "Gini",
}


def convergence_figure(convergence: Convergence, caption: str = "") -> Figure:
    """Relative errors of potential, current and voltage parts, and of the homogeneity metrics.

    Where an order is confirmed, filled symbols are distances to the extrapolated value, with the
    line of the fitted slope; elsewhere open symbols are differences to the next finer mesh.
    """
    sizes = np.array([mesh.size for mesh in convergence.meshes])
    text = wrapped(
        f"{caption} Relative errors over the cell size; the dotted line is the accuracy asked for, "
        f"{percent(convergence.tolerance)}. Filled: distance to the extrapolated value, with the "
        "fitted slope. Open: difference to the next finer mesh.",
        WIDTH,
    )
    below = 0.55 + LINE_HEIGHT * (text.count("\n") + 1)
    height = 0.35 + PANEL_HEIGHT + below
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(
        1, 2, left=0.085, right=0.985, top=1 - 0.35 / height, bottom=below / height, wspace=0.26
    )
    drawn = [q for q in convergence.quantities.values() if q.estimate.behaviour != "exact"]
    groups = (
        ("cell", [q for q in drawn if _is_of_the_cell(q.name, convergence.quantities)]),
        ("current density", [q for q in drawn if _is_metric(q)]),
    )
    for k, (title, quantities) in enumerate(groups):
        axes = figure.add_subplot(grid[0, k])
        axes.axhline(convergence.tolerance, color="black", linewidth=0.6, linestyle=":")
        _panel(axes, sizes, quantities)
        dress(axes, "ab"[k], title)
    write_caption(figure, text)
    return figure


def _is_of_the_cell(name: str, all_names: Collection[str]) -> bool:
    """Current, potential, and what the voltage is spent on in its finest parts."""
    if name in (keys.MEAN_CURRENT_DENSITY, keys.POTENTIAL):
        return True
    whole = name == f"{keys.VOLTAGE}.total" or any(x.startswith(f"{name}.") for x in all_names)
    return name.startswith(f"{keys.VOLTAGE}.") and not whole


def _is_metric(quantity: Converged) -> bool:
    field, _, metric = quantity.name.rpartition(".")
    outer = (field, metric) == (keys.ION_FLUX_OUTER_FACE, "cv")
    return outer or field == keys.CURRENT_DENSITY


def _panel(axes: Axes, sizes: np.ndarray, quantities: Sequence[Converged]) -> None:
    styles = looks([q.name for q in quantities])
    for quantity in quantities:
        _series(axes, 1e9 * sizes, quantity, styles[quantity.name])
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("cell size (nm)")
    axes.set_ylabel("relative error")
    ticks = 1e9 * sizes
    axes.set_xticks(ticks, [f"{tick:.3g}" for tick in ticks])
    axes.minorticks_off()
    low, high = axes.get_ylim()
    axes.set_ylim(low, high * (high / low) ** HEADROOM)
    if quantities:
        axes.legend(
            frameon=False, fontsize=TICK_SIZE - 1, handlelength=1.6, loc="upper left", ncols=2
        )
    axes.xaxis.label.set_fontsize(TEXT_SIZE)


def _series(axes: Axes, sizes: np.ndarray, quantity: Converged, look: Look) -> None:
    found, label = quantity.estimate, _label(quantity.name)
    values, scale = np.array(quantity.values), quantity.scale or 1.0
    if found.extrapolated is not None and found.slope is not None:
        error = np.abs(values - found.extrapolated) / scale
        axes.plot(sizes, error, look.marker, color=look.colour, markersize=4.0,
                  label=f"{label}: {found.slope:.2f}")  # fmt: skip
        middle = np.log(error[error > 0.0]).mean() - found.slope * np.log(sizes[error > 0.0]).mean()
        axes.plot(sizes, np.exp(middle) * sizes**found.slope, color=look.colour, linewidth=0.8)
        return
    steps = np.abs(np.diff(values)) / scale
    axes.plot(
        sizes[:-1], steps, look.marker, label=label, fillstyle="none", color=look.colour,
        markersize=4.0,
    )  # fmt: skip


def _label(name: str) -> str:
    if name.startswith(f"{keys.VOLTAGE}."):
        return name.removeprefix(f"{keys.VOLTAGE}.").replace(".", " ")
    field, _, metric = name.rpartition(".")
    where = " at the outer face" if field == keys.ION_FLUX_OUTER_FACE else ""
    return f"{LABELS.get(metric, metric)}{where}"
