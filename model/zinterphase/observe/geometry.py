"""Areas and volumes of the mesh against those the case asks for."""

from itertools import pairwise
from math import pi, prod

from zinterphase.case import Layer
from zinterphase.fem_types import Form
from zinterphase.geometry.faces import offset_above
from zinterphase.observe.balance import Balance
from zinterphase.solve.problem import Problem
from zinterphase.solve.unknowns import constant


def geometry_balances(problem: Problem) -> list[Balance]:
    """Projected area of the reacting surface, and volumes of layers of even thickness; collective.

    None on meshes that no recipe made, whose electrode may be any part of the base, nor on moved
    ones. Per metre of depth in a planar cross-section. A layer between parallel faces has its
    thickness times the projected area, whatever the shape of the faces; the others have no closed
    form.
    """
    if not problem.domain.generated or problem.domain.displacement is not None:
        return []
    asked = _area(problem)
    rows = [Balance("projected area", problem.projected_area, asked, asked, "m^2")]
    for layer in _even_layers(problem):
        found = problem.value(problem.once(_volume, layer.name))
        volume = layer.thickness * asked
        rows.append(Balance(f"volume of {layer.name}", found, volume, volume, "m^3"))
    return rows


def _volume(problem: Problem, layer: str) -> Form:
    one = constant(problem.domain.mesh, 1.0)
    return problem.compiled(problem.measures.over_layers(one, (layer,)))


def _area(problem: Problem) -> float:
    extents = problem.case.geometry.extents
    axisymmetric = problem.case.geometry.coordinates == "axisymmetric"
    return pi * extents[0] ** 2 if axisymmetric else prod(extents)


def _even_layers(problem: Problem) -> list[Layer]:
    """Layers of the liquid whose faces are copies of each other, shifted upwards."""
    names = problem.stack.liquid
    layers = [layer for layer in problem.case.layers if layer.name in names]
    if problem.case.geometry.surface.shape == "flat":
        return layers
    # The reacting surface is shaped, and the face at the counter electrode flat.
    faces: list[float | None] = [0.0]
    for layer in layers[:-1]:
        faces.append(offset_above(faces[-1], layer.top, layer.thickness))
    return [
        layer
        for layer, (lower, upper) in zip(layers, pairwise([*faces, None]), strict=True)
        if lower == upper
    ]
