"""Area, current, potential and charge of resolved particles, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zinterphase.expressions import Expr
from zinterphase.geometry.particles.ownership import nearest_particle, told_particles
from zinterphase.geometry.particles.spheres import Spheres
from zinterphase.geometry.raw import PARTICLES
from zinterphase.mesh.places import facet_nodes
from zinterphase.observe.evaluate import FacetExpressions, metal_potential
from zinterphase.parallel import on_root
from zinterphase.solve.problem import Problem
from zinterphase.solve.walls import WallState

Array = npt.NDArray[np.float64]
CURRENT, POTENTIAL, CHARGE = "current", "potential", "charge"
METAL = 0
"""Number of the metal below all particles."""


@dataclass(frozen=True, eq=False)
class ParticleSums:
    """Particles of one layer, or the bare metal, with integrals over their surface in the mesh.

    Attributes
    ----------
    layer : Whose particles these are; the metal's name.
    numbers : From 1 on in the order of the recipe, `METAL` for the metal.
    centres, radii : Of the particles, shapes (n, d) and (n,) [m]; NaN for the metal.
    area : Shape (n,) [m2; m2 per metre of depth in 2D].
    integrals : Of the current density [A] where the surface reacts, of the liquid's potential at
        the surface [V m2], and of the charge density [C] where one is there, each of shape (n,).
    """

    layer: str
    numbers: npt.NDArray[np.int64]
    centres: Array
    radii: Array
    area: Array
    integrals: dict[str, Array]


def particle_sums(problem: Problem) -> list[ParticleSums]:
    """The metal, then the layers with numbers by particle, bottom to top; empty where no layer
    asks for them. The same on every rank but for rounding; collective.

    Facets belong to the particle whose surface is nearest, so that necks are shared.
    """
    told: dict[str, Spheres] = {}

    def find() -> None:
        told.update(told_particles(problem.case))

    comm = problem.domain.comm
    on_root(comm, find)
    told = comm.bcast(told, root=0)
    if not told:
        return []
    dim = problem.domain.dimension
    nowhere = Spheres.apart(np.full((1, dim), np.nan), np.full(1, np.nan))
    metal = _sums(problem, problem.stack.metal, "base", nowhere, METAL)
    return [metal, *(_sums(problem, n, f"{PARTICLES}{n}", s, METAL + 1) for n, s in told.items())]


def _sums(problem: Problem, layer: str, group: str, spheres: Spheres, first: int) -> ParticleSums:
    domain, count = problem.domain, len(spheres)
    pairs = domain.boundary(group).reshape(-1, 2)
    expressions = _expressions(problem, layer, group)
    order = problem.case.mesh.order
    points = FacetExpressions(problem.measures, pairs, order, expressions).evaluate()
    corners = facet_nodes(domain.mesh, pairs)[:, : domain.dimension]
    owner = nearest_particle(spheres, corners.mean(axis=1))
    owner = np.repeat(owner, len(points.area) // max(len(pairs), 1))

    def summed(values: Array) -> Array:
        own = np.bincount(owner, values, minlength=count)
        return np.asarray(sum(domain.comm.allgather(own), np.zeros(count)))

    return ParticleSums(
        layer,
        np.arange(first, first + count),
        spheres.centres,
        spheres.radii,
        summed(points.area),
        {name: summed(points.area * values) for name, values in points.values.items()},
    )


def _expressions(problem: Problem, layer: str, group: str) -> Mapping[str, Expr]:
    level, surface = problem.level, problem.working.surface
    liquid, nothing = problem.unknowns.liquid, 0 * problem.unknowns.liquid[0]
    found = {POTENTIAL: problem.bulk.thermal_voltage * level.potential(liquid)}
    if layer in problem.stack.insulating_particles:
        charge = problem.charged_faces.density(group)
        return found if charge is None else {**found, CHARGE: charge}
    at = WallState(metal_potential(problem, problem.working), level.plane(liquid))
    found[CURRENT] = sum(surface.current_densities(at).values(), nothing)
    if level.has_double_layer:
        found[CHARGE] = surface.charge_density(at)
    return found
