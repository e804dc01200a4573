"""The files of a goal on meshes that follow its error."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from zinterphase.meshstudy.goal_study import GoalConvergence
from zinterphase.output.figures import save_figure
from zinterphase.output.files import write_json, write_rows


def write_goal(convergence: GoalConvergence, folder: Path, caption: str) -> None:
    """Write `adaptive.csv`, `adaptive.json` and the figure. Not collective: one rank writes."""
    rows = [{**asdict(mesh), "relative_error": mesh.relative_error} for mesh in convergence.meshes]
    write_rows(folder / "adaptive.csv", rows)
    whole = {
        "goal": convergence.goal,
        "unit": convergence.unit,
        "accuracy": convergence.tolerance,
        "met": convergence.met,
        "stopped": convergence.ending,
        "meshes": rows,
    }
    write_json(folder / "adaptive.json", whole)
    from zinterphase.meshstudy.goal_figure import goal_figure

    figure = goal_figure(convergence, caption)
    for suffix in ("png", "pdf"):
        save_figure(figure, folder / f"adaptive.{suffix}")
