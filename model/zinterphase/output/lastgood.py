"""The last good state of a solve that ended without convergence."""

from pathlib import Path

import numpy as np

from zinterphase.output.files import replacing
from zinterphase.parallel import on_root
from zinterphase.solve.problem import Problem


def write_last_good_state(problem: Problem, path: Path) -> None:
    """Write nodes, unknowns [RT/F] and global unknowns to an .npz file; collective.

    `liquid_nodes` (n, 3) [m] with `liquid_values` (n, components), the same for `solid`, and
    `global_values` by name.
    """
    comm = problem.domain.comm
    arrays = {}
    parts = [("liquid", problem.liquid, problem.liquid_field)]
    if problem.solid is not None and problem.solid_field is not None:
        parts.append(("solid", problem.solid, problem.solid_field))
    for name, spaces, field in parts:
        owned = spaces.scalar.dofmap.index_map.size_local
        values = field.x.array.reshape(-1, spaces.space.dofmap.index_map_bs)[:owned]
        arrays[f"{name}_nodes"] = comm.gather(spaces.scalar.tabulate_dof_coordinates()[:owned])
        arrays[f"{name}_values"] = comm.gather(values)
    joined = {name: np.concatenate(chunks) for name, chunks in arrays.items() if chunks}
    scalars = {"potential": problem.potential.value}
    scalars |= {name: shift.value for name, shift in problem.level_shifts.items()}
    names, numbers = np.array(list(scalars)), np.array(list(scalars.values()))

    def write() -> None:
        with replacing(path) as temporary:
            np.savez(temporary, **joined, global_names=names, global_values=numbers)  # type: ignore[arg-type]

    on_root(comm, write)
