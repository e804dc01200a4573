"""Thickness of the layers of a mesh, whatever the shape of their faces. Serial."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from zinterphase.geometry.chords import chords, extreme_lines
from zinterphase.geometry.quality import STEEPEST_SLOPE, steepest_slope
from zinterphase.geometry.raw import Floats, Ints, RawMesh, signed_volumes

_NEIGHBOURS = 16


def thicknesses(mesh: RawMesh, lengths: Floats) -> dict[str, tuple[float, float]]:
    """Least and greatest thickness of each layer [m]; ``lengths`` are those of the mesh's
    :func:`chords` along its :func:`spread_lines`.

    Where faces are graphs over the electrode plane it is measured along the stack, or as volume
    over the larger face, as films of even thickness on slopes have it; else from each point of
    the lower face to the upper one.
    """
    if steepest_slope(mesh) <= STEEPEST_SLOPE:
        return _along_stack(mesh, np.concatenate([lengths, chords(mesh, extreme_lines(mesh))]))
    return _between_faces(mesh)


def face_areas(corner: Floats) -> Floats:
    """Length or area of facets with corners of shape (n, d, d)."""
    edges = corner[:, 1:] - corner[:, :1]
    if corner.shape[2] == 2:
        return np.asarray(np.linalg.norm(edges[:, 0], axis=1))
    return np.asarray(0.5 * np.linalg.norm(np.cross(edges[:, 0], edges[:, 1]), axis=1))


def _along_stack(mesh: RawMesh, lengths: Floats) -> dict[str, tuple[float, float]]:
    volumes = signed_volumes(mesh.points, mesh.cells)
    found = {}
    for name, tag in mesh.layer_ids.items():
        largest = max(face_areas(mesh.points[face]).sum() for face in _faces(mesh, name))
        across = float(volumes[mesh.cell_tags == tag].sum() / largest)
        along = lengths[:, tag - 1]
        along = along[along > 0.0]
        found[name] = float(along.min(initial=across)), float(along.max(initial=across))
    return found


def _between_faces(mesh: RawMesh) -> dict[str, tuple[float, float]]:
    found = {}
    for name in mesh.layer_ids:
        lower, upper = _faces(mesh, name)
        distance = _distances(mesh.points[np.unique(lower)], mesh.points[upper])
        found[name] = float(distance.min()), float(distance.max())
    return found


def _faces(mesh: RawMesh, name: str) -> tuple[Ints, Ints]:
    """Facets of the lower and of the upper face of a layer, shapes (., d)."""
    names = list(mesh.layer_ids)
    lower = [group for group in mesh.facet_ids if group.endswith(f"|{name}")]
    upper = [group for group in mesh.facet_ids if group.startswith(f"{name}|")]
    lower += ["base"] if name == names[0] else []
    upper += ["counter"] if name == names[-1] else []
    ids = ([mesh.facet_ids[group] for group in groups] for groups in (lower, upper))
    below, above = (mesh.facets[np.isin(mesh.facet_tags, tags)] for tags in ids)
    return below, above


def _distances(points: Floats, corner: Floats) -> Floats:
    """Distance of points (n, d) from the nearest of facets with corners (m, d, d)."""
    nearest, _ = cKDTree(corner.reshape(-1, corner.shape[2])).query(points)
    best = np.asarray(nearest)
    count = min(_NEIGHBOURS, len(corner))
    _, near = cKDTree(corner.mean(axis=1)).query(points, k=range(1, count + 1))
    for facets in np.asarray(near).T:
        origin, edges = corner[facets, 0], corner[facets, 1:] - corner[facets, :1]
        metric = np.einsum("nid,njd->nij", edges, edges)
        share = np.einsum("nid,nd->ni", edges, points - origin)
        at = np.linalg.solve(metric, share[..., None])[..., 0]
        foot = origin + np.einsum("ni,nid->nd", at, edges)
        inside = np.all(at >= 0.0, axis=1) & (at.sum(axis=1) <= 1.0)
        best = np.where(inside, np.minimum(best, np.linalg.norm(points - foot, axis=1)), best)
    return best
