"""A problem that stands from job to job, as long as only the seeds of kinetics change."""

import gc
from dataclasses import dataclass

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.errors import CaseError
from zinterphase.geometry.quality import MeshQuality
from zinterphase.run import mesh_case
from zinterphase.solve.problem import Problem


@dataclass(frozen=True)
class _Built:
    """A problem with the ranks and the mesh it is on, which that of ``case`` is."""

    case: Case
    comm: MPI.Intracomm
    quality: MeshQuality
    problem: Problem


class Standing:
    """Holds one problem at a time, that of the last case; everything collective on its ranks."""

    def __init__(self) -> None:
        """Nothing stands yet."""
        self._built: _Built | None = None

    def problem_of(self, case: Case, comm: MPI.Intracomm) -> tuple[Problem, MeshQuality]:
        """The problem of a steady case and the report of its mesh, to be solved from rest.

        It is the one that stands where only seeds of kinetics are others than when it was made:
        what it gives does not depend on the cases before. Raises :class:`CaseError`,
        :class:`MeshError`.
        """
        if self._stands_for(case, comm):
            self._redraw(case)
        else:
            self.close()
            meshed = mesh_case(case, comm)
            self._built = _Built(case, comm, meshed.quality, Problem(case, meshed.domain))
        assert self._built is not None
        return self._built.problem, self._built.quality

    def close(self) -> None:
        """Free what stands."""
        if self._built is None:
            return
        self._built.problem.close()
        self._built = None
        # It is in cycles: its mesh and forms would stay beside the next ones.
        gc.collect()

    def _stands_for(self, case: Case, comm: MPI.Intracomm) -> bool:
        built = self._built
        return built is not None and built.comm == comm and drawn_alike(built.case, case)

    def _redraw(self, case: Case) -> None:
        """Where that fails, nothing stands any more."""
        assert self._built is not None
        try:
            self._built.problem.redraw(case)
        except CaseError:
            self.close()
            raise


def drawn_alike(one: Case, other: Case) -> bool:
    """Whether two cases differ in seeds of their kinetics alone. Not in the control: the cells of
    double layers follow from it."""
    names = one.kinetics.keys()
    if names != other.kinetics.keys():
        return False
    return one == other.model_copy(update={"kinetics": one.kinetics}) and all(
        one.kinetics[name].with_seed(0) == other.kinetics[name].with_seed(0) for name in names
    )
