"""Families of meshes of one case, from coarse to fine."""

from collections.abc import Iterator
from dataclasses import dataclass

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.ensemble.jobs import fingerprint
from zinterphase.ensemble.refinement import refined
from zinterphase.errors import CaseError
from zinterphase.run import Meshed, mesh_case

RATIO = {1: 2.0, 2: 2.0, 3: 1.5}
"""Ratio of cell sizes from mesh to mesh, by dimension; halving is eight times as dear in 3D."""
SMALLEST_RATIO = 1.3
"""Below it, an observed order is mostly noise (Celik et al., 2008, step 2)."""
LARGEST_RATIO = 10.0
"""Beyond it, a third mesh has a million times the cells of the first."""


@dataclass(frozen=True)
class FamilyMesh:
    """A mesh that is still to be made.

    Attributes
    ----------
    case : The case on it.
    growth : By what factor it is expected to have more unknowns than the one before.
    """

    case: Case
    growth: float

    @property
    def key(self) -> str:
        """What a stored record of it is found by."""
        return fingerprint(self.case.model_copy(update={"accuracy": None}))

    def mesh(self, comm: MPI.Intracomm) -> Meshed:
        """Make and distribute it; collective."""
        return mesh_case(self.case, comm)


def uniform_family(case: Case, ratio: float | None = None) -> Iterator[FamilyMesh]:
    """The mesh of the case, then ever finer ones, every cell smaller by ``ratio``.

    Raises :class:`CaseError` with the first mesh where one from a file is not to be halved.
    """
    dimension = case.geometry.dimension
    from_file = case.mesh.file is not None
    step = ratio or (2.0 if from_file else RATIO[dimension])
    if from_file and step not in (2.0, 4.0):
        raise CaseError("--ratio", step, "2 or 4, as the cells of a mesh from a file are halved")
    number = 0
    while True:
        yield FamilyMesh(refined(case, step**number), step**dimension)
        number += 1
