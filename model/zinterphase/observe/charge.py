"""Charge of the working metal against the double layer in front of it."""

from zinterphase.solve.problem import Problem


def surface_charge(problem: Problem) -> float | None:
    """Charge [C] of the metal's surface behind its compact layer, that of its pores left out.

    None at levels that resolve no double layer. Collective.
    """
    if not problem.level.has_double_layer:
        return None
    surface, unknowns = problem.working.surface, problem.working.unknowns
    return problem.integrate(surface.charge(problem.level, unknowns, problem.measures))
