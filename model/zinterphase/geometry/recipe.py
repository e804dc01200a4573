"""The mesh recipe of a case: which sizes the physics asks for where."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import TYPE_CHECKING

from zinterphase.case.levels import LEVELS
from zinterphase.errors import CaseError
from zinterphase.geometry.double_layers import double_layers
from zinterphase.geometry.makeable import Entry, LateralSize, require_makeable
from zinterphase.geometry.random_fields import shortest_wavelength
from zinterphase.geometry.specification import LayerSpec, Recipe
from zinterphase.geometry.surface import (
    Flat,
    HeightMap,
    Protrusion,
    RandomRoughness,
    Sinusoidal,
    Surface,
)
from zinterphase.geometry.tables import LateralTable

if TYPE_CHECKING:
    from zinterphase.case import Case
    from zinterphase.case.layers import Layer

__all__ = ["Recipe", "lateral_size", "meshed_layers", "recipe_from_case", "surface_of"]

_LATERAL_CELLS = {2: 64, 3: 16}
_CELLS_PER_LAYER = 8
_FAR_CELLS = {1: 40, 2: 10, 3: 10}
# The edge of an island is a third of its correlation length wide.
_CELLS_PER_ISLAND = 16
_LEAST_CELLS_PER_CORRELATION = 4


def recipe_from_case(case: Case) -> Recipe:
    """Resolve every mesh size of a case. Pure, not collective.

    Raises
    ------
    CaseError
        The surface does not fit between mirror planes, a height map does not cover the
        width, or a requested size is too coarse for the surface.
    """
    surface = surface_of(case)
    lateral = lateral_size(case, surface)
    meshed = meshed_layers(case)
    solid = sum(layer.medium.kind == "dense_conductor" for layer in meshed)
    far = case.mesh.far_size or meshed[-1].thickness / _FAR_CELLS[case.geometry.dimension]
    specs = [_solid_spec(layer, lateral.size) for layer in meshed[:solid]]
    specs += _liquid_specs(case, meshed[solid:], lateral.size, far)
    below = case.layers[: case.layers.index(meshed[0])]
    recipe = Recipe(
        widths=case.geometry.extents,
        surface=surface,
        layers=tuple(specs),
        solid_layers=solid,
        base="flat" if not below or below[-1].top == "flat" else "conformal",
        lateral_size=lateral.size,
        growth=case.mesh.growth,
        far_size=far,
        refinement=case.mesh.refinement,
        curved=case.mesh.order > 1 and surface != Flat(),
    )
    require_makeable(case, recipe, lateral)
    return recipe


def meshed_layers(case: Case) -> tuple[Layer, ...]:
    """Layers that have cells, bottom to top: all above the last equipotential metal, below the
    collector of a counter electrode.

    Raises
    ------
    CaseError
        A resolved metal lies below an equipotential one, or a dense metal between layers with
        electrolyte.
    """
    end = len(case.layers) - case.collector_count
    skipped = [k for k, layer in enumerate(case.layers[:end]) if not layer.meshed]
    start = skipped[-1] + 1 if skipped else 0
    for k in skipped:
        if k >= case.dense_count:
            field = f"layers.{case.layers[k].name}.potential"
            raise CaseError(field, "equipotential", '"resolved" in a metal above electrolyte')
    for layer in case.layers[:start]:
        if layer.meshed:
            field = f"layers.{layer.name}.potential"
            raise CaseError(field, "resolved", '"equipotential", as the metal above it is')
    return tuple(case.layers[start:end])


def surface_of(case: Case) -> Surface:
    """The shape of a case's reacting surface.

    Raises
    ------
    CaseError
        It does not fit between mirror planes, or a height map does not cover the width.
    """
    shape, widths = case.geometry.surface, case.geometry.extents
    match shape.shape:
        case "flat":
            return Flat()
        case "sinusoidal":
            return _sinusoidal(shape.amplitude, shape.wavelength, widths)
        case "protrusion":
            if not 0.0 <= shape.position <= widths[0]:
                field, allowed = "geometry.surface.position", f"0 ... width = {widths[0]:g} m"
                raise CaseError(field, f"{shape.position:g} m", allowed)
            # In 3D the given position is x; the tip stands on the mirror plane y = 0.
            position = (shape.position, 0.0)[: len(widths)]
            return Protrusion(shape.height, shape.tip_radius, position)
        case "random":
            longest = 0.5 * min(widths)
            if shape.correlation_length > longest:
                raise CaseError(
                    "geometry.surface.correlation_length",
                    f"{shape.correlation_length:g} m",
                    f"at most half the width and depth = {longest:g} m",
                )
            return RandomRoughness(
                shape.rms, shape.correlation_length, shape.covariance, shape.seed, widths
            )
        case "map":
            field = "geometry.surface.file"
            table = LateralTable.read(shape.file, "height", len(widths), field)
            table.require_cover(widths, field)
            return HeightMap(table)


def _sinusoidal(amplitude: float, wavelength: float, widths: tuple[float, ...]) -> Sinusoidal:
    for width in widths:
        halves = 2.0 * width / wavelength
        if round(halves) < 1 or abs(halves - round(halves)) > 1e-6 * halves:
            raise CaseError(
                "geometry.surface.wavelength",
                f"{wavelength:g} m",
                f"2/n times the width and depth (n = 1, 2, ...), as {width:g} m must be a whole "
                "number of half-waves between mirror planes",
            )
    return Sinusoidal(amplitude, wavelength)


def lateral_size(case: Case, surface: Surface) -> LateralSize:
    """Largest lateral cell that a case, its surface and its kinetics ask for.

    Raises
    ------
    CaseError
        A size that is given is too coarse for them.
    """
    if not case.geometry.extents:
        return LateralSize(inf, Entry("geometry.width", inf))
    largest = surface.largest_cell()
    asked = case.mesh.lateral_size
    if asked is not None:
        if asked > largest * (1.0 + 1e-9):
            raise CaseError(
                "mesh.lateral_size",
                f"{asked:g} m",
                f"at most {largest:g} m (1/8 of the correlation length, 1/16 of the wavelength)",
            )
        _require_resolved_kinetics(case, asked)
        return LateralSize(asked, Entry("mesh.lateral_size", asked))
    return min(_wanted_sizes(case, surface), key=lambda wanted: wanted.size)


def _wanted_sizes(case: Case, surface: Surface) -> Iterator[LateralSize]:
    """Lateral sizes that the cell, its surface and its kinetics ask for."""
    width = min(case.geometry.extents)
    share = _LATERAL_CELLS[case.geometry.dimension]
    yield LateralSize(width / share, Entry("geometry.width", width))
    if isinstance(surface, RandomRoughness):
        length = surface.correlation_length
        entry = Entry("geometry.surface.correlation_length", length)
        yield LateralSize(surface.default_cell(), entry)
    if isinstance(surface, Sinusoidal):
        entry = Entry("geometry.surface.wavelength", surface.wavelength)
        yield LateralSize(surface.wavelength / 32.0, entry)
    for name, kinetics in case.kinetics.items():
        if kinetics.spread is not None:
            spread, field = kinetics.spread, f"kinetics.{name}.spread.correlation_length"
            wave = shortest_wavelength(spread.correlation_length, spread.covariance)
            size = min(spread.correlation_length, wave) / 8.0
            yield LateralSize(size, Entry(field, spread.correlation_length))
        if kinetics.patches is not None:
            length = kinetics.patches.correlation_length
            entry = Entry(f"kinetics.{name}.patches.correlation_length", length)
            yield LateralSize(length / _CELLS_PER_ISLAND, entry)


def _require_resolved_kinetics(case: Case, lateral: float) -> None:
    """Random kinetics shorter than the cells would be another field on every mesh."""
    for name, kinetics in case.kinetics.items():
        for table, field in ((kinetics.spread, "spread"), (kinetics.patches, "patches")):
            shortest = _LEAST_CELLS_PER_CORRELATION * lateral
            if table is not None and table.correlation_length < shortest * (1.0 - 1e-9):
                raise CaseError(
                    f"kinetics.{name}.{field}.correlation_length",
                    f"{table.correlation_length:g} m",
                    f"at least {shortest:g} m, {_LEAST_CELLS_PER_CORRELATION} times the given "
                    f"mesh.lateral_size",
                )


def _solid_spec(layer: Layer, lateral: float) -> LayerSpec:
    largest = 2.0 * layer.thickness / _CELLS_PER_LAYER
    upper = min(0.5 * largest, 0.5 * lateral)
    return LayerSpec(layer.name, layer.thickness, layer.top, largest, upper, largest)


def _liquid_specs(
    case: Case, layers: tuple[Layer, ...], lateral: float, far: float
) -> list[LayerSpec]:
    """Layers from the reacting surface upwards."""
    given, ends = case.mesh.first_cell, double_layers(case)
    specs = []
    for k, layer in enumerate(layers):
        last = k == len(layers) - 1
        largest = far if last else min(layer.thickness / _CELLS_PER_LAYER, far)
        plain = min(layer.thickness / _CELLS_PER_LAYER, 0.25 * lateral)
        if given is not None and not LEVELS[case.level].double_layer:
            plain = given
        first, end = (
            plain if double_layer is None else given or double_layer.cell
            for double_layer in ends[layer.name]
        )
        if last and ends[layer.name][1] is None:
            end = largest
        specs.append(LayerSpec(layer.name, layer.thickness, layer.top, first, end, largest))
    return specs
