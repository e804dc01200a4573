"""Where the mesh of a case comes from. Serial: call it on one rank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zinterphase.geometry.cache import cached_build
from zinterphase.geometry.raw import RawMesh
from zinterphase.geometry.recipe import meshed_layers, recipe_from_case
from zinterphase.geometry.user import load_user_mesh

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
        return load_user_mesh(case.mesh.file, names, case.geometry.dimension, case.mesh.unit)
    return cached_build(recipe_from_case(case))
