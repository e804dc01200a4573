"""Lengths of lines along the stack inside each layer of a mesh. Serial."""

from __future__ import annotations

import numpy as np

from zinterphase.geometry.raw import Floats, RawMesh

_LINES = {2: (64,), 3: (6, 6)}
_OFFSETS = ((3.0 - np.sqrt(5.0)) / 2.0, np.sqrt(2.0) - 1.0)
"""Irrational and unlike, so that no line runs along the facets of a regular mesh."""

_BESIDE = (1e-7, 0.618e-7)
"""Distance of a line from a vertex or a side by axis, relative to the width."""


def chords(mesh: RawMesh, lines: Floats) -> Floats:
    """Length [m] of lines along the stack in each layer.

    Parameters
    ----------
    mesh : The mesh.
    lines : Lateral positions, shape (n, d - 1) [m].

    Returns
    -------
    Shape (n, layers), layers by their ids.
    """
    corner = mesh.points[mesh.cells]
    low, high = corner[:, :, :-1].min(axis=1).T, corner[:, :, :-1].max(axis=1).T
    result = np.zeros((len(lines), len(mesh.layer_ids)))
    for row, line in zip(result, lines, strict=True):
        near = np.arange(len(corner))
        for axis, at in enumerate(line):
            near = near[(low[axis, near] <= at) & (at <= high[axis, near])]
        inside = _inside(corner[near], line)
        row += np.bincount(mesh.cell_tags[near] - 1, inside, minlength=row.size)
    return result


def spread_lines(mesh: RawMesh) -> Floats:
    """Lateral positions of evenly spread lines, shape (n, d - 1)."""
    low, size = mesh.points[:, :-1].min(axis=0), np.ptp(mesh.points[:, :-1], axis=0)
    offsets = _OFFSETS[: len(size)]
    axes = [
        (np.arange(count) + offset) / count
        for count, offset in zip(_LINES[mesh.dimension], offsets, strict=True)
    ]
    return np.asarray(low + size * np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, len(axes)))


def extreme_lines(mesh: RawMesh) -> Floats:
    """Lateral positions beside the highest and lowest points of the faces, shape (n, d - 1)."""
    lateral = mesh.points[:, :-1]
    low, size = lateral.min(axis=0), np.ptp(lateral, axis=0)
    vertices = []
    for tag in mesh.facet_ids.values():
        here = np.unique(mesh.facets[mesh.facet_tags == tag])
        height = mesh.points[here, -1]
        vertices += [here[np.argmin(height)], here[np.argmax(height)]]
    at, step = (lateral[vertices] - low) / size, np.array(_BESIDE[: len(size)])
    beside = [np.clip(at + sign * step, step, 1.0 - step) for sign in (-1.0, 1.0)]
    return np.asarray(low + size * np.concatenate(beside))


def _inside(corner: Floats, line: Floats) -> Floats:
    """Length of one line along the last axis inside each simplex, corners (n, d + 1, d)."""
    centre = corner.mean(axis=1, keepdims=True)
    scale = np.ptp(corner, axis=1)[:, None, :]
    local = (corner - centre) / scale
    ones = np.ones((*local.shape[:2], 1))
    inverse = np.linalg.inv(np.concatenate([local, ones], axis=2).transpose(0, 2, 1))
    at = (line - centre[:, 0, :-1]) / scale[:, 0, :-1]
    # Barycentric coordinates a + b z on the line: all positive inside.
    slope = inverse[:, :, -2]
    value = np.einsum("nij,nj->ni", inverse[:, :, :-2], at) + inverse[:, :, -1]
    with np.errstate(divide="ignore", invalid="ignore"):
        root = -value / slope
    low = np.where(slope > 0.0, root, -np.inf).max(axis=1)
    high = np.where(slope < 0.0, root, np.inf).min(axis=1)
    outside = np.any((slope == 0.0) & (value < 0.0), axis=1)
    length = np.where(outside, 0.0, np.maximum(high - low, 0.0))
    return np.asarray(length * scale[:, 0, -1])
