"""Cell problems are the same on any number of ranks."""

from math import inf

import pytest
from mpi4py import MPI

from zinterphase.geometry.particles.packing import Sizes
from zinterphase.geometry.particles.recipe import PackingSpec, ParticleRecipe, ResolvedLayer
from zinterphase.upscale.cell import WallCharge, solve_cell
from zinterphase.upscale.walls import Walls


@pytest.mark.parallel([2, 3])
@pytest.mark.parametrize("dimension", [2, 3])
def test_ranks_agree_on_the_numbers_of_a_cell(comm: MPI.Intracomm, dimension: int) -> None:
    spec = PackingSpec(4e-9, 0.0, Sizes(5e-8, 0.2), 0.75, 1)
    recipe = ParticleRecipe(
        (1e-7,) * (dimension - 1),
        (ResolvedLayer("film", 1e-7, spec),),
        mirrored_ends=True,
        share=0.4,
        near=inf,
        growth=1.6,
        far_size=5e-8,
        curved=True,
    )
    charge = WallCharge(Walls(3.0), unit=1.0, length=1e-8, thin=False)
    shared = solve_cell(recipe, comm, solid=False, charge=charge)
    if comm.rank == 0:
        alone = solve_cell(recipe, MPI.COMM_SELF, solid=False, charge=charge)
        assert shared.liquid == pytest.approx(alone.liquid, rel=1e-9)
        assert shared.porosity == pytest.approx(alone.porosity, rel=1e-12)
        assert alone.pores is not None
        assert shared.pores is not None
        assert shared.pores.co_ions == pytest.approx(alone.pores.co_ions, rel=1e-9)
        assert shared.area == pytest.approx(alone.area, rel=1e-12)
