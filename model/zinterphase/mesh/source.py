"""From a case to its distributed mesh."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mpi4py import MPI

from zinterphase.errors import ZinterphaseError
from zinterphase.geometry.raw import RawMesh
from zinterphase.geometry.source import mesh_of_case
from zinterphase.mesh.domain import Domain

if TYPE_CHECKING:
    from zinterphase.case import Case


def domain_of_case(comm: MPI.Intracomm, case: Case) -> Domain:
    """Mesh a case on rank 0, or read its mesh, and distribute it. Collective.

    Raises:
        CaseError, MeshError: As ``mesh_of_case``, the same error on every rank.
    """
    raw: RawMesh | None = None
    failure: ZinterphaseError | None = None
    if comm.rank == 0:
        try:
            raw = mesh_of_case(case)
        except ZinterphaseError as error:
            failure = error
    failure = comm.bcast(failure, root=0)
    if failure is not None:
        raise failure
    return Domain.create(comm, raw, case.geometry.coordinates)
