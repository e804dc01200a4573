"""The mesh as plain arrays: what the generators, the cache and user files hand to ``Domain``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Tags = npt.NDArray[np.int32]

ARRAYS = ("points", "cells", "cell_tags", "facets", "facet_tags")
MIDDLES = ("middle_edges", "middle_points")
"""Names of arrays that every mesh has, and of those that one of curved edges has besides."""
_PART = 2**14
"""Cells that are computed with at a time: what is needed meanwhile fits a cache."""
PARTICLES = "particles of "
"""How the name of a group of facets on particles begins; the name of their layer follows."""


@dataclass(frozen=True, eq=False)
class Middles:
    """Middle nodes of curved edges.

    Attributes
    ----------
    edges : Sorted vertices of each curved edge, sorted, shape (k, 2).
    points : Its middle node, shape (k, d) [m].
    """

    edges: Ints
    points: Floats


@dataclass(frozen=True, eq=False)
class RawMesh:
    """Simplicial mesh with named groups, in metres. Serial: it lives on one rank.

    Attributes
    ----------
    points : Vertex coordinates, shape (n, d), d = 1 to 3; the last one is the stack direction.
    cells : Vertices of each cell, shape (m, d + 1), positively oriented.
    cell_tags : Layer id of each cell, shape (m,).
    facets : Vertices of the tagged facets, shape (k, d), sorted within a row.
    facet_tags : Group id of each tagged facet, shape (k,).
    layer_ids : Id of each layer, from bottom to top, starting at 1; "inside of " and the layer
        behind them, where particles are meshed with the liquid.
    facet_ids : Id of "base", "counter", "sides" (not on a line) and of each interior interface
        "lower|upper", and "particles of " and the layer, where it has resolved particles.
    generated : Whether it was made from a recipe: its faces span the cell and its layers have
        the thickness asked for.
    notes : What was done to a user's mesh to make it this one, one line each.
    middles : Of the edges that are not straight: cells are of second order then.
    """

    points: Floats
    cells: Ints
    cell_tags: Tags
    facets: Ints
    facet_tags: Tags
    layer_ids: Mapping[str, int]
    facet_ids: Mapping[str, int]
    generated: bool = False
    notes: tuple[str, ...] = ()
    middles: Middles | None = None

    @property
    def dimension(self) -> int:
        """Geometric dimension, 1 to 3."""
        return int(self.points.shape[1])

    @property
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Its arrays by name, as a file has them."""
        found = {name: getattr(self, name) for name in ARRAYS}
        if self.middles is not None:
            found |= dict(zip(MIDDLES, (self.middles.edges, self.middles.points), strict=True))
        return found

    @property
    def labels(self) -> dict[str, Any]:
        """All else, as plain data."""
        return {
            "layer_ids": dict(self.layer_ids),
            "facet_ids": dict(self.facet_ids),
            "generated": self.generated,
            "notes": list(self.notes),
        }

    @classmethod
    def of(cls, arrays: Mapping[str, npt.NDArray[Any]], labels: Mapping[str, Any]) -> RawMesh:
        """From what :attr:`arrays` and :attr:`labels` are; raises :class:`KeyError`."""
        nodes = [arrays[name] for name in MIDDLES if name in arrays]
        return cls(
            **{name: arrays[name] for name in ARRAYS},
            layer_ids=labels["layer_ids"],
            facet_ids=labels["facet_ids"],
            generated=labels["generated"],
            notes=tuple(labels["notes"]),
            middles=Middles(*nodes) if nodes else None,
        )

    @property
    def names(self) -> dict[str, tuple[int, int]]:
        """(topological dimension, id) of every group, by name."""
        cells = {name: (self.dimension, tag) for name, tag in self.layer_ids.items()}
        return cells | {name: (self.dimension - 1, tag) for name, tag in self.facet_ids.items()}

    @cached_property
    def checksum(self) -> str:
        """sha256 of coordinates, connectivity, tags and names; equal meshes have equal sums."""
        digest = hashlib.sha256()
        arrays: list[npt.NDArray[Any]] = [self.points, self.cells, self.cell_tags]
        arrays += [self.facets, self.facet_tags]
        if self.middles is not None:
            arrays += [self.middles.edges, self.middles.points]
        for array in arrays:
            digest.update(str((array.dtype.str, array.shape)).encode())
            digest.update(np.ascontiguousarray(array).tobytes())
        digest.update(repr(sorted(self.names.items())).encode())
        return digest.hexdigest()


def by_parts(
    measure: Callable[[npt.NDArray[np.integer[Any]]], Floats], cells: npt.NDArray[np.integer[Any]]
) -> Floats:
    """What ``measure`` tells of each cell, rows for cells, a part of them at a time."""
    starts = range(0, max(len(cells), 1), _PART)
    return np.concatenate([measure(cells[start : start + _PART]) for start in starts])


def signed_volumes(points: Floats, cells: npt.NDArray[np.integer[Any]]) -> Floats:
    """Signed length, area or volume of each simplex [m^d], shape (m,)."""
    return by_parts(partial(_signed_volumes, points), cells)


def _signed_volumes(points: Floats, cells: npt.NDArray[np.integer[Any]]) -> Floats:
    corner = points[cells]
    edges = corner[:, 1:, :] - corner[:, :1, :]
    if edges.shape[1] == 1:
        return np.asarray(edges[:, 0, 0])
    if edges.shape[1] == 2:
        first, second = edges[:, 0], edges[:, 1]
        return np.asarray(0.5 * (first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]))
    normal = np.cross(edges[:, 0], edges[:, 1])
    return np.asarray(np.einsum("ij,ij->i", normal, edges[:, 2]) / 6.0)


def oriented(points: Floats, cells: Ints) -> Ints:
    """The same cells with the last two vertices swapped where the volume was negative."""
    flipped = signed_volumes(points, cells) < 0.0
    result = cells.copy()
    result[flipped, -2], result[flipped, -1] = cells[flipped, -1], cells[flipped, -2]
    return result
