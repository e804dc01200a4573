"""What a mesh looks like whose cells are divided on their ranks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zinterphase.errors import MeshError
from zinterphase.geometry.quality import STEEPEST_SLOPE, LayerQuality, MeshQuality


def pooled(parts: Sequence[MeshQuality]) -> MeshQuality:
    """Quality of a mesh by that of its parts, at least one; ``vertices`` are summed, those that
    parts share too, and ``notes`` are those of the first."""
    ratios = [part.lowest_cell_over_debye_length for part in parts]
    known = [ratio for ratio in ratios if ratio is not None]
    return MeshQuality(
        vertices=sum(part.vertices for part in parts),
        cells=sum(part.cells for part in parts),
        volume=sum(part.volume for part in parts),
        inverted_cells=sum(part.inverted_cells for part in parts),
        steepest_slope=max(part.steepest_slope for part in parts),
        lowest_cell=min(part.lowest_cell for part in parts),
        lowest_cell_over_debye_length=min(known) if known else None,
        layers=tuple(map(_pooled_layer, zip(*(part.layers for part in parts), strict=True))),
        notes=parts[0].notes,
    )


def _pooled_layer(parts: tuple[LayerQuality, ...]) -> LayerQuality:
    return LayerQuality(
        parts[0].name,
        cells=sum(part.cells for part in parts),
        smallest_angle=min(part.smallest_angle for part in parts),
        largest_angle=max(part.largest_angle for part in parts),
        lowest_cell=min(part.lowest_cell for part in parts),
        lateral_size=max(part.lateral_size for part in parts),
        first_lower=max(part.first_lower for part in parts),
        first_upper=max(part.first_upper for part in parts),
        lower_facet=max(part.lower_facet for part in parts),
    )


def foreseen(quality: MeshQuality, times: int, dimension: int) -> MeshQuality:
    """About what a mesh of this quality will have, once its cells are divided ``times`` times:
    so many cells, sizes by halves, the angles of before."""
    if not times:
        return quality
    count, share = 2 ** (dimension * times), 0.5**times
    ratio = quality.lowest_cell_over_debye_length
    layers = [
        replace(
            layer,
            cells=count * layer.cells,
            lowest_cell=share * layer.lowest_cell,
            lateral_size=share * layer.lateral_size,
            first_lower=share * layer.first_lower,
            first_upper=share * layer.first_upper,
            lower_facet=share * layer.lower_facet,
        )
        for layer in quality.layers
    ]
    return replace(
        quality,
        vertices=count * quality.vertices,
        cells=count * quality.cells,
        lowest_cell=share * quality.lowest_cell,
        lowest_cell_over_debye_length=None if ratio is None else share * ratio,
        layers=tuple(layers),
        notes=(*quality.notes, told(quality, times)),
    )


def told(quality: MeshQuality, times: int) -> str:
    """One line on the division of a mesh of this quality."""
    return f"ranks divide the {quality.cells} cells of rank 0's mesh {times} time(s)"


def require_sound(quality: MeshQuality, times: int) -> None:
    """Refuse a divided mesh that no solution can be computed on.

    Raises
    ------
    MeshError
        A cell is folded.
    """
    if quality.inverted_cells:
        raise MeshError(
            f"mesh.divisions = {times}: {quality.inverted_cells} of {quality.cells} cells have no "
            "positive volume: thicken the layers or lower the surface"
        )


def require_gentle(quality: MeshQuality, times: int) -> None:
    """Refuse a divided mesh of a recipe whose faces between its vertices are too steep.

    Raises
    ------
    MeshError
        A facet of the base or of an interface is steeper than 80 degrees.
    """
    if quality.steepest_slope > STEEPEST_SLOPE:
        raise MeshError(
            f"mesh.divisions = {times}: the surface is inclined by up to "
            f"{quality.steepest_slope:.1f} degrees, allowed {STEEPEST_SLOPE:g}: lower its height "
            "or smooth it"
        )
