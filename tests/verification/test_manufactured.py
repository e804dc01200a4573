"""Orders of convergence of `pnp` in L2 and H1 by manufactured solutions (reference case 10).

P1: L2 2, H1 1; P2: L2 3, H1 2; the flux through Dirichlet boundaries, recovered from the residual,
at least 2. Four families: smooth fields on a square with the reaction and the compact layer on its
lower side; the same above a meshed metal; a double layer of lambda_D/L = 5e-4 on graded meshes; and
the fields A2, H2 and A3 of the reference, steady at a fixed time with p dc/dt on the right-hand
side. Time stepping itself (orders in dt) is left out: there are steady levels only.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import ufl
from dolfinx import fem

from zinterphase.case import Case
from zinterphase.levels import LiquidMedia
from zinterphase.scales import FARADAY, VACUUM_PERMITTIVITY
from zinterphase.solve.problem import Problem
from zinterphase.verification.cells import VT, WATER, Ion, Metal, binary, case_of, potential, si
from zinterphase.verification.grids import grid
from zinterphase.verification.references import values

from .manufactured import Exact, build, errors, flux_error, outflow

METAL_POTENTIAL, PZC, EXCHANGE, STERN, ALPHAS = -0.8, 0.5, 2e3, 0.2, (1.5, 0.5)
THIN = 0.3e-9
REFERENCE = Path(__file__).parent / "reference"


def orders(sizes: list[float], table: list[np.ndarray]) -> np.ndarray:
    """Slope of each component's error over the mesh size."""
    return np.polyfit(np.log(sizes), np.log(np.array(table)), 1)[0]


def cell(length: float, ions: Any, order: int, *, meshed: bool = False) -> Case:
    layer = {
        "thickness": si(length / 2, "m"),
        "potential": "resolved",
        "electronic_conductivity": "3e-3 S/m",
    }
    return case_of(
        "pnp",
        length,
        ions,
        Metal(EXCHANGE, *ALPHAS, pzc=PZC * VT, stern=STERN),
        width=length,
        control=potential(METAL_POTENTIAL * VT),
        metal_layer=layer if meshed else None,
        mesh={"order": order},
    )


# -- laws, written out again -------------------------------------------------------------------


def exact_of(problem: Problem, mu: list[Any], phi: Any, solid: Any = None) -> Exact:
    """Data of given fields: transport, Poisson, Frumkin-Butler-Volmer and Stern below."""
    ions, permittivity = problem.bulk.species, WATER * VACUUM_PERMITTIVITY
    c = [s.concentration * ufl.exp(m - s.charge * phi) for s, m in zip(ions, mu, strict=True)]
    fluxes = [-s.diffusivity * k * ufl.grad(m) for s, k, m in zip(ions, c, mu, strict=True)]
    displacement = -permittivity * VT * ufl.grad(phi)
    density = FARADAY * sum(s.charge * k for s, k in zip(ions, c, strict=True))
    metal = problem.potential.function + (0 if solid is None else solid)
    charge = ions[0].charge
    cathodic = ufl.exp(mu[0] - charge * phi - ALPHAS[1] * (metal - phi))
    rate = EXCHANGE * (ufl.exp(ALPHAS[0] * (metal - phi)) - cathodic)
    wall = [-flux[1] for flux in fluxes]
    wall[0] += rate / (charge * FARADAY)
    electronic = None if solid is None else -3e-3 * VT * ufl.grad(solid)
    return Exact(
        mu,
        phi,
        [ufl.div(flux) for flux in fluxes],
        ufl.div(displacement) - density,
        wall,
        -displacement[1] + STERN * VT * (metal - phi - PZC),
        solid,
        None if electronic is None else ufl.div(electronic),
        None if electronic is None else electronic[1] - rate,
    )


def smooth(length: float, meshed: bool) -> Callable[[Problem], Exact]:
    def make(problem: Problem) -> Exact:
        x = ufl.SpatialCoordinate(problem.domain.mesh) / length
        mu = [
            0.5 * ufl.cos(np.pi * x[0]) * ufl.sin(1.7 * x[1] + 0.4),
            0.4 * ufl.sin(2 * x[0] + 0.2) * ufl.cos(2.2 * x[1]),
        ]
        phi = 0.6 * ufl.cos(1.5 * x[0] - 0.3) * ufl.cos(2 * x[1] + 0.5)
        solid = 0.7 * ufl.cos(np.pi * x[0]) * ufl.exp(x[1]) + 0.2 * x[1] if meshed else None
        return exact_of(problem, mu, phi, solid)

    return make


def study(
    case: Case, meshes: list[Any], sizes: list[float], make: Callable[[Problem], Exact]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Observed orders in L2, H1 and of the outflow."""
    l2, h1, flux = [], [], []
    for raw in meshes:
        problem, exact = build(case, raw, make)
        problem.solve_here()
        found = errors(problem, exact)
        l2.append(found.l2)
        h1.append(found.h1)
        flux.append(flux_error(problem, outflow(problem, flux_rows(problem, exact))))
    return orders(sizes, l2), orders(sizes, h1), orders(sizes, flux)


def flux_rows(problem: Problem, exact: Exact) -> list[Any]:
    """Rows of the residual's units leaving through the counter boundary."""
    n = ufl.FacetNormal(problem.domain.mesh)
    ions, rows = problem.bulk.species, []
    for s, m in zip(ions, exact.potentials, strict=True):
        c = s.concentration * ufl.exp(m - s.charge * exact.phi)
        rows.append(-FARADAY * s.diffusivity * c * ufl.dot(ufl.grad(m), n))
    field = -WATER * VACUUM_PERMITTIVITY * VT * ufl.grad(exact.phi)
    return [*rows, problem.bulk.charge_rate * ufl.dot(field, n)]


def square(length: float, n: int, meshed: bool) -> Any:
    columns = np.linspace(0.0, length, n + 1)
    layers = [("liquid", columns)]
    if meshed:
        layers = [("metal", np.linspace(-length / 2, 0.0, n // 2 + 1)), *layers]
    return grid(columns, layers, all_around=True)


@pytest.mark.parametrize("meshed", [False, True], ids=["equipotential", "meshed metal"])
@pytest.mark.parametrize("order", [1, 2])
def test_smooth_fields(order: int, meshed: bool) -> None:
    """lambda_D/L = 0.3; with and without the metal's potential as an unknown."""
    length, cells = 5e-9, [8, 16, 32] if order == 1 else [4, 8, 16]
    case = cell(length, binary(2, 100.0), order, meshed=meshed)
    meshes = [square(length, n, meshed) for n in cells]
    l2, h1, flux = study(case, meshes, [1 / n for n in cells], smooth(length, meshed))
    assert np.all(np.abs(l2 - (order + 1)) < 0.15), l2
    assert np.all(np.abs(h1 - order) < 0.1), h1
    assert np.all(flux > 1.8), flux


@pytest.mark.parametrize("order", [1, 2])
def test_thin_double_layer(order: int) -> None:
    """lambda_D/L = 4.8e-4: fields with exp(-y/lambda_D), meshes graded into the layer."""
    length, debye = 1e-6, 4.807e-10

    def make(problem: Problem) -> Exact:
        x = ufl.SpatialCoordinate(problem.domain.mesh)
        wave, y = ufl.cos(np.pi * x[0] / length), x[1] / length
        layer = ufl.exp(-x[1] / debye)
        mu = [-0.5 * (1 - y) * (1 + 0.2 * wave) + 0.1 * layer, 0.1 * wave * ufl.cos(2 * y)]
        phi = -(1 + 0.3 * wave) * layer - 0.2 * (1 - y**2) * (1 + 0.3 * wave)
        return exact_of(problem, mu, phi)

    case = cell(length, binary(2, 100.0), order)
    cells = [4, 8, 16] if order == 1 else [2, 4, 8]
    meshes = [graded_square(length, debye, n) for n in cells]
    l2, h1, flux = study(case, meshes, [1 / n for n in cells], make)
    assert np.all(np.abs(l2 - (order + 1)) < 0.25), l2
    assert np.all(np.abs(h1 - order) < 0.2), h1
    # The anion's outflow is exact to rounding, the displacement there too small to be compared.
    assert flux[0] > 1.8, flux


def graded_square(length: float, debye: float, n: int) -> Any:
    """Levels equidistant in ln(1 + y/debye), columns equidistant."""
    s = np.linspace(0.0, np.log1p(length / debye), 16 * n + 1)
    levels = debye * np.expm1(s)
    levels[-1] = length
    return grid(np.linspace(0.0, length, 2 * n + 1), [("liquid", levels)], all_around=True)


# -- the reference's own fields ------------------------------------------------------------------


def reference_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("mms_case10", REFERENCE / "mms_case10.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CASE10 = reference_module()
NAMES = {"A2": ("p", "m"), "H2": ("p", "m"), "A3": ("p", "m", "h")}
DIFFUSIVITIES = {"p": CASE10.Dp, "m": CASE10.Dm, "h": CASE10.Dh}


def case10(version: str, order: int) -> Case:
    """The reference's x is the stack direction here: its electrode x = 0 lies at the lower end."""
    c0 = CASE10.c0
    bulk = {"p": c0, "m": c0 if version != "A3" else 1.25 * c0, "h": c0 / 2}
    charges = {"p": 2, "m": -2, "h": 1}
    ions = [Ion(n, charges[n], DIFFUSIVITIES[n], bulk[n]) for n in NAMES[version]]
    metal = Metal(2 * FARADAY * CASE10.k0, 1.0, 1.0, stern=CASE10.CS)
    return case_of(
        "pnp",
        CASE10.L,
        ions,
        metal,
        width=CASE10.L,
        control=potential(0.0),
        mesh={"order": order},
    )


def fields_of(version: str, walls: bool, order: int) -> Callable[[Problem], Exact]:
    """Exact data interpolated two orders above the problem's own."""
    law, time, porosity = getattr(CASE10, version), 0.4 * CASE10.t0, media(version)

    def make(problem: Problem) -> Exact:
        space = fem.functionspace(problem.domain.mesh, ("Lagrange", order + 2))

        def field(formula: Callable[[Any, Any], Any]) -> fem.Function:
            function = fem.Function(space)
            function.interpolate(lambda x: formula(x[1], x[0]) * np.ones_like(x[0]))
            return function

        def source(name: str) -> fem.Function:
            def steady(x: Any, y: Any) -> Any:
                step = 1e-20 * CASE10.t0
                slope = np.imag(law(x, y, time + 1j * step)[f"c_{name}"]) / step
                return law(x, y, time)[f"f_{name}"] - porosity(x) * slope

            return field(steady)

        def mu(s: Any) -> fem.Function:
            def formula(x: Any, y: Any) -> Any:
                all_fields = law(x, y, time)
                ratio = all_fields[f"c_{s.name}"] / s.concentration
                return np.log(ratio) + s.charge * all_fields["phi"] / CASE10.VT

            return field(formula)

        ions = problem.bulk.species
        wall = charge = None
        if walls:
            # g_BV and g_S are what N_p . n and eps grad phi . n exceed the laws by.
            wall = [field(lambda x, y: law(x, y, time)["g_BV"])]
            wall.append(field(lambda x, y: -law(x, y, time)["Nx_m"]))
            charge = field(lambda x, y: -law(x, y, time)["g_S"])
        return Exact(
            [mu(s) for s in ions],
            field(lambda x, y: law(x, y, time)["phi"] / CASE10.VT),
            [source(s.name) for s in ions],
            field(lambda x, y: law(x, y, time)["f_phi"]),
            wall,
            charge,
        )

    return make


def media(version: str) -> Callable[[Any], Any]:
    """Porosity along the reference's x."""
    if version == "H2":
        return lambda x: 0.5 + 0.3 * x / CASE10.L
    return lambda x: 1.0 + 0 * x


def varying_media(problem: Problem) -> LiquidMedia:
    """H2: permittivity, porosity and diffusivity that vary inside the layer."""
    x = ufl.SpatialCoordinate(problem.domain.mesh) / CASE10.L
    return LiquidMedia(0.5 + 0.3 * x[1], 0.6 + 0.4 * x[0], CASE10.eps * (1 - 0.4 * x[1]), 0.0)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("version", ["A2", "A2 electrode", "H2", "A3"])
def test_reference_fields(version: str, order: int) -> None:
    """Case 10, all sides Dirichlet or with Butler-Volmer and Stern on the reference's x = 0."""
    name, _, electrode = version.partition(" ")
    cells = [8, 16, 32] if order == 1 else [4, 8, 16]
    make, case = fields_of(name, bool(electrode), order), case10(name, order)
    l2, h1 = [], []
    for n in cells:
        raw = square(CASE10.L, n, False)
        problem, exact = build(case, raw, make, varying_media if name == "H2" else None)
        problem.solve_here()
        found = errors(problem, exact)
        l2.append(found.l2)
        h1.append(found.h1)
    sizes = [1 / n for n in cells]
    assert np.all(np.abs(orders(sizes, l2) - (order + 1)) < 0.2), orders(sizes, l2)
    assert np.all(np.abs(orders(sizes, h1) - order) < 0.15), orders(sizes, h1)


def test_reference_sources() -> None:
    """The copied generator returns the sample points of the reference."""
    expected = values("case10", REFERENCE)
    for key, value in expected.items():
        if "|X" not in key:
            continue
        version, point, name = key.split("|")
        x, y, s = (float(part[1:]) for part in point.split(","))
        found = getattr(CASE10, version)(x * CASE10.L, y * CASE10.L, s * CASE10.t0)[name]
        scale = {"f_phi": CASE10.F * CASE10.c0}.get(name, abs(value))
        assert found == pytest.approx(value, abs=1e-12 * max(scale, abs(value)))
