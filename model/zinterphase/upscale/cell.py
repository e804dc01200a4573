"""One cell of a packing: its mesh, its cell problems, its numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, prod

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.case.layers import Layer
from zinterphase.case.packing import Packing
from zinterphase.errors import CaseError
from zinterphase.geometry.cache import cached
from zinterphase.geometry.double_layers import debye_length
from zinterphase.geometry.particles.build import build_particles
from zinterphase.geometry.particles.from_case import SHARE, packing_spec
from zinterphase.geometry.particles.makeable import require_makeable
from zinterphase.geometry.particles.recipe import ParticleRecipe, ResolvedLayer
from zinterphase.geometry.raw import RawMesh
from zinterphase.mesh import Domain
from zinterphase.parallel import on_root
from zinterphase.scales import AVOGADRO, FARADAY, LN10, VACUUM_PERMITTIVITY, thermal_voltage
from zinterphase.upscale.conduction import conduction_factor, volume_and_surface
from zinterphase.upscale.poisson_boltzmann import Pores, charged_pores, thin_layers
from zinterphase.upscale.walls import Walls

_THIN = 0.02
"""Of the mean diameter: Debye lengths below it are taken as those at a plane."""
_CELLS_PER_LENGTH = 0.5


@dataclass(frozen=True)
class CellNumbers:
    """What one cell gives.

    Attributes
    ----------
    porosity : Liquid that hangs together over the volume of the cell.
    area : Its surface on particles over the volume of the cell [1/m].
    liquid : Effective over free conductivity of the liquid along each axis.
    solid : The same of the particles, where they conduct and are joined by necks; else empty.
    pores : Ions at equilibrium with the walls' charge; None without one.
    surface_charge : Mean of the walls [C/m2].
    """

    porosity: float
    area: float
    liquid: tuple[float, ...]
    solid: tuple[float, ...] = ()
    pores: Pores | None = None
    surface_charge: float = 0.0


@dataclass(frozen=True)
class WallCharge:
    """Charge of the particles: ``walls``, where potentials have the sign of that at a plane, in
    ``unit`` [C/m2], below 0 where they are turned; the Debye length outside [m]; ``thin`` where
    that is resolved by no mesh."""

    walls: Walls
    unit: float
    length: float
    thin: bool


def wall_charge(case: Case, layer: Layer) -> WallCharge | None:
    """What the particles of a layer carry, None where nothing.

    Raises
    ------
    CaseError
        The electrolyte is no salt of two ions of the same charge number.
    """
    packing = layer.packing
    if packing is None or not packing.charged:
        return None
    ions, where = case.electrolyte.resolved_species, f"layers.{layer.name}.packing"
    numbers = {abs(ion.charge) for ion in ions}
    if len(ions) != 2 or len(numbers) != 1:
        key, found = "surface_charge", f"{packing.surface_charge:g} C/m^2"
        if packing.regulation is not None:
            key, found = "regulation", "given"
        allowed = "none where the electrolyte is not one salt of ions z+ and z-"
        raise CaseError(f"{where}.{key}", found, allowed)
    number, length = numbers.pop(), debye_length(case, layer)
    voltage = thermal_voltage(case.temperature) / number
    unit = VACUUM_PERMITTIVITY * layer.permittivity * voltage / length
    walls = _walls(packing, unit, number)
    charge = walls.at_plane
    if charge == 0.0:
        return None
    if charge < 0.0:
        walls, unit = walls.turned(), -unit
    return WallCharge(walls, unit, length, length < _THIN * 2.0 * _mean_radius(case, layer))


def _walls(packing: Packing, unit: float, number: int) -> Walls:
    """In ``unit`` [C/m2], beside ions of this charge number."""
    fixed, sites = packing.surface_charge / unit, packing.regulation
    if sites is None:
        return Walls(fixed)
    assert sites.pH is not None  # a salt of two ions alone solves no protons
    half = 0.5 * FARADAY * sites.site_density / AVOGADRO / unit
    return Walls(fixed, half, LN10 * (sites.pH_pzc - sites.pH), 1.0 / number)


def _mean_radius(case: Case, layer: Layer) -> float:
    spec = packing_spec(layer, case.geometry.dimension)
    if spec.sizes is not None:
        return 0.5 * spec.sizes.diameter
    if spec.image is not None:
        # Of disks with the image's share and boundary.
        return 2.0 * spec.image.share * spec.image.solid.size * spec.gap / spec.image.sides
    return sum(row[-1] for row in spec.given) / len(spec.given)


def cell_recipe(
    case: Case, layer: Layer, size: float, seed: int, charge: WallCharge | None = None
) -> ParticleRecipe:
    """A cube (a square) with mirrors all around, ``size`` mean diameters wide, filled as the layer
    is from ``seed``; for a list of particles, the layer itself.

    Raises
    ------
    CaseError
        A list of particles cannot be read, or the cell holds too many.
    """
    dimension = case.geometry.dimension
    spec = packing_spec(layer, dimension)
    widths, thickness = case.geometry.extents, layer.thickness
    if spec.sizes is not None:
        thickness = size * spec.sizes.diameter
        spec = replace(spec, seed=seed)
        widths = (thickness,) * (dimension - 1)
    recipe = ParticleRecipe(
        widths=widths,
        layers=(ResolvedLayer(layer.name, thickness, spec),),
        mirrored_ends=True,
        share=SHARE[dimension],
        near=inf if charge is None or charge.thin else _CELLS_PER_LENGTH * charge.length,
        growth=1.0 + 2.0 * (case.mesh.growth - 1.0),
        far_size=case.mesh.far_size or thickness,
        refinement=case.mesh.refinement,
        curved=True,
    )
    require_makeable(recipe)
    return recipe


def solve_cell(
    recipe: ParticleRecipe,
    comm: MPI.Intracomm,
    *,
    solid: bool,
    charge: WallCharge | None = None,
) -> CellNumbers:
    """Mesh a cell and solve its problems, those of the particles too if ``solid``, and that of the
    ions where particles are charged; collective.

    Raises
    ------
    MeshError
        Particles do not fit, or Gmsh fails.
    SolveError
        The linear solver fails.
    """
    box = (*recipe.widths, recipe.height)
    domain = _domain(recipe, comm)
    name = recipe.layers[0].name
    volume, area = volume_and_surface(domain, name)
    pores, mean = None, 0.0
    if charge is not None and charge.thin:
        pores = thin_layers(charge.walls, charge.length, area / volume)
    elif charge is not None:
        pores = charged_pores(domain, name, charge.walls, charge.length)
    if charge is not None and pores is not None:
        mean = charge.unit * pores.walls
    return CellNumbers(
        volume / prod(box),
        area / prod(box),
        _factors(domain, box),
        _factors(_domain(replace(recipe, solid=True), comm), box) if solid else (),
        pores,
        mean,
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
