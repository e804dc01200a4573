"""Sections of 3D cells: whole and exact, where the plane runs through nodes too."""

import numpy as np
import pytest

from zinterphase.observe.snapshot import Snapshot
from zinterphase.output.sections import section_of

CORNERS = [(0, 1, 3, 7), (0, 1, 5, 7), (0, 2, 3, 7), (0, 2, 6, 7), (0, 4, 5, 7), (0, 4, 6, 7)]
"""A cube as tetrahedra along its diagonal; bit k of a corner is its place on axis k."""


def box(counts: tuple[int, int, int], depth: float) -> Snapshot:
    """2 um x ``depth`` x 3 um with a layer up to 1 um; a linear potential and flux."""
    axes = [
        np.linspace(0.0, end, n + 1) for end, n in zip((2e-6, depth, 3e-6), counts, strict=True)
    ]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    shape = tuple(n + 1 for n in counts)
    origins = np.stack(np.meshgrid(*(np.arange(n) for n in counts), indexing="ij"), axis=-1)
    cells = []
    for tetrahedron in CORNERS:
        places = [[(corner >> k) & 1 for k in range(3)] for corner in tetrahedron]
        nodes = [
            np.ravel_multi_index(tuple(np.moveaxis(origins.reshape(-1, 3) + p, 1, 0)), shape)
            for p in places
        ]
        cells.append(np.stack(nodes, axis=1))
    table = np.concatenate(cells)
    layer = (points[table][:, :, 2].mean(axis=1) > 1e-6).astype(np.int64)
    flux = np.tile([1.0, 5.0, -2.0], (len(table), 1))
    nodal = {"potential": points @ [1e6, 2e6, 3e6]}
    return Snapshot(points, table, layer, ("film", "liquid"), nodal, {"flux": flux}, depth / 2)


@pytest.mark.parametrize("counts", [(4, 4, 6), (4, 3, 6)], ids=["through nodes", "between nodes"])
def test_section_covers_the_plane_once(counts: tuple[int, int, int]) -> None:
    section = section_of(box(counts, 4e-6))
    assert section.depth == pytest.approx(2.0)
    corners = section.points[section.triangles]
    area = 0.5 * np.abs(np.linalg.det(corners[:, 1:] - corners[:, :1]))
    assert area.sum() == pytest.approx(6.0)
    assert area[section.layer == 0].sum() == pytest.approx(2.0)
    x, z = section.points.T
    np.testing.assert_allclose(section.nodal["potential"], x + 2.0 * 2.0 + 3.0 * z, rtol=1e-9)
    np.testing.assert_allclose(section.cellwise["flux"], np.tile([1.0, -2.0], (len(area), 1)))
    borders = section.borders()
    assert np.abs(borders[:, 1, 0] - borders[:, 0, 0]).sum() == pytest.approx(2.0)
    np.testing.assert_allclose(borders[:, :, 1], 1.0)
    outline = section.outline()
    assert np.abs(outline[:, 1, 0] - outline[:, 0, 0]).sum() == pytest.approx(2.0)
    np.testing.assert_allclose(outline[:, :, 1], 0.0, atol=1e-9)


def test_flux_on_a_grid_ends_at_the_metal() -> None:
    whole = box((4, 4, 6), 4e-6)
    heights = whole.points[whole.cells].mean(axis=1)
    kept = ~((heights[:, 0] < 1e-6) & (heights[:, 2] < 1e-6))  # a block of metal
    cut = Snapshot(
        whole.points, whole.cells[kept], whole.layer[kept], whole.layers, whole.nodal,
        {"flux": whole.cellwise["flux"][kept]}, whole.depth,
    )  # fmt: skip
    x, z, across, up = section_of(cut).on_grid("flux")
    inside = (x[None, :] < 0.98) & (z[:, None] < 0.98)
    assert np.isnan(across[inside]).all()
    outside = (x[None, :] > 1.02) | (z[:, None] > 1.02)
    np.testing.assert_allclose(across[outside], 1.0)
    np.testing.assert_allclose(up[outside], -2.0)
