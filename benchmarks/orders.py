"""Time to 1e-4 of the total current with unknowns of first and of second order, level by level.

    python benchmarks/orders.py

On one rank, meshes as the recipe makes them, every cell divided by 1, 1.5, 2, 3 or 4 until the
error is below 1e-4; processor time of a solve whose forms are compiled and whose mesh is made. The
exact current is that of two meshes of second order, extrapolated. One run compares both orders on
the same machine: only ratios say something.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import Any

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.observe.currents import currents_of
from zinterphase.run import mesh_case
from zinterphase.solve.problem import Problem
from zinterphase.verification.cells import Metal, binary, case_of, film, potential, tables

WANTED = 1e-4
REFINEMENTS = (1.0, 1.5, 2.0, 3.0, 4.0)
EXACT = (1.0, 2.0)
SHAPES: dict[str, dict[str, Any]] = {
    "flat": {},
    "wave": {"surface": {"shape": "sinusoidal", "amplitude": "0.3 um", "wavelength": "2 um"}},
    "film": {"films": [film("film", 0.3e-6, transport=0.2)]},
    "charged film": {
        "films": [film("film", 0.3e-6, transport=0.2, fixed_charge="-5 mol/m^3")],
    },
}
LEVELS = ("pnp", "concentrated", "electroneutral", "secondary")


def case(level: str, shape: str, order: int, refinement: float) -> Case:
    """1 um of 10 mol/m3 (1 mol/L at `concentrated`), 10 mV below equilibrium."""
    options: dict[str, Any] = {
        "width": 1e-6,
        "control": potential(-0.01),
        "mesh": {"order": order, "refinement": refinement},
        "conductivity": 1.0 if level == "secondary" else None,
        **SHAPES[shape],
    }
    if level != "concentrated":
        return case_of(level, 1e-6, binary(2, 10.0), Metal(10.0), **options)
    data = tables(level, 1e-6, binary(2, 1000.0), Metal(10.0), **options)
    data["electrolyte"] = {"salt": "ZnSO4", "concentration": "1000 mol/m^3"}
    data["kinetics"]["metal"] |= {"reactant": "Zn2+"}
    return Case.from_dict(data)


def solved(chosen: Case) -> tuple[float, int, float]:
    """Total current, unknowns and processor seconds of a second solve."""
    domain = mesh_case(chosen, MPI.COMM_SELF).domain
    seconds = 0.0
    for _ in range(2):
        start = time.process_time()
        problem = Problem(chosen, domain)
        problem.solve()
        seconds = time.process_time() - start
        dofs, current = problem.liquid.space.dofmap, currents_of(problem).total
        unknowns = dofs.index_map.size_global * dofs.index_map_bs
        problem.close()
    return current, unknowns, seconds


def reached(level: str, shape: str, order: int, exact: float) -> tuple[float, int, float, float]:
    """Refinement, unknowns, error and seconds of the first mesh below `WANTED`."""
    for refinement in REFINEMENTS:
        current, unknowns, seconds = solved(case(level, shape, order, refinement))
        error = abs(current / exact - 1.0)
        if error <= WANTED:
            break
    return refinement, unknowns, error, seconds


def rows(level: str, shape: str) -> Iterator[str]:
    """A row of the table per order and one of their ratio."""
    coarse, fine = (solved(case(level, shape, 2, refinement))[0] for refinement in EXACT)
    exact = fine + (fine - coarse) / 15.0
    times = []
    for order in (1, 2):
        refinement, unknowns, error, seconds = reached(level, shape, order, exact)
        times.append(seconds)
        ratio = f"{times[0] / seconds:.2g}" if order == 2 else ""
        yield (
            f"| {level} | {shape} | {order} | {refinement:g} | {unknowns} | {error:.1e} "
            f"| {seconds:.2f} | {ratio} |"
        )


def main(levels: tuple[str, ...]) -> None:
    """Print the table."""
    print("| level | cell | order | refinement | unknowns | error | s | first over second |")
    print("|---|---|---|---|---|---|---|---|")
    for level in levels:
        for shape in SHAPES:
            for row in rows(level, shape):
                print(row, flush=True)


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or LEVELS)
