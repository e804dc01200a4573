"""The reacting surface of a run in three dimensions as a page on which it can be turned.

One file that loads nothing: the surface as arrays in it, drawn by WebGL.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from zinterphase.errors import FileError
from zinterphase.report.rendering import rendered

SURFACE = "surface.vtp"
COLOURS = 256
STOPS = 9
"""Of the bar's gradient."""
GEOMETRY = ("area", "projected_area")
QUANTILE = 0.01
"""Of the facets at either end of the colours, whose values may lie beyond them."""
UNITS = {"current_density": ("current density", "mA/cm\N{SUPERSCRIPT TWO}", 0.1)}
"""Fields in units for readers; others are in SI."""


def scene(folder: Path, title: str) -> str:
    """The page of a run's folder.

    Raises
    ------
    FileError
        There is no surface, or one of a run in one or two dimensions.
    """
    from matplotlib import colormaps

    points, cells, values = _surface(folder / SURFACE)
    colours = (255 * colormaps["viridis"](np.linspace(0, 1, COLOURS))[:, :3]).round()
    stops = colours[np.linspace(0, COLOURS - 1, STOPS).astype(int)].astype(int)
    fields = [_field(name, found) for name, found in values]
    data = {
        "points": _coded(_centred(points), np.float32),
        "cells": _coded(cells, np.uint32),
        "colours": _coded(colours, np.uint8),
        "fields": fields,
    }
    return rendered(
        "scene.html",
        title=title,
        fields=fields,
        gradient=", ".join(f"rgb({r},{g},{b})" for r, g, b in stops),
        data=Markup(json.dumps(data).replace("<", "\\u003c")),
    )


def _surface(
    path: Path,
) -> tuple[
    npt.NDArray[np.float64],
    npt.NDArray[np.int64],
    list[tuple[str, npt.NDArray[np.float64]]],
]:
    """Points, triangles, and what a facet has of each field."""
    import pyvista

    if not path.is_file():
        raise FileError(f"{path}: there is no surface to show")
    surface = pyvista.PolyData(str(path))
    if not surface.n_cells or surface.faces.size != 4 * surface.n_cells:
        raise FileError(f"{path}: no surface of a run in three dimensions")
    found = [
        (name, np.asarray(values, dtype=np.float64))
        for name, values in surface.cell_data.items()
        if name not in GEOMETRY and np.ndim(values) == 1
    ]
    found.sort(key=lambda pair: pair[0] not in UNITS)
    cells = surface.faces.reshape(-1, 4)[:, 1:].astype(np.int64)
    return np.asarray(surface.points, dtype=np.float64), cells, found


def _centred(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """About the origin, the largest extent 1."""
    low, high = points.min(axis=0), points.max(axis=0)
    return (points - (low + high) / 2) / (high - low).max()


def _field(name: str, values: npt.NDArray[np.float64]) -> dict[str, Any]:
    label, unit, factor = UNITS.get(name, (name, "SI", 1.0))
    shown = np.nan_to_num(factor * values)
    low, high = (float(x) for x in np.quantile(shown, [QUANTILE, 1 - QUANTILE]))
    return {
        "name": f"{label} ({unit})",
        "values": _coded(shown, np.float32),
        "low": low,
        "high": high,
        "told": list(_ends(low, high, shown)),
    }


def _ends(low: float, high: float, values: npt.NDArray[np.float64]) -> Iterator[str]:
    """Ends of the colours in words, with what lies beyond."""
    for end, most in ((low, float(values.min())), (high, float(values.max()))):
        yield f"{end:.4g}" if most == end else f"{end:.4g} ({most:.4g})"


def _coded(values: npt.NDArray[Any], kind: type[np.generic]) -> str:
    """Little-endian bytes as text."""
    array = np.ascontiguousarray(values, dtype=np.dtype(kind).newbyteorder("<"))
    return base64.b64encode(array.tobytes()).decode()
