"""Orders of convergence of `pnp` for more manufactured fields than `zinterphase verify` has.

Smooth fields with Dirichlet data all around and the flux recovered there, with and without the
metal's potential; and the fields A2, H2 and A3 of reference case 10, steady at a fixed time with
p dc/dt on the right-hand side. Orders in the time step are left out: there are steady levels only.
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
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.levels import LiquidMedia
from zinterphase.scales import FARADAY
from zinterphase.solve.discretisation import charge_rate
from zinterphase.solve.problem import Problem
from zinterphase.verification.cells import VT, Metal, SampleIon, binary, case_of, potential, si
from zinterphase.verification.compared import values
from zinterphase.verification.grids import grid
from zinterphase.verification.manufactured.exact_problem import Exact, manufactured
from zinterphase.verification.manufactured.laws import ElectrodeLaw, IonLaw, exact_data

REFERENCE = Path(__file__).parent / "reference"
KINETICS = ElectrodeLaw(2e3, 1.5, 0.5, stern=0.2, pzc=0.5)
DIFFUSIVITY = (0.7e-9, 1.05e-9)
SIGMA = 3e-3


def orders(sizes: list[float], table: list[np.ndarray]) -> np.ndarray:
    """Slope of each component's error over the mesh size."""
    return np.polyfit(np.log(sizes), np.log(np.array(table)), 1)[0]


def cell(length: float, order: int, *, meshed: bool) -> Case:
    layer = {
        "thickness": si(length / 2, "m"),
        "potential": "resolved",
        "electronic_conductivity": si(SIGMA, "S/m"),
    }
    metal = Metal(2e3, 1.5, 0.5, pzc=0.5 * VT, stern=0.2)
    return case_of(
        "pnp",
        length,
        binary(2, 100.0, DIFFUSIVITY),
        metal,
        width=length,
        control=potential(-0.8 * VT),
        metal_layer=layer if meshed else None,
        mesh={"order": order},
    )


def smooth(length: float, meshed: bool) -> Callable[[Problem], Exact]:
    def make(problem: Problem) -> Exact:
        x = ufl.SpatialCoordinate(problem.domain.mesh) / length
        fields = [
            0.5 * ufl.cos(np.pi * x[0]) * ufl.sin(1.7 * x[1] + 0.4),
            0.4 * ufl.sin(2 * x[0] + 0.2) * ufl.cos(2.2 * x[1]),
            0.6 * ufl.cos(1.5 * x[0] - 0.3) * ufl.cos(2 * x[1] + 0.5),
        ]
        solid = 0.7 * ufl.cos(np.pi * x[0]) * ufl.exp(x[1]) + 0.2 * x[1] if meshed else None
        law = law_of(problem)
        return exact_data(problem, law, fields, solid=solid, conductivity=SIGMA)

    return make


def law_of(problem: Problem) -> IonLaw:
    rate = charge_rate(problem.case, problem.bulk)
    return IonLaw((2, -2), DIFFUSIVITY, (100.0, 100.0), KINETICS, rate, False)


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
    case, l2, h1, flux = cell(length, order, meshed=meshed), [], [], []
    for n in cells:
        raw = square(length, n, meshed)
        problem = manufactured(case, raw, smooth(length, meshed), MPI.COMM_SELF)
        problem.solve_here()
        found = problem.errors()
        l2.append(found.l2)
        h1.append(found.h1)
        fluxes = law_of(problem).fluxes(problem.exact.liquid, case.layer("liquid"))
        flux.append(problem.flux_errors(fluxes))
    sizes = [1 / n for n in cells]
    assert np.all(np.abs(orders(sizes, l2) - (order + 1)) < 0.15), orders(sizes, l2)
    assert np.all(np.abs(orders(sizes, h1) - order) < 0.1), orders(sizes, h1)
    assert np.all(orders(sizes, flux) > 1.8), orders(sizes, flux)


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
    ions = [SampleIon(n, charges[n], DIFFUSIVITIES[n], bulk[n]) for n in NAMES[version]]
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
        wall, rate = None, problem.bulk.charge_rate
        if walls:
            # g_BV and g_S are what N_p . n and eps grad phi . n exceed the laws by.
            wall = [-FARADAY * field(lambda x, y: law(x, y, time)["g_BV"])]
            wall.append(FARADAY * field(lambda x, y: law(x, y, time)["Nx_m"]))
            wall.append(rate * field(lambda x, y: law(x, y, time)["g_S"]))
        phi = field(lambda x, y: law(x, y, time)["phi"] / CASE10.VT)
        charge = field(lambda x, y: law(x, y, time)["f_phi"])
        rows = [*(FARADAY * source(s.name) for s in ions), rate * charge]
        return Exact([*(mu(s) for s in ions), phi], {"liquid": rows}, wall=wall)

    return make


def media(version: str) -> Callable[[Any], Any]:
    """Porosity along the reference's x."""
    if version == "H2":
        return lambda x: 0.5 + 0.3 * x / CASE10.L
    return lambda x: 1.0 + 0 * x


def varying_media(problem: Problem) -> LiquidMedia:
    """H2: permittivity, porosity and diffusivity that vary inside the layer."""
    x = ufl.SpatialCoordinate(problem.domain.mesh) / CASE10.L
    permittivity = CASE10.eps * (1 - 0.4 * x[1])
    transport, uncharged, isotropic = 0.6 + 0.4 * x[0], (0.0, 0.0), 1.0
    return LiquidMedia(0.5 + 0.3 * x[1], transport, permittivity, *uncharged, 0.0, isotropic)


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
        media = varying_media if name == "H2" else None
        problem = manufactured(case, raw, make, MPI.COMM_SELF, media)
        problem.solve_here()
        found = problem.errors()
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
