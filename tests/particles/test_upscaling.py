"""Cell problems against closed forms, and what becomes of their numbers."""

import tomllib
from itertools import pairwise
from math import log2
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.errors import CaseError
from zinterphase.physics.mixtures import bruggeman, maxwell, simple_cubic, square_array
from zinterphase.upscale.cell import solve_cell
from zinterphase.upscale.library_file import require_new, write_library
from zinterphase.upscale.study import upscale

from .cells import HALF, lattice
from .patches import drawn, patch

SELF = MPI.COMM_SELF


@pytest.mark.parametrize("dimension", [2, 3])
def test_dilute_particles_conduct_as_maxwell_has_it(dimension: int) -> None:
    found = solve_cell(lattice(dimension, 0.01, 2.0), SELF, solid=False)
    assert found.liquid == pytest.approx([maxwell(0.01, dimension)] * dimension, rel=2e-5)


@pytest.mark.parametrize("solid", [0.1, 0.3, 0.5])
def test_a_square_array_conducts_as_rayleigh_has_it(solid: float) -> None:
    found = solve_cell(lattice(2, solid, 2.0), SELF, solid=False)
    assert found.liquid == pytest.approx([square_array(solid)] * 2, rel=1e-4)
    assert found.porosity == pytest.approx(1.0 - solid, rel=1e-5)
    perimeter = 2.0 * np.sqrt(np.pi * solid) / (2.0 * HALF)
    assert found.area == pytest.approx(perimeter, rel=1e-5)


@pytest.mark.parametrize("solid", [0.1, 0.2, 0.3])
def test_a_simple_cubic_lattice_conducts_as_sangani_and_acrivos_have_it(solid: float) -> None:
    found = solve_cell(lattice(3, solid, 1.5), SELF, solid=False)
    assert found.liquid == pytest.approx([simple_cubic(solid)] * 3, rel=1e-3)


def test_the_order_of_convergence_is_above_three() -> None:
    """Of second order potentials on arcs; the energy converges twice as fast as its gradient, less
    where cells grow."""
    found = [solve_cell(lattice(2, 0.3, r), SELF, solid=False).liquid[0] for r in (1, 2, 4, 8)]
    steps = [before - after for before, after in pairwise(found)]
    assert min(steps) > 0.0  # a dissipation is approached from above
    assert log2(steps[1] / steps[2]) > 3.0


def test_the_laws_of_mixtures_meet_in_the_dilute_limit() -> None:
    for dimension, law in ((2, square_array), (3, simple_cubic)):
        slope = -dimension / (dimension - 1)
        assert (law(1e-6) - 1.0) / 1e-6 == pytest.approx(slope, rel=1e-5)
        assert (bruggeman(1e-6, dimension) - 1.0) / 1e-6 == pytest.approx(slope, rel=1e-5)
        assert (maxwell(1e-6, dimension) - 1.0) / 1e-6 == pytest.approx(slope, rel=1e-5)


def test_a_layered_case_reads_what_a_packing_gives(tmp_path: Path) -> None:
    case = patch(drawn(porosity=0.6, spread=0.2))
    found = upscale(case, case.layer("film"), SELF, 10, (3.0, 5.0))
    conduction = found.numbers["conduction"]
    assert conduction.value is not None
    assert conduction.low is not None
    assert conduction.high is not None
    assert conduction.low < conduction.value < conduction.high < found.references["maxwell"] + 0.02
    tensors = [cell.numbers.liquid for cell in found.cells if cell.size == 5.0]
    assert len(tensors) == found.seeds == 10
    assert conduction.value == pytest.approx(fmean(fmean(t) for t in tensors))
    wide = np.std([c.numbers.liquid for c in found.cells if c.size == 5.0])
    narrow = np.std([c.numbers.liquid for c in found.cells if c.size == 3.0])
    assert wide < narrow  # a larger cell is nearer to a representative one
    path = tmp_path / "library.toml"
    write_library(path, case, [found])
    layers = [
        {"name": "zinc", "material": "Zn", "thickness": "50 um"},
        {"name": "film", "material": "film_packing", "thickness": "100 nm"},
        {"name": "electrolyte", "material": "electrolyte", "thickness": "100 nm"},
    ]
    data = {
        "library": ["library.toml"],
        "geometry": {"width": "200 nm"},
        "layers": layers,
        "electrolyte": {"salt": "ZnSO4", "concentration": "2 mol/L"},
        "control": {"current_density": "-1 mA/cm^2"},
    }
    film = Case.from_dict(data, tmp_path).layer("film")
    assert film.porosity == pytest.approx(0.6, rel=1e-4)
    assert film.porosity / film.tortuosity_factor == pytest.approx(conduction.value, rel=1e-3)
    assert 0.0 < film.constrictivity < 1.0
    assert film.specific_area == found.numbers["specific_area"].value
    sources = {p.field: p for p in Case.from_dict(data, tmp_path).provenance}
    assert "10 cells of 5 mean diameters" in sources["layers.film.tortuosity_factor"].source


def test_a_list_of_particles_has_a_tensor(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("x,z,radius\n5e-8,5e-8,4e-8\n1.5e-7,5e-8,4e-8\n")
    case = patch({"file": "list.csv"}, tmp_path)
    found = upscale(case, case.layer("film"), SELF, 10, (6.0,))
    assert len(found.cells) == 1
    # Touching in a row along the layer would close the way across first.
    assert found.lateral == pytest.approx(1.0, rel=1e-3)  # a square lattice is isotropic
    assert found.numbers["conduction"].value == pytest.approx(
        square_array(2 * np.pi * 4e-8**2 / 2e-14), rel=1e-3
    )


@pytest.mark.parametrize("content", [b"format = 1\n", b"\xff\xfe\x00"])
def test_a_file_of_ones_own_is_not_overwritten(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "my_lab.toml"
    path.write_bytes(content)
    with pytest.raises(CaseError, match="a new file"):
        require_new(path)


def test_a_library_is_read_whatever_its_case_is_called(tmp_path: Path) -> None:
    case = patch(drawn(porosity=0.6), title="\N{MATHEMATICAL ITALIC CAPITAL D} \N{DEGREE SIGN}")
    path = tmp_path / "library.toml"
    write_library(path, case, [upscale(case, case.layer("film"), SELF, 1, (3.0,))])
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    assert repr(case.title) in found["film_packing"]["porosity"]["source"]


def test_a_layer_without_particles_is_refused() -> None:
    case = patch(drawn())
    with pytest.raises(CaseError, match="to be upscaled"):
        upscale(case, case.layer("electrolyte"), SELF, 1, (3.0,))
