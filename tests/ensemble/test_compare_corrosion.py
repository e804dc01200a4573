"""Anodes compared at open circuit: corrosion in place of evenness."""

from __future__ import annotations

from pathlib import Path

import pytest

from zinterphase.case import Draft
from zinterphase.ensemble.compare import Comparison, compare
from zinterphase.ensemble.comparison_files import write_comparison
from zinterphase.ensemble.corroding import corroding
from zinterphase.ensemble.corrosion_table import corrosion_sentences, corrosion_table, ratio
from zinterphase.observe import keys

from .comparisons import CASES, CURRENT, SELF

FLAT = [
    'geometry.surface={shape="flat"}', "geometry.width=10 um", "layers.electrolyte.thickness=10 um",
    "mesh.far_size=20 um", "mesh.lateral_size=1 um", "level=secondary",
]  # fmt: skip


@pytest.fixture(scope="module")
def both() -> Comparison:
    cases = [
        corroding(Draft.load(CASES / f"{name}.toml", FLAT)).case() for name in ("bare", "silver")
    ]
    return compare(cases, currents=[0.0, -10.0], seeds=1, comm=SELF)


def test_bare_silver_corrodes_faster_by_its_hydrogen(both: Comparison) -> None:
    """A hundred times, less what the mixed potential moves by."""
    resting = both.corroding
    assert [(run.label, run.current) for run in resting] == [("bare Zn", 0.0), ("Ag@Zn", 0.0)]
    shift = resting[1].scalars[keys.POTENTIAL] - resting[0].scalars[keys.POTENTIAL]
    assert 1e-3 < shift < 5e-3
    times = ratio(resting, "Ag@Zn").value
    assert times == pytest.approx(100.0 * 10 ** (-shift / 0.12), rel=1e-3)
    assert corrosion_sentences(resting) == [
        f"Ag@Zn: corrodes {times:.3g} times as fast as bare Zn, on these surfaces only: "
        "no interval: 1 seeds, at least 10."
    ]
    assert corrosion_table(resting).row_count == 4


def test_evenness_is_not_defined_at_open_circuit_and_told_elsewhere(both: Comparison) -> None:
    rest, plating = (both.table.row("Ag@Zn", i, CURRENT) for i in (0.0, -10.0))
    assert rest.homogenisation.value is None
    assert (rest.homogenisation.reason or "").startswith("not defined")
    assert plating.homogenisation.value is not None
    assert [row.current for row in both.table.at([-10.0]).rows] == [-10.0] * (
        len(both.table.rows) // 2
    )


def test_the_figure_has_corrosion_where_no_spectrum_is(both: Comparison, tmp_path: Path) -> None:
    write_comparison(both, tmp_path)
    labels = [axes.get_ylabel() for axes in both.figure().axes]
    assert labels[1] == "Corrosion (µA cm$^{-2}$)"
    assert labels[3] == "Relative amplitude $T$"
