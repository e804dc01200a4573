"""Numbers of nodes and dofs that do not depend on how a mesh is distributed."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from dolfinx.common import IndexMap
from mpi4py import MPI

from zinterphase.routes import Ints, Route, ranked


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
    owned = dofs.size_local
    first = np.full(owned + dofs.num_ghosts, np.iinfo(np.int64).max)
    places = np.asarray(cells, dtype=np.int64)[:, None] * table.shape[1] + np.arange(table.shape[1])
    np.minimum.at(first, table, places)
    # Every dof belongs to a cell that some rank owns, not always the one that owns the dof.
    route = Route(comm, dofs.owners)
    local = route.there(dofs.ghosts) - dofs.local_range[0]
    np.minimum.at(first, local, route.there(first[owned:]))
    return ranked(comm, first[:owned])
