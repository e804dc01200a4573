"""The same numbers on any number of ranks and in any numbering of the mesh.

Each case is solved on every rank by itself and again on all ranks with partitions forced onto the
interfaces; on one rank with vertices and cells renumbered. With the direct solver what a user gets
differs by rounding only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.cell.advice import regime_of
from zinterphase.cell.electrodes import cell_of
from zinterphase.geometry.build import build
from zinterphase.geometry.quadratic import bent
from zinterphase.geometry.quality import mesh_quality
from zinterphase.geometry.raw import RawMesh, Tags
from zinterphase.geometry.recipe import recipe_from_case
from zinterphase.mesh import Domain
from zinterphase.observe.surface import SurfaceMap
from zinterphase.parallel import on_root
from zinterphase.result import Result
from zinterphase.run import solve_on
from zinterphase.solve.problem import Problem
from zinterphase.verification.cells import (
    Metal,
    SampleIon,
    case_of,
    current,
    film,
    potential,
    si,
    tables,
)
from zinterphase.verification.known import Check, KnownProblem

Array = npt.NDArray[np.float64]
Numbers = dict[str, tuple[Any, float]]
WIDTH = 2e-6
SALT = (SampleIon("Zn2+", 2, 0.7e-9, 100.0), SampleIon("SO42-", -2, 1.05e-9, 100.0))
METAL = Metal(3.0, 1.5, 0.5, pzc=-0.1, stern=0.3)
SOLID = {"thickness": "200 nm", "potential": "resolved", "electronic_conductivity": "1e-2 S/m"}
SILVER = {
    "name": "silver",
    "material": "Ag_nanoparticles",
    "thickness": "300 nm",
    "electronic_conductivity": "1e-2 S/m",
}
ON_SILVER = {"silver": METAL.table(SALT[0])}
CHARGED = film("titania", 300e-9, transport=0.2, fixed_charge="-40 mol/m^3")
SPATIAL_MESH = {"lateral_size": si(WIDTH / 4, "m"), "first_cell": "2 nm", "growth": 2.0}
TOLERANCE = 1e-9
KINDS = {1: ("renumbered",), 2: ("graph", "interfaces")}
"""How the mesh is distributed by number of ranks; "quarters" on more than two."""
CASES: dict[str, tuple[str, Mapping[str, Any]]] = {
    "pnp-metal": ("pnp", {"metal_layer": SOLID}),
    "pnp-metal-porous-film": (
        "pnp",
        {"metal_layer": SOLID, "films": [SILVER, CHARGED], "kinetics": ON_SILVER},
    ),
    "pnp-curved": (
        "pnp",
        {
            "metal_layer": SOLID,
            "films": [CHARGED],
            "mesh": {"lateral_size": si(WIDTH / 16, "m"), "growth": 2.0, "order": 2},
        },
    ),
    "primary-curved-3D": (
        "primary",
        {
            "geometry": {"dimension": 3},
            "width": WIDTH / 2,
            "films": [film("titania", 300e-9, transport=0.1)],
            "mesh": {"lateral_size": si(WIDTH / 16, "m"), "growth": 2.0, "order": 2},
            "control": potential(-0.01),
        },
    ),
    "pnp-closed": ("pnp", {"metal_layer": SOLID, "counter": True}),
    "pnp-3D": (
        "pnp",
        {
            "metal_layer": SOLID,
            "geometry": {"dimension": 3},
            "surface": None,
            "mesh": SPATIAL_MESH,
        },
    ),
    "concentrated-closed": ("concentrated", {"metal_layer": SOLID, "counter": True}),
    "electroneutral-film": (
        "electroneutral",
        {"films": [film("titania", 300e-9, transport=0.2)], "counter": True},
    ),
    "secondary-metal-porous": (
        "secondary",
        {"metal_layer": SOLID, "films": [SILVER], "kinetics": ON_SILVER},
    ),
    "secondary-film": (
        "secondary",
        {"films": [film("titania", 300e-9, transport=0.01)], "counter": True},
    ),
    "primary-film": (
        "primary",
        {"films": [film("titania", 300e-9, transport=0.1)], "control": potential(-0.01)},
    ),
}


def case_called(name: str) -> Case:
    """One of ``CASES``."""
    level, options = CASES[name]
    return corrugated(level, **options)


def corrugated(level: str, **options: Any) -> Case:
    """A wave under 2 um of electrolyte, some 300 to 1500 unknowns."""
    arguments: dict[str, Any] = {
        "control": current(-10.0),
        "conductivity": 0.9 if level in ("secondary", "primary") else None,
        "width": WIDTH,
        "surface": {"shape": "sinusoidal", "amplitude": "60 nm", "wavelength": si(WIDTH, "m")},
        "mesh": {
            "lateral_size": si(WIDTH / 16, "m"),
            "first_cell": "2 nm" if level == "pnp" else "40 nm",
            "growth": 2.0,
        },
        **options,
    }
    if level != "concentrated":
        return case_of(level, 2e-6, SALT, METAL, **arguments)
    data = tables(level, 2e-6, SALT, METAL, **arguments)
    data["electrolyte"] = {"salt": "ZnSO4", "concentration": "1400 mol/m^3"}
    return Case.from_dict(data)


def owners(raw: RawMesh, ranks: int, kind: str) -> Tags | None:
    """Rank of each cell: layers dealt to the ranks in turn, whole or cut at half the width."""
    if kind not in ("interfaces", "quarters"):
        return None
    right = raw.points[raw.cells].mean(axis=1)[:, 0] > WIDTH / 2
    part = raw.cell_tags + (2 * right if kind == "quarters" else 0)
    return np.asarray(part % ranks, dtype=np.int32)


def renumbered(raw: RawMesh) -> RawMesh:
    """The same mesh with vertices and cells in another order."""
    random = np.random.default_rng(7)
    order = random.permutation(len(raw.points))
    place = np.argsort(order)
    cells = random.permutation(len(raw.cells))
    facets = random.permutation(len(raw.facets))
    points, middles = raw.points[order], raw.middles
    if middles is not None:
        middles = bent(points, place[middles.edges], middles.points)
    return RawMesh(
        points,
        place[raw.cells][cells],
        raw.cell_tags[cells],
        np.sort(place[raw.facets], axis=1)[facets],
        raw.facet_tags[facets],
        raw.layer_ids,
        raw.facet_ids,
        generated=raw.generated,
        middles=middles,
    )


def solved(case: Case, comm: MPI.Intracomm, kind: str) -> Result:
    """Solution with a partition of some kind, or renumbered; collective."""
    raw: RawMesh | None = None

    def make() -> Any:
        nonlocal raw
        raw = build(recipe_from_case(case))
        raw = renumbered(raw) if kind == "renumbered" else raw
        return mesh_quality(raw, cell_of(case).bulk.debye_length)

    quality = on_root(comm, make)
    partition = None if raw is None else owners(raw, comm.size, kind)
    domain = Domain.create(comm, raw, case.geometry.coordinates, partition=partition)
    return solve_on(Problem(case, domain), regime_of(case), quality, {})


def numbers(result: Result) -> Iterator[tuple[str, str, Any, float]]:
    """Group, name, value and scale of everything that is compared."""
    mean = result.mean_current_density
    yield "scalars", "current", mean, abs(mean)
    parts = result.voltage
    assert parts is not None
    volts = max(abs(result.potential), abs(parts.kinetic))
    yield "scalars", "potential", result.potential, volts
    yield "scalars", "kinetic", parts.kinetic, volts
    yield "scalars", "counter", parts.counter_kinetic, volts
    yield "scalars", "electronic", parts.electronic, volts
    for name in parts.ohmic:
        yield "scalars", f"ohmic {name}", parts.ohmic[name], volts
        yield "scalars", f"concentration {name}", parts.concentration[name], volts
    for row in result.balances:
        yield "balances", row.name, np.array([row.left, row.right]), row.scale
    for name, metric in result.homogeneity.items():
        yield "homogeneity", f"mean of {name}", metric.mean, abs(metric.mean)
        yield "homogeneity", f"CV of {name}", metric.cv, 1.0
        yield "homogeneity", f"maximum of {name}", metric.max_over_mean, 1.0
    yield from _map_numbers("surface", result.surface)
    if result.anode is not None:
        yield from _map_numbers("anode", result.anode)
    if result.outer_face is not None:
        yield from _map_numbers("outer face", result.outer_face)


def _map_numbers(where: str, chart: SurfaceMap) -> Iterator[tuple[str, str, Any, float]]:
    """Points in an order that the rounding of equal coordinates does not change."""
    order = np.lexsort(np.round(chart.position / WIDTH, 10).T[::-1])
    yield where, "area", chart.area[order], float(chart.area.max())
    yield where, "position", chart.position[order], WIDTH
    for name, values in chart.values.items():
        yield where, name, values[order], float(np.abs(values).max()) or 1.0


def invariance(name: str, comm: MPI.Intracomm) -> Iterator[Check]:
    """The worst number of every group, for each way to distribute and to number the mesh."""
    case = case_called(name)
    alone = list(numbers(solved(case, MPI.COMM_SELF, "graph")))
    for kind in KINDS.get(comm.size, ("quarters",)):
        found = list(numbers(solved(case, comm, kind)))
        assert [entry[:2] for entry in found] == [entry[:2] for entry in alone]
        for group in dict.fromkeys(entry[0] for entry in alone):
            pairs = [(a, b) for a, b in zip(alone, found, strict=True) if a[0] == group]
            checks = [_compared(kind, a, b[2]) for a, b in pairs]
            yield max(checks, key=lambda check: check.error)


def _compared(kind: str, expected: tuple[str, str, Any, float], value: Any) -> Check:
    """The worst entry over the scale of its field."""
    group, name, exact, scale = expected
    known, found = np.ravel(exact), np.ravel(value)
    k = int(np.argmax(np.abs(found - known)))
    error = float(abs(found[k] - known[k]) / scale)
    quantity = f"{kind}: {group}, {name}"
    return Check(quantity, float(found[k]), float(known[k]), error, TOLERANCE)


PROBLEMS = tuple(
    KnownProblem(
        f"ranks.{name}",
        "currents, voltages, balances, metrics and maps: forced partitions, renumbered mesh",
        "the same case on one rank",
        partial(invariance, name),
        fast=False,
    )
    for name in CASES
)
