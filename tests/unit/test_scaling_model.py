"""The model of strong and weak scaling: planted coefficients come back, and what breaks is said."""

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from scaling_model import Model, limits, models, sides

PLANTED = Model(2e-5, 3e-5, 4e-6, 1e-5, 3e-6, (4.0, 0.2), (2e8, 500.0, 1500.0))


def measured(size: float, ranks: int) -> dict[str, Any]:
    """What the planted model says that a run took."""
    parts = PLANTED.seconds(size, ranks)
    linear = parts["work"] + parts["cut"] + parts["sums"]
    _, whole, own = PLANTED.memory
    return {
        "unknowns": size,
        "ranks": ranks,
        "krylov": PLANTED.iterations(size),
        "mesh_seconds": parts["mesh"],
        "linear_seconds": linear,
        "seconds": parts["assembly"] + linear,
        "mesh_megabytes": (PLANTED.memory[0] + whole * size) / 1e6,
        "root_megabytes": (PLANTED.memory[0] + whole * size + own * size / ranks) / 1e6,
    }


ROWS = [measured(size, ranks) for size in (1e5, 3e5, 1e6) for ranks in (1, 2, 4)]


def test_planted_coefficients_come_back() -> None:
    for fit in models(ROWS, PLANTED.latency):
        for name in ("mesh", "assembly", "work", "cut", "krylov", "memory"):
            assert getattr(fit, name) == pytest.approx(getattr(PLANTED, name), rel=1e-6)


def test_noise_widens_the_interval_around_what_is_there() -> None:
    noisy = [
        row | {"mesh_seconds": row["mesh_seconds"] * f}
        for row, f in zip(ROWS, [0.9, 1.1, 1.0] * 3, strict=True)
    ]
    found = [fit.mesh for fit in models(noisy, PLANTED.latency)]
    assert min(found) < max(found)
    assert found[0] == pytest.approx(PLANTED.mesh, rel=0.1)


def test_work_is_shared_and_the_mesh_is_not() -> None:
    one, many = PLANTED.seconds(1e8, 1), PLANTED.seconds(1e8, 4096)
    assert many["mesh"] == one["mesh"]
    assert many["work"] == pytest.approx(one["work"] / 4096)
    assert (one["cut"], one["sums"]) == (0.0, 0.0)
    assert many["sums"] > 0.0


@pytest.mark.parametrize(("ranks", "expected"), [(1, 0.0), (2, 1.0), (4, 2.0), (16, 3.0)])
def test_sides_with_neighbours(ranks: int, expected: float) -> None:
    """Of squares in a square: 16 have 48 sides with others."""
    assert sides(ranks) == expected


def test_what_breaks() -> None:
    assert limits(PLANTED, 1e6, 16) == []
    assert "the mesh on rank 0: 501 GB" in limits(PLANTED, 1e9, 4096)[0]
    assert any("entries" in text for text in limits(PLANTED, 1e8, 2))
    assert any("cells" in text for text in limits(PLANTED, 2e9, 4096))
