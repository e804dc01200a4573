"""Cells that an electrode depletes, on any number of ranks."""

from __future__ import annotations

import pytest
from mpi4py import MPI

from zinterphase.run import solve
from zinterphase.verification.cells import VT, Metal, binary, case_of, potential

ON_ONE_RANK = -678.0601056008303
"""A/m2, computed by one process."""


@pytest.mark.parallel([1, 3])
def test_the_plateau_on_several_ranks(comm: MPI.Intracomm) -> None:
    """Cells that touch the electrode in one vertex, on another rank than its facet, count too."""
    surface = {"shape": "sinusoidal", "amplitude": "0.5 um", "wavelength": "10 um"}
    case = case_of(
        "electroneutral",
        20e-6,
        binary(2, 50.0),
        Metal(5.0),
        control=potential(-40.0 * VT),
        width=10e-6,
        surface=surface,
        mesh={"lateral_size": "0.5 um"},
    )
    assert solve(case, comm).mean_current_density == pytest.approx(ON_ONE_RANK, rel=1e-9)
