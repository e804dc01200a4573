"""Where the mesh of a case comes from. Serial: call it on one rank."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from zinterphase.errors import CaseError, MeshError
from zinterphase.geometry.agreement import require_agreement
from zinterphase.geometry.cache import cached, cached_build
from zinterphase.geometry.particles.build import build_particles
from zinterphase.geometry.particles.from_case import particle_recipe
from zinterphase.geometry.quadratic import folded
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
        return _refined(_of_order(mesh, options.order), options.refinement)
    if case.packed_layers:
        return cached(particle_recipe(case), build_particles)
    return cached_build(recipe_from_case(case))


def _of_order(mesh: RawMesh, order: int) -> RawMesh:
    """The mesh, with straight edges where unknowns are of first order.

    Raises
    ------
    MeshError
        Curved edges fold a cell.
    """
    if mesh.middles is None:
        return mesh
    if order > 1:
        if (cells := folded(mesh)).size:
            x = ", ".join(
                f"{value:.4g}" for value in mesh.points[mesh.cells[cells[0]]].mean(axis=0)
            )
            raise MeshError(
                f"mesh.file: {cells.size} of {len(mesh.cells)} cells are folded by their curved "
                f"edges, as at ({x}) m: allowed are positive Jacobians, or mesh.order = 1"
            )
        return mesh
    note = f"{len(mesh.middles.edges)} curved edges are straight with mesh.order = 1"
    return replace(mesh, middles=None, notes=(*mesh.notes, note))


def _refined(mesh: RawMesh, refinement: float) -> RawMesh:
    times = round(math.log2(refinement))
    if 2.0**times != refinement:
        allowed = "a power of 2, as the cells of a mesh from a file are halved"
        raise CaseError("mesh.refinement", refinement, allowed)
    return subdivided_mesh(mesh, times)
