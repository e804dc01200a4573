"""A problem that stands from job to job, as long as only random kinetics and currents change."""

from dataclasses import dataclass

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.geometry.quality import MeshQuality
from zinterphase.run import mesh_case
from zinterphase.solve.problem import Problem


@dataclass(frozen=True)
class _Built:
    """A problem with the ranks and the mesh it is on."""

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

        It is the one that stands where only seeds of kinetics and the control are others: what it
        gives does not depend on the cases before. Raises :class:`CaseError`, :class:`MeshError`.
        """
        built, self._built = self._built, None
        if built is not None and built.comm == comm and drawn_alike(built.problem.case, case):
            try:
                built.problem.redraw(case)
            except BaseException:
                built.problem.close()
                raise
        else:
            if built is not None:
                built.problem.close()
            meshed = mesh_case(case, comm)
            built = _Built(comm, meshed.quality, Problem(case, meshed.domain))
        self._built = built
        return built.problem, built.quality

    def close(self) -> None:
        """Free the solver of what stands."""
        if self._built is not None:
            self._built.problem.close()
        self._built = None


def drawn_alike(one: Case, other: Case) -> bool:
    """Whether two cases differ in seeds of their kinetics and in the control alone."""
    names = one.kinetics.keys()
    if names != other.kinetics.keys():
        return False
    same = {"kinetics": one.kinetics, "control": one.control}
    return one == other.model_copy(update=same) and all(
        one.kinetics[name].with_seed(0) == other.kinetics[name].with_seed(0) for name in names
    )
