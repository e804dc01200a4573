"""Odd sizes of particles: a mesh, or one line that says what is allowed."""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from zinterphase.case import Case
from zinterphase.errors import CaseError, ZinterphaseError
from zinterphase.geometry.particles.build import build_particles
from zinterphase.geometry.particles.from_case import particle_recipe

from .patches import drawn, patch

KEYS = ("diameter", "gap")
SCALES = (1e-3, 1e-1, 0.3, 3.0, 1e1, 1e3)


def odd(key: str, scale: float) -> Case:
    sizes = {"diameter": 40e-9, "gap": 2e-9}
    sizes[key] *= scale
    return patch(drawn(**{name: f"{size} m" for name, size in sizes.items()}))


def outcome(make: Callable[[], Case]) -> tuple[str, int]:
    """What refuses a case, or the number of its cells."""
    try:
        mesh = build_particles(particle_recipe(make()))
    except ZinterphaseError as error:
        return str(error), 0
    return "", len(mesh.cells)


@pytest.mark.parametrize(("key", "scale"), list(product(KEYS, SCALES)))
def test_an_odd_size_is_meshed_or_refused(
    monkeypatch: pytest.MonkeyPatch, key: str, scale: float
) -> None:
    monkeypatch.setattr("zinterphase.geometry.makeable.LARGEST_MESH", 2e4)
    line, cells = outcome(lambda: odd(key, scale))
    assert 100 < cells < 1e5 or ("layers.film" in line and len(line) < 300)


@pytest.mark.parametrize("porosity", [0.001, 0.05, 0.999])
def test_an_odd_porosity_is_meshed_or_refused(porosity: float) -> None:
    line, cells = outcome(lambda: patch(drawn(porosity=porosity)))
    assert cells > 50 if porosity > 0.5 else "do not fit at a porosity" in line


def test_too_many_particles_are_refused_before_they_are_drawn() -> None:
    case = patch(drawn(diameter="0.1 nm"))
    with pytest.raises(CaseError, match="and these make"):
        particle_recipe(case)
    case = patch(drawn(diameter="1 nm", gap="0.4 nm"), geometry={"width": "1.4 um"})
    with pytest.raises(CaseError, match="at most 20000"):
        particle_recipe(case)


def test_particles_that_reach_into_the_layer_below_are_refused(tmp_path: Path) -> None:
    """They would be counted to that layer where they do."""
    (tmp_path / "list.csv").write_text("x,z,radius\n5e-8,1e-8,2.5e-8\n")
    case = patch(drawn(), tmp_path)
    below, film, liquid = case.layers
    packing = film.packing.model_copy(
        update={"file": tmp_path / "list.csv", "diameter": None, "porosity": None}
    )
    upper = film.model_copy(update={"name": "upper", "packing": packing})
    case = case.model_copy(update={"layers": (below, film, upper, liquid)})
    with pytest.raises(CaseError, match=r"layers\.upper\.packing\.file.*above the layer's lower"):
        build_particles(particle_recipe(case))
