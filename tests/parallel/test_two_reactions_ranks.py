"""Reactions of both electrodes on several ranks: the numbers of one."""

from pathlib import Path

import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.output.results import quantities
from zinterphase.run import solve

CASE = Path(__file__).parents[2] / "cases/copper_beside_zinc.toml"
CLOSED = [
    "counter.type=electrode",
    "kinetics.zinc.reactions.copper.formal_potential=-0.75 V",  # steady: it dissolves over there
]


@pytest.mark.parallel([3])
@pytest.mark.parametrize("overrides", [[], CLOSED], ids=["reservoir", "closed"])
def test_reactions_do_not_depend_on_the_ranks(comm: MPI.Intracomm, overrides: list[str]) -> None:
    case = Case.load(CASE, ["geometry.width=10 um", "mesh.far_size=20 um", *overrides])
    alone, together = (quantities(solve(case, ranks)) for ranks in (MPI.COMM_SELF, comm))
    assert alone.keys() == together.keys()
    electrodes = ("working", "counter") if overrides else ("working",)
    for electrode in electrodes:
        for reaction in ("deposition", "copper"):
            key = f"{electrode}.{reaction}"
            for metric in ("mean_current_density", "current_share"):
                expected = alone[f"{key}.{metric}"].value
                assert together[f"{key}.{metric}"].value == pytest.approx(expected, rel=1e-8)
            for metric in ("mean", "cv", "max_over_mean"):
                name = f"{key}.current_density_true_area.{metric}"
                assert together[name].value == pytest.approx(alone[name].value, rel=1e-6, abs=1e-8)
    if overrides:
        working, counter = (
            together[f"{e}.ion_production.Cu2+"].value for e in ("working", "counter")
        )
        assert isinstance(working, float)
        assert isinstance(counter, float)
        assert working == pytest.approx(-counter, rel=1e-7)
