"""A goal on meshes that follow its error, and its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from zinterphase.output.convergence import percent
from zinterphase.output.figures import save_figure
from zinterphase.output.files import write_json, write_rows
from zinterphase.output.plotstyle import COLOURS, TEXT_SIZE, dress, wrapped, write_caption

WIDTH, HEIGHT = 3.6, 3.2


@dataclass(frozen=True)
class AdaptiveMesh:
    """One mesh: counts, the goal's value, its estimated error (exact minus computed), and what the
    mesh took [s], [bytes]."""

    cells: int
    unknowns: int
    value: float
    error: float
    seconds: float
    memory: float

    @property
    def relative_error(self) -> float:
        """Size of the error over that of the value."""
        return abs(self.error / self.value) if self.value else float("inf")


@dataclass(frozen=True)
class Adaptation:
    """A goal over adaptive meshes; ``stopped`` is why there are no more of them, None otherwise."""

    goal: str
    unit: str
    tolerance: float
    meshes: tuple[AdaptiveMesh, ...]
    stopped: str | None

    @property
    def met(self) -> bool:
        """Whether the estimated error on the last mesh is within the accuracy asked for."""
        return self.meshes[-1].relative_error <= self.tolerance


def write_adaptation(adaptation: Adaptation, folder: Path, caption: str) -> None:
    """Write `adaptive.csv`, `adaptive.json` and the figure. Not collective: one rank writes."""
    rows = [{**asdict(mesh), "relative_error": mesh.relative_error} for mesh in adaptation.meshes]
    write_rows(folder / "adaptive.csv", rows)
    whole = {
        "goal": adaptation.goal,
        "unit": adaptation.unit,
        "accuracy": adaptation.tolerance,
        "met": adaptation.met,
        "stopped": adaptation.stopped,
        "meshes": rows,
    }
    write_json(folder / "adaptive.json", whole)
    figure = adaptation_figure(adaptation, caption)
    for suffix in ("png", "pdf"):
        save_figure(figure, folder / f"adaptive.{suffix}")


def adaptation_figure(adaptation: Adaptation, caption: str = "") -> Figure:
    """Estimated relative error over the number of unknowns, log-log."""
    text = wrapped(
        f"{caption} Estimated error of {adaptation.goal} on adaptive meshes; the dotted line is "
        f"the accuracy asked for, {percent(adaptation.tolerance)}.",
        WIDTH,
    )
    figure = Figure(figsize=(WIDTH, HEIGHT), facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.2, 0.36, 0.75, 0.54))
    axes.axhline(adaptation.tolerance, color="black", linewidth=0.6, linestyle=":")
    unknowns, errors = _series(adaptation.meshes)
    axes.plot(unknowns, errors, "o-", color=COLOURS[2], markersize=4.0, linewidth=0.8)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("unknowns", fontsize=TEXT_SIZE)
    axes.set_ylabel("relative error", fontsize=TEXT_SIZE)
    dress(axes, "", adaptation.goal.replace("_", " "))
    write_caption(figure, text)
    return figure


def _series(meshes: Sequence[AdaptiveMesh]) -> tuple[list[int], list[float]]:
    return [m.unknowns for m in meshes], [m.relative_error for m in meshes]
