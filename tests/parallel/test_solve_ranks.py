"""The same numbers on any number of ranks, the partition forced onto the interfaces.

Each test solves a case on all ranks and again on every rank by itself, and compares what a user
gets. With the direct solver the two differ by rounding only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.advice import regime_of
from zinterphase.case import Case
from zinterphase.geometry.build import build
from zinterphase.geometry.quality import mesh_quality
from zinterphase.geometry.raw import RawMesh, Tags
from zinterphase.geometry.recipe import recipe_from_case
from zinterphase.mesh import Domain
from zinterphase.observe.surface import SurfaceMap
from zinterphase.result import Result
from zinterphase.solve.problem import Problem
from zinterphase.studies.single import solve_on
from zinterphase.verification.cells import Metal, binary, case_of, current, film, potential, si

WIDTH = 2e-6
SALT = binary(2, 100.0)
METAL = Metal(3.0, 1.5, 0.5, pzc=-0.1, stern=0.3)
SOLID = {"thickness": "200 nm", "potential": "resolved", "electronic_conductivity": "1e-2 S/m"}
SILVER = {
    "name": "silver",
    "material": "Ag_nanoparticles",
    "thickness": "300 nm",
    "electronic_conductivity": "1e-2 S/m",
}
PARTITIONS = {1: ("graph",), 2: ("graph", "interfaces"), 3: ("quarters",), 4: ("quarters",)}
TOLERANCE = 1e-9


def corrugated(level: str, **more: Any) -> Case:
    """A wave under 2 um of electrolyte, some 300 to 1500 unknowns."""
    options: dict[str, Any] = {
        "control": current(-10.0),
        "conductivity": None if level == "pnp" else 0.9,
        "width": WIDTH,
        "surface": {"shape": "sinusoidal", "amplitude": "60 nm", "wavelength": si(WIDTH, "m")},
        "mesh": {
            "lateral_size": si(WIDTH / 16, "m"),
            "first_cell": "2 nm" if level == "pnp" else "40 nm",
            "growth": 2.0,
        },
    }
    return case_of(level, 2e-6, SALT, METAL, **{**options, **more})


def owners(raw: RawMesh, ranks: int, kind: str) -> Tags | None:
    """Rank of each cell: layers dealt to the ranks in turn, whole or cut at half the width."""
    if kind == "graph":
        return None
    right = raw.points[raw.cells].mean(axis=1)[:, 0] > WIDTH / 2
    part = raw.cell_tags + (2 * right if kind == "quarters" else 0)
    return (part % ranks).astype(np.int32)


def solved(case: Case, comm: MPI.Intracomm, kind: str) -> Result:
    raw = build(recipe_from_case(case)) if comm.rank == 0 else None
    partition = None if raw is None else owners(raw, comm.size, kind)
    domain = Domain.create(comm, raw, case.geometry.coordinates, partition=partition)
    regime = regime_of(case)
    report = None if raw is None else mesh_quality(raw, regime.debye_length)
    quality = comm.bcast(report, root=0)
    return solve_on(Problem(case, domain), regime, quality, {})


def numbers(result: Result) -> Iterator[tuple[str, Any, float]]:
    """Name, value and scale of everything compared."""
    current_scale = abs(result.mean_current_density)
    yield "current", result.mean_current_density, current_scale
    volts = max(abs(result.potential), abs(result.voltage.kinetic))
    yield "potential", result.potential, volts
    parts = result.voltage
    yield "kinetic", parts.kinetic, volts
    yield "counter", parts.counter_kinetic, volts
    yield "electronic", parts.electronic, volts
    for name in parts.ohmic:
        yield f"ohmic {name}", parts.ohmic[name], volts
        yield f"concentration {name}", parts.concentration[name], volts
    for row in result.balances:
        yield f"balance {row.name}", np.array([row.left, row.right]), row.scale
    for name, metric in result.homogeneity.items():
        yield f"mean of {name}", metric.mean, abs(metric.mean)
        yield f"CV of {name}", metric.cv, 1.0
        yield f"maximum of {name}", metric.max_over_mean, 1.0
    yield from map_numbers("surface", result.surface)
    yield from map_numbers("anode", result.anode)
    if result.outer_face is not None:
        yield from map_numbers("outer face", result.outer_face)


def map_numbers(where: str, chart: SurfaceMap) -> Iterator[tuple[str, Any, float]]:
    yield f"{where}: area", chart.area, float(chart.area.max())
    yield f"{where}: position", chart.position, WIDTH
    for name, field in chart.values.items():
        yield f"{where}: {name}", field, float(np.abs(field).max()) or 1.0


def assert_same(case: Case, comm: MPI.Intracomm) -> None:
    alone = solved(case, MPI.COMM_SELF, "graph")
    expected = {name: (value, scale) for name, value, scale in numbers(alone)}
    for kind in PARTITIONS[comm.size]:
        found = {name: value for name, value, _ in numbers(solved(case, comm, kind))}
        assert found.keys() == expected.keys()
        for name, (value, scale) in expected.items():
            error = np.max(np.abs(found[name] - value)) / scale
            assert error < TOLERANCE, f"{kind}: {name} off by {error:.1e} on {comm.size} ranks"


@pytest.mark.parallel([1, 2, 3, 4])
def test_pnp_over_meshed_metal(comm: MPI.Intracomm) -> None:
    assert_same(corrugated("pnp", metal_layer=SOLID), comm)


@pytest.mark.parallel([1, 2, 3, 4])
def test_pnp_with_porous_conductor_and_film(comm: MPI.Intracomm) -> None:
    charged = film("titania", 300e-9, transport=0.2, fixed_charge="-40 mol/m^3")
    kinetics = {"silver": METAL.table(SALT[0])}
    case = corrugated("pnp", metal_layer=SOLID, films=[SILVER, charged], kinetics=kinetics)
    assert_same(case, comm)


@pytest.mark.slow
@pytest.mark.parallel([2, 4])
def test_pnp_in_a_closed_cell(comm: MPI.Intracomm) -> None:
    assert_same(corrugated("pnp", metal_layer=SOLID, counter=True), comm)


@pytest.mark.parallel([1, 2, 3, 4])
def test_secondary_with_meshed_metal_and_porous_conductor(comm: MPI.Intracomm) -> None:
    kinetics = {"silver": METAL.table(SALT[0])}
    case = corrugated("secondary", metal_layer=SOLID, films=[SILVER], kinetics=kinetics)
    assert_same(case, comm)


@pytest.mark.slow
@pytest.mark.parallel([2, 4])
def test_secondary_under_a_film(comm: MPI.Intracomm) -> None:
    films = [film("titania", 300e-9, transport=0.01)]
    assert_same(corrugated("secondary", films=films, counter=True), comm)


@pytest.mark.parallel([2])
def test_primary(comm: MPI.Intracomm) -> None:
    films = [film("titania", 300e-9, transport=0.1)]
    assert_same(corrugated("primary", films=films, control=potential(-0.01)), comm)


@pytest.mark.slow
@pytest.mark.parallel([3])
def test_pnp_in_3d(comm: MPI.Intracomm) -> None:
    case = corrugated(
        "pnp",
        metal_layer=SOLID,
        geometry={"dimension": 3},
        surface=None,
        mesh={"lateral_size": si(WIDTH / 4, "m"), "first_cell": "2 nm", "growth": 2.0},
    )
    assert_same(case, comm)
