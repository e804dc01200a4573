"""The state that a protocol begins with."""

from zinterphase.solve.problem import Problem
from zinterphase.solve.ratelaw import RateLaw
from zinterphase.solve.step_law import StepLaw
from zinterphase.solve.storage import combined

RELAXATIONS = (1.0, 10.0, 1e2, 1e3, 1e4)
"""Steps of time on the way to rest, in times in which the slowest ion crosses the liquid."""


def settle(problem: Problem) -> None:
    """Go to rest without current: the steady state where every reaction has an equilibrium.

    An irreversible reaction has none; it begins with the protocol, and so do chemical steps. What
    they use up, and what reacts at one electrode of a full cell alone, is in a closed cell as much
    as the cell was filled with: the rest is reached in steps of time, which keep amounts. States of
    walls stay. Collective.
    """
    problem.hold_levels(False)
    walls = [wall for electrode in problem.electrodes for wall in electrode.walls]
    laws = {law for wall in walls for law in wall.reactions}
    irreversible: list[RateLaw | StepLaw] = [law for wall in walls for law in wall.steps]
    irreversible += [law for law in laws if law.reaction.rate.irreversible]
    is_found = not irreversible and problem.cell.keeps_amounts
    if is_found or problem.storage is None:
        problem.solve()
        return
    for law in irreversible:
        law.run(False)
    thickness = sum(x.thickness for x in problem.case.layers if x.name in problem.stack.liquid)
    crossing = thickness**2 / min(s.diffusivity for s in problem.bulk.species)
    problem.rest()
    begin = problem.storage.amounts()
    for k, times in enumerate(RELAXATIONS):
        rate = 1.0 / (times * crossing)
        problem.remember(rate, combined([-rate], [problem.storage.amounts()]))
        problem.storage.hold(begin)
        if k == 0:
            problem.solve()
        else:
            problem.solve_here()
    problem.remember(0.0, None)
    for law in irreversible:
        law.run(True)
