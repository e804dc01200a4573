"""Reference case 5 at `secondary` and `primary`: where the current goes.

Corrugated electrodes with and without films, to first order and at finite amplitude; the Hull cell
and the disk on meshes a user brings; hemisphere and ridge. Heterogeneous kinetics under a film are
those of the theory's equation (21).

Left out: the flat film of `film_finite` (4.77 um of wave in 5 um of film: the mesh recipe refuses a
layer thinner than 5 % of itself anywhere); `corr_difflim` (limiting current, a diffusion problem);
the local secondary current on the disk (its reference is posed on an infinite domain, so only the
total is compared, with the resistance beyond the mesh added in closed form); semi-ellipsoids other
than the circle (same equations).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.geometry.raw import RawMesh
from zinterphase.mesh import Domain
from zinterphase.observe.currents import working_current
from zinterphase.observe.planes import equipotential_map
from zinterphase.observe.surface import SurfaceMap
from zinterphase.result import Result
from zinterphase.solve.problem import LIQUID, Problem
from zinterphase.studies import solve
from zinterphase.verification.cells import (
    VT,
    Metal,
    binary,
    case_of,
    current,
    film,
    linear,
    potential,
    si,
)
from zinterphase.verification.grids import BASE, COUNTER, SIDES, drawn, named, triangles
from zinterphase.verification.references import reference
from zinterphase.verification.references import values as expected_values

EXPECTED = expected_values("case05")
PROFILES = reference("case05")["profiles"]
SALT, KAPPA, GAP = binary(2, 2000.0), 5.0, 100e-6
RESISTANCES = {"0": 0.0, "0.0001284": 1.284e-4, "0.001284": 1.284e-3}
FILMS = [(1, 0.5), (1, 0.05), (5, 0.5)]


def solved(case: Case) -> Result:
    return solve(case, MPI.COMM_SELF)


def distribution(resistance: float, thickness: float, **more: Any) -> Case:
    """`secondary` with linear kinetics, or `primary` without kinetic resistance."""
    level, metal = ("secondary", linear(resistance)) if resistance else ("primary", Metal(1.0))
    return case_of(level, thickness, SALT, metal, conductivity=KAPPA, **more)


# -- corrugation -------------------------------------------------------------------------------


def corrugated(
    wavelength: float,
    amplitude: float,
    resistance: float,
    layer: tuple[float, float, str] | None,
    columns: int = 32,
    order: int = 2,
) -> Result:
    """Half a wave between mirror planes; ``layer`` is (thickness, conductivity, top)."""
    width, films, mesh = wavelength / 2, [], {}
    first = width / columns
    if layer is not None:
        thickness, conductivity, top = layer
        films = [film("film", thickness, transport=conductivity / KAPPA, top=top)]
        first = min(first, thickness / 8)
    mesh = {
        "lateral_size": si(width / columns, "m"),
        "first_cell": si(first, "m"),
        "far_size": si(GAP / 20, "m"),
        "growth": 1.2,
        "order": order,
    }
    surface = {
        "shape": "sinusoidal",
        "amplitude": si(amplitude, "m"),
        "wavelength": si(wavelength, "m"),
    }
    return solved(
        distribution(
            resistance,
            GAP,
            width=width,
            films=films,
            surface=surface,
            mesh=mesh,
            control=potential(-1.0),
        )
    )


def harmonic(chart: SurfaceMap, wavelength: float) -> float:
    """First cosine coefficient of the projected current density over its mean."""
    wave = np.cos(2 * np.pi * chart.position[:, 0] / wavelength)
    weighted = chart.area * chart.values["current_density"]
    return float(2 * (weighted @ wave) / weighted.sum())


@pytest.mark.parametrize("resistance", RESISTANCES)
@pytest.mark.parametrize("micrometres", [5, 20, 50, 200])
def test_linear_response_of_a_corrugation(micrometres: int, resistance: str) -> None:
    """i1/(i_avg k h) without film, and with conformal and flat films of three kinds."""
    wavelength = micrometres * 1e-6
    key, k = f"corr|lam{micrometres}um|Rct{resistance}|", 2 * np.pi / wavelength
    layers: list[tuple[float, float, str] | None] = [None]
    layers += [(d * 1e-6, kf, top) for d, kf in FILMS for top in ("flat", "conformal")]
    for layer in layers:
        name, size = "T_nofilm", 1 / k
        if layer is not None:
            name = f"T_film_d{layer[0] * 1e6:.0f}um_kf{layer[1]:g}_{layer[2]}"
            size = min(size, layer[0])
        amplitude = 1e-3 * size
        result = corrugated(wavelength, amplitude, RESISTANCES[resistance], layer)
        found = harmonic(result.surface, wavelength) / (k * amplitude)
        assert found == pytest.approx(EXPECTED[key + name], rel=2e-3), name


def ends(chart: SurfaceMap, width: float) -> tuple[float, float]:
    """Current density at peak and valley, where it is even in the lateral position."""
    x, i = chart.position[:, 0], chart.values["current_density"]
    found = []
    for distance in (x, width - x):
        near = np.argsort(distance)[:12]
        found.append(np.polynomial.polynomial.polyfit((distance[near] / width) ** 2, i[near], 2)[0])
    return float(found[0]), float(found[1])


@pytest.mark.parametrize("resistance", ["0", "0.0001284"])
@pytest.mark.parametrize("steepness", ["0.3", "1"])
def test_finite_corrugation(steepness: str, resistance: str) -> None:
    """kh = 0.3 and 1: mean, peak and valley, the last two per true area."""
    wavelength = 100e-6
    amplitude = float(steepness) * wavelength / (2 * np.pi)
    # Without kinetic resistance the current is recovered at nodes, evenly with P1 only.
    order, columns = (2, 64) if RESISTANCES[resistance] else (1, 128)
    found = RESISTANCES[resistance], None, columns, order
    result = corrugated(wavelength, amplitude, *found)
    key = f"corr_finite|kh{steepness}|Rct{resistance}|"
    assert_peak_and_valley(result, key, wavelength)


FINITE_FILMS = [
    ("0", 0.5, "conformal"),
    ("0.0001284", 0.5, "conformal"),
    ("0.0001284", 0.05, "conformal"),
]


@pytest.mark.parametrize(("resistance", "conductivity", "top"), FINITE_FILMS)
def test_finite_corrugation_under_a_film(resistance: str, conductivity: float, top: str) -> None:
    """kh = 0.3, 5 um of conformal film."""
    wavelength = 100e-6
    amplitude = 0.3 * wavelength / (2 * np.pi)
    layer = (5e-6, conductivity, top)
    result = corrugated(wavelength, amplitude, RESISTANCES[resistance], layer, columns=64)
    key = f"film_finite|kh0.3|Rct{resistance}|d5um|kf{conductivity:g}|{top}|"
    assert_peak_and_valley(result, key, wavelength)


def assert_peak_and_valley(result: Result, key: str, wavelength: float) -> None:
    mean = -result.mean_current_density
    assert mean == pytest.approx(EXPECTED[f"{key}i_avg_projected_per_V"], rel=1e-3)
    peak, valley = ends(result.surface, wavelength / 2)
    assert -peak / mean == pytest.approx(EXPECTED[f"{key}i_peak_over_iavg"], rel=5e-3)
    assert -valley / mean == pytest.approx(EXPECTED[f"{key}i_valley_over_iavg"], rel=5e-3)


# -- heterogeneous kinetics under a film ---------------------------------------------------------


@pytest.mark.parametrize("ratio", [None, 0.25, 1e-3, 1e-4, 1e-5])
@pytest.mark.parametrize("micrometres", [1, 10, 100])
def test_film_transfer(micrometres: int, ratio: float | None, tmp_path: Path) -> None:
    """i1/(e i) = 1/(1 + Z(k)/R_ct) for i0 (1 + e cos kx) on a flat electrode, h = 1 um."""
    wavelength, thickness, patch, resistance = micrometres * 1e-6, 1e-6, 1e-3, 25.7e-4
    x = np.linspace(0.0, wavelength / 2, 401)
    factor = 1 + patch * np.cos(2 * np.pi * x / wavelength)
    table = np.column_stack([x, factor])
    rows = ["x,factor", *(f"{a!r},{b!r}" for a, b in table.tolist())]
    (tmp_path / "i0.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    films = [] if ratio is None else [film("film", thickness, transport=ratio)]
    height = max(4 * wavelength, 20e-6)
    metal = linear(resistance, extra={"map": {"file": "i0.csv"}})
    case = case_of(
        "secondary",
        height,
        SALT,
        metal,
        conductivity=5.65,
        films=films,
        width=wavelength / 2,
        control=current(-10.0),
        folder=tmp_path,
        mesh={
            "lateral_size": si(wavelength / 64, "m"),
            "first_cell": si(min(wavelength, 4e-6) / 64, "m"),
            "far_size": si(height / 15, "m"),
            "order": 2,
        },
    )
    found = harmonic(solved(case).surface, wavelength) / patch
    k, r = 2 * np.pi / wavelength, 1.0 if ratio is None else 1 / ratio
    # The mesh ends at 4 wavelengths or more: tanh(kL) = 1 to 1e-9.
    s, c = np.sinh(k * thickness), np.cosh(k * thickness)
    impedance = (c + r * s) / (5.65 / r * k * (s + r * c))
    assert found == pytest.approx(1 / (1 + impedance / resistance), rel=2e-4)


# -- meshes a user brings ------------------------------------------------------------------------

HULL = [(0.0, 0.0), (0.127, 0.0), (0.0476, 0.0635), (0.0, 0.0635)]
HULL_EDGES = ["sides", "base", "sides", "counter"]


@pytest.fixture(scope="module")
def hull(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trapezoid, graded into the obtuse corner where the primary current is singular."""

    def size(x: float, y: float) -> float:
        return 2e-6 + 0.06 * float(np.hypot(x - HULL[2][0], y - HULL[2][1]))

    return drawn(tmp_path_factory.mktemp("hull") / "hull.msh", HULL, HULL_EDGES, size)


def user_case(resistance: float, mesh: Path, extent: tuple[float, float], **more: Any) -> Case:
    width, height = extent
    options = {"file": str(mesh), "order": 2}
    return distribution(
        resistance, height, width=width, mesh=options, control=potential(-1.0), **more
    )


@pytest.mark.parametrize("wagner", [0.0, 0.1, 1.0, 10.0])
def test_hull_cell(wagner: float, hull: Path) -> None:
    """267 mL Hull cell, 1 V: total current, and the local one along the cathode."""
    result = solved(user_case(wagner * 0.0635 / KAPPA, hull, (0.127, 0.0635)))
    total = -working_current(result.problem) / KAPPA
    key = "hull|" if not wagner else f"hull_secondary|Wa{wagner:g}|"
    assert total == pytest.approx(EXPECTED[f"{key}I_per_depth_over_kappaV"], rel=1e-4)
    if not wagner:
        return
    profile = PROFILES[f"{key}cathode"]
    chart, near = result.surface, np.array(HULL[2])
    length = float(np.hypot(*(np.array(HULL[1]) - near)))
    distance = np.linalg.norm(chart.position - near, axis=1) / length
    order = np.argsort(distance)
    local = np.interp(profile["x"], distance[order], chart.values["current_density"][order])
    mean = chart.mean("current_density")
    expected = np.array(profile["columns"]["i_over_iavg"]["values"])
    assert local / mean == pytest.approx(expected, rel=1e-3)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Half cross-sections of a disk of 1 mm in an insulator up to oblate spheroids."""
    folder, radius = tmp_path_factory.mktemp("disk"), 1e-3

    def size(x: float, y: float) -> float:
        return 1e-8 + 0.08 * float(np.hypot(x - radius, y))

    meshes = {}
    for xi in (5, 50):
        angle = np.linspace(0.0, np.pi / 2, 181)
        outer = radius * np.column_stack([np.hypot(1, xi) * np.cos(angle), xi * np.sin(angle)])
        corners = [(0.0, 0.0), (radius, 0.0), *(tuple(p) for p in outer.tolist())]
        corners[-1] = (0.0, corners[-1][1])
        edges = ["base", "sides", *["counter"] * (len(outer) - 1), "sides"]
        meshes[xi] = drawn(folder / f"disk{xi}.msh", corners, edges, size)
    return meshes


def disk_current(resistance: float, mesh: Path, xi: int) -> float:
    extent = (1e-3 * float(np.hypot(1, xi)), 1e-3 * xi)
    axis = {"coordinates": "axisymmetric"}
    result = solved(user_case(resistance, mesh, extent, geometry=axis))
    return -working_current(result.problem)


def test_primary_current_of_a_disk(disk: dict[int, Path]) -> None:
    """Grounded oblate spheroid at xi = 5, 1 V, 5 S/m."""
    found = disk_current(0.0, disk[5], 5)
    assert found == pytest.approx(EXPECTED["disk|truncated_xi5|grounded_outer|I"], rel=1e-3)


@pytest.mark.parametrize("ratio", [0.1, 1.0, 10.0, 100.0])
def test_secondary_current_of_a_disk(ratio: float, disk: dict[int, Path]) -> None:
    """J = a/(kappa R_ct): resistance of mesh plus unbounded remainder."""
    radius = 1e-3
    total = disk_current(radius / (KAPPA * ratio), disk[50], 50)
    beyond = (np.pi / 2 - np.arctan(50.0)) / (2 * np.pi)
    resistance = KAPPA * radius / total + beyond
    expected = EXPECTED[f"disk|secondary|J{ratio:g}|R_total_kappa_a"]
    assert resistance == pytest.approx(expected, rel=1e-3)


BUMPS = {
    "hemisphere": ("axisymmetric", 3, "hemisphere_total_over_pi_a2_i", "hemisphere_tip"),
    "ridge": ("planar", 2, "ridge_total_over_2a_i", "semicircular_ridge_tip"),
}


@pytest.mark.parametrize("shape", BUMPS)
def test_protrusion_on_a_plane(shape: str) -> None:
    """i = 3 cos(theta) or 2 cos(theta) times that far away; exact potential on the outer arc.

    The mesh is handed over as arrays: the case's own recipe and user meshes refuse walls as steep
    as the foot of the bump. The outer values vary along the arc, so they are put into the field.
    """
    coordinates, power, total, tip = BUMPS[shape]
    inner, outer = 1e-6, 5e-6
    axis = {"coordinates": coordinates}
    case = distribution(0.0, outer, width=outer, geometry=axis, control=potential(0.0))
    mesh = polar_mesh(inner, outer, columns=64, rows=160)
    problem = Problem(case, Domain.create(MPI.COMM_SELF, mesh, coordinates))
    problem.set_load(1.0)
    place = problem.liquid.scalar.tabulate_dof_coordinates()
    height = place[problem.reservoir_dofs, 1] / outer
    imposed = height * (1 - (inner / outer) ** power)  # E0 b = RT/F
    problem.liquid_field.x.array[problem.reservoir_dofs] = imposed
    problem.solve_here()
    far_away = -KAPPA * VT / outer
    near = np.hypot(*place[problem.electrode_dofs, :2].T) < 1.0001 * inner
    collected = float(problem.recovered(LIQUID, problem.electrode_dofs[near])[0])
    area = np.pi * inner**2 if shape == "hemisphere" else inner  # half a ridge
    assert collected / (far_away * area) == pytest.approx(EXPECTED[f"protrusion|{total}"], rel=1e-3)
    chart = equipotential_map(problem)
    local = chart.values["current_density"][np.argmax(chart.position[:, 1])] / far_away
    # Of first order on the axis, where a node's area goes with the square of the mesh size.
    assert local == pytest.approx(EXPECTED[f"protrusion|{tip}"], rel=1e-2)


def polar_mesh(inner: float, outer: float, columns: int, rows: int) -> RawMesh:
    """A quarter ring over a bump of radius ``inner``; the plane around it belongs to the base."""
    angle = np.linspace(0.0, np.pi / 2, columns + 1)
    radius = inner * (outer / inner) ** np.linspace(0.0, 1.0, rows + 1)
    t, r = np.meshgrid(angle, radius)
    points = np.column_stack([(r * np.sin(t)).ravel(), (r * np.cos(t)).ravel()])
    points[np.abs(points) < 1e-9 * inner] = 0.0

    def group_of(middle: np.ndarray) -> np.ndarray:
        distance = np.hypot(*middle.T)
        wall = (distance <= inner) | (middle[:, 1] == 0.0)
        return np.where(wall, BASE, np.where(distance > 0.999 * outer, COUNTER, SIDES))

    cells = triangles(columns, rows)
    return named(points, cells, np.ones(len(cells), dtype=np.int32), ["liquid"], group_of)
