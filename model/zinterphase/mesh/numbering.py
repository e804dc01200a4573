"""Numbers of nodes and dofs that do not depend on how a mesh is distributed."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from dolfinx.common import IndexMap
from mpi4py import MPI

Ints = npt.NDArray[np.int64]


def lasting_numbers(
    comm: MPI.Intracomm, cells: npt.NDArray[Any], table: npt.NDArray[Any], dofs: IndexMap
) -> Ints:
    """Number of each dof that this rank owns, the same on any number of ranks; collective.

    Dofs are counted in the order in which the cells of the raw mesh, and the places in each cell,
    come to them first.

    Parameters
    ----------
    cells : numbers in the raw mesh of the cells that this rank owns, shape (n,).
    table : their local dofs (blocked), shape (n, m).
    dofs : of the dofs in ``table``.
    """
    everywhere = dofs.local_to_global(np.ascontiguousarray(table, dtype=np.int32).ravel())
    gathered = comm.gather((cells, everywhere.reshape(table.shape)))
    ranges = comm.gather(dofs.local_range)
    parts: list[Ints] | None = None
    if gathered is not None and ranges is not None:
        raw = np.concatenate([rows for rows, _ in gathered])
        met = np.concatenate([rows for _, rows in gathered])[np.argsort(raw)].ravel()
        # Every dof belongs to a cell that some rank owns.
        _, first = np.unique(met, return_index=True)
        numbers = np.empty(len(first), dtype=np.int64)
        numbers[np.argsort(first)] = np.arange(len(first))
        parts = [numbers[start:end] for start, end in ranges]
    own: Ints = comm.scatter(parts)
    return own
