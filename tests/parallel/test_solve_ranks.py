"""The same numbers on any number of ranks, the partition forced onto the interfaces.

The cases and what is compared are those of `zinterphase verify`.
"""

from __future__ import annotations

import pytest
from mpi4py import MPI

from zinterphase.verification.ranks import invariance


def assert_same(name: str, comm: MPI.Intracomm) -> None:
    checks = list(invariance(name, comm))
    assert checks
    assert not [check for check in checks if not check.passed]


@pytest.mark.parallel([2, 4])
def test_pnp_over_meshed_metal(comm: MPI.Intracomm) -> None:
    assert_same("pnp-metal", comm)


@pytest.mark.parallel([3])
def test_pnp_with_porous_conductor_and_film(comm: MPI.Intracomm) -> None:
    assert_same("pnp-metal-porous-film", comm)


@pytest.mark.parallel([2, 3])
def test_secondary_with_meshed_metal_and_porous_conductor(comm: MPI.Intracomm) -> None:
    assert_same("secondary-metal-porous", comm)


@pytest.mark.parallel([2])
def test_primary(comm: MPI.Intracomm) -> None:
    assert_same("primary-film", comm)


@pytest.mark.parallel([2])
def test_concentrated_in_a_closed_cell(comm: MPI.Intracomm) -> None:
    assert_same("concentrated-closed", comm)


@pytest.mark.slow
@pytest.mark.parallel([2, 4])
def test_pnp_in_a_closed_cell(comm: MPI.Intracomm) -> None:
    assert_same("pnp-closed", comm)


@pytest.mark.slow
@pytest.mark.parallel([2, 4])
def test_secondary_under_a_film(comm: MPI.Intracomm) -> None:
    assert_same("secondary-film", comm)


@pytest.mark.slow
@pytest.mark.parallel([2])
def test_electroneutral_under_a_film(comm: MPI.Intracomm) -> None:
    assert_same("electroneutral-film", comm)


@pytest.mark.slow
@pytest.mark.parallel([3])
def test_pnp_in_3d(comm: MPI.Intracomm) -> None:
    assert_same("pnp-3D", comm)
