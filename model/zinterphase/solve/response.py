"""What follows, to first order, from having held more before."""

import numpy as np

from zinterphase.solve.problem import Problem
from zinterphase.solve.storage import Stored, combined


def response(problem: Problem, more: Stored, held: Stored) -> tuple[Stored, float, float]:
    """Where so much ``more`` had been held before: amounts at the present state, which are ``held``
    without, the working electrode's potential [RT/F] and current [A]. Collective.

    With the factors and the formula of the last solve. What walls hold more is seen by the rate
    laws themselves; states of walls are left at the end of that step, where they follow.
    """
    storage, control, system = problem.storage, problem.control, problem.system
    assert storage is not None
    assert control is not None
    rate, before = float(storage.rate.value), problem.state()
    rows = system.free([-rate * row for row in more.rows])
    given = -rate * more.charges[problem.working.name]
    constraint = np.zeros(len(system.constraints))
    constraint[0] = control.by_integral * given
    storage.follow()
    current = problem.terminal_current
    if storage.follows:
        still = system.residual(), system.constraint_residual()
        storage.follow(more)
        rows = [
            row + there - here
            for row, there, here in zip(rows, system.residual(), still[0], strict=True)
        ]
        constraint += system.constraint_residual() - still[1]
    du, ds = problem.bordered.step_again(np.concatenate(rows), constraint, 0.0)
    system.set_unknowns(system.unknowns() + np.concatenate([du, ds]))
    storage.advance()
    moved, driven = storage.amounts(), problem.terminal_current + given
    problem.put(before)
    storage.follow()
    return combined([1.0, -1.0], [moved, held]), float(ds[0]), driven - current
