"""That the check of the Jacobian in `zinterphase verify` sees a wrong derivative."""

from __future__ import annotations

from typing import Any

import numpy as np
from mpi4py import MPI

from zinterphase.verification.cells import problem_of
from zinterphase.verification.jacobian import coarse_case, remainders


def test_a_wrong_derivative_is_caught() -> None:
    """Columns of the border off by a tenth break the order."""
    problem = problem_of(coarse_case("secondary", {}), MPI.COMM_SELF)
    problem.set_load(1.0)
    system, border = problem.system, problem.system.border

    def spoiled() -> Any:
        columns, rows, corner = border()
        return [1.1 * c for c in columns], rows, corner

    system.border = spoiled  # type: ignore[method-assign]
    _, left, _ = remainders(problem, (1e-3, 1e-4), 0.3)
    assert np.log10(left[0, 0] / left[1, 0]) < 1.5
