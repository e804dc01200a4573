"""Cells with one particle in a corner: a square or simple cubic lattice by mirrors."""

from math import inf, pi

from zinterphase.geometry.particles.recipe import PackingSpec, ParticleRecipe, ResolvedLayer

HALF = 5e-7
"""Half the spacing of the lattice [m]."""


def lattice(dimension: int, solid: float, refinement: float = 1.0) -> ParticleRecipe:
    """A lattice with that volume fraction of particles."""
    share = solid / pi if dimension == 2 else 3.0 * solid / (4.0 * pi)
    radius = 2.0 * HALF * share ** (1.0 / dimension)
    spec = PackingSpec(gap=1e-3 * HALF, given=((*[0.0] * dimension, radius),))
    return ParticleRecipe(
        widths=(HALF,) * (dimension - 1),
        layers=(ResolvedLayer("film", HALF, spec),),
        mirrored_ends=True,
        share=1.0 / 3.0,
        near=inf,
        growth=1.4,
        far_size=HALF / 2.0,
        refinement=refinement,
        curved=True,
    )
