"""Second-order simplices of a mesh file as simplices of first order with middle nodes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zinterphase.geometry.meshfile import Block, Malformed, MeshFile
from zinterphase.geometry.raw import Ints

KINDS = {"line3": "line", "triangle6": "triangle", "tetra10": "tetra"}
"""First-order kind of each."""
_EDGES = {
    "line3": ((0, 1),),
    "triangle6": ((0, 1), (1, 2), (2, 0)),
    "tetra10": ((0, 1), (1, 2), (2, 0), (0, 3), (1, 3), (2, 3)),
}
"""Edge of each middle node, in the order of VTK and meshio."""


def corners_and_middles(file: MeshFile) -> tuple[MeshFile, Ints]:
    """Take the middle nodes off a file's simplices of second order.

    Returns
    -------
    The file with simplices of first order in their place, and rows (corner, corner, middle node) of
    its points, each edge once with its corners sorted.

    Raises
    ------
    Malformed
        Cells do not agree on the middle node of an edge.
    """
    blocks, rows = [], [np.zeros((0, 3), dtype=np.int64)]
    for block in file.blocks:
        if block.kind not in KINDS:
            blocks.append(block)
            continue
        pairs = np.array(_EDGES[block.kind])
        corners = block.nodes.shape[1] - len(pairs)
        blocks.append(Block(KINDS[block.kind], block.nodes[:, :corners], block.groups))
        ends = np.sort(block.nodes[:, pairs].reshape(-1, 2), axis=1)
        rows.append(np.column_stack([ends, block.nodes[:, corners:].ravel()]))
    edges = np.unique(np.concatenate(rows), axis=0)
    if np.any(np.all(edges[1:, :2] == edges[:-1, :2], axis=1)):
        raise Malformed("one middle node on each edge of second-order cells")
    return replace(file, blocks=tuple(blocks)), edges
