"""Complexes that form at finite rates on several ranks: the numbers of one."""

from pathlib import Path

import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.output.results import quantities
from zinterphase.run import solve

CASE = Path(__file__).parents[2] / "cases/corrosion.toml"
CHANGES = [
    "geometry.width=10 um",
    "mesh.far_size=20 um",
    "electrolyte.pH=3.0",
    "electrolyte.rates.bisulfate.decay_rate_constant=100 1/s",
    "electrolyte.rates.water.decay_rate_constant=1e11 1/s",
]
KEYS = ("working.potential", "working.gas_production.H2", "liquid.trace_share")


@pytest.mark.parallel([2, 3])
def test_finite_rates_do_not_depend_on_the_ranks(comm: MPI.Intracomm) -> None:
    case = Case.load(CASE, CHANGES)
    alone, together = (quantities(solve(case, ranks)) for ranks in (MPI.COMM_SELF, comm))
    for key in KEYS:
        assert together[key].value == pytest.approx(alone[key].value, rel=1e-8)
