"""One case at several levels of theory: known differences, and what is refused."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.ensemble.level_differences import compare_levels
from zinterphase.errors import CaseError, SolveError

from ..march.marching import symmetric

CASES = Path(__file__).parents[2] / "cases"
ROUGH = "time.rtol = 1e-2"


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


def test_levels_side_by_side_in_time() -> None:
    """The same charge makes the same deposit; salt that moves takes voltage of its own."""
    steps = ["plate at 5 mA/cm^2 for 2 s", "strip at 5 mA/cm^2 for 2 s"]
    charged = 'double_layer_capacitance = "library"'
    levels = ("secondary", "concentrated")
    texts = [symmetric(n, 100e-6, steps, cells=20, kinetics=charged, more=ROUGH) for n in levels]
    found = compare_levels([Case.from_dict(tomllib.loads(text)) for text in texts], MPI.COMM_SELF)
    thickness = found.difference("working.deposit_thickness.mean", "concentrated")
    assert thickness == pytest.approx(0.0, abs=1e-3)
    assert found.units["working.deposit_thickness.mean"] == "m"
    for name in ("last_cycle.hysteresis", "last_plating.mean_voltage"):
        more = found.difference(name, "concentrated")
        assert more is not None
        assert 1e-3 < more < 0.3
    assert "run.largest_mismatch" not in found.values


def test_a_level_that_does_not_get_through_the_protocol_is_one_line() -> None:
    charged = 'double_layer_capacitance = "library"'
    strict = f'{ROUGH}\nlimits.voltage = ["-1 mV", "1 mV"]'
    text = symmetric(
        "secondary", 1e-4, ["plate at 5 mA/cm^2 for 2 s"], cells=9, kinetics=charged, more=strict
    )
    other = text.replace('"secondary"', '"concentrated"')
    cases = [Case.from_dict(tomllib.loads(case)) for case in (text, other)]
    with pytest.raises(SolveError, match=r"^level secondary: limits\.voltage: "):
        compare_levels(cases, MPI.COMM_SELF)
