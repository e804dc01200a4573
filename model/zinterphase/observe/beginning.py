"""A problem at the state before its protocol, observed and ready to be stepped."""

from zinterphase.march.beginning import settle
from zinterphase.march.stepper import Stepper
from zinterphase.march.tolerance import Tolerances
from zinterphase.observe.probe import Probe
from zinterphase.solve.problem import Problem


def at_rest(problem: Problem) -> tuple[Probe, Stepper]:
    """Solve the state before the first step, and have it observed and stepped; collective."""
    settle(problem)
    probe = Probe(problem)
    return probe, Stepper(problem, probe.rates, Tolerances(problem, problem.case.time.rtol))
