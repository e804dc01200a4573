"""Values over the lateral coordinates from a CSV file: surface heights, local kinetic factors."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy

from zinterphase.errors import CaseError
from zinterphase.geometry.raw import Floats

LARGEST_FILE = 50_000_000
"""Characters of a file at most."""


def read_numbers(
    path: str | Path, header: Sequence[str], wanted: str, field: str, largest: int
) -> Floats:
    """Rows of finite numbers below the ``header`` of a CSV file of at most so many characters.

    Raises
    ------
    CaseError
        It is not what is ``wanted``.
    """
    try:
        with Path(path).open(newline="", encoding="utf-8-sig") as stream:
            text = stream.read(largest + 1)
        if len(text) > largest:
            raise CaseError(field, str(path), f"{wanted}, of at most {largest:.0e} bytes")
        rows = [row for row in csv.reader(text.splitlines()) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CaseError(field, str(path), f"{wanted} ({error.__class__.__name__})") from error
    if not rows or [name.strip() for name in rows[0]] != header:
        raise CaseError(field, str(path), wanted)
    try:
        data = np.array([[float(item) for item in row] for row in rows[1:]], dtype=np.float64)
    except ValueError as error:
        raise CaseError(field, str(path), f"{wanted} ({error})") from error
    if data.ndim != 2 or data.shape[1] != len(header) or not np.all(np.isfinite(data)):
        raise CaseError(field, str(path), wanted)
    return data


@dataclass(frozen=True)
class LateralTable:
    """Piecewise linear function of the lateral position, known at scattered points.

    Attributes
    ----------
    points : Positions [m], one tuple (x,) or (x, y) per row, sorted.
    values : Value at each position, SI.
    """

    points: tuple[tuple[float, ...], ...]
    values: tuple[float, ...]

    @classmethod
    def read(cls, path: str | Path, column: str, lateral: int, field: str) -> LateralTable:
        """Read a CSV file with the header ``x,<column>`` or ``x,y,<column>``, all in SI.

        Parameters
        ----------
        path : The file.
        column : Name of the value column, such as "height" or "factor".
        lateral : Number of lateral coordinates, 1 or 2.
        field : Case field that names the file, for errors.

        Raises
        ------
        CaseError
            The file cannot be read, or has another header or something not a number.
        """
        header = [*["x", "y"][:lateral], column]
        wanted = f"a CSV file with the header {','.join(header)} and numbers in SI"
        data = read_numbers(path, header, wanted, field, LARGEST_FILE)
        data = data[np.lexsort(data[:, :lateral].T[::-1])]
        points = tuple(tuple(float(x) for x in row) for row in data[:, :lateral])
        if len(points) < lateral + 1 or len(set(points)) < len(points):
            raise CaseError(field, str(path), f"{wanted}, at least {lateral + 1} distinct points")
        return cls(points, tuple(float(value) for value in data[:, lateral]))

    def require_cover(self, widths: Sequence[float], field: str) -> None:
        """Refuse a table that does not reach every corner of [0, W] (x [0, D]).

        Raises
        ------
        CaseError
            Some corner lies outside.
        """
        axes = [np.array([0.0, width]) for width in widths]
        corners = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(widths))
        if np.any(np.isnan(self._interpolate(corners))):
            low, high = np.min(self.points, axis=0), np.max(self.points, axis=0)
            extent = " x ".join(f"[{a:g}, {b:g}]" for a, b in zip(low, high, strict=True))
            needed = " x ".join(f"[0, {width:g}]" for width in widths)
            raise CaseError(field, f"points in {extent} m", f"points that cover {needed} m")

    def __call__(self, lateral: npt.ArrayLike) -> Floats:
        """Values at lateral positions [m], shape (n, 1) or (n, 2)."""
        positions = np.asarray(lateral, dtype=np.float64)
        return self._interpolate(positions.reshape(-1, len(self.points[0])))

    @cached_property
    def _arrays(self) -> tuple[Floats, Floats]:
        return np.array(self.points), np.array(self.values)

    @cached_property
    def _triangles(self) -> scipy.interpolate.LinearNDInterpolator:
        """On the unit square, as Qhull has absolute tolerances."""
        points, values = self._arrays
        low, high = points.min(axis=0), points.max(axis=0)
        return scipy.interpolate.LinearNDInterpolator((points - low) / (high - low), values)

    def _interpolate(self, positions: Floats) -> Floats:
        points, values = self._arrays
        low, high = points.min(axis=0), points.max(axis=0)
        # Round-off in a coordinate of the outline must not count as outside.
        slack = 1e-9 * (high - low)
        inside = np.all((positions >= low - slack) & (positions <= high + slack), axis=1)
        clipped = np.clip(positions, low, high)
        if points.shape[1] == 1:
            result = np.interp(clipped[:, 0], points[:, 0], values)
        else:
            found = self._triangles((clipped - low) / (high - low))
            result = np.asarray(found, dtype=np.float64)
        return np.where(inside, result, np.nan)
