"""A problem in time at an instant, as if its state were a steady one."""

from collections.abc import Iterator
from contextlib import contextmanager

from zinterphase.solve.problem import Problem


@contextmanager
def standing(problem: Problem) -> Iterator[None]:
    """Nothing that is stored changes, states of walls with it; behind it, what was held before is
    of account again. The unknowns stay. Collective."""
    storage, control = problem.storage, problem.control
    assert storage is not None
    assert control is not None
    rate, rows, charge = float(storage.rate.value), problem.system.given, control.given
    problem.remember(0.0, None)
    try:
        yield
    finally:
        problem.bordered.forget()
        storage.rate.value[...] = rate
        problem.system.given, control.given = rows, charge
