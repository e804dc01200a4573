"""The recipe of a case with particles: which sizes the physics asks for where."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from zinterphase.case.packing import INSIDE
from zinterphase.errors import CaseError
from zinterphase.geometry.double_layers import debye_length, double_layers
from zinterphase.geometry.particles.images import read_image
from zinterphase.geometry.particles.listed import listed
from zinterphase.geometry.particles.makeable import require_makeable
from zinterphase.geometry.particles.packing import Sizes
from zinterphase.geometry.particles.recipe import PackingSpec, ParticleRecipe, ResolvedLayer
from zinterphase.geometry.recipe import lateral_size, meshed_layers, surface_of
from zinterphase.geometry.surface import Flat

if TYPE_CHECKING:
    from zinterphase.case import Case
    from zinterphase.case.layers import Layer

SHARE = {2: 1.0 / 6.0, 3: 1.0 / 4.0}
"""Cell at the surface of a particle over its radius, by dimension."""
_GAP = 0.05
"""Of the mean diameter."""
_FAR_CELLS = 10
_FINEST = 1e-4
"""Least first cell over the width: the sizes are interpolated on a regular grid."""


def particle_recipe(case: Case) -> ParticleRecipe:
    """Resolve every mesh size of a case with particles. Pure, not collective.

    Raises
    ------
    CaseError
        A list of particles cannot be read, or there are too many cells, or too fine ones.
    """
    stack, mesh = meshed_layers(case), case.mesh
    layers = [layer for layer in stack if layer.medium.kind != "dense_conductor"]
    surface, cell = surface_of(case), inf
    if surface != Flat():
        cell = lateral_size(case, surface).size
    recipe = ParticleRecipe(
        widths=case.geometry.extents,
        layers=tuple(_layer(layer, case.geometry.dimension) for layer in layers),
        mirrored_ends=False,
        share=SHARE[case.geometry.dimension],
        near=_near(case),
        growth=mesh.growth,
        far_size=mesh.far_size or sum(layer.thickness for layer in layers) / _FAR_CELLS,
        refinement=mesh.refinement,
        curved=mesh.order > 1,
        surface=surface,
        surface_cell=cell,
        inside=tuple(x.name for x in layers if f"{INSIDE}{x.name}" in case.particles),
        metal=tuple(
            _layer(layer, case.geometry.dimension) for layer in stack if layer not in layers
        ),
    )
    require_makeable(recipe)
    return recipe


def _layer(layer: Layer, dimension: int) -> ResolvedLayer:
    spec = None if layer.packing is None else packing_spec(layer, dimension)
    return ResolvedLayer(layer.name, layer.thickness, spec, conformal=layer.top == "conformal")


def packing_spec(layer: Layer, dimension: int) -> PackingSpec:
    """The particles of a layer that has some.

    Raises
    ------
    CaseError
        A list of particles or an image cannot be read.
    """
    packing = layer.packing
    assert packing is not None
    if packing.image is not None:
        assert packing.pixel is not None
        field = f"layers.{layer.name}.packing.image"
        image = read_image(packing.image, packing.pixel, field)
        return PackingSpec(packing.pixel, image=image)
    if packing.file is not None:
        given = listed(packing.file, dimension, f"layers.{layer.name}.packing.file")
        mean = 2.0 * sum(row[-1] for row in given) / len(given)
        return PackingSpec(packing.gap or _GAP * mean, packing.neck, given=given)
    assert packing.diameter is not None
    assert packing.porosity is not None
    return PackingSpec(
        packing.gap or _GAP * packing.diameter,
        packing.neck,
        Sizes(packing.diameter, packing.spread),
        packing.porosity,
        packing.seed,
    )


def _near(case: Case) -> float:
    """Largest cell at surfaces: that of the thinnest double layer, where they are resolved."""
    cells = [end.cell for ends in double_layers(case).values() for end in ends if end is not None]
    if case.mesh.first_cell is not None:
        cells = [case.mesh.first_cell]
    near = min(cells, default=inf)
    finest = _FINEST * case.geometry.extents[0]
    if near < finest:
        thickness = debye_length(case, case.layers[-1])
        allowed = f"a width below {near / _FINEST:.3g} m, as double layers of {thickness:.2g} m are"
        raise CaseError(
            "geometry.width",
            f"{case.geometry.extents[0]:g} m",
            f"{allowed} resolved around particles by cells of {near:.2g} m",
        )
    return near
