"""The figure of a goal on meshes that follow its error."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from zinterphase.meshstudy.convergence import percent
from zinterphase.meshstudy.goal_study import GoalConvergence, GoalMesh
from zinterphase.output.plotstyle import COLOURS, TEXT_SIZE, dress, wrapped, write_caption

WIDTH, HEIGHT = 3.6, 3.2


def goal_figure(convergence: GoalConvergence, caption: str = "") -> Figure:
    """Estimated relative error over the number of unknowns, log-log."""
    text = wrapped(
        f"{caption} Estimated error of {convergence.goal} on adaptive meshes; the dotted line is "
        f"the accuracy asked for, {percent(convergence.tolerance)}.",
        WIDTH,
    )
    figure = Figure(figsize=(WIDTH, HEIGHT), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.2, 0.36, 0.75, 0.54))
    axes.axhline(convergence.tolerance, color="black", linewidth=0.6, linestyle=":")
    unknowns, errors = _series(convergence.meshes)
    axes.plot(unknowns, errors, "o-", color=COLOURS[2], markersize=4.0, linewidth=0.8)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("unknowns", fontsize=TEXT_SIZE)
    axes.set_ylabel("relative error", fontsize=TEXT_SIZE)
    dress(axes, "", convergence.goal.replace("_", " "))
    write_caption(figure, text)
    return figure


def _series(meshes: Sequence[GoalMesh]) -> tuple[list[int], list[float]]:
    return [m.unknowns for m in meshes], [m.relative_error for m in meshes]
