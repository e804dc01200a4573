"""The same error estimates and indicators on any number of ranks, partitions on the interfaces."""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.geometry.build import build
from zinterphase.geometry.recipe import recipe_from_case
from zinterphase.mesh import Domain
from zinterphase.meshstudy.adaptive import adaptive_family
from zinterphase.observe.currents import currents_of
from zinterphase.observe.errors import Estimates, estimate_errors
from zinterphase.observe.evaluate import surface_map
from zinterphase.observe.projection import projected_map
from zinterphase.observe.recovery import recovered_surface
from zinterphase.solve.problem import Problem
from zinterphase.verification.cells import film, potential
from zinterphase.verification.ranks import METAL, SALT, SILVER, SOLID, corrugated, owners

PARTITIONS = {1: ("graph",), 2: ("graph", "interfaces"), 3: ("quarters",), 4: ("quarters",)}
SMOOTHED = {"metrics": {"smoothing_radius": "300 nm"}}
VARIANTS: dict[str, dict[str, Any]] = {
    "meshed metal under a film": {
        "level": "secondary",
        "metal_layer": SOLID,
        "films": [film("titania", 300e-9, transport=0.2)],
        "control": potential(-0.05),
    },
    "porous conductor": {
        "level": "secondary",
        "metal_layer": SOLID,
        "films": [SILVER],
        "kinetics": {"silver": METAL.table(SALT[0])},
    },
    "equipotential": {"level": "primary"},
    "curved": {
        "level": "secondary",
        "mesh": {"lateral_size": "125 nm", "first_cell": "80 nm", "growth": 2.0, "order": 2},
    },
}


def estimated(
    case: Case, comm: MPI.Intracomm, kind: str
) -> tuple[Estimates, dict[str, np.ndarray]]:
    """Estimates, and their indicators in the order of the mesh that was handed over."""
    raw = build(recipe_from_case(case)) if comm.rank == 0 else None
    partition = None if raw is None else owners(raw, comm.size, kind)
    domain = Domain.create(comm, raw, case.geometry.coordinates, partition=partition)
    problem = Problem(case, domain)
    problem.solve()
    surface = surface_map(problem)
    metal = recovered_surface(problem, surface).map
    anode = projected_map(problem, surface)
    found = estimate_errors(problem, currents_of(problem), surface, metal, anode)
    indicators = {}
    for name, estimate in found.goals.items():
        original = domain.mesh.topology.original_cell_index[: len(estimate.cells)]
        parts = comm.allgather((original, estimate.cells))
        where, values = (np.concatenate(column) for column in zip(*parts, strict=True))
        indicators[name] = values[np.argsort(where)]
    return found, indicators


def assert_same_estimates(comm: MPI.Intracomm, variant: str) -> None:
    options = dict(VARIANTS[variant])
    case = corrugated(options.pop("level"), **options, **SMOOTHED)
    alone, expected = estimated(case, MPI.COMM_SELF, "graph")
    for kind in PARTITIONS[comm.size]:
        found, indicators = estimated(case, comm, kind)
        assert found.goals.keys() == alone.goals.keys()
        assert found.reasons == alone.reasons
        for name, estimate in alone.goals.items():
            # Rounding of the value, of which the error is a difference.
            slack = 1e-12 * abs(estimate.value) + 1e-7 * abs(estimate.error)
            assert found.goals[name].value == pytest.approx(estimate.value, rel=1e-10)
            assert abs(found.goals[name].error - estimate.error) < slack, name
            assert np.abs(indicators[name] - expected[name]).max() < slack, name


@pytest.mark.parallel([2])
def test_estimates_over_meshed_metal(comm: MPI.Intracomm) -> None:
    assert_same_estimates(comm, "meshed metal under a film")


@pytest.mark.parallel([3])
def test_estimates_with_a_porous_conductor(comm: MPI.Intracomm) -> None:
    assert_same_estimates(comm, "porous conductor")


@pytest.mark.slow
@pytest.mark.parallel([1, 2, 3])
@pytest.mark.parametrize("variant", VARIANTS)
def test_estimates_do_not_depend_on_the_ranks(comm: MPI.Intracomm, variant: str) -> None:
    assert_same_estimates(comm, variant)


@pytest.mark.parallel([2])
def test_adaptive_meshes_do_not_depend_on_the_ranks(comm: MPI.Intracomm) -> None:
    case = corrugated("secondary", metal_layer=SOLID, **SMOOTHED)
    alone = list(islice(adaptive_family(case, MPI.COMM_SELF), 2))
    found = list(islice(adaptive_family(case, comm), 2))
    for one, other in zip(alone, found, strict=True):
        assert one.recipe == other.recipe
        assert one.unknowns == other.unknowns
        assert other.error == pytest.approx(one.error, rel=1e-6)
    assert found[-1].unknowns > found[0].unknowns
