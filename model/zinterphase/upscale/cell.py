"""One cell of a packing: its mesh, its cell problems, its numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, prod

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.case.layers import Layer
from zinterphase.geometry.cache import cached
from zinterphase.geometry.particles.build import build_particles
from zinterphase.geometry.particles.from_case import SHARE, packing_spec
from zinterphase.geometry.particles.recipe import ParticleRecipe, ResolvedLayer
from zinterphase.geometry.raw import RawMesh
from zinterphase.mesh import Domain
from zinterphase.parallel import on_root
from zinterphase.upscale.conduction import conduction_factor, volume_and_surface


@dataclass(frozen=True)
class CellNumbers:
    """What one cell gives.

    Attributes
    ----------
    porosity : Liquid that hangs together over the volume of the cell.
    area : Its surface on particles over the volume of the cell [1/m].
    liquid : Effective over free conductivity of the liquid along each axis.
    solid : The same of the particles, where they conduct and are joined by necks; else empty.
    """

    porosity: float
    area: float
    liquid: tuple[float, ...]
    solid: tuple[float, ...] = ()


def cell_recipe(case: Case, layer: Layer, size: float, seed: int) -> ParticleRecipe:
    """A cube (a square) with mirrors all around, ``size`` mean diameters wide, filled as the layer
    is from ``seed``; for a list of particles, the layer itself.

    Raises
    ------
    CaseError
        A list of particles cannot be read.
    """
    dimension = case.geometry.dimension
    spec = packing_spec(layer, dimension)
    widths, thickness = case.geometry.extents, layer.thickness
    if spec.sizes is not None:
        thickness = size * spec.sizes.diameter
        spec = replace(spec, seed=seed)
        widths = (thickness,) * (dimension - 1)
    return ParticleRecipe(
        widths=widths,
        layers=(ResolvedLayer(layer.name, thickness, spec),),
        mirrored_ends=True,
        share=SHARE[dimension],
        near=inf,
        growth=1.0 + 2.0 * (case.mesh.growth - 1.0),
        far_size=case.mesh.far_size or thickness,
        refinement=case.mesh.refinement,
        curved=True,
    )


def solve_cell(recipe: ParticleRecipe, comm: MPI.Intracomm, *, solid: bool) -> CellNumbers:
    """Mesh a cell and solve its problems, those of the particles too if ``solid``; collective.

    Raises
    ------
    MeshError
        Particles do not fit, or Gmsh fails.
    SolveError
        The linear solver fails.
    """
    box = (*recipe.widths, recipe.height)
    domain = _domain(recipe, comm)
    volume, area = volume_and_surface(domain, recipe.layers[0].name)
    return CellNumbers(
        volume / prod(box),
        area / prod(box),
        _factors(domain, box),
        _factors(_domain(replace(recipe, solid=True), comm), box) if solid else (),
    )


def _factors(domain: Domain, box: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(conduction_factor(domain, box, axis) for axis in range(len(box)))


def _domain(recipe: ParticleRecipe, comm: MPI.Intracomm) -> Domain:
    raw: RawMesh | None = None

    def make() -> None:
        nonlocal raw
        raw = cached(recipe, build_particles)

    on_root(comm, make)
    return Domain.create(comm, raw)
