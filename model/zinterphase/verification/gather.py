"""Nodal values of the liquid on every rank."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zinterphase.solve.problem import Problem

Array = npt.NDArray[np.float64]


def nodal_values(problem: Problem) -> tuple[Array, Array]:
    """Nodes of the liquid (n, dim) [m] and its unknowns there (n, components); collective."""
    owned = problem.liquid.scalar.dofmap.index_map.size_local
    points = problem.liquid.scalar.tabulate_dof_coordinates()[:owned, : problem.domain.dimension]
    size = problem.system.components(0)
    local = problem.liquid_field.x.array.reshape(-1, size)[:owned]
    comm = problem.domain.comm
    return np.concatenate(comm.allgather(points)), np.concatenate(comm.allgather(local))


def nodal_profile(problem: Problem, component: int) -> tuple[Array, Array]:
    """Heights [m], ascending, and the mean of a component over each; for cells that are grids."""
    points, unknowns = nodal_values(problem)
    height = points[:, -1]
    steps = np.round(height / np.ptp(height), 14)
    _, first, index = np.unique(steps, return_index=True, return_inverse=True)
    means = np.bincount(index, unknowns[:, component]) / np.bincount(index)
    return height[first], means
