"""The reacting surface as points with area weights: what every metric is taken on."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Weight = Literal["area", "projected"]

AXES = ("x", "y", "z")
GEOMETRY = ("area", "projected_area", "facet")


@dataclass(frozen=True, eq=False)
class SurfaceMap:
    """Values at the quadrature points of a surface; the stack direction is the last coordinate.

    Attributes
    ----------
    position : Points, shape (n, d) with d = 1 to 3 [m].
    area : True area each point stands for, shape (n,) [m2; m2 per metre of depth in 2D;
        1 on a line, whose results are per area].
    projected_area : The same seen along the stack direction, shape (n,).
    facet : Number of the facet each point lies on, shape (n,).
    values : Named fields on the points, each of shape (n,), in SI units.

    Raises
    ------
    ValueError
        Shapes disagree, a number is not finite, or no area is positive.
    """

    position: FloatArray
    area: FloatArray
    projected_area: FloatArray
    facet: IntArray
    values: dict[str, FloatArray]

    def __post_init__(self) -> None:
        if self.position.ndim != 2 or self.position.shape[1] not in (1, 2, 3):
            raise ValueError(
                f"position has shape {self.position.shape}, expected (n, 1), (n, 2) or (n, 3)"
            )
        columns = {"area": self.area, "projected_area": self.projected_area, "facet": self.facet}
        for name, column in {**columns, **self.values}.items():
            if column.shape != (len(self.position),):
                raise ValueError(f"{name} has shape {column.shape}, expected ({len(self)},)")
            if not np.isfinite(column).all():
                raise ValueError(f"{name} has a value that is not finite")
        if not np.isfinite(self.position).all():
            raise ValueError("position has a value that is not finite")
        for area in (self.area, self.projected_area):
            if (area < 0.0).any() or not area.sum() > 0.0:
                raise ValueError("areas must not be negative, and their sum must be positive")

    def __len__(self) -> int:
        return len(self.position)

    @property
    def lateral(self) -> FloatArray:
        """Coordinates along the surface, shape (n, d - 1) [m]."""
        return self.position[:, :-1]

    def weights(self, weight: Weight) -> FloatArray:
        """Area weights of the points, shape (n,), that sum to one."""
        area = self.area if weight == "area" else self.projected_area
        return area / area.sum()

    def mean(self, name: str, weight: Weight = "area") -> float:
        """Area-weighted mean of a field, over the true or the projected area."""
        return float(self.weights(weight) @ self.values[name])

    def sorted(self) -> SurfaceMap:
        """The same points ordered by x, then y, then height, whatever order they came in."""
        order = np.lexsort((self.facet, *self.position.T[::-1]))
        return SurfaceMap(
            self.position[order],
            self.area[order],
            self.projected_area[order],
            self.facet[order],
            {name: value[order] for name, value in self.values.items()},
        )

    def facet_means(self, name: str) -> SurfaceMap:
        """One field of :meth:`by_facet`."""
        return replace(self, values={name: self.values[name]}).by_facet()

    def by_facet(self) -> SurfaceMap:
        """One point per facet: its centroid, its areas and the true-area mean of each field on it.

        Facets of no area are left out. Both area sums, and the true-area means, are kept. A mean is
        right to second order, while values within a facet of a double layer's cells saw-tooth.
        """
        facets, index = np.unique(self.facet, return_inverse=True)
        area = np.bincount(index, self.area)
        kept = area > 0.0

        def average(values: FloatArray) -> FloatArray:
            return np.asarray(np.bincount(index, self.area * values)[kept] / area[kept])

        return SurfaceMap(
            np.stack([average(axis) for axis in self.position.T], axis=1),
            area[kept],
            np.bincount(index, self.projected_area)[kept],
            facets[kept],
            {name: average(values) for name, values in self.values.items()},
        ).sorted()

    def to_csv(self, path: Path) -> None:
        """Write one row per point in SI units, all digits kept: coordinates, areas, facet, fields.

        Raises
        ------
        ValueError
            A field is named like a column of the geometry.
        """
        axes = AXES[: self.position.shape[1]]
        if clash := set(self.values) & {*axes, *GEOMETRY}:
            raise ValueError(f"a field may not be called {', '.join(sorted(clash))}")
        columns = [*self.position.T, self.area, self.projected_area, self.facet]
        columns += self.values.values()
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow((*axes, *GEOMETRY, *self.values))
            writer.writerows(zip(*(column.tolist() for column in columns), strict=True))

    @classmethod
    def from_csv(cls, path: Path) -> SurfaceMap:
        """Read what `to_csv` wrote.

        Raises
        ------
        ValueError
            The header is not that of a surface map, or the numbers do not parse.
        """
        with path.open(newline="", encoding="utf-8") as file:
            header, *rows = list(csv.reader(file)) or [[]]
        axes = [name for name in header if name in AXES]
        geometry = [*axes, *GEOMETRY]
        if not rows or header[: len(geometry)] != geometry:
            raise ValueError(f"{path.name} is not a surface map: header {','.join(header)}")
        table = np.array(rows, dtype=np.float64)
        columns = dict(zip(header, table.T.copy(), strict=True))
        position = np.stack([columns.pop(axis) for axis in axes], axis=1)
        area, projected, facet = (columns.pop(name) for name in GEOMETRY)
        return cls(position, area, projected, facet.astype(np.int64), columns)
