"""Draw run folders one below the other: metals, films and the current density above the surface.

Usage: python scripts/four_anodes.py FOLDER ... -o picture.png

Runs at the same current share one scale of colours. For 2D runs with output.fields = "pvd".
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import pyvista as pv
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import TriMesh
from matplotlib.figure import Figure

from zinterphase import Case
from zinterphase.errors import ZinterphaseError
from zinterphase.output.cell_panels import Window, draw_cell, metals_of
from zinterphase.output.figures import CURRENT_DENSITY, number, save_figure
from zinterphase.output.plotstyle import TEXT_SIZE, WIDTH, colour_scale
from zinterphase.output.sections import MICROMETRE, Section

ABOVE, BELOW = 7.0, 2.2
"""Height above and depth below the mean surface that are shown [um]."""
PANEL, ROOM = 1.1, 1.9
"""Height of a panel at most, and width of what stands beside it [inch]."""


def main() -> None:
    """Read the folders named on the command line and write the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    arguments = parser.parse_args()
    try:
        cases = [_case(folder) for folder in arguments.folders]
    except (ZinterphaseError, OSError) as error:
        sys.exit(f"error: {error}")
    save_figure(_figure(cases, arguments.folders), arguments.output)


def _case(folder: Path) -> Case:
    """The case of a run that can be drawn; else the program ends with one line."""
    case = Case.load(folder / "case.toml")
    if case.geometry.dimension != 2:
        sys.exit(f"error: {folder}: a 3D run; allowed 2D runs (look at its own fields.png)")
    if not (folder / "fields.pvd").is_file():
        sys.exit(f'error: {folder}: no fields.pvd; allowed runs with output.fields = "pvd"')
    return case


def _figure(cases: list[Case], folders: list[Path]) -> Figure:
    sections = [_section(folder) for folder in folders]
    controls = [(case.control.current_density, case.control.potential) for case in cases]
    widest = MICROMETRE * max(case.geometry.width for case in cases)
    across = min(WIDTH, ROOM + PANEL * widest / (ABOVE + BELOW))
    height = min(PANEL, (WIDTH - ROOM) * (ABOVE + BELOW) / widest) + 0.6
    figure = Figure(figsize=(across, height * len(cases) + 0.2), facecolor="white")
    FigureCanvasAgg(figure)
    figure.set_layout_engine("constrained")
    panels = figure.subplots(len(cases), 1, squeeze=False)[:, 0]
    for control in dict.fromkeys(controls):
        group = [k for k, other in enumerate(controls) if other == control]
        limits = _limits([sections[k] for k in group])
        images = [_draw(panels[k], cases[k], sections[k], limits) for k in group]
        colour_scale(figure, [panels[k] for k in group], images[0], CURRENT_DENSITY, (True, True))
    return figure


def _section(folder: Path) -> Section:
    """Triangles in micrometres with the size of the current density at their corners [A/m2]."""
    blocks = list(pv.read(folder / "fields.pvd"))
    grid = pv.MultiBlock(blocks).combine()
    names = tuple(str(block.field_data["layer_name"][0]) for block in blocks)
    count = np.repeat(np.arange(len(blocks)), [block.n_cells for block in blocks])
    triangles = np.array([grid.get_cell(k).point_ids[:3] for k in range(grid.n_cells)])
    # layers share the points between them, for borders to be seen
    points, index = np.unique(
        np.round(MICROMETRE * np.asarray(grid.points)[:, :2], 9), axis=0, return_inverse=True
    )
    triangles = index[triangles]
    size = np.linalg.norm(grid.cell_data["current_density"], axis=1)
    weight = np.bincount(triangles.ravel(), minlength=len(points))
    total = np.bincount(triangles.ravel(), np.repeat(size, 3), minlength=len(points))
    nodal = {"current": total / np.maximum(weight, 1)}
    return Section(points, triangles, count, names, nodal, {})


def _limits(sections: list[Section]) -> tuple[float, float]:
    """Ends of the colours: what the drawn parts hold, but for a hundredth at each end."""
    seen = [s.nodal["current"][s.points[:, 1] < ABOVE] for s in sections]
    low, high = np.percentile(CURRENT_DENSITY.scale * np.concatenate(seen), [1, 99])
    return float(low), float(high)


def _draw(axes: Axes, case: Case, section: Section, limits: tuple[float, float]) -> TriMesh:
    image = axes.tripcolor(
        section.triangulation, CURRENT_DENSITY.scale * section.nodal["current"], shading="gouraud",
        cmap="viridis", vmin=limits[0], vmax=limits[1],
    )  # fmt: skip
    left, right = section.points[:, 0].min(), section.points[:, 0].max()
    draw_cell(axes, section, Window(left, right, -BELOW, ABOVE), metals_of(case))
    axes.set_aspect("equal")
    axes.set_xlabel("Position $x$ (µm)", fontsize=TEXT_SIZE)
    axes.set_ylabel("Height $y$ (µm)", fontsize=TEXT_SIZE)
    given = case.control.current_density
    at = "" if given is None else f", {number(0.1 * given)} mA cm$^{{-2}}$"
    axes.set_title(f"{case.title}{at}", loc="left", fontsize=TEXT_SIZE, pad=3)
    return image


if __name__ == "__main__":
    main()
