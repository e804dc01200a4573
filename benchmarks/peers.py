"""Time to error of a wavy electrode beside NGSolve and scikit-fem, on the same cells.

    python benchmarks/peers.py [--folder .peers]

`pnp`, 1 um of a 2:2 salt of 10 mol/m3, half a cosine of amplitude 0.3 um, 30 mV below
equilibrium: unknowns and cells of second order, three meshes that reach 1e-4, 1e-5 and 1e-6 of the
total current. The peers are installed into an environment of their own; answers are compared before
times. Every code solves in turn, several times; CPU seconds of the solve alone, medians.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.mesh import Domain
from zinterphase.observe.currents import currents_of
from zinterphase.run import mesh_case
from zinterphase.scales import FARADAY, VACUUM_PERMITTIVITY
from zinterphase.solve.problem import Problem
from zinterphase.verification.cells import VT, WATER, Metal, binary, case_of, potential

REPEATS = 7
ROUNDS = 5
LENGTH = 1e-6
CHARGE = 2
BULK = 10.0
POTENTIAL = -0.03
METAL = Metal(10.0)
MESHES: dict[str, dict[str, Any]] = {
    "1e-4": {"lateral_size": "0.125 um", "first_cell": "0.75 nm", "growth": 2.0},
    "1e-5": {"lateral_size": "0.0625 um", "first_cell": "0.3 nm", "growth": 1.4},
    "1e-6": {"lateral_size": "0.0625 um", "first_cell": "0.2 nm", "growth": 1.2},
}
FINEST: dict[str, Any] = {"lateral_size": "0.03125 um", "first_cell": "0.1 nm", "growth": 1.12}
PACKAGES = {"ngsolve_wave.py": "ngsolve", "skfem_wave.py": "scikit-fem"}
AGREED = 1e-6
"""To which two codes agree on one mesh, relative."""


@dataclass(frozen=True)
class Solved:
    """One code on one mesh."""

    unknowns: int
    current: float
    newton: int
    seconds: float


def case(mesh: dict[str, Any]) -> Case:
    """The wave on cells of second order."""
    ions = binary(CHARGE, BULK)
    wave = {"shape": "sinusoidal", "amplitude": "0.3 um", "wavelength": "2 um"}
    options = {"order": 2, "far_size": "0.3 um", **mesh}
    control = potential(POTENTIAL)
    return case_of(
        "pnp", LENGTH, ions, METAL, width=LENGTH, control=control, surface=wave, mesh=options
    )


def write_mesh(domain: Domain, path: Path) -> None:
    """Nodes, cells and edges in units of the length, and the numbers of the problem."""
    x = domain.mesh.geometry.x[:, :2] / LENGTH
    cells = np.asarray(domain.mesh.geometry.dofmaps[0])
    nodes, corners = np.unique(cells[:, :3], return_inverse=True)
    corners = corners.reshape(-1, 3)
    edges = np.concatenate([corners[:, [1, 2]], corners[:, [0, 2]], corners[:, [0, 1]]])
    middles = cells[:, 3:].T.ravel()
    edges, first, counts = np.unique(
        np.sort(edges, axis=1), axis=0, return_index=True, return_counts=True
    )
    middles = x[middles[first]]
    sides = np.isclose(middles[:, 0], 0.0) | np.isclose(middles[:, 0], 1.0)
    top = np.isclose(middles[:, 1], x[:, 1].max())
    outer = counts == 1
    cation, anion = binary(CHARGE, BULK)
    np.savez(
        path,
        vertices=x[nodes],
        cells=corners,
        edges=edges,
        middles=middles,
        metal=edges[outer & ~sides & ~top],
        bulk=edges[outer & top],
        sides=edges[outer & sides],
        length=LENGTH,
        charge=float(CHARGE),
        concentration=BULK,
        diffusivity=cation.diffusivity,
        ratio=anion.diffusivity / cation.diffusivity,
        exchange=METAL.exchange,
        stern=METAL.stern,
        permittivity=WATER * VACUUM_PERMITTIVITY,
        voltage=VT,
        faraday=FARADAY,
        metal_potential=POTENTIAL / VT,
    )


def own(chosen: Case, domain: Domain) -> Solved:
    """Zinterphase, the median of several solves from rest."""
    seconds = []
    for _ in range(REPEATS):
        problem = Problem(chosen, domain)
        started = time.process_time()
        attempts = problem.solve()
        seconds.append(time.process_time() - started)
        dofs = problem.liquid.space.dofmap
        unknowns = dofs.index_map.size_global * dofs.index_map_bs
        current = currents_of(problem).total
        newton = sum(len(each.report.iterations) for each in attempts)
        problem.close()
    return Solved(unknowns, current, newton, statistics.median(seconds))


def peer(python: Path, script: str, path: Path) -> Solved:
    """Another code."""
    words = [str(python), str(Path(__file__).parent / "peers" / script), str(path)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    told = json.loads(done.stdout.splitlines()[-1])
    return Solved(**told | {"seconds": statistics.median(told["seconds"])})


def environment(folder: Path) -> Path:
    """The Python of the peers, made once."""
    python = folder / "environment/bin/python"
    if not python.exists():
        venv.create(folder / "environment", with_pip=True)
        words = [str(python), "-m", "pip", "install", "--quiet", *PACKAGES.values()]
        subprocess.run(words, check=True)
    return python


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(".peers"))
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    python = environment(folder)
    finest = case(FINEST)
    exact = own(finest, mesh_case(finest, MPI.COMM_SELF).domain).current
    print("| wanted | code | unknowns | error | Newton | s | over Zinterphase |")
    print("|---|---|---|---|---|---|---|")
    for wanted, mesh in MESHES.items():
        chosen = case(mesh)
        domain = mesh_case(chosen, MPI.COMM_SELF).domain
        path = folder / f"mesh{wanted}.npz"
        write_mesh(domain, path)
        found: dict[str, list[Solved]] = {"Zinterphase": []} | {n: [] for n in PACKAGES.values()}
        for _ in range(ROUNDS):
            found["Zinterphase"].append(own(chosen, domain))
            for script, name in PACKAGES.items():
                found[name].append(peer(python, script, path))
        base = found["Zinterphase"]
        for name, solved in found.items():
            one = solved[0]
            if abs(one.current / base[0].current - 1.0) > AGREED:
                sys.exit(f"{name} on {wanted}: {one.current} against {base[0].current}")
            seconds = statistics.median(each.seconds for each in solved)
            ratios = [a.seconds / b.seconds for a, b in zip(solved, base, strict=True)]
            print(
                f"| {wanted} | {name} | {one.unknowns} | {one.current / exact - 1.0:.1e} "
                f"| {one.newton} | {seconds:.4f} | {statistics.median(ratios):.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
