"""The wave of `benchmarks/peers.py` by NGSolve: `python ngsolve_wave.py MESH.npz`, a line of JSON.

Unknowns and cells of second order, Newton's iteration without damping, UMFPACK. Seconds of CPU are
those of the iteration alone, from the bulk's values.
"""

import json
import sys
import time

import netgen.meshing as nm
import ngsolve as ng
import numpy as np

REPEATS = 7
TOLERANCE = 1e-10
MOST = 40
BUBBLE = -0.125
"""Value of NGSolve's quadratic shape of an edge in its middle."""


def mesh_of(data):
    """Straight triangles bent by a displacement that puts the nodes on edges in their places."""
    made = nm.Mesh(dim=2)
    points = [made.Add(nm.MeshPoint(nm.Pnt(*point, 0.0))) for point in data["vertices"].tolist()]
    liquid = made.AddRegion("liquid", dim=2)
    for cell in data["cells"].tolist():
        made.Add(nm.Element2D(liquid, [points[k] for k in cell]))
    for name in ("metal", "bulk", "sides"):
        region = made.AddRegion(name, dim=1)
        for edge in data[name].tolist():
            made.Add(nm.Element1D([points[k] for k in edge], index=region))
    mesh = ng.Mesh(made)
    middles = {
        tuple(sorted(pair)): middle
        for pair, middle in zip(data["edges"].tolist(), data["middles"], strict=True)
    }
    space = ng.H1(mesh, order=2)
    bend = ng.GridFunction(ng.VectorH1(mesh, order=2))
    values = np.zeros((2, space.ndof))
    for edge in mesh.edges:
        ends = sorted(v.nr for v in edge.vertices)
        (dof,) = space.GetDofNrs(edge)
        values[:, dof] = (middles[tuple(ends)] - data["vertices"][ends].mean(axis=0)) / BUBBLE
    bend.vec.FV().NumPy()[:] = values.ravel()
    mesh.SetDeformation(bend)
    return mesh


def forms(mesh, data):
    """The space, the residual's form and the current density of the rate law [A/m2]."""
    p = {name: float(data[name]) for name in data.files if data[name].ndim == 0}
    one = ng.H1(mesh, order=2, dirichlet="bulk")
    space = one * one * one
    (first, second, phi), (v, w, q) = space.TnT()
    z, kept = p["charge"], p["concentration"] * p["length"] ** 2
    cation, anion = ng.exp(first - z * phi), ng.exp(second + z * phi)

    def rate(first, phi):
        drop = p["metal_potential"] - phi
        return p["exchange"] * (ng.exp(drop) - ng.exp(first - z * phi) * ng.exp(-drop))

    unit = p["concentration"] * p["diffusivity"] / p["length"]
    form = ng.BilinearForm(space)
    form += (cation * ng.grad(first) * ng.grad(v)).Compile() * ng.dx
    form += (p["ratio"] * anion * ng.grad(second) * ng.grad(w)).Compile() * ng.dx
    form += (-rate(first, phi) / (z * p["faraday"] * unit) * v).Compile() * ng.ds("metal")
    scale = p["permittivity"] * p["voltage"]
    source = z * p["faraday"] * kept / scale
    form += (ng.grad(phi) * ng.grad(q) - source * (cation - anion) * q).Compile() * ng.dx
    stern = p["stern"] * p["length"] / p["permittivity"]
    form += (-stern * (p["metal_potential"] - phi) * q).Compile() * ng.ds("metal")
    return space, form, rate


def solve(space, form):
    """The solution from the bulk's state, and the iterations."""
    state = ng.GridFunction(space)
    residual, step = state.vec.CreateVector(), state.vec.CreateVector()
    for count in range(1, MOST + 1):
        form.Apply(state.vec, residual)
        form.AssembleLinearization(state.vec)
        step.data = form.mat.Inverse(space.FreeDofs(), inverse="umfpack") * residual
        state.vec.data -= step
        if np.abs(step.FV().NumPy()).max() < TOLERANCE:
            return state, count
    raise RuntimeError("no convergence")


def main(path):
    """Solve it several times."""
    data = np.load(path)
    mesh = mesh_of(data)
    space, form, rate = forms(mesh, data)
    seconds = []
    for _ in range(REPEATS):
        started = time.process_time()
        state, count = solve(space, form)
        seconds.append(time.process_time() - started)
    first, _, phi = state.components
    density = rate(first, phi) * ng.ds("metal", bonus_intorder=6)
    current = ng.Integrate(density, mesh) * float(data["length"])
    told = {"unknowns": space.ndof, "current": current, "newton": count, "seconds": seconds}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
