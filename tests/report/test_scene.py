"""`report --scene`: a surface within a page, as it was computed, and nothing from elsewhere."""

from __future__ import annotations

import base64
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvista

from zinterphase.errors import FileError
from zinterphase.report.scene import QUANTILE, scene

from ..output.program import call

HOSTILE = "</script><script>alert(1)</script>"


@pytest.fixture
def run(tmp_path: Path) -> tuple[Path, pyvista.PolyData]:
    """A wavy surface with a current density [A/m2] and another field, as a run's folder has it."""
    plane = pyvista.Plane(i_size=2e-5, j_size=1e-5, i_resolution=40, j_resolution=20)
    surface = plane.triangulate()
    surface.points[:, 2] = 1e-6 * np.cos(np.pi * surface.points[:, 0] / 2e-5)
    surface.clear_data()
    places = surface.cell_centers().points
    surface.cell_data["area"] = np.ones(surface.n_cells)
    surface.cell_data["overpotential"] = places[:, 0]
    surface.cell_data["current_density"] = -10.0 + places[:, :2] @ [3e5, 1e5]
    surface.save(str(tmp_path / "surface.vtp"))
    return tmp_path, surface


class Tags(HTMLParser):
    """Tags of a page, and what they name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]


def held(text: str) -> dict[str, Any]:
    """The arrays of a page."""
    match = re.search(r"const data = (.*);\n", text)
    assert match is not None
    found: dict[str, Any] = json.loads(match[1])
    return found


def numbers(text: str, kind: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), dtype=kind)


def test_the_page_holds_the_surface_with_its_fields(run: tuple[Path, pyvista.PolyData]) -> None:
    folder, surface = run
    data = held(scene(folder, "wavy"))
    points = numbers(data["points"], "<f4").reshape(-1, 3)
    centred = surface.points - (surface.points.max(axis=0) + surface.points.min(axis=0)) / 2
    assert points == pytest.approx(centred / 2e-5, abs=1e-6)
    cells = numbers(data["cells"], "<u4").reshape(-1, 3)
    assert np.array_equal(cells, surface.faces.reshape(-1, 4)[:, 1:])
    current, other = data["fields"]
    assert current["name"].startswith("current density (mA/cm")
    wanted = 0.1 * surface.cell_data["current_density"]
    assert numbers(current["values"], "<f4") == pytest.approx(wanted, rel=1e-6)
    assert current["low"] == pytest.approx(np.quantile(wanted, QUANTILE))
    assert f"({wanted.min():.4g})" in current["told"][0]
    assert other["name"] == "overpotential (SI)"


def test_nothing_is_loaded_and_a_title_is_text(run: tuple[Path, pyvista.PolyData]) -> None:
    tags = Tags(scene(run[0], HOSTILE))
    assert tags.found.count("script") == 1
    assert not tags.addresses


def test_a_run_without_a_surface_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no surface to show"):
        scene(tmp_path, "none")
    pyvista.Line().save(str(tmp_path / "surface.vtp"))
    with pytest.raises(FileError, match="three dimensions"):
        scene(tmp_path, "a line")


def test_the_command_refuses_another_file_beside_it(tmp_path: Path) -> None:
    done = call("report", tmp_path, "--scene", "-o", tmp_path / "x.html")
    assert done.returncode == 2
    assert "none beside --scene" in done.stderr
