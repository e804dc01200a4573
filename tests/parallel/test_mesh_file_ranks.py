"""A mesh from a file on any number of ranks: one refusal for all, one current with walls."""

from functools import partial
from pathlib import Path

import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.errors import CaseError
from zinterphase.observe.currents import currents_of
from zinterphase.parallel import on_root
from zinterphase.run import solve
from zinterphase.verification.grids import drawn

UM = 1e-6
TRENCH = [(0, 1), (1, 1), (1, 0), (2, 0), (2, 3), (0, 3)]
EDGES = ["base", "base", "base", "sides", "counter", "sides"]


def trench(path: Path, thickness: str = "3 um", divisions: int = 0) -> Case:
    """A step of 1 um in the electrode, 2 um wide, under 3 um of electrolyte; very slow kinetics."""
    return Case.from_dict(
        {
            "level": "secondary",
            "reference": "Zn",
            "geometry": {"dimension": 2, "width": "2 um"},
            "layers": [
                {"name": "zinc", "material": "Zn", "thickness": "10 um"},
                {"name": "liquid", "material": "electrolyte", "thickness": thickness},
            ],
            "electrolyte": {"salt": "ZnSO4", "concentration": "2 mol/L"},
            "kinetics": {"zinc": {"exchange_current_density": "1e-3 A/m^2"}},
            "control": {"current_density": "-1e-3 A/m^2"},
            "mesh": {"file": str(path), "divisions": divisions},
        }
    )


@pytest.mark.parallel([3])
def test_mesh_with_walls_from_a_file(comm: MPI.Intracomm, shared_tmp_path: Path) -> None:
    """Slow kinetics spread the current evenly over the true area, 3/2 of the projected one."""
    corners = [(x * UM, y * UM) for x, y in TRENCH]
    file = shared_tmp_path / "trench.msh"
    on_root(comm, partial(drawn, file, corners, EDGES, lambda x, y: 0.2 * UM))
    result = solve(trench(file), comm)
    assert currents_of(result.problem).total == pytest.approx(-1e-3 * 2 * UM, rel=1e-9)
    assert result.surface.mean("current_density") == pytest.approx(-1e-3 * 2 / 3, rel=1e-6)
    assert result.anode is None
    halved = solve(trench(file, divisions=1), comm)
    assert halved.quality.cells == 4 * result.quality.cells
    assert currents_of(halved.problem).total == pytest.approx(-1e-3 * 2 * UM, rel=1e-9)
    with pytest.raises(CaseError, match=r"layers\.liquid\.thickness"):
        solve(trench(file, "4 um"), comm)
    assert comm.allreduce(1) == comm.size
