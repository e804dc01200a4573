"""Draw run folders side by side: metal, films and the current density next to the surface.

Usage: python scripts/four_anodes.py FOLDER ... -o picture.png
"""

import argparse
import csv
import tomllib
from pathlib import Path

import numpy as np
import pyvista as pv

MICROMETRE = 1e6
HEIGHT = 7.0  # um above the mean surface
MARGIN = 2.6  # um of white above, for the title and the scale
DEPTH = 1.6  # um of metal shown below it
METALS = {"Zn": "#6b7280", "Ag": "#d7dde5"}


def main() -> None:
    """Read the folders named on the command line and write the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    arguments = parser.parse_args()
    folders = arguments.folders
    plotter = pv.Plotter(off_screen=True, shape=(len(folders), 1), border=False)
    plotter.window_size = [1500, 300 * len(folders)]
    limits = _common_limits(folders)
    for row, folder in enumerate(folders):
        plotter.subplot(row, 0)
        _draw(plotter, folder, limits, first=row == 0)
    plotter.screenshot(arguments.output)


def _draw(plotter: pv.Plotter, folder: Path, limits: tuple[float, float], *, first: bool) -> None:
    case = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    bar = {
        "title": "current density (mA/cm^2)",
        "height": 0.2,
        "width": 0.3,
        "position_x": 0.67,
        "position_y": 0.78,
        "title_font_size": 20,
        "label_font_size": 18,
        "fmt": "%.1f",
        "color": "black",
    }
    liquid = _liquid(folder)
    plotter.add_mesh(
        liquid,
        scalars="i",
        cmap="viridis",
        lighting=False,
        clim=limits,
        show_scalar_bar=first,
        scalar_bar_args=bar if first else None,
    )
    for number in np.unique(liquid["layer"])[:-1]:
        film = liquid.threshold([number, number], scalars="layer")
        plotter.add_mesh(film.extract_feature_edges(), color="white", line_width=2)
    surface = _surface(folder)
    for colour, thickness, offset in _metals(case):
        plotter.add_mesh(_band(surface, thickness, offset), color=colour, lighting=False)
    name = f"{case['title']}, {surface[-1, 0] - surface[0, 0]:.0f} um wide"
    plotter.add_text(name, position="upper_left", font_size=11, color="black")
    plotter.set_background("white")
    plotter.view_xy()
    plotter.camera.parallel_projection = True
    middle = (HEIGHT + MARGIN - DEPTH) / 2
    plotter.camera.focal_point = (float(surface[:, 0].mean()), middle, 0)
    plotter.camera.position = (float(surface[:, 0].mean()), middle, 100)
    plotter.camera.parallel_scale = (HEIGHT + MARGIN + DEPTH + 0.8) / 2


def _liquid(folder: Path) -> pv.UnstructuredGrid:
    """Cells near the surface in micrometres, with the current density [mA/cm^2]."""
    mesh = pv.read(folder / "fields.pvd")
    grid = mesh.combine() if isinstance(mesh, pv.MultiBlock) else mesh
    grid = grid.scale(MICROMETRE)
    grid["i"] = np.linalg.norm(grid["current_density"], axis=1) / 10
    grid = grid.cell_data_to_point_data(pass_cell_data=True)
    return grid.clip(normal="y", origin=(0, HEIGHT, 0))


def _surface(folder: Path) -> np.ndarray:
    """Points of the reacting surface [um]."""
    with (folder / "surface.csv").open(newline="", encoding="utf-8") as file:
        rows = [(float(r["x"]), float(r["y"])) for r in csv.DictReader(file)]
    return np.array(rows) * MICROMETRE


def _metals(case: dict) -> list[tuple[str, float, float]]:
    """Colour, thickness and offset below the surface of each dense metal [um]."""
    bands, offset = [], 0.0
    for layer in reversed([x for x in case["layers"] if x["material"] in METALS]):
        thickness = float(layer["thickness"].split()[0]) * MICROMETRE
        bands.append((METALS[layer["material"]], min(thickness, DEPTH - offset), offset))
        offset += thickness
    return bands


def _band(surface: np.ndarray, thickness: float, offset: float) -> pv.StructuredGrid:
    """A strip of ``thickness`` whose upper edge lies ``offset`` below the surface."""
    x = np.vstack([surface[:, 0]] * 2)
    y = np.vstack([surface[:, 1] - offset, surface[:, 1] - offset - thickness])
    return pv.StructuredGrid(x, y, np.zeros_like(x))


def _common_limits(folders: list[Path]) -> tuple[float, float]:
    values = [np.percentile(_liquid(folder)["i"], [1, 99]) for folder in folders]
    return float(np.min(values)), float(np.max(values))


if __name__ == "__main__":
    main()
