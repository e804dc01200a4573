"""Are the species beside a salt the traces that the level takes them for?"""

from math import isnan

import numpy as np
from mpi4py import MPI

from zinterphase.errors import SolveError
from zinterphase.observe.fields import interpolated_field
from zinterphase.solve.problem import Problem

LARGEST = 1e-2
"""Charges of traces over those of the salt at most, where its measured properties still hold."""


def trace_share(problem: Problem) -> float:
    """Largest sum |z c| of the traces over 2 c of the salt's anion, at any node; NaN where nothing
    is a trace. Collective."""
    bulk, level = problem.bulk, problem.level
    cation, anion = bulk.names[:2]
    traces = [name for name in bulk.charges if name not in (cation, anion)]
    if level.measured_range is None or not traces:
        return np.nan
    liquid, media = problem.unknowns.liquid, problem.media.liquid
    found = level.concentrations(liquid, media)
    carried = sum(abs(bulk.charges[name]) * found[name] for name in traces)
    whole = abs(bulk.charges[anion]) * level.amounts(liquid, media)[anion]
    share = interpolated_field(problem, problem.liquid, "share", carried / whole).evaluated()
    highest = float(np.max(share.x.array, initial=0.0))
    return float(problem.domain.comm.allreduce(highest, MPI.MAX))


def require_traces(problem: Problem) -> float:
    """The share, or NaN. Raises :class:`SolveError` where it is too large; collective."""
    share = trace_share(problem)
    if not isnan(share) and share > LARGEST and not problem.case.accept_invalid:
        raise SolveError(
            f"acid, base and complexes have {share:.2%} of the salt's charge; at level "
            f"{problem.case.level} they are traces, at most {LARGEST:.0%}: use electroneutral, or "
            "accept_invalid = true"
        )
    return share
