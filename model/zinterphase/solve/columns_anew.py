"""A mesh of the layers as they have become, with more nodes where the surface has stretched."""

import numpy as np

from zinterphase.geometry.raw import RawMesh
from zinterphase.geometry.recipe import recipe_from_case
from zinterphase.geometry.traced import Faces, mesh_between
from zinterphase.mesh.outline import outline
from zinterphase.mesh.spacing import projected
from zinterphase.parallel import on_root
from zinterphase.solve.front import Front
from zinterphase.solve.problem import Problem


def columns_anew(problem: Problem) -> RawMesh | None:
    """Columns between all faces as they are now; on rank 0, None on the others. Collective.

    Faces are projected onto their new nodes, so that every layer keeps its volume to rounding.
    Raises :class:`CaseError` and :class:`MeshError` as :func:`mesh_between`.
    """
    front, case, made = problem.front, problem.case, None
    assert isinstance(front, Front)
    there, _ = front.refined()
    heights = [
        projected(face.position[:, 0], face.height, there, radial=face.is_radial)
        for face in outline(problem.domain)
    ]

    def make() -> None:
        nonlocal made
        made = mesh_between(recipe_from_case(case), Faces(there, np.array(heights)))

    on_root(problem.domain.comm, make)
    return made
