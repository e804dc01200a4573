"""What keeps a case from its full load, told from the last good state."""

from math import isfinite

import numpy as np
from mpi4py import MPI

from zinterphase.cell.advice import Regime
from zinterphase.observe.currents import currents_of
from zinterphase.solve.problem import Problem
from zinterphase.solve.system import LIQUID

NEAR = 0.85
"""Part of the limiting current from which on transport is what limits."""


def what_limits(problem: Problem, regime: Regime) -> str:
    """A sentence on the present state of ``problem``; collective."""
    mean = currents_of(problem).total / problem.projected_area
    volts = problem.potential.value * problem.bulk.thermal_voltage
    share = abs(mean) / regime.limiting_current
    place = f"at {mean / 10:.3g} mA/cm^2 and {volts:.3g} V against equilibrium"
    limit = f"the limiting current, {regime.limiting_current / 10:.3g} mA/cm^2"
    wanted = regime.limiting_fraction
    if isfinite(share) and share > NEAR:
        asked = "" if wanted is None else f"; the case asks for {wanted:.3g} of it"
        return f"transport limits: {place} the current is {share:.3g} of {limit}{asked}"
    if wanted is not None and wanted > 1.0:
        return f"the case asks for {wanted:.3g} of {limit}"
    jump, name = _largest_jump(problem)
    return (
        f"the mesh or the case's charges limit: {place} {name} changes by {jump:.3g} RT/F within "
        "one cell"
    )


def _largest_jump(problem: Problem) -> tuple[float, str]:
    """Largest difference of an unknown of the liquid between nodes of a cell, and its name."""
    nodes, comm = problem.liquid.scalar.dofmap.list[problem.liquid_cells], problem.domain.comm
    components = problem.system.components(LIQUID)
    table = problem.liquid_field.x.array.reshape(-1, components)[nodes]
    spread = np.ptp(table, axis=1).max(axis=0, initial=0.0)
    largest = np.array([comm.allreduce(float(x), MPI.MAX) for x in spread])
    k = int(largest.argmax())
    return float(largest[k]), problem.level.component_names[k]
