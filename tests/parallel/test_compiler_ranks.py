"""Ranks on unlike processors load the same code, which all of them can run."""

import pytest
from mpi4py import MPI

from zinterphase import compiler
from zinterphase.compiler import compiler_of


@pytest.mark.parallel([1, 2])
def test_unlike_ranks_agree(comm: MPI.Intracomm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "features", lambda: f"sse2 feature{comm.rank}")
    found = compiler_of(comm)
    assert len(set(comm.allgather(found.key))) == 1
    assert found.flags[: len(compiler.COMMON)] == compiler.COMMON
    assert (found.flags == compiler.COMMON) == (comm.size > 1)
