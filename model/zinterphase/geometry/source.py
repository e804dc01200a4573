"""Where the mesh of a case comes from. Serial: call it on one rank."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from zinterphase.errors import CaseError
from zinterphase.geometry.cache import cached_build
from zinterphase.geometry.raw import RawMesh
from zinterphase.geometry.recipe import meshed_layers, recipe_from_case
from zinterphase.geometry.subdivision import subdivided_mesh
from zinterphase.geometry.user import load_user_mesh

EXTENT_TOLERANCE = 1e-6
"""Admissible mismatch of a user's mesh, relative to the width."""

if TYPE_CHECKING:
    from zinterphase.case import Case


def mesh_of_case(case: Case) -> RawMesh:
    """The user's mesh when the case names one, else the recipe's, from the cache or built.

    Raises:
        CaseError: See ``load_user_mesh``, ``recipe_from_case`` and ``build``.
        MeshError: The mesh cannot be made or is not usable.
    """
    if case.mesh.file is not None:
        names = [layer.name for layer in meshed_layers(case)]
        mesh = load_user_mesh(case.mesh.file, names, case.geometry.dimension, case.mesh.unit)
        _require_extent(mesh, case)
        return _refined(mesh, case.mesh.refinement)
    return cached_build(recipe_from_case(case))


def _refined(mesh: RawMesh, refinement: float) -> RawMesh:
    times = round(math.log2(refinement))
    if 2.0**times != refinement:
        allowed = "a power of 2, as the cells of a mesh from a file are halved"
        raise CaseError("mesh.refinement", refinement, allowed)
    return subdivided_mesh(mesh, times)


def _require_extent(mesh: RawMesh, case: Case) -> None:
    """A user's mesh must be as wide as the case says: mirror planes and currents depend on it."""
    for axis, length in enumerate(case.geometry.extents):
        low, high = mesh.points[:, axis].min(), mesh.points[:, axis].max()
        if max(abs(low), abs(high - length)) > EXTENT_TOLERANCE * length:
            name = "xy"[axis]
            allowed = f"{name} from 0 to {length:g} m; see geometry.width and mesh.unit"
            raise CaseError("mesh.file", f"{name} from {low:g} to {high:g} m", allowed)
