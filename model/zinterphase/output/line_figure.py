"""Figure of the fields of a run on a line: profiles along the stack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from zinterphase.case import Case
from zinterphase.observe.snapshot import Snapshot
from zinterphase.output.cell_panels import DEBYE_LENGTHS, METAL_SHARE, THIN, metals_of
from zinterphase.output.fields_figure import shown_fields
from zinterphase.output.figures import AxisQuantity, FieldNames, length_unit, number
from zinterphase.output.mesh_figure import TINTS
from zinterphase.output.plotstyle import (
    COLOURS,
    LINE_HEIGHT,
    TICK_SIZE,
    WIDTH,
    dress,
    wrapped,
    write_caption,
)

Array = npt.NDArray[np.float64]
ROW_HEIGHT = 2.0
LEAST_SHARE = 0.06
"""A layer must take this share of a panel's width to hold its name."""


@dataclass(frozen=True)
class Profile:
    """What is drawn, in metres: heights ascending, and where each meshed layer begins and ends."""

    height: Array
    layers: tuple[tuple[str, float, float], ...]

    @classmethod
    def of(cls, snapshot: Snapshot) -> Profile:
        """The layers of a snapshot of intervals."""
        height = snapshot.points[:, 0]
        found = []
        for place in np.unique(snapshot.layer):
            ends = height[snapshot.cells[snapshot.layer == place]]
            found.append((snapshot.layers[place], float(ends.min()), float(ends.max())))
        return cls(height, tuple(found))

    def near(self, double_layer: float | None) -> float | None:
        """Height up to which thin layers next to the metal, or the double layer, are magnified."""
        low, high = float(self.height[0]), float(self.height[-1])
        tops = [top for _, _, top in self.layers[:-1] if top - low < 2 * THIN * (high - low)]
        if tops:
            return low + 1.6 * (max(tops) - low)
        return None if double_layer is None else low + DEBYE_LENGTHS * double_layer


def line_figure(
    case: Case, snapshot: Snapshot, names: FieldNames, *, double_layer: float | None = None
) -> Figure:
    """Potential and concentration along the stack with its layers, thin ones magnified.

    ``double_layer`` is the thickness of the one that is solved [m], if any.
    """
    profile, shown = Profile.of(snapshot), shown_fields(names)
    near = profile.near(double_layer)
    text = wrapped(_caption(case, snapshot, names, near), WIDTH)
    height = ROW_HEIGHT * len(shown) + 0.3
    below = (LINE_HEIGHT * (text.count("\n") + 1) + 0.15) / height
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    FigureCanvasAgg(figure)
    figure.set_layout_engine("constrained", rect=(0, below, 1, 1 - below))
    tops = [float(profile.height[-1])] + ([] if near is None else [near])
    panels = figure.subplots(len(shown), len(tops), squeeze=False)
    letters = iter("abcd")
    for row, (name, quantity, _) in zip(panels, shown, strict=True):
        for axes, top in zip(row, tops, strict=True):
            _draw(axes, case, profile, snapshot.nodal[name], quantity, top)
            dress(axes, next(letters))
    write_caption(figure, text)
    return figure


def _draw(
    axes: Axes, case: Case, profile: Profile, values: Array, quantity: AxisQuantity, top: float
) -> None:
    """One field from the metal to the height ``top``; ticks on the axis are the mesh."""
    low = float(profile.height[0])
    unit = length_unit(top - low)
    start = low - METAL_SHARE * (top - low)
    seen = profile.height <= top
    seen[: np.count_nonzero(seen) + 1] = True  # the line leaves the panel
    at, drawn = unit.scale * profile.height[seen], quantity.scale * values[seen]
    axes.margins(y=0.15)  # room for the names
    axes.plot(at, drawn, color=COLOURS[0], linewidth=1.2)
    axes.plot(
        at, np.zeros_like(at), linestyle="", marker="|", markersize=3, markeredgewidth=0.4,
        color="#606060", transform=axes.get_xaxis_transform(), clip_on=True,
    )  # fmt: skip
    bands = [(name, a, min(b, top)) for name, a, b in profile.layers if a < top]
    for k, (_, a, b) in enumerate(bands):
        axes.axvspan(unit.scale * a, unit.scale * b, color=TINTS[k % len(TINTS)], linewidth=0)
    below = [metal for metal in metals_of(case) if metal.name not in {x for x, _, _ in bands}]
    if below:
        axes.axvspan(unit.scale * start, unit.scale * low, color=below[0].colour, linewidth=0)
        bands.append((below[0].name, start, low))
    _name(axes, bands, unit.scale, top - start)
    axes.set_xlim(unit.scale * (start if below else low), unit.scale * top)
    axes.set_xlabel(f"Height $x$ ({unit.unit})")
    axes.set_ylabel(quantity.axis_label)


def _name(
    axes: Axes, bands: Sequence[tuple[str, float, float]], scale: float, extent: float
) -> None:
    for name, a, b in bands:
        if b - a >= LEAST_SHARE * extent:
            axes.text(
                0.5 * scale * (a + b), 0.98, name, fontsize=TICK_SIZE, ha="center", va="top",
                transform=axes.get_xaxis_transform(),
            )  # fmt: skip


def _caption(case: Case, mesh: Snapshot, names: FieldNames, near: float | None) -> str:
    parts = [f"{case.title}, level {case.level}, on a line: potential against the bulk"]
    if names.concentration is not None:
        parts.append("concentration per pore volume")
    if near is not None:
        parts.append("beside the metal at the right")
    stack = ", ".join(
        f"{layer.name} {number(1e6 * layer.thickness)}\N{NO-BREAK SPACE}µm" for layer in case.layers
    )
    return "; ".join(parts) + f". {len(mesh.cells)} cells, ticks are nodes. From the left: {stack}."
