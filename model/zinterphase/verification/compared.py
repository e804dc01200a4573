"""Values that are compared: references computed without finite elements, and nodal values.

Each reference's ``.md`` gives its origin.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from zinterphase.routes import everywhere
from zinterphase.solve.problem import Problem

Array = npt.NDArray[np.float64]
DATA = Path(__file__).parent / "data"


def reference(name: str, folder: Path = DATA) -> dict[str, Any]:
    """Parameters, expected scalars and profiles of a reference, as its ``.md`` specifies them."""
    data: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return data


def values(name: str, folder: Path = DATA) -> dict[str, float]:
    """Expected scalars of a reference by key."""
    expected = reference(name, folder)["expected"]
    return {key: float(entry["value"]) for key, entry in expected.items()}


def nodal_values(problem: Problem) -> tuple[Array, Array]:
    """Nodes of the liquid (n, dim) [m] and its unknowns there (n, components); collective."""
    owned = problem.liquid.scalar.dofmap.index_map.size_local
    points = problem.liquid.scalar.tabulate_dof_coordinates()[:owned, : problem.domain.dimension]
    size = problem.system.components(0)
    local = problem.liquid_field.x.array.reshape(-1, size)[:owned]
    comm = problem.domain.comm
    return everywhere(comm, points), everywhere(comm, local)


def nodal_profile(problem: Problem, component: int) -> tuple[Array, Array]:
    """Heights [m], ascending, and the mean of a component over each; for cells that are grids."""
    points, unknowns = nodal_values(problem)
    height = points[:, -1]
    steps = np.round(height / np.ptp(height), 14)
    _, first, index = np.unique(steps, return_index=True, return_inverse=True)
    means = np.bincount(index, unknowns[:, component]) / np.bincount(index)
    return height[first], means
