"""`check` of a case whose front moves: what grows, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).parent / "zinterphase"
CASE = """
title = "front"
level = "secondary"
geometry.width = "60 um"
mesh.lateral_size = "2 um"
front.film = "rigid"
protocol = [{label = "plating", repeat = 4, steps = ["plate at 1 mA/cm^2 for 1 h"]}]

[electrolyte]
salt = "ZnSO4"
concentration = "2 mol/L"

[kinetics.zinc]
contact_fraction = 1.0

[[layers]]
name = "zinc"
material = "Zn"
thickness = "500 nm"

[[layers]]
name = "film"
material = "TiO2"
thickness = "1 um"
porosity = 0.01

[[layers]]
name = "electrolyte"
material = "electrolyte"
thickness = "50 um"
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case.toml"
    path.write_text(CASE, encoding="utf-8")
    return path


def call(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=120, check=False
    )


def test_growth_is_told_with_its_current_and_resistance(case: Path) -> None:
    done = call("check", case, "--set", "front.surface_energy=library")
    assert done.returncode == 0, done.stderr
    table = done.stdout[done.stdout.index("Growth of waves") :]
    for words in ("-1 mA/cm^2", "42.33 ohm cm^2", "5.654 S/m", "note: front: of waves between 4 "):
        assert words in table, table


@pytest.mark.parametrize("command", ["check", "run"])
def test_waves_of_the_mesh_are_refused_in_one_line(case: Path, command: str) -> None:
    where = [] if command == "check" else ["-o", case.parent / "run"]
    done = call(command, case, *where)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1, done.stderr
    assert 'front.surface_energy = "0 J/m^2": allowed above 0' in done.stderr
    assert not list(case.parent.glob("run/*.csv"))
