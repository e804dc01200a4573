"""Figure of a cell on a line in time: what stands where, at a few instants."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from zinterphase.case import Case
from zinterphase.observe.through_cell import CONCENTRATION, POROSITY, REACTION, SOLID, CellProfile
from zinterphase.output.figures import AxisQuantity, length_unit, written
from zinterphase.output.mesh_figure import TINTS
from zinterphase.output.plotstyle import (
    LINE_HEIGHT,
    TICK_SIZE,
    WIDTH,
    Look,
    dress,
    looks,
    wrapped,
    write_caption,
)
from zinterphase.output.time_axes import time_axis, time_text

Array = npt.NDArray[np.float64]
COLUMNS = 3
ROW_HEIGHT = 1.75
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def profiles_figure(case: Case, profiles: Sequence[CellProfile]) -> Figure:
    """``profiles`` are those of one cell in the order of time, at least one with some values."""
    names = list(profiles[0].values)
    rows = -(-len(names) // COLUMNS)
    text = wrapped(_caption(case), WIDTH)
    key_rows = -(-len(profiles) // 2)
    key = LINE_HEIGHT * 1.25 * key_rows + 0.1
    note = LINE_HEIGHT * (text.count("\n") + 1) + 0.15
    height = ROW_HEIGHT * rows + key + note
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    FigureCanvasAgg(figure)
    rect = (0, note / height, 1, 1 - (note + key) / height)
    figure.set_layout_engine("constrained", rect=rect)
    styles = looks(_instants(profiles))
    panels = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    for axes in panels[len(names) :]:
        axes.remove()
    for axes, letter, name in zip(panels, _LETTERS, names, strict=False):
        _draw(axes, case, name, profiles, styles)
        dress(axes, letter)
    handles = panels[0].get_lines()
    figure.legend(
        handles, list(styles), ncols=2, loc="upper center", frameon=False, fontsize=TICK_SIZE,
        handlelength=3.5,
    )  # fmt: skip
    write_caption(figure, text)
    return figure


def _instants(profiles: Sequence[CellProfile]) -> list[str]:
    """Names of lines; each time is another one."""
    axis = time_axis(profiles[-1].time)
    found: list[str] = []
    for profile in profiles:
        name = f"cycle {profile.cycle}, {profile.said}, {time_text(profile.time, axis)}"
        found.append(name if name not in found else f"{name}, step {profile.step}")
    return found


def _draw(
    axes: Axes, case: Case, name: str, profiles: Sequence[CellProfile], styles: dict[str, Look]
) -> None:
    first = profiles[0]
    drawn = [profile.values[name] for profile in profiles]
    bands = [(layer, *_extent(first, layer)) for layer in dict.fromkeys(first.layers)]
    seen = _seen(first.layers, drawn)
    there = np.array([layer in seen for layer in first.layers])
    height = first.height[there]
    low = min(a for layer, a, _ in bands if layer in seen)
    high = max(b for layer, _, b in bands if layer in seen)
    unit, quantity = length_unit(high - low), _quantity(case, name)
    for k, (layer, a, b) in enumerate(bands):
        if layer in seen:
            axes.axvspan(unit.scale * a, unit.scale * b, color=TINTS[k % len(TINTS)], linewidth=0)
            if b - a > 0.2 * (high - low):
                axes.text(
                    0.5 * unit.scale * (a + b), 0.97, layer, fontsize=TICK_SIZE - 1, ha="center",
                    va="top", transform=axes.get_xaxis_transform(),
                )  # fmt: skip
    for values, look in zip(drawn, styles.values(), strict=True):
        axes.plot(
            unit.scale * height, quantity.scale * values[there], color=look.colour,
            linestyle=look.dashes, linewidth=look.width,
        )  # fmt: skip
    _limit(axes, quantity.scale * np.array(drawn)[:, there])
    axes.set_xlim(unit.scale * low, unit.scale * high)
    axes.set_xlabel(f"Height $x$ ({unit.unit})")
    axes.set_ylabel(quantity.axis_label)


def _seen(layers: Sequence[str], drawn: Sequence[Array]) -> set[str]:
    """Layers from the first to the last that have something; all that may have where none has."""
    largest = np.nan_to_num(np.abs(drawn)).max(axis=0)
    rows = np.flatnonzero(largest if largest.any() else ~np.isnan(drawn[0]))
    return set(layers[rows[0] : rows[-1] + 1])


def _limit(axes: Axes, drawn: Array) -> None:
    """With room for names of layers above; what differs by rounding alone is flat."""
    low, high = float(np.nanmin(drawn)), float(np.nanmax(drawn))
    room = max(high - low, 1e-3 * max(abs(low), abs(high))) or 1.0
    axes.set_ylim(low - 0.08 * room, high + 0.22 * room)


def _extent(profile: CellProfile, layer: str) -> tuple[float, float]:
    """Where a layer begins and ends, half way to the middles of cells beside it."""
    rows = [k for k, name in enumerate(profile.layers) if name == layer]
    edges = np.concatenate(
        [[profile.height[0]], 0.5 * (profile.height[1:] + profile.height[:-1]), profile.height[-1:]]
    )
    return float(edges[rows[0]]), float(edges[rows[-1] + 1])


def _quantity(case: Case, name: str) -> AxisQuantity:
    if name == REACTION:
        return AxisQuantity("Reaction", "A cm$^{-3}$", 1e-6)
    if name == POROSITY:
        return AxisQuantity("Porosity", "")
    if name.startswith(SOLID):
        return AxisQuantity(f"Solid {name.removeprefix(SOLID)}", "mol L$^{-1}$", 1e-3)
    ion = name.removeprefix(CONCENTRATION)
    label = written(ion, case.electrolyte.charges.get(ion, 0))
    return AxisQuantity(label, "mmol L$^{-1}$")


def _caption(case: Case) -> str:
    return (
        f"{case.title}, level {case.level}: concentrations per pore liquid"
        " against the height above the metal; where there are pores with walls, current of their "
        "reactions (oxidation positive) and solids, per volume of the layer, and what is left of "
        "the pores."
    )
