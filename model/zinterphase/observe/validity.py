"""Does the solution stay where the properties it was computed with are known?"""

import numpy as np
from mpi4py import MPI

from zinterphase.errors import SolveError
from zinterphase.solve.problem import Problem


def require_measured_range(problem: Problem) -> None:
    """Raise :class:`SolveError` where a salt leaves the range of its measured properties.

    Collective.
    """
    known = problem.level.measured_range
    if known is None:
        return
    owned = problem.system.owned_size(0)
    components = len(problem.level.component_names)
    ln_c = problem.liquid_field.x.array[:owned].reshape(-1, components)[:, 0]
    bulk = problem.bulk.reference(problem.cell.main_ion)
    anion = problem.level_shifts.get(problem.level.conserved[0])
    shift = 0.0 if anion is None else anion.value
    comm = problem.domain.comm
    lowest = comm.allreduce(float(np.min(ln_c, initial=np.inf)), MPI.MIN)
    highest = comm.allreduce(float(np.max(ln_c, initial=-np.inf)), MPI.MAX)
    found = bulk * np.exp(np.array([lowest, highest]) + shift) / 1000
    allowed = np.array(known) / 1000
    if found[0] < allowed[0] or found[1] > allowed[1]:
        raise SolveError(
            f"the salt concentration reaches {found[0]:.3g} to {found[1]:.3g} mol/L; "
            f"its properties are measured from {allowed[0]:g} to {allowed[1]:g} mol/L"
        )
