"""Are the species beside a salt the traces that the level takes them for?"""

from math import isnan

import numpy as np
from mpi4py import MPI

from zinterphase.errors import SolveError
from zinterphase.observe.fields import interpolated_field
from zinterphase.solve.problem import Problem

LARGEST = 1e-2
"""Charges of traces over those of the salt at most, where its measured properties still hold."""


class TraceShare:
    """Largest sum |z c| of the traces over 2 c of the salt's anion, at any node."""

    def __init__(self, problem: Problem) -> None:
        """For states of the problem to come; collective."""
        self._problem, self._field = problem, None
        bulk, level = problem.bulk, problem.level
        traces = list(bulk.charges)[2:]
        if level.measured_range is None or not traces:
            return
        anion = bulk.names[1]
        liquid, media = problem.unknowns.liquid, problem.media.liquid
        found = level.concentrations(liquid, media)
        carried = sum(abs(bulk.charges[name]) * found[name] for name in traces)
        whole = abs(bulk.charges[anion]) * level.amounts(liquid, media)[anion]
        self._field = interpolated_field(problem, problem.liquid, "share", carried / whole)

    def now(self) -> float:
        """At the present state; NaN where nothing is a trace. Collective."""
        if self._field is None:
            return np.nan
        highest = float(np.max(self._field.evaluated().x.array, initial=0.0))
        return float(self._problem.domain.comm.allreduce(highest, MPI.MAX))

    def required(self) -> float:
        """The same. Raises :class:`SolveError` where it is too large; collective."""
        case, share = self._problem.case, self.now()
        if not isnan(share) and share > LARGEST and not case.accept_invalid:
            raise SolveError(
                f"acid, base and complexes have {share:.2%} of the salt's charge; at level "
                f"{case.level} they are traces, at most {LARGEST:.0%}: use electroneutral, or "
                "accept_invalid = true"
            )
        return share
