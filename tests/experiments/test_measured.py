"""Measured data: their header, their rows, and how far they are from a curve."""

from pathlib import Path

import numpy as np
import pytest

from zinterphase.errors import CaseError
from zinterphase.experiments.experiment import Curve
from zinterphase.experiments.measured import distance, read_measured
from zinterphase.experiments.registry import EXPERIMENTS

CYCLE, TAFEL = EXPERIMENTS["cycle"], EXPERIMENTS["tafel"]
LINE = Curve("voltage", np.array([0.0, 3600.0]), np.array([-0.80, -0.84]))


def written(folder: Path, text: str) -> Path:
    path = folder / "data.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_units_of_the_header_are_read(tmp_path: Path) -> None:
    found = read_measured(written(tmp_path, "time_h,voltage_mV\n0,-800\n\n0.5,-810\n"), CYCLE)
    assert found.panel.name == "voltage"
    assert found.x == pytest.approx([0.0, 1800.0])
    assert found.y == pytest.approx([-0.8, -0.81])


def test_the_header_chooses_the_panel(tmp_path: Path) -> None:
    found = read_measured(written(tmp_path, "cycle,hysteresis_mV\n1,50\n"), CYCLE)
    assert found.panel.name == "hysteresis"


def test_the_distance_is_that_to_the_line_between_rows(tmp_path: Path) -> None:
    """-0.82 V at half an hour: 1 mV and -3 mV off; one point lies behind the end."""
    text = "time_s,voltage_V\n1800,-0.819\n1800,-0.823\n7200,-0.8\n"
    found = distance(read_measured(written(tmp_path, text), CYCLE), LINE)
    assert found.root_mean_square == pytest.approx(np.sqrt(5.0) * 1e-3)
    assert found.largest == pytest.approx(3e-3)
    assert (found.points, found.outside, found.unit) == (2, 1, "V")


def test_on_a_logarithmic_axis_the_distance_is_in_decades(tmp_path: Path) -> None:
    curve = Curve("total", np.array([-1.0, -0.8]), np.array([100.0, 1.0]))
    text = "potential_V,current_magnitude_mA/cm2\n-0.9,10\n"
    found = distance(read_measured(written(tmp_path, text), TAFEL), curve)
    assert found.root_mean_square == pytest.approx(1.0)
    assert found.unit == "decades"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "a header of cycle with its units: time_s,voltage_V or cycle,hysteresis_V"),
        ("time,voltage\n1,2\n", "a header of cycle with its units"),
        ("time_V,voltage_V\n1,2\n", "a header of cycle with its units"),
        ("time_s,voltage_V,x\n1,2,3\n", "a header of cycle with its units"),
        ("time_s,voltage_V\n", "1 to 200000 rows"),
        ("time_s,voltage_V\n1,2\n1,two\n", '--data: line 3 = "1,two": allowed two numbers'),
        ("time_s,voltage_V\n1,nan\n", "two numbers"),
        ("time_s,voltage_V\n1,2,3\n", "two numbers"),
    ],
)
def test_what_is_no_such_table_is_refused_in_one_line(text: str, line: str, tmp_path: Path) -> None:
    with pytest.raises(CaseError) as caught:
        read_measured(written(tmp_path, text), CYCLE)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="a CSV file that can be read"):
        read_measured(tmp_path / "none.csv", CYCLE)


def test_points_elsewhere_are_refused(tmp_path: Path) -> None:
    data = read_measured(written(tmp_path, "time_s,voltage_V\n9000,-0.8\n"), CYCLE)
    with pytest.raises(CaseError, match=r"^--data: time = .*allowed points within 0 to 3600 s"):
        distance(data, LINE)


def test_a_logarithmic_axis_takes_no_negative_values(tmp_path: Path) -> None:
    text = "potential_V,current_magnitude_A/m^2\n-0.9,-10\n"
    with pytest.raises(
        CaseError, match=r"^--data: current_magnitude = -10.0: allowed values above"
    ):
        read_measured(written(tmp_path, text), TAFEL)
