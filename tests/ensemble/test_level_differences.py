"""One case at several levels of theory: known differences, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.ensemble.level_differences import compare_levels
from zinterphase.errors import CaseError

CASES = Path(__file__).parents[2] / "cases"


def at(level: str) -> Case:
    changes = ["geometry.width=20 um", "geometry.surface={shape='flat'}", f"level={level}"]
    return Case.load(CASES / "titania.toml", changes)


def test_ideal_ions_conduct_nine_times_too_well_at_2_molar() -> None:
    """Nernst-Einstein with diffusivities at infinite dilution: 9.4 times the measured kappa."""
    levels = ("concentrated", "secondary", "electroneutral")
    found = compare_levels([at(level) for level in levels], MPI.COMM_SELF)
    assert found.levels == levels
    ratio = found.difference("cell.voltage.ohmic.electrolyte", "electroneutral")
    assert ratio is not None
    assert 1.0 / (1.0 + ratio) == pytest.approx(9.4, rel=0.01)
    same = found.difference("cell.voltage.ohmic.electrolyte", "secondary")
    assert same is not None
    assert abs(same) < 2e-3
    assert found.difference("working.current_density.cv", "secondary") == pytest.approx(
        0.0, abs=0.02
    )


@pytest.mark.parametrize("levels", [["secondary"], ["secondary", "secondary"]])
def test_two_levels_are_needed(levels: list[str]) -> None:
    with pytest.raises(CaseError, match="--level"):
        compare_levels([at(level) for level in levels], MPI.COMM_SELF)
