"""Growth of a front's waves over seeds, against linear theory."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from zinterphase.case import Case, Draft
from zinterphase.ensemble.compare import Comparison, compare
from zinterphase.ensemble.comparison_files import write_comparison
from zinterphase.ensemble.members import Record
from zinterphase.ensemble.wave_growth import BEFORE, NOW, THEORY, WAVELENGTH, wave_growth
from zinterphase.errors import SolveError

from .comparisons import CASES, SELF

GENTLE = [
    "level=secondary", "geometry.surface.rms=5 nm", "front={}", "mesh.lateral_size=0.25 um",
    'protocol=[{steps=["plate at 50 mA/cm^2 for 20 s"]}]',
]  # fmt: skip


def gentle(title: str, current: str) -> Case:
    """A cell in which ohmic drops decide, on an even surface of small slopes."""
    changes = [f"kinetics.zinc.exchange_current_density={current}", *GENTLE, f"title={title}"]
    draft = Draft.load(CASES / "rough_cycling.toml", changes)
    return draft.changed({"kinetics.zinc.spread": None}).case()


@pytest.fixture(scope="module")
def two() -> Comparison:
    return compare(
        [gentle("fast", "2 A/cm^2"), gentle("slow", "1 A/cm^2")],
        seeds=2,
        comm=SELF,
    )


def test_waves_grow_by_linear_theory(two: Comparison) -> None:
    fast, slow = ([w for w in two.waves if w.label == label] for label in two.labels)
    assert len(fast) == len(slow) > 3
    for wave in (*fast, *slow):
        assert wave.theory is not None
        assert wave.theory > 0.03
        # A relief has hardly any of the shorter waves: those that it gets are of second order.
        within = 0.01 if wave.wavelength > 7e-6 else 0.2
        assert wave.exponent.value == pytest.approx(wave.theory, rel=within)
        assert wave.exponent.n == 2
        assert wave.exponent.low is None
    for one, other in zip(fast, slow, strict=True):
        assert (one.exponent.value or 0.0) > (other.exponent.value or 0.0)


def test_ends_of_moving_surfaces_are_compared(two: Comparison) -> None:
    """The gap of a symmetric cell stays, but for what its relief takes; plating lasts 20 s."""
    for run in two.members:
        assert run.scalars["end.time"] == pytest.approx(20.0, rel=1e-12)
        assert run.scalars["end.gap"] == pytest.approx(50e-6, abs=0.1e-6)


def test_they_are_written_and_drawn(two: Comparison, tmp_path: Path) -> None:
    write_comparison(two, tmp_path)
    with (tmp_path / "front_modes.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["case"] for row in rows} == set(two.labels)
    assert all("at least 10" in row["reason"] for row in rows)
    assert (tmp_path / "front_modes.png").stat().st_size > 10_000


def test_a_surface_without_a_wave_does_not_decide() -> None:
    """Twelve surfaces; the mean square grows by e^2, whatever one that had next to none does."""
    rng = np.random.default_rng(1)
    before = rng.uniform(0.5, 1.5, 12)
    before[0] = 1e-9
    now = np.e * before
    now[0] = 1.0  # from elsewhere
    records = [
        Record(str(k), course={
            WAVELENGTH: np.array([1e-5]), BEFORE: np.array([b]), NOW: np.array([n]),
            THEORY: np.array([np.nan]),
        })
        for k, (b, n) in enumerate(zip(before, now, strict=True))
    ]  # fmt: skip
    (wave,) = wave_growth("one", [*records, Record("failed", reason="it has")])
    assert wave.theory is None
    assert wave.exponent.n == 12
    assert wave.exponent.value == pytest.approx(1.0, abs=0.02)
    assert wave.exponent.low is not None
    assert wave.exponent.high is not None
    assert 0.98 < wave.exponent.low < wave.exponent.high < 1.1


def test_free_fronts_are_not_compared() -> None:
    """Their facets slide: evenness across them is another number."""
    changes = ["front.motion=free", 'protocol=[{steps=["plate at 1 mA/cm^2 for 1 s"]}]']
    free = Case.load(CASES / "protrusion_growth.toml", [*changes, "mesh.lateral_size=4 um"])
    with pytest.raises(SolveError, match="facets that slide"):
        compare([free], comm=SELF)


def test_surfaces_that_stay_have_no_waves() -> None:
    assert list(wave_growth("one", [Record("1"), Record("2", reason="failed")])) == []
