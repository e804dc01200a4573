"""Chemical steps on several ranks: the numbers of one, steady and in time."""

from pathlib import Path

import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.output.results import quantities
from zinterphase.run import solve

from ..march.marching import symmetric
from ..march.test_chemical_steps_in_time import ATTACK
from .test_march_ranks import assert_same

CASE = Path(__file__).parents[2] / "cases/corrosion.toml"
CHANGES = [
    "geometry.width=10 um",
    "mesh.far_size=20 um",
    "electrolyte.pH=3.0",
    "kinetics.zinc.reactions.attack.form=mass_action",
    "kinetics.zinc.reactions.attack.equation=Zn(s) + 2 H+ -> Zn2+ + H2(g)",
    "kinetics.zinc.reactions.attack.rate_constant=1 mol/m^2/s",
]
KEYS = ("working.potential", "working.attack.rate", "working.corrosion_current_density")


@pytest.mark.parallel([2, 3])
def test_steps_do_not_depend_on_the_ranks(comm: MPI.Intracomm) -> None:
    case = Case.load(CASE, CHANGES)
    alone, together = (quantities(solve(case, ranks)) for ranks in (MPI.COMM_SELF, comm))
    for key in KEYS:
        assert together[key].value == pytest.approx(alone[key].value, rel=1e-8)


@pytest.mark.parallel([2])
def test_a_march(comm: MPI.Intracomm) -> None:
    liquid = 'salt = "ZnSO4"\npH = 2.5'
    steps = ("plate at 5 mA/cm^2 for 1 s", "rest for 1 s")
    text = symmetric("electroneutral", 1e-4, steps, cells=20, kinetics=ATTACK, electrolyte=liquid)
    assert_same(text, comm)
