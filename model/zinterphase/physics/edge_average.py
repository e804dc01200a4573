"""Mobilities averaged along the edges of simplices, exact whatever the drop along an edge.

A quadrature rule of low degree misses an exponential that falls by much more than e from one
vertex to the next: its average tends to zero faster than any power of the drop, and with it the
flux that the depleted cell at an electrode carries at any potential.
"""

from collections.abc import Callable, Sequence
from itertools import combinations

import ufl
from ufl.domain import extract_unique_domain
from ufl.geometry import CellVertices

from zinterphase.expressions import Expr

_SERIES = 1e-2


def vertex_values(u: Expr, beside: Expr = None) -> list[Expr]:
    """Values of ``u``, linear in every cell, at the vertices of the cell around x.

    ``beside`` is another field of an expression: FFCx 0.11 can tell x of one mesh alone.
    """
    mesh = extract_unique_domain(u if beside is None else beside)
    here, slope = ufl.SpatialCoordinate(mesh), ufl.grad(u)
    return [u + ufl.dot(slope, corner - here) for corner in _corners(mesh)]


def cell_mean(u: Expr, beside: Expr = None) -> Expr:
    """Mean of ``u``, linear in every cell, over the vertices of the cell around x; ``beside`` as at
    :func:`vertex_values`."""
    corners = vertex_values(u, beside)
    return sum(corners[1:], corners[0]) / len(corners)


def edge_averaged(
    mesh: Expr, exponents: Sequence[Expr], along: Callable[[Expr], Expr], gradient: Expr
) -> Expr:
    """Stands for exp(f) K ``gradient`` in fluxes between linear functions, constant in a cell.

    ``exponents`` are the values of f, linear in the cell, at its vertices; ``along`` applies the
    symmetric K. K grad(u) . grad(v) is a sum over edges of differences of u and v; each takes the
    average of exp(f) along its edge: Xu & Zikatanov (1999), Math. Comp. 68, 1429, in one dimension
    Scharfetter & Gummel (1969).
    """
    inverse = ufl.inv(ufl.Jacobian(mesh))
    inner = [inverse[k, :] for k in range(len(exponents) - 1)]
    slopes = [-sum(inner[1:], inner[0]), *inner]
    corners = _corners(mesh)
    terms = []
    for i, j in combinations(range(len(exponents)), 2):
        edge = corners[j] - corners[i]
        weight = -ufl.dot(along(slopes[i]), slopes[j])
        share = weight * _mean(exponents[i], exponents[j]) * ufl.dot(edge, gradient)
        terms.append(share * edge)
    return sum(terms[1:], terms[0])


def _mean(a: Expr, b: Expr) -> Expr:
    """Average of exp between ``a`` and ``b``: exp((a + b)/2) sinh(h)/h with h half their distance.

    Without overflow of sinh, and by its series where h is small.
    """
    h = (b - a) / 2
    small = ufl.lt(abs(h), _SERIES)
    away = ufl.conditional(small, 1.0, h)
    full = (ufl.exp(b) - ufl.exp(a)) / (2 * away)
    series = ufl.exp((a + b) / 2) * (1 + h**2 / 6 + h**4 / 120)
    return ufl.conditional(small, series, full)


def _corners(mesh: Expr) -> list[Expr]:
    vertices = CellVertices(mesh)
    return [vertices[k, :] for k in range(vertices.ufl_shape[0])]
