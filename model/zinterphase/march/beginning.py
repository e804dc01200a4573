"""The state that a protocol begins with."""

from zinterphase.solve.electrode import Electrode
from zinterphase.solve.problem import Problem
from zinterphase.solve.ratelaw import RateLaw
from zinterphase.solve.step_law import StepLaw
from zinterphase.solve.storage import combined

RELAXATIONS = (1.0, 10.0, 1e2, 1e3, 1e4)
"""Steps of time on the way to rest, in times in which the slowest ion crosses the liquid."""


def settle(problem: Problem) -> None:
    """Go to rest without current: the steady state where every reaction has an equilibrium.

    An irreversible reaction has none; it begins with the protocol, and so do chemical steps, and a
    reaction of a solid beside others, which would take what it needs from a solid that stays. What
    they use up, and what reacts at one electrode of a full cell alone, is in a closed cell as much
    as the cell was filled with: the rest is reached in steps of time, which keep amounts. States of
    walls stay. Collective.
    """
    problem.hold_levels(False)
    walls = [wall for electrode in problem.electrodes for wall in electrode.walls]
    laws = {law for wall in walls for law in wall.reactions}
    waiting: list[RateLaw | StepLaw] = [law for wall in walls for law in wall.steps]
    waiting += [law for law in laws if law.reaction.rate.irreversible]
    waiting += [law for electrode in problem.electrodes for law in _of_solids(electrode)]
    is_found = not waiting and problem.cell.keeps_amounts
    if is_found or problem.storage is None:
        problem.solve()
        return
    for law in waiting:
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
    for law in waiting:
        law.run(True)


def _of_solids(electrode: Electrode) -> list[RateLaw]:
    """Laws of solids; none where no other reaction of the electrode has an equilibrium."""
    laws = [law for wall in electrode.walls for law in wall.reactions]
    found = [law for law in laws if law.reaction.solid]
    others = [law for law in laws if not law.reaction.solid and not law.reaction.rate.irreversible]
    return found if others else []
