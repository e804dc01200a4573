"""Does a user's mesh show the stack that its case describes? Serial."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from zinterphase.errors import CaseError
from zinterphase.geometry.chords import chords, spread_lines
from zinterphase.geometry.conformity import SIDE_TOLERANCE, pieces, place
from zinterphase.geometry.meshfile import FIELD
from zinterphase.geometry.raw import Floats, RawMesh
from zinterphase.geometry.recipe import meshed_layers, recipe_from_case
from zinterphase.geometry.thickness import face_areas, thicknesses
from zinterphase.geometry.topology import FacetTable, facet_keys, facet_table

if TYPE_CHECKING:
    from zinterphase.case import Case

THICKNESS_TOLERANCE = 1e-3
"""Admissible mismatch of a layer's thickness, relative: what a rounded number of a case has."""


SHAPE_TOLERANCE = 1e-2
"""Admissible mismatch of the reacting surface's shape, relative to its height."""


def require_agreement(mesh: RawMesh, case: Case) -> None:
    """Refuse a mesh that contradicts its case.

    Raises
    ------
    CaseError
        Width or depth differ; base, layers and counter are not in the order of the
        stack; the liquid is in parts; the reacting surface is not the one the case gives; or a
        layer nowhere has its thickness.
    """
    _require_extent(mesh, case)
    table = facet_table(mesh.cells)
    _require_order(mesh, case, table)
    _require_one_liquid(mesh, case, table)
    lengths = chords(mesh, spread_lines(mesh))
    _require_single_cover(mesh, lengths)
    _require_surface(mesh, case)
    _require_thickness(mesh, case, lengths)


def _require_extent(mesh: RawMesh, case: Case) -> None:
    """As wide as the case says: mirror planes and currents depend on it."""
    for axis, length in enumerate(case.geometry.extents):
        low, high = mesh.points[:, axis].min(), mesh.points[:, axis].max()
        if max(abs(low), abs(high - length)) > SIDE_TOLERANCE * length:
            name, key = "xy"[axis], ("geometry.width", "geometry.depth")[axis]
            allowed = f"{name} from 0 to {length:g} m; see {key} and mesh.unit"
            raise CaseError(FIELD, f"{name} from {low:g} to {high:g} m", allowed)


def _require_order(mesh: RawMesh, case: Case, table: FacetTable) -> None:
    names = list(mesh.layer_ids)
    at_base, at_counter = (_layers_at(mesh, table, end) for end in ("base", "counter"))
    if at_counter != {names[-1]}:
        found = f"counter on {' and '.join(sorted(at_counter))}"
        raise CaseError(FIELD, found, f"{names[-1]}, the last layer, there alone")
    if names[0] not in at_base or not (at_base == {names[0]} or _contact_is_given(mesh, case)):
        found = f"base on {' and '.join(sorted(at_base))}"
        allowed = f"{names[0]}, the first meshed layer, there alone, or a contact_fraction of its "
        raise CaseError(FIELD, found, allowed + "own for the metal that all of them touch")
    for lower, upper in pairwise(names):
        if f"{lower}|{upper}" not in mesh.facet_ids:
            raise CaseError(FIELD, f"{upper} not on {lower}", "layers in the order of the case")
    dense = {layer.name for layer in case.layers[: case.dense_count]}
    for name in mesh.facet_ids:
        lower, _, upper = name.partition("|")
        if lower in dense and upper and names.index(upper) != names.index(lower) + 1:
            raise CaseError(FIELD, f"{upper} on {lower}", "one layer on each dense metal")
    low, high = (_mean_height(mesh, end) for end in ("base", "counter"))
    if low > high + SIDE_TOLERANCE * float(np.ptp(mesh.points[:, -1])):
        raise CaseError(FIELD, "base above counter", "the stack upwards, base at its lower end")


def _layers_at(mesh: RawMesh, table: FacetTable, end: str) -> set[str]:
    """Layers whose cells have facets in a group of the outline."""
    facets = mesh.facets[mesh.facet_tags == mesh.facet_ids[end]]
    keys = facet_keys(np.concatenate([table.vertices, facets]), len(mesh.points))
    known, asked = keys[: len(table.vertices)], keys[len(table.vertices) :]
    tags = np.unique(mesh.cell_tags[table.cells[np.isin(known, asked), 0]])
    return {name for name, tag in mesh.layer_ids.items() if tag in tags}


def _contact_is_given(mesh: RawMesh, case: Case) -> bool:
    """Whether the wetted part of the metal below is the case's own, not the layer's above it."""
    below = case.layers[: case.layers.index(case.layer(next(iter(mesh.layer_ids))))]
    field = f"kinetics.{below[-1].name}.contact_fraction" if below else ""
    return any(e.field == field and e.basis == "given" for e in case.provenance)


def _mean_height(mesh: RawMesh, end: str) -> float:
    corner = mesh.points[mesh.facets[mesh.facet_tags == mesh.facet_ids[end]]]
    weight = face_areas(corner)
    return float(weight @ corner[:, :, -1].mean(axis=1) / weight.sum())


def _require_one_liquid(mesh: RawMesh, case: Case, table: FacetTable) -> None:
    dense = {layer.name for layer in case.layers[: case.dense_count]}
    tags = [tag for name, tag in mesh.layer_ids.items() if name not in dense]
    liquid = np.isin(mesh.cell_tags, tags)
    pairs = table.cells[table.interior]
    pairs = pairs[liquid[pairs].all(axis=1)]
    _, label = pieces(len(mesh.cells), pairs)
    lost = liquid & (label != np.argmax(np.bincount(label[liquid])))
    if np.any(lost):
        where = place(mesh.points[mesh.cells[lost][0]].mean(axis=0))
        found = f"{int(lost.sum())} cells of liquid apart, one at {where}"
        raise CaseError(FIELD, found, "liquid in one piece")


def _require_surface(mesh: RawMesh, case: Case) -> None:
    """A shape that the case gives must be that of the mesh; a flat one is no statement."""
    if case.geometry.surface.shape == "flat":
        return
    names = [name for name in mesh.layer_ids if case.layer(name).medium.kind == "dense_conductor"]
    faces = [group for group in mesh.facet_ids if names and group.startswith(f"{names[-1]}|")]
    tags = [mesh.facet_ids[group] for group in faces or ["base"]]
    points = mesh.points[np.unique(mesh.facets[np.isin(mesh.facet_tags, tags)])]
    wanted = recipe_from_case(case).surface.height(points[:, :-1])
    offset = points[:, -1] - wanted
    slack = SHAPE_TOLERANCE * float(np.ptp(wanted)) + SIDE_TOLERANCE * case.geometry.extents[0]
    if np.ptp(offset) > slack:
        allowed = f"that of the mesh, which differs by {np.ptp(offset):.2g} m, or none"
        raise CaseError("geometry.surface.shape", case.geometry.surface.shape, allowed)


def _require_single_cover(mesh: RawMesh, lengths: Floats) -> None:
    if np.any(lengths.sum(axis=1) > np.ptp(mesh.points[:, -1]) * (1.0 + SIDE_TOLERANCE)):
        raise CaseError(FIELD, "cells one upon another", "each place in one cell")


def _require_thickness(mesh: RawMesh, case: Case, lengths: Floats) -> None:
    """The thickness given must be met somewhere."""
    found = thicknesses(mesh, lengths)
    for layer in meshed_layers(case):
        low, high = found[layer.name]
        slack = THICKNESS_TOLERANCE
        if not low * (1.0 - slack) <= layer.thickness <= high * (1.0 + slack):
            one = high - low <= slack * high
            shown = f"{high:.4g} m" if one else f"{low:.4g} to {high:.4g} m"
            allowed = f"{shown}, that of the mesh (see mesh.unit)"
            raise CaseError(f"layers.{layer.name}.thickness", f"{layer.thickness:g} m", allowed)
