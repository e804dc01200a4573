"""Acid, base and hydrogen on several ranks: the numbers of one."""

from pathlib import Path

import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.output.results import quantities
from zinterphase.run import solve

CASE = Path(__file__).parents[2] / "cases/corrosion.toml"
KEYS = (
    "working.potential",
    "working.corrosion_current_density",
    "working.gas_production.H2",
    "working.ion_production.H+",
    "liquid.trace_share",
)


@pytest.mark.parallel([2, 3])
def test_corrosion_does_not_depend_on_the_ranks(comm: MPI.Intracomm) -> None:
    case = Case.load(
        CASE, ["geometry.width=10 um", "mesh.far_size=20 um", "electrolyte.oxygen=air"]
    )
    alone, together = (quantities(solve(case, ranks)) for ranks in (MPI.COMM_SELF, comm))
    for key in KEYS:
        assert together[key].value == pytest.approx(alone[key].value, rel=1e-8)
