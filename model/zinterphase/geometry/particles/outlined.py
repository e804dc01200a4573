"""The liquid of an image as surfaces of Gmsh's OpenCASCADE kernel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import gmsh

from zinterphase.geometry.particles.outlines import Piece, Region

type Regions = Mapping[int, Sequence[Region]]
"""Liquid of layers from an image, by number of the layer, in metres."""


def outlined(region: Region, unit: float) -> tuple[int, int]:
    """A plane surface within the outlines of a region, in lengths of ``unit`` [m]: lines, and
    splines through points."""
    occ = gmsh.model.occ
    loops = [occ.addCurveLoop(_curves(ring, unit)) for ring in region.outlines]
    return 2, occ.addPlaneSurface(loops)


def _curves(ring: Sequence[Piece], unit: float) -> list[int]:
    """A closed ring: each piece starts at the point that the one before ends at."""
    occ, found = gmsh.model.occ, []
    first = last = occ.addPoint(*ring[0].points[0] / unit, 0.0)
    for piece in ring:
        inner = [occ.addPoint(*point, 0.0) for point in piece.points[1:-1] / unit]
        end = first if piece is ring[-1] else occ.addPoint(*piece.points[-1] / unit, 0.0)
        points = [last, *inner, end]
        found.append(occ.addLine(*points) if piece.straight else occ.addSpline(points))
        last = end
    return found
