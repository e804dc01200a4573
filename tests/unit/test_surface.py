"""The map of a surface: sums, order, files, and what it refuses."""

from pathlib import Path

import numpy as np
import pytest

from zinterphase.observe.surface import FloatArray, SurfaceMap

WIDTH = 40e-6


def edges(n: int) -> FloatArray:
    return np.asarray(WIDTH * np.linspace(0.0, 1.0, n + 1) ** 1.7)


def strip(n: int) -> SurfaceMap:
    """Flat 2D surface of n facets of growing length with two Gauss points each."""
    middle, size = 0.5 * (edges(n)[1:] + edges(n)[:-1]), np.diff(edges(n))
    x = (middle[:, None] + 0.5 * size[:, None] * np.array([-1.0, 1.0]) / np.sqrt(3.0)).ravel()
    area = np.repeat(0.5 * size, 2)
    values = {"q": 1.0 + np.cos(np.pi * x / WIDTH) / 3.0}
    return SurfaceMap(
        np.stack([x, 0.0 * x], axis=1), area, area, np.repeat(np.arange(n), 2), values
    )


def sheet() -> SurfaceMap:
    """Six points in 3D."""
    position = np.random.default_rng(1).random((6, 3)) * WIDTH
    area = np.linspace(1.0, 2.0, 6)
    return SurfaceMap(position, area, 0.7 * area, np.arange(6), {"q": position[:, 0] / 3.0})


def test_facet_means_keep_areas_and_integrals() -> None:
    surface = strip(30)
    means = surface.facet_means("q")
    assert len(means) == 30
    assert means.area.sum() == pytest.approx(surface.area.sum())
    assert means.mean("q") == pytest.approx(surface.mean("q"), rel=1e-13)
    np.testing.assert_allclose(means.lateral[:, 0], 0.5 * (edges(30)[1:] + edges(30)[:-1]))
    assert (np.diff(means.lateral[:, 0]) > 0).all()


@pytest.mark.parametrize("surface", [strip(7), sheet()])
def test_map_survives_a_file(surface: SurfaceMap, tmp_path: Path) -> None:
    surface.to_csv(tmp_path / "surface.csv")
    read = SurfaceMap.from_csv(tmp_path / "surface.csv")
    np.testing.assert_array_equal(read.position, surface.position)
    np.testing.assert_array_equal(read.area, surface.area)
    np.testing.assert_array_equal(read.projected_area, surface.projected_area)
    np.testing.assert_array_equal(read.facet, surface.facet)
    assert read.facet.dtype == np.int64
    np.testing.assert_array_equal(read.values["q"], surface.values["q"])
    header = (tmp_path / "surface.csv").read_text().splitlines()[0]
    assert header in ("x,y,area,projected_area,facet,q", "x,y,z,area,projected_area,facet,q")


def test_foreign_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("x,height\n0,1\n")
    with pytest.raises(ValueError, match=r"other\.csv is not a surface map: header x,height"):
        SurfaceMap.from_csv(path)
    path.write_text("")
    with pytest.raises(ValueError, match="not a surface map"):
        SurfaceMap.from_csv(path)


def test_bad_maps_are_refused(tmp_path: Path) -> None:
    good = strip(3)
    n = len(good)
    parts = (good.position, good.area, good.projected_area, good.facet)
    with pytest.raises(ValueError, match="q has shape"):
        SurfaceMap(*parts, {"q": np.ones(n - 1)})
    with pytest.raises(ValueError, match="q has a value that is not finite"):
        SurfaceMap(*parts, {"q": np.full(n, np.nan)})
    with pytest.raises(ValueError, match="areas must not be negative"):
        SurfaceMap(good.position, -good.area, *parts[2:], {})
    with pytest.raises(ValueError, match=r"expected \(n, 1\), \(n, 2\) or \(n, 3\)"):
        SurfaceMap(good.area, *parts[1:], {})
    with pytest.raises(ValueError, match="may not be called facet"):
        SurfaceMap(*parts, {"facet": np.ones(n)}).to_csv(tmp_path / "clash.csv")
