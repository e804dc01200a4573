"""Transport through the cells that touch an electrode, where a level averages over cells."""

from collections.abc import Callable, Mapping

import numpy as np
import ufl

from zinterphase.case import Case
from zinterphase.expressions import Expr
from zinterphase.levels.base import Level, Transport
from zinterphase.solve.discretisation import RegionSpaces
from zinterphase.solve.measures import CENTROID, COUNTER, ELECTRODE, Measures, Rows


def averaged(
    measures: Measures,
    level: Level,
    layers: tuple[str, ...],
    integrand: Callable[[Transport], Expr],
) -> ufl.Form | None:
    """What averaging adds to the integral of ``integrand`` over ``layers``; None where the level
    does not average."""
    if level.averaging is None:
        return None
    exact = integrand(level.averaging.averaged)
    quadrature = integrand(level.averaging.pointwise)
    form: ufl.Form = measures.beside_electrodes(exact, layers, CENTROID)
    form -= measures.beside_electrodes(quadrature, layers)
    return form


def at_electrodes(case: Case, liquid: RegionSpaces) -> Callable[[Mapping[str, Rows]], Rows]:
    """Finds the owned cells of the parent mesh that touch an electrode, from sets of facets given
    as owned rows; collective."""
    names = (ELECTRODE,) if case.counter.type == "reservoir" else (ELECTRODE, COUNTER)

    def touching(facets: Mapping[str, Rows]) -> Rows:
        nodes = np.concatenate([liquid.dofs_on(facets[name]) for name in names])
        topology = liquid.region.mesh.topology
        owned = topology.index_map(topology.dim).size_local
        found = np.isin(liquid.scalar.dofmap.list[:owned], nodes).any(axis=1)
        cells = np.flatnonzero(found).astype(np.int32)
        return np.asarray(liquid.entity_map.sub_topology_to_topology(cells, False))

    return touching
