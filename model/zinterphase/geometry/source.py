"""Where the mesh of a case comes from. Serial: call it on one rank."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from zinterphase.errors import CaseError
from zinterphase.geometry.agreement import require_agreement
from zinterphase.geometry.cache import cached_build
from zinterphase.geometry.raw import RawMesh
from zinterphase.geometry.recipe import meshed_layers, recipe_from_case
from zinterphase.geometry.subdivision import subdivided_mesh
from zinterphase.geometry.user import load_user_mesh

if TYPE_CHECKING:
    from zinterphase.case import Case


def mesh_of_case(case: Case) -> RawMesh:
    """The user's mesh when the case names one, else the recipe's, from the cache or built.

    Raises
    ------
    CaseError
        See ``load_user_mesh``, ``require_agreement``, ``recipe_from_case``, ``build``.
    MeshError
        The mesh cannot be made or is not usable.
    """
    if case.mesh.file is not None:
        names = [layer.name for layer in meshed_layers(case)]
        geometry, options = case.geometry, case.mesh
        turned = geometry.coordinates == "axisymmetric"
        mesh = load_user_mesh(
            case.mesh.file,
            names,
            geometry.dimension,
            options.unit,
            options.groups,
            axisymmetric=turned,
        )
        require_agreement(mesh, case)
        return _refined(mesh, case.mesh.refinement)
    return cached_build(recipe_from_case(case))


def _refined(mesh: RawMesh, refinement: float) -> RawMesh:
    times = round(math.log2(refinement))
    if 2.0**times != refinement:
        allowed = "a power of 2, as the cells of a mesh from a file are halved"
        raise CaseError("mesh.refinement", refinement, allowed)
    return subdivided_mesh(mesh, times)
