"""Lengths of lines along the stack inside each layer of a mesh. Serial."""

from __future__ import annotations

import numpy as np

from zinterphase.geometry.raw import Floats, RawMesh

_LINES = {2: (64,), 3: (12, 12)}
_OFFSET = (3.0 - np.sqrt(5.0)) / 2.0
"""Irrational, so that no line runs along the edges of a regular mesh."""

_BESIDE = 1e-7
"""Distance of a line from a vertex or a side, relative to the width."""


def chords(mesh: RawMesh) -> Floats:
    """Length [m] of lines along the stack in each layer.

    The lines are evenly spread, and stand at the highest and lowest points of the faces.

    Returns:
        Shape (lines, layers), layers by their ids.
    """
    lines = _lines(mesh)
    corner = mesh.points[mesh.cells]
    lateral_low, lateral_high = corner[:, :, :-1].min(axis=1), corner[:, :, :-1].max(axis=1)
    result = np.zeros((len(lines), len(mesh.layer_ids)))
    for row, line in zip(result, lines, strict=True):
        near = np.flatnonzero(np.all((lateral_low <= line) & (line <= lateral_high), axis=1))
        inside = _inside(corner[near], line)
        row += np.bincount(mesh.cell_tags[near] - 1, inside, minlength=row.size)
    return result


def _lines(mesh: RawMesh) -> Floats:
    """Lateral positions, shape (n, d - 1)."""
    lateral = mesh.points[:, :-1]
    low, size = lateral.min(axis=0), np.ptp(lateral, axis=0)
    axes = [(np.arange(count) + _OFFSET) / count for count in _LINES[mesh.dimension]]
    even = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))
    extreme = []
    for tag in mesh.facet_ids.values():
        vertices = np.unique(mesh.facets[mesh.facet_tags == tag])
        height = mesh.points[vertices, -1]
        extreme += [vertices[np.argmin(height)], vertices[np.argmax(height)]]
    at = (lateral[extreme] - low) / size
    beside = [np.clip(at + step, _BESIDE, 1.0 - _BESIDE) for step in (-_BESIDE, _BESIDE)]
    return np.asarray(low + size * np.concatenate([even, *beside]))


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
