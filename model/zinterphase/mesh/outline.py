"""The faces between which a mesh lies, where they are now."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from zinterphase.mesh.domain import Domain
from zinterphase.mesh.lateral import LateralMesh
from zinterphase.mesh.places import facet_nodes

Pairs = npt.NDArray[np.int32]


def outline(domain: Domain) -> tuple[LateralMesh, ...]:
    """From the base over the faces between layers to the counter, as all ranks' facets; collective.

    Raises :class:`KeyError` where two layers that follow each other do not touch.
    """
    between = [domain.interface(*pair).reshape(-1, 4)[:, :2] for pair in pairwise(domain.layer_ids)]
    ends = (domain.boundary(name).reshape(-1, 2) for name in ("base", "counter"))
    base, counter = ends
    return tuple(face_of(domain, pairs) for pairs in (base, *between, counter))


def face_of(domain: Domain, pairs: Pairs) -> LateralMesh:
    """Facets (cell, local facet) of all ranks as they are now; collective."""
    axisymmetric = domain.coordinates == "axisymmetric"
    nodes = facet_nodes(domain.mesh, pairs)
    return LateralMesh.gathered(domain.comm, nodes, axisymmetric=axisymmetric)
