"""Integrals over layers and interfaces of a domain, planar or axisymmetric."""

from collections.abc import Sequence
from math import pi
from typing import Any

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx.mesh import EntityMap

from zinterphase.mesh import Domain

Cells = npt.NDArray[np.int32]


class Measures:
    """Integration over owned cells and facets, on the parent mesh for all regions.

    An axisymmetric cross-section is integrated over the full turn (weight 2 pi r), a planar one
    per metre of depth.
    """

    def __init__(self, domain: Domain, order: int, entity_maps: Sequence[EntityMap]) -> None:
        """``order`` is the polynomial order of the unknowns."""
        self.domain = domain
        self.entity_maps = list(entity_maps)
        self._volume = {"quadrature_degree": 2 * order}
        self._facet = {"quadrature_degree": self.facet_degree(order)}
        radius = ufl.SpatialCoordinate(domain.mesh)[0]
        self.axisymmetric = domain.coordinates == "axisymmetric"
        self._weight: Any = 2 * pi * radius if self.axisymmetric else 1.0

    @staticmethod
    def facet_degree(order: int) -> int:
        """Quadrature degree on facets: rate laws are exponentials of the unknowns."""
        return 2 * order + 2

    def over_layers(self, integrand: Any, layers: Sequence[str]) -> ufl.Form:
        """Integral over the cells of ``layers``."""
        ids = [self.domain.layer_ids[name] for name in layers]
        cells = np.sort(np.concatenate([self.domain.cell_tags.find(i) for i in ids]))
        owned = cells[cells < self.domain.mesh.topology.index_map(self.domain.mesh.topology.dim).size_local]
        dx = ufl.Measure(
            "dx", self.domain.mesh, subdomain_data=[(1, owned)], metadata=self._volume
        )
        return self._weight * integrand * dx(1)

    def over_facets(self, integrand: Any, pairs: Cells) -> ufl.Form:
        """Integral over one side of facets given as rows (cell, local facet)."""
        ds = ufl.Measure(
            "ds", self.domain.mesh, subdomain_data=[(1, pairs.ravel())], metadata=self._facet
        )
        return self._weight * integrand * ds(1)

    def over_interface(self, integrand: Any, quadruples: Cells) -> ufl.Form:
        """Integral over facets given as rows (cell, facet, cell, facet); the first side is "+"."""
        measure = ufl.Measure(
            "dS", self.domain.mesh, subdomain_data=[(1, quadruples.ravel())], metadata=self._facet
        )
        weight = self._weight("+") if self.axisymmetric else 1.0
        return weight * integrand * measure(1)
