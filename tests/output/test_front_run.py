"""What the folder of a run whose front moves says about the front."""

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
import pyvista
import scipy

from ..march.test_front_growth import LENGTH, Wave
from .program import call

LOW = 5e-9
"""Amplitude of the wave [m]."""


def test_growth_of_the_wave_and_evenness_of_the_deposit(tmp_path: Path) -> None:
    case = tmp_path / "wave.toml"
    case.write_text(Wave(amplitude=LOW).text, encoding="utf-8")
    done = call("run", case, "-o", tmp_path / "r")
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "r/results.json").read_text())["quantities"]
    found = {name: entry["value"] for name, entry in found.items()}
    with (tmp_path / "r/front_modes.csv").open(newline="") as file:
        modes = [
            {k: float(v) if v else math.nan for k, v in row.items()} for row in csv.DictReader(file)
        ]
    wave = next(row for row in modes if row["wavelength"] == pytest.approx(LENGTH))
    assert wave["amplitude_before"] == pytest.approx(LOW, rel=1e-3)
    assert wave["exponent"] == pytest.approx(wave["theory"], rel=5e-3)
    assert wave["exponent"] > 1e-6
    assert found["front.waves.fastest"] == pytest.approx(LENGTH)
    assert found["front.waves.largest_exponent"] == pytest.approx(wave["exponent"])
    # Sa of a cosine is 2/pi of its amplitude, Sq its root half.
    grown = wave["amplitude"] - wave["amplitude_before"]
    assert found["front.growth.root_mean_square"] == pytest.approx(grown / math.sqrt(2), rel=1e-2)
    assert found["front.growth.arithmetic"] == pytest.approx(2 * grown / math.pi, rel=1e-2)
    assert found["front.growth.rise"] == pytest.approx(found["end.thickness.mean"], rel=1e-9)
    assert found["front.deposit.thickness"] == pytest.approx(found["end.thickness.mean"], rel=1e-3)
    assert 0.99 < found["front.deposit.conformality"] < 1.0


def test_maps_of_a_surface_whose_nodes_slide_keep_their_places(tmp_path: Path) -> None:
    """It is plated so long that its hills grow broad, and that is gone on with."""
    case = tmp_path / "wave.toml"
    text = Wave(
        '{even_nodes = true, surface_energy = "0.9 J/m^2"}', amplitude=4e-6, exchange=50.0,
        steps=("plate at 10 A/m^2 for 10 h", "strip at 10 A/m^2 for 1 h"),
        mesh='lateral_size = "1 um"\nfirst_cell = "1 um"\nfar_size = "10 um"',
    ).text  # fmt: skip
    case.write_text(f'output.snapshots = "steps"\n{text}', encoding="utf-8")
    done = call("run", case, "-o", tmp_path / "r", "--set", "output.pictures=false")
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "r/results.json").read_text())["quantities"]
    assert found["front.nodes.slides"]["value"] > 0
    assert found["front.nodes.missed"]["value"] == 0.0
    shown = pyvista.read(sorted((tmp_path / "r").glob("surface_*.vtp"))[-1]).cell_data
    mean = np.average(shown["thickness"], weights=shown["projected_area"])
    assert mean == pytest.approx(found["end.thickness.mean"]["value"], rel=1e-2)
    with scipy.io.netcdf_file(tmp_path / "r/maps.nc", mmap=False) as file:
        area, thickness = (file.variables[name][:].copy() for name in ("area", "thickness"))
        height, front = (file.variables[name][:].copy() for name in ("height", "front"))
    assert area == pytest.approx(LENGTH / 2 / len(area))
    mean = found["end.thickness.mean"]["value"]
    assert thickness[-1].mean() == pytest.approx(mean, rel=1e-12)
    assert (front[-1] - height).mean() == pytest.approx(mean, rel=1e-2)
