"""Built-in problems with known solutions, solved by the code path of a user's case.

One family of problems per module, their closed forms in :mod:`zinterphase.verification.closed`,
reference values that have none in ``data``.
"""

from zinterphase.verification.check import Check
from zinterphase.verification.known import KnownProblem
from zinterphase.verification.registry import PROBLEMS, select
from zinterphase.verification.runner import Outcome, run, write_outcomes

__all__ = ["PROBLEMS", "Check", "KnownProblem", "Outcome", "run", "select", "write_outcomes"]
