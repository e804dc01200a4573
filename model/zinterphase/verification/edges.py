"""Current around edges and bumps on meshes of one's own: Hull cell, disk, hemisphere, ridge.

Left out of reference case 5: the local secondary current on the disk (its reference is posed on an
unbounded domain, so only the total is compared, with the resistance beyond the mesh in closed form)
and semi-ellipsoids other than the circle (same equations).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.geometry.raw import Floats, RawMesh
from zinterphase.mesh import Domain
from zinterphase.observe.planes import equipotential_map
from zinterphase.parallel import on_root
from zinterphase.run import solve
from zinterphase.solve.problem import Problem
from zinterphase.solve.system import LIQUID
from zinterphase.verification.cells import VT, potential
from zinterphase.verification.closed.distribution import PROTRUSIONS
from zinterphase.verification.compared import reference, values
from zinterphase.verification.corrugation import KAPPA, distribution
from zinterphase.verification.grids import (
    BASE,
    COUNTER,
    SIDES,
    drawn,
    named,
    shared_folder,
    triangles,
)
from zinterphase.verification.known import Check, KnownProblem, relative, worst

HULL = [(0.0, 0.0), (0.127, 0.0), (0.0476, 0.0635), (0.0, 0.0635)]
HULL_EDGES = ["sides", "base", "sides", "counter"]
RADIUS = 1e-3


def user_case(resistance: float, mesh: Path, extent: tuple[float, float], **more: Any) -> Case:
    """1 V over the mesh in a file, P2."""
    width, height = extent
    options = {"file": str(mesh), "order": 2}
    control = potential(-1.0)
    return distribution(resistance, height, width=width, mesh=options, control=control, **more)


def draw_hull(path: Path) -> Path:
    """The trapezoid, graded into the obtuse corner where the primary current is singular."""

    def size(x: float, y: float) -> float:
        return 2e-6 + 0.06 * float(np.hypot(x - HULL[2][0], y - HULL[2][1]))

    return drawn(path, HULL, HULL_EDGES, size)


def hull(comm: MPI.Intracomm) -> Iterator[Check]:
    """267 mL Hull cell: total current, and the local one along the cathode."""
    known, profiles = values("case05"), reference("case05")["profiles"]
    length = float(np.hypot(HULL[1][0] - HULL[2][0], HULL[1][1] - HULL[2][1]))
    with shared_folder(comm) as folder:
        mesh = on_root(comm, partial(draw_hull, folder / "hull.msh"))
        for wagner in (0.0, 0.1, 1.0, 10.0):
            result = solve(user_case(wagner * 0.0635 / KAPPA, mesh, (0.127, 0.0635)), comm)
            total = -result.currents.total / KAPPA
            key = "hull|" if not wagner else f"hull_secondary|Wa{wagner:g}|"
            exact = known[f"{key}I_per_depth_over_kappaV"]
            yield relative(f"I/(kappa V depth), Wa = {wagner:g}", total, exact, 1e-4)
            if not wagner:
                continue
            profile, chart = profiles[f"{key}cathode"], result.surface
            distance = np.linalg.norm(chart.position - np.array(HULL[2]), axis=1) / length
            order = np.argsort(distance)
            local = chart.values["current_density"][order] / chart.mean("current_density")
            found = np.interp(profile["x"], distance[order], local)
            expected = np.array(profile["columns"]["i_over_iavg"]["values"])
            quantity = f"worst of i/i_avg along the cathode, Wa = {wagner:g}"
            yield worst(quantity, found / expected, 1.0, 1e-3, scale=1.0)


def draw_disk(xi: int, path: Path) -> Path:
    """Half cross-section of a disk of 1 mm in an insulator, up to an oblate spheroid."""

    def size(x: float, y: float) -> float:
        return 1e-8 + 0.08 * float(np.hypot(x - RADIUS, y))

    angle = np.linspace(0.0, np.pi / 2, 181)
    outer = RADIUS * np.column_stack([np.hypot(1, xi) * np.cos(angle), xi * np.sin(angle)])
    corners = [(0.0, 0.0), (RADIUS, 0.0), *((float(x), float(y)) for x, y in outer)]
    corners[-1] = (0.0, corners[-1][1])
    edges = ["base", "sides", *["counter"] * (len(outer) - 1), "sides"]
    return drawn(path, corners, edges, size)


def disk_current(resistance: float, xi: int, mesh: Path, comm: MPI.Intracomm) -> float:
    """Total current at 1 V against the grounded spheroid [A]."""
    extent = (RADIUS * float(np.hypot(1, xi)), RADIUS * xi)
    case = user_case(resistance, mesh, extent, geometry={"coordinates": "axisymmetric"})
    return -solve(case, comm).currents.total


def disk(comm: MPI.Intracomm) -> Iterator[Check]:
    """Primary current in a bounded domain, secondary resistance with the rest in closed form."""
    known = values("case05")
    with shared_folder(comm) as folder:
        near = on_root(comm, partial(draw_disk, 5, folder / "near.msh"))
        found = disk_current(0.0, 5, near, comm)
        exact = known["disk|truncated_xi5|grounded_outer|I"]
        yield relative("primary current, spheroid xi = 5 [A]", found, exact, 1e-3)
        far = on_root(comm, partial(draw_disk, 50, folder / "far.msh"))
        beyond = (np.pi / 2 - np.arctan(50.0)) / (2 * np.pi)
        for ratio in (0.1, 1.0, 10.0, 100.0):
            total = disk_current(RADIUS / (KAPPA * ratio), 50, far, comm)
            exact = known[f"disk|secondary|J{ratio:g}|R_total_kappa_a"]
            quantity = f"R kappa a, a/(kappa R_ct) = {ratio:g}"
            yield relative(quantity, KAPPA * RADIUS / total + beyond, exact, 1e-3)


def protrusion(shape: str, comm: MPI.Intracomm) -> Iterator[Check]:
    """i = 3 cos(theta) or 2 cos(theta) times that far away; exact potential on the outer arc.

    The mesh is handed over as arrays: the case's own recipe and user meshes refuse walls as steep
    as the foot of the bump. The outer values vary along the arc, so they are put into the field.
    """
    round_bump = shape == "hemisphere"
    coordinates: Literal["axisymmetric", "planar"] = "axisymmetric" if round_bump else "planar"
    power, inner, outer = 3 if round_bump else 2, 1e-6, 5e-6
    axis = {"coordinates": coordinates}
    case = distribution(0.0, outer, width=outer, geometry=axis, control=potential(0.0))
    mesh = quarter_ring(inner, outer, columns=64, rows=160) if comm.rank == 0 else None
    problem = Problem(case, Domain.create(comm, mesh, coordinates))
    problem.set_load(1.0)
    place = problem.liquid.scalar.tabulate_dof_coordinates()
    height = place[problem.reservoir_dofs, 1] / outer
    imposed = height * (1 - (inner / outer) ** power)  # E0 b = RT/F
    problem.liquid_field.x.array[problem.reservoir_dofs] = imposed
    problem.solve_here()
    far_away = -KAPPA * VT / outer
    near = np.hypot(*place[problem.electrode_dofs, :2].T) < 1.0001 * inner
    collected = float(problem.recovered(LIQUID, problem.electrode_dofs[near])[0])
    area = np.pi * inner**2 if round_bump else inner  # half a ridge
    exact = PROTRUSIONS[shape]
    yield relative("current over that of the plane below", collected / far_away / area, exact, 1e-3)
    chart = equipotential_map(problem)
    local = chart.values["current_density"][np.argmax(chart.position[:, 1])] / far_away
    # Of first order on the axis, where a node's area goes with the square of the mesh size.
    yield relative("current density at the tip", local, exact, 1e-2)


def quarter_ring(inner: float, outer: float, columns: int, rows: int) -> RawMesh:
    """A quarter ring over a bump of radius ``inner``; the plane around it belongs to the base."""
    angle = np.linspace(0.0, np.pi / 2, columns + 1)
    radius = inner * (outer / inner) ** np.linspace(0.0, 1.0, rows + 1)
    t, r = np.meshgrid(angle, radius)
    points = np.column_stack([(r * np.sin(t)).ravel(), (r * np.cos(t)).ravel()])
    points[np.abs(points) < 1e-9 * inner] = 0.0

    def group_of(middle: Floats) -> Floats:
        distance = np.hypot(*middle.T)
        wall = (distance <= inner) | (middle[:, 1] == 0.0)
        outline = np.where(distance > 0.999 * outer, COUNTER, SIDES)
        return np.asarray(np.where(wall, BASE, outline))

    cells = triangles(columns, rows)
    return named(points, cells, np.ones(len(cells), dtype=np.int32), ["liquid"], group_of)


PROBLEMS = (
    KnownProblem(
        "distribution.hull",
        "total and local current of a Hull cell, primary and Wa = 0.1 to 10",
        "reference case 5: Schwarz-Christoffel map and integral equation",
        hull,
    ),
    KnownProblem(
        "distribution.disk",
        "current of a disk, primary and a/(kappa R_ct) = 0.1 to 100, axisymmetric",
        "Newman (1966); reference case 5: Legendre series",
        disk,
    ),
    *(
        KnownProblem(
            f"distribution.{shape}",
            f"current of a {shape} on a plane, in total and at the tip",
            "closed form, factors 3 and 2",
            partial(protrusion, shape),
        )
        for shape in PROTRUSIONS
    ),
)
