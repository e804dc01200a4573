"""Experiments on two ranks: side by side and together, the same numbers."""

from pathlib import Path

import pytest
from mpi4py import MPI

from zinterphase.experiments.outcome import Outcome, perform
from zinterphase.parallel import on_root

from ..experiments.laboratory import small


def numbers(found: Outcome) -> list[float]:
    values = [anode.interval(q).value for anode in found.anodes for q in found.quantities]
    return [value for value in values if value is not None]


@pytest.mark.parallel(2)
@pytest.mark.parametrize("name", ["nucleation", "polarisation", "dispersion"])
def test_experiments_side_by_side_and_on_all_ranks_give_the_same_numbers(
    name: str, comm: MPI.Intracomm, shared_tmp_path: Path
) -> None:
    given = {"capacity": "0.01 mAh/cm^2", "points": "6", "largest": "50 mA/cm^2"}
    given |= {"wavelengths": "20 um, 50 um", "cells": "16"}
    setups = [small(name, **given)] * 2
    apart = perform(setups, comm=comm, folder=shared_tmp_path)
    together = perform(setups[:1], comm=comm, members_at_once=1)
    alone = on_root(comm, lambda: numbers(perform(setups[:1], comm=MPI.COMM_SELF)))
    assert len(alone) >= 4
    assert numbers(apart) == [*alone, *alone]
    assert numbers(together) == pytest.approx(alone, rel=1e-6, abs=1e-9)
    again = perform(setups, comm=comm, folder=shared_tmp_path)
    assert numbers(again) == numbers(apart)
