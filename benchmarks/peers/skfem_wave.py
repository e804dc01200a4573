"""The wave of `benchmarks/peers.py` by scikit-fem: `python skfem_wave.py MESH.npz`, a line of JSON.

Unknowns and cells of second order, Newton's iteration without damping, SuperLU. Seconds of CPU are
those of the iteration alone, from the bulk's values.
"""

import json
import sys
import time
from typing import override

import numpy as np
from scipy.sparse import bmat
from skfem import Basis, BilinearForm, ElementTriP2, FacetBasis, LinearForm, MeshTri2, solve
from skfem.helpers import dot, grad
from skfem.mapping import MappingIsoparametric
from skfem.utils import condense

REPEATS = 7
TOLERANCE = 1e-10
MOST = 40


class Mapping(MappingIsoparametric):
    """Its inverse by plain Newton: clipped to the reference cell it stays where it is in the long
    cells of a double layer."""

    @override
    def invF(self, x, tind=None):
        places = np.full(x.shape, 1.0 / 3.0)
        for _ in range(MOST):
            step = np.einsum("ijkl,jkl->ikl", self.invDF(places, tind), x - self.F(places, tind))
            places += step
            if np.abs(step).max() < 1e-9:
                return places
        raise RuntimeError("a point has no place in its cell")


def mesh_of(data):
    """Triangles of six nodes; bases of the liquid and of both of its ends."""
    corners, cells = data["vertices"], data["cells"]
    number = {tuple(pair): k for k, pair in enumerate(data["edges"].tolist())}

    def middle(a, b):
        pairs = np.sort(cells[:, [a, b]], axis=1).tolist()
        return len(corners) + np.array([number[tuple(pair)] for pair in pairs])

    nodes = np.vstack([corners, data["middles"]])
    t = np.column_stack([cells, middle(0, 1), middle(1, 2), middle(0, 2)])
    mesh = MeshTri2(np.ascontiguousarray(nodes.T), np.ascontiguousarray(t.T))
    facet = {tuple(pair): k for k, pair in enumerate(np.sort(mesh.facets.T, axis=1).tolist())}
    ends = {
        name: np.array([facet[tuple(pair)] for pair in data[name].tolist()])
        for name in ("metal", "bulk")
    }
    mapping = Mapping(mesh, mesh.elem(), mesh.bndelem)
    inside = Basis(mesh, ElementTriP2(), mapping=mapping, intorder=6)
    metal = FacetBasis(mesh, ElementTriP2(), mapping=mapping, facets=ends["metal"], intorder=8)
    return inside, metal, inside.get_dofs(ends["bulk"]).all()


@BilinearForm
def weighted(u, v, w):
    return w.weight * u * v


@BilinearForm
def stiffness(u, v, w):
    return w.weight * dot(grad(u), grad(v))


@BilinearForm
def drift(u, v, w):
    return w.weight * u * dot(w.slope, grad(v))


@LinearForm
def along(v, w):
    return dot(w.flux, grad(v))


@LinearForm
def load(v, w):
    return w.source * v


def solution(data, inside, metal, bulk):
    """The unknowns from the bulk's state, the current [A/m] and the iterations."""
    p = {name: float(data[name]) for name in data.files if data[name].ndim == 0}
    z, ratio = p["charge"], p["ratio"]
    unit = z * p["faraday"] * p["concentration"] * p["diffusivity"] / p["length"]
    scale = p["permittivity"] * p["voltage"]
    space = z * p["faraday"] * p["concentration"] * p["length"] ** 2 / scale
    stern = p["stern"] * p["length"] / p["permittivity"]
    n = inside.N
    x = np.zeros(3 * n)
    fixed = np.concatenate([bulk, n + bulk, 2 * n + bulk])
    for count in range(1, MOST + 1):
        one, two, phi = (inside.interpolate(part) for part in np.split(x, 3))
        cation, anion = np.exp(one - z * phi), np.exp(two + z * phi)
        wall, at = (metal.interpolate(x[k * n : (k + 1) * n]) for k in (0, 2))
        drop = p["metal_potential"] - at
        back = p["exchange"] * np.exp(wall - z * at - drop) / unit
        rate = p["exchange"] * np.exp(drop) / unit - back
        by_phi = -p["exchange"] * np.exp(drop) / unit - (1.0 - z) * back
        residual = np.concatenate(
            [
                along.assemble(inside, flux=cation * one.grad) - load.assemble(metal, source=rate),
                along.assemble(inside, flux=ratio * anion * two.grad),
                along.assemble(inside, flux=phi.grad)
                - load.assemble(inside, source=space * (cation - anion))
                - load.assemble(metal, source=stern * drop),
            ]
        )
        first = stiffness.assemble(inside, weight=cation)
        first += drift.assemble(inside, weight=cation, slope=one.grad)
        first += weighted.assemble(metal, weight=back)
        first_phi = drift.assemble(inside, weight=-z * cation, slope=one.grad)
        first_phi -= weighted.assemble(metal, weight=by_phi)
        second = stiffness.assemble(inside, weight=ratio * anion)
        second += drift.assemble(inside, weight=ratio * anion, slope=two.grad)
        second_phi = drift.assemble(inside, weight=z * ratio * anion, slope=two.grad)
        third = stiffness.assemble(inside, weight=np.ones_like(cation))
        third += weighted.assemble(inside, weight=space * z * (cation + anion))
        third += weighted.assemble(metal, weight=stern * np.ones_like(drop))
        by_first = weighted.assemble(inside, weight=-space * cation)
        by_second = weighted.assemble(inside, weight=space * anion)
        matrix = bmat(
            [[first, None, first_phi], [None, second, second_phi], [by_first, by_second, third]]
        ).tocsr()
        step = solve(*condense(matrix, residual, D=fixed))
        x -= step
        if np.abs(step).max() < TOLERANCE:
            return x, float((rate * metal.dx).sum() * unit * p["length"]), count
    raise RuntimeError("no convergence")


def main(path):
    """Solve it several times."""
    data = np.load(path)
    bases = mesh_of(data)
    seconds = []
    for _ in range(REPEATS):
        started = time.process_time()
        x, current, count = solution(data, *bases)
        seconds.append(time.process_time() - started)
    told = {"unknowns": len(x), "current": current, "newton": count, "seconds": seconds}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
