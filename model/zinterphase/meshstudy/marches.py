"""A case with a protocol on one mesh of a family."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import cast

from zinterphase.ensemble.budget import Budget
from zinterphase.ensemble.marched import march_on
from zinterphase.errors import SolveError
from zinterphase.meshstudy.families import FamilyMesh
from zinterphase.meshstudy.meshes import MeshRecord
from zinterphase.observe import keys
from zinterphase.solve.problem import Problem


def marched_mesh(
    member: FamilyMesh,
    limits: Budget,
    on_problem: Callable[[Problem], None],
    checkpoint: Callable[[], None],
) -> MeshRecord:
    """March from rest and keep the numbers of deposit and last cycle; collective.

    What meshes differ by less than ``time.rtol`` of is not told from the error of time. Frees the
    solver at the end. Raises what meshes, solves and balances raise.
    """
    started, comm = time.monotonic(), limits.comm
    meshed = member.mesh(comm)
    problem = Problem(member.case, meshed.domain)
    try:
        problem.checkpoint = checkpoint
        on_problem(problem)
        found, cost = march_on(member.key, problem)
        if found.reason is not None:
            raise SolveError(found.reason)
        numbers, rtol = found.numbers(), member.case.time.rtol
        record = MeshRecord(
            key=member.key,
            refinement=member.case.mesh.refinement,
            size=(meshed.quality.volume / meshed.quality.cells) ** (1.0 / meshed.domain.dimension),
            cells=meshed.domain.cell_count,
            unknowns=problem.system.global_size,
            iterations=cost.iterations,
            from_previous=False,
            seconds=comm.bcast(time.monotonic() - started),
            memory=limits.grown_memory(),
            values={name: value for name, (value, _) in numbers.items()},
            units={name: unit for name, (_, unit) in numbers.items()},
            noise={
                "1": rtol,
                "V": rtol * problem.bulk.thermal_voltage,
                "m": rtol * abs(numbers[f"{keys.DEPOSIT_THICKNESS}.mean"][0]),
            },
        )
    finally:
        problem.close()
    return cast(MeshRecord, comm.bcast(record))
