"""A line gives the same numbers on any number of ranks, cut at its interfaces."""

from __future__ import annotations

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.geometry.build import build
from zinterphase.geometry.raw import Tags
from zinterphase.geometry.recipe import recipe_from_case
from zinterphase.mesh import Domain
from zinterphase.observe.currents import currents_of
from zinterphase.observe.evaluate import surface_map
from zinterphase.solve.problem import Problem
from zinterphase.verification.cells import on_a_line
from zinterphase.verification.lines import flat_cell


def numbers(case: Case, comm: MPI.Intracomm, partition: Tags | None) -> np.ndarray:
    raw = build(recipe_from_case(case))
    given = (raw, partition) if comm.rank == 0 else (None, None)
    problem = Problem(case, Domain.create(comm, given[0], partition=given[1]))
    problem.solve()
    surface = surface_map(problem)
    found = [problem.potential.value, currents_of(problem).total, problem.projected_area]
    return np.array(found + [float(values[0]) for values in surface.values.values()])


@pytest.mark.parallel([3])
@pytest.mark.parametrize(
    ("level", "stack"),
    [("secondary", "metal"), ("electroneutral", "film"), ("pnp", "porous")],
)
def test_ranks_share_a_line_at_its_interfaces(comm: MPI.Intracomm, level: str, stack: str) -> None:
    case = Case.from_dict(on_a_line(flat_cell(level, stack=stack, counter=level == "pnp")))
    layer = build(recipe_from_case(case)).cell_tags - 1
    alone = numbers(case, MPI.COMM_SELF, None)
    # Upside down as well: an owner below and above every interface.
    for partition in (layer % comm.size, (layer.max() - layer) % comm.size, None):
        given = None if partition is None else partition.astype(np.int32)
        assert numbers(case, comm, given) == pytest.approx(alone, rel=1e-9, abs=1e-12)
