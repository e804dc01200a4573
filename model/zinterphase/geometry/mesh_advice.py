"""What is worth knowing of a mesh before its numbers are believed."""

from collections.abc import Iterator
from math import cos, radians

from zinterphase.case import Case
from zinterphase.case.levels import LEVELS
from zinterphase.case.packing import INSIDE
from zinterphase.cell.finding import Finding
from zinterphase.geometry.double_layers import double_layers
from zinterphase.geometry.quality import MeshQuality

SHEARED = 150.0
"""Largest angle [degrees]: errors of gradients grow as its inverse sine, and have doubled there."""
NEEDLE = 5.0
"""Smallest angle [degrees]: a cell some ten times wider than high."""
THINNED = 0.95
"""Share of the nominal thickness below which the thinning of a film is named."""


def mesh_findings(case: Case, quality: MeshQuality) -> tuple[Finding, ...]:
    """Judge the cells layer by layer, how thick shifted films are across their flanks, and whether
    the first cells resolve the double layers that the case reaches."""
    return (
        *_angles(case, quality),
        *_thinned(case, quality),
        *_unresolved(case, quality),
    )


def _angles(case: Case, quality: MeshQuality) -> Iterator[Finding]:
    """Flat cells are meant where double layers are resolved; sheared ones never are."""
    packed = bool(case.packed_layers)
    finer = "a larger mesh.refinement" if packed else "a smaller mesh.lateral_size"
    for layer in quality.layers:
        name = layer.name.removeprefix(INSIDE)
        where = f"layers.{name}" if name == layer.name else f"layers.{name}.packing"
        smallest, largest = f"{layer.smallest_angle:.2g}", f"{layer.largest_angle:.3g}"
        if layer.largest_angle > SHEARED:
            text = (
                f"a cell has an angle of {largest} degrees (its sharpest {smallest}): gradients "
                f"are poor there; smooth the surface or take {finer}"
            )
            yield Finding("warning", where, text)
        elif layer.smallest_angle < NEEDLE and not LEVELS[case.level].double_layer:
            text = (
                f"a cell has an angle of {smallest} degrees, "
                f"{layer.lateral_size * 1e9:.3g} nm wide: what varies along the "
                "surface over less is not resolved; see mesh.lateral_size"
            )
            yield Finding("note", where, text)


def _unresolved(case: Case, quality: MeshQuality) -> Iterator[Finding]:
    """First cells against the thickness of the charge beside them: of one as high as it the charge
    is off by some 4 %, and soon by more than its half."""
    cells = {layer.name: layer for layer in quality.layers}
    for name, ends in double_layers(case).items():
        firsts = (cells[name].first_lower, cells[name].first_upper)
        for where, layer, first in zip(("lower", "upper"), ends, firsts, strict=True):
            if layer is None or first <= case.mesh.order * layer.thickness:
                continue
            text = (
                f"the first cell at the {where} end of {name}, {first * 1e9:.3g} nm, is above the "
                f"thickness of the double layer there, {layer.thickness * 1e9:.2g} nm under this "
                f"load: its charge is not resolved; a cell of {layer.cell * 1e9:.2g} nm does"
            )
            given = "mesh.file" if case.mesh.file is not None else "mesh.first_cell"
            yield Finding("warning", given, text)


def _thinned(case: Case, quality: MeshQuality) -> Iterator[Finding]:
    """A face shifted upwards is nearer to the one below it across a flank."""
    share = cos(radians(quality.steepest_slope))
    if share >= THINNED or case.mesh.file is not None or case.packed_layers:
        return
    for layer in case.layers[case.dense_count : -1]:
        if layer.top == "conformal":
            text = (
                f"conformal shifts the face upwards: on the steepest flank, "
                f"{quality.steepest_slope:.3g} degrees, {layer.name} is "
                f"{share * layer.thickness * 1e9:.3g} nm thick across it where "
                f"{layer.thickness * 1e9:.4g} nm is "
                'asked; top = "normal" keeps the thickness everywhere (as ALD does)'
            )
            yield Finding("note", f"layers.{layer.name}.top", text)
