"""Integrals over layers and interfaces of a domain, planar or axisymmetric."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from math import pi

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx.mesh import EntityMap
from ufl.algorithms import extract_coefficients

from zinterphase.case.packing import INSIDE
from zinterphase.cell.stack import Stack
from zinterphase.expressions import Expr
from zinterphase.fem_types import Function
from zinterphase.geometry.raw import PARTICLES
from zinterphase.mesh import Domain

Rows = npt.NDArray[np.int32]
CENTROID = 1
"""Quadrature degree of what is constant in a cell."""
ELECTRODE = "electrode"
COUNTER = "counter"


class Measures:
    """Integration over owned cells and facets, on the parent mesh for all regions.

    An axisymmetric cross-section is integrated over the full turn (weight 2 pi r), a planar one
    per metre of depth. Sets of cells and facets are numbered by their role, not by the stack, so
    that a compiled form serves every stack with the same roles.

    ``facets`` are rows (cell, local facet) of owned facets seen from the liquid: of the reacting
    surface ("electrode"), of the far side ("counter"), of each interior interface ("lower|upper",
    from below) and of insulating particles ("particles of" a layer). ``interface`` are rows (solid
    cell, facet, liquid cell, facet) of the reacting surface where the metal below is meshed, that
    of its particles included.
    """

    def __init__(
        self,
        domain: Domain,
        stack: Stack,
        order: int,
        entity_maps: Sequence[EntityMap],
        at_electrodes: Callable[[Mapping[str, Rows]], Rows],
    ) -> None:
        """``order`` is the polynomial order of the unknowns, ``at_electrodes`` finds the owned
        cells that touch an electrode among sets of facets; collective."""
        self.domain = domain
        self.entity_maps = list(entity_maps)
        self.interface = _metal_surface(domain, stack)
        self.facets = _liquid_facets(domain, stack, self.interface)
        layer_sets = [stack.liquid, stack.solid, *((name,) for name in stack.meshed)]
        layer_sets += [stack.layers_below(upper) for upper in stack.liquid[1:]]
        layer_sets.append(stack.insides)
        self._layer_sets = list(dict.fromkeys(s for s in layer_sets if s))
        radius = ufl.SpatialCoordinate(domain.mesh)[0]
        self.axisymmetric = domain.coordinates == "axisymmetric"
        self._weight: Expr = 2 * pi * radius if self.axisymmetric else 1.0
        degree = {"quadrature_degree": 2 * order}
        facet_degree = {"quadrature_degree": self.facet_degree(order)}
        owned = [domain.owned_cells(s) for s in self._layer_sets]
        beside = at_electrodes(self.facets)
        kept = [np.intersect1d(cells, beside) for cells in owned]
        # One number for each quadrature rule: FFCx 0.11 takes a coefficient's value from the first
        # rule of a kernel for all of them.
        cells = list(enumerate([*owned, *kept, *kept, *owned], 1))
        pairs = [(k, rows.ravel()) for k, rows in enumerate(self.facets.values(), 1)]
        mesh = domain.mesh
        self._dx = ufl.Measure("dx", mesh, subdomain_data=cells, metadata=degree)
        self._ds = ufl.Measure("ds", mesh, subdomain_data=pairs, metadata=facet_degree)
        none = np.zeros(0, dtype=np.int32)
        rows = none if self.interface is None else self.interface.ravel()
        self._laws: dict[Function, dict[str, Expr]] = {}
        self._dS = ufl.Measure("dS", mesh, subdomain_data=[(1, rows)], metadata=facet_degree)

    @staticmethod
    def facet_degree(order: int) -> int:
        """Quadrature degree on facets: rate laws are exponentials of the unknowns."""
        return 2 * order + 2

    def stand_for(self, coefficient: Function, layer: str, law: Expr) -> None:
        """Let ``coefficient`` stand for ``law`` in what is integrated over ``layer`` from now on,
        and for nothing in other layers: a law may have unknowns that only some layers have."""
        laws = self._laws.setdefault(coefficient, {})
        laws[layer] = laws[layer] + law if layer in laws else law

    def over_layers(
        self, integrand: Expr, layers: tuple[str, ...], degree: int | None = None
    ) -> ufl.Form:
        """Integral over the cells of ``layers``: all liquid, all solid, one, all below one, or all
        in dielectric particles.

        ``degree`` is that of the quadrature, twice the order of the unknowns by default.
        """
        return self._over_sets(integrand, layers, 3 if degree == CENTROID else 0, degree)

    def _over_sets(
        self, integrand: Expr, layers: tuple[str, ...], sets: int, degree: int | None
    ) -> ufl.Form:
        """Over one of the ``sets`` of cells; layer by layer where laws differ."""
        found = extract_coefficients(ufl.as_ufl(integrand)) if self._laws else []
        laws = {c: self._laws[c] for c in found if c in self._laws}
        if not laws:
            return self._over_cells(integrand, self._number(layers, sets), degree)
        return sum(
            (
                self._over_cells(
                    ufl.replace(integrand, {c: laws[c].get(layer, ufl.zero()) for c in laws}),
                    self._number((layer,), sets),
                    degree,
                )
                for layer in layers
            ),
            ufl.Form([]),
        )

    def _number(self, layers: tuple[str, ...], sets: int) -> int:
        return sets * len(self._layer_sets) + self._layer_sets.index(layers) + 1

    def _over_cells(self, integrand: Expr, number: int, degree: int | None) -> ufl.Form:
        metadata = None if degree is None else {"quadrature_degree": degree}
        form: ufl.Form = self._weight * integrand * self._dx(number, metadata=metadata)
        return form

    def beside_electrodes(
        self, integrand: Expr, layers: tuple[str, ...], degree: int | None = None
    ) -> ufl.Form:
        """As :meth:`over_layers`, over the cells that touch an electrode."""
        return self._over_sets(integrand, layers, 2 if degree == CENTROID else 1, degree)

    def over_facets(self, integrand: Expr, name: str) -> ufl.Form:
        """Integral over one side of the facets called ``name``."""
        number = list(self.facets).index(name) + 1
        form: ufl.Form = self._weight * integrand * self._ds(number)
        return form

    def over_interface(self, integrand: Expr) -> ufl.Form:
        """Integral over the surface of a meshed metal, which is the "+" side."""
        weight = self._weight("+") if self.axisymmetric else 1.0
        form: ufl.Form = weight * integrand * self._dS(1)
        return form


def _metal_surface(domain: Domain, stack: Stack) -> Rows | None:
    """Owned facets where a meshed metal and particles of it meet the liquid, their side first."""
    if not stack.dense:
        return None
    found = [domain.interface(stack.dense[-1], stack.liquid[0])]
    found += [
        domain.interface(f"{INSIDE}{layer}", layer, f"{PARTICLES}{layer}")
        for layer in stack.particles
    ]
    return np.concatenate(found).reshape(-1, 4)


def _liquid_facets(domain: Domain, stack: Stack, interface: Rows | None) -> dict[str, Rows]:
    """Owned facets by name, seen from the liquid."""
    facets = {COUNTER: domain.boundary("counter").reshape(-1, 2)}
    if interface is None:
        names = ["base", *(f"{PARTICLES}{layer}" for layer in stack.particles)]
        facets[ELECTRODE] = np.concatenate([domain.boundary(n).reshape(-1, 2) for n in names])
    else:
        facets[ELECTRODE] = np.ascontiguousarray(interface[:, 2:])
    for lower, upper in pairwise(stack.liquid):
        rows = domain.interface(lower, upper).reshape(-1, 4)
        facets[f"{lower}|{upper}"] = np.ascontiguousarray(rows[:, :2])
    for layer in stack.insulating_particles:
        facets[f"{PARTICLES}{layer}"] = domain.seen_from(layer, f"{PARTICLES}{layer}")
    return facets
