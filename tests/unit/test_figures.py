"""Figures: the right artists, labels and captions, and a file that holds a picture."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import image
from matplotlib.figure import Figure

from zinterphase.ensemble.anode import Anode
from zinterphase.ensemble.comparison_figure import comparison_figure
from zinterphase.observe.homogeneity import homogeneity
from zinterphase.observe.spectrum import Spectrum
from zinterphase.observe.statistics import Interval, mean_interval
from zinterphase.observe.surface import FloatArray, SurfaceMap
from zinterphase.output.figures import length_unit, save_figure
from zinterphase.output.plotstyle import looks

WIDTH = 60e-6
LABELS = ("bare Zn", "Ag@Zn", "TiO2@Zn", "AT@Zn")
SEEDS = range(1, 11)


def surface(mean: float, a: float, seed: int, dimension: int = 2) -> SurfaceMap:
    n = 120 if dimension == 2 else 24
    axis = (np.arange(n) + 0.5) * WIDTH / n
    lateral = [grid.ravel() for grid in np.meshgrid(*[axis] * (dimension - 1), indexing="ij")]
    phase = np.cos(3 * np.pi * lateral[0] / WIDTH) + 0.1 * np.sin(seed) * np.cos(
        7 * np.pi * lateral[-1] / WIDTH
    )
    area = np.full(len(phase), (WIDTH / n) ** (dimension - 1))
    position = np.stack([*lateral, 0.0 * phase], axis=1)
    values = {"current_density": mean * (1 + a * phase)}
    return SurfaceMap(position, area, area, np.arange(len(phase)), values)


@cache
def ensemble(seeds: range, dimension: int, scale: float) -> tuple[Anode, ...]:
    found = []
    for current in (-10.0, -50.0):
        for number, label in enumerate(LABELS):
            spread = scale * 0.4 / (1 + number)
            maps = [surface(current, spread * (1 + 0.02 * s), s, dimension) for s in seeds]
            results = [homogeneity(m, "current_density", WIDTH) for m in maps]
            cv = mean_interval([result.cv or 0.0 for result in results])
            spectra = tuple(result.spectrum for result in results if result.spectrum)
            found.append(Anode(label, current, maps[0], spectra, cv, abs(current) / 2000.0))
    return tuple(found)


def anodes(seeds: range = SEEDS, dimension: int = 2, scale: float = 1.0) -> list[Anode]:
    return list(ensemble(seeds, dimension, scale))


def compare(members: list[Anode], seeds: range = SEEDS) -> Figure:
    return comparison_figure(
        members,
        width=WIDTH,
        level="secondary",
        concentration=2000.0,
        seed=1,
        seeds=seeds,
        compared="metal area",
    )


def caption(figure: Figure) -> str:
    return " ".join(figure.texts[0].get_text().split())


def test_comparison_has_a_row_per_current_and_one_panel_of_variations() -> None:
    figure = compare(anodes())
    assert [axes.get_title("left") for axes in figure.axes] == ["a", "b", "c", "d", "e"]
    for axes in figure.axes[::2][:2]:
        assert axes.get_xlabel() == "Position $x$ (µm)"
        assert axes.get_ylabel() == "Current density (mA cm$^{-2}$)"
        assert [line.get_label() for line in axes.lines] == list(LABELS)
    for axes in (figure.axes[1], figure.axes[3]):
        assert axes.get_xlabel() == "Wavelength (µm)"
        assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
        assert len(axes.lines) == len(axes.collections) == 4  # a line and a band per anode
    assert len(figure.axes[4].containers) == 8
    assert "CV" in figure.axes[4].get_ylabel()
    assert "mA cm" in figure.axes[4].get_xlabel()
    assert [text.get_text() for text in figure.legends[0].get_texts()] == list(LABELS)
    assert len(figure.legends) == 1


def test_comparison_draws_the_numbers_in_their_units() -> None:
    members = anodes()
    figure = compare(members)
    x, y = figure.axes[0].lines[0].get_data()
    np.testing.assert_allclose(x, 1e6 * members[0].surface.lateral[:, 0])
    np.testing.assert_allclose(y, 0.1 * members[0].surface.values["current_density"])
    wavelength, mean = figure.axes[1].lines[0].get_data()
    assert wavelength[2] == pytest.approx(40.0)
    expected = np.mean([spectrum.amplitude[2] for spectrum in members[0].spectra])
    assert mean[2] == pytest.approx(expected)
    marker = figure.axes[4].containers[0].lines[0]
    assert marker.get_ydata()[0] == members[0].cv.value
    (bar,) = figure.axes[4].containers[0].lines[2][0].get_segments()
    np.testing.assert_allclose(bar[:, 1], [members[0].cv.low, members[0].cv.high])


def test_comparison_caption_says_what_is_shown() -> None:
    text = caption(compare(anodes()))
    for expected in (
        "Level secondary, 2 mol/L, 10 seeds (1–10)",
        "−1 mA/cm² (i/i_lim = 0.005), −5 mA/cm² (i/i_lim = 0.025)",
        "60 µm wide, seed 1",
        "95% intervals",
        "cathodic is negative",
    ):
        assert expected in text


def test_single_seed_has_no_bands_and_no_bars() -> None:
    figure = compare(anodes(range(1, 2)), range(1, 2))
    assert len(figure.axes[1].collections) == 0
    assert all(not container.lines[2] for container in figure.axes[4].containers)
    assert "seed 1, mean" in caption(figure)
    assert "intervals" not in caption(figure)


def test_colours_are_the_anodes_in_every_panel() -> None:
    figure = compare(anodes())
    colours = [[line.get_color() for line in axes.lines] for axes in figure.axes[:4]]
    assert all(row == colours[0] for row in colours)
    assert len(set(colours[0])) == 4
    assert len({look.dashes for look in looks(LABELS).values()}) == 4


def test_variations_of_different_order_are_on_a_logarithmic_axis() -> None:
    assert compare(anodes()).axes[4].get_yscale() == "linear"
    tiny = anodes(scale=1e-3)
    mixed = [a if a.label == "bare Zn" else t for a, t in zip(anodes(), tiny, strict=True)]
    assert compare(mixed).axes[4].get_yscale() == "log"


def test_undefined_variation_is_left_out() -> None:
    members = anodes()
    empty = mean_interval([])
    members[1] = Anode(LABELS[1], -10.0, members[1].surface, (), empty)
    figure = compare(members)
    assert len(figure.axes[4].containers) == 7
    assert len(figure.axes[1].lines) == 3


def test_spectra_of_different_meshes_share_their_modes() -> None:
    k = np.pi / WIDTH * np.arange(1, 30)
    long, short = Spectrum(k, 0.1 / k), Spectrum(k[:20], 0.1 / k[:20])
    members = [Anode("bare", -10.0, surface(-10, 0.1, 1), (long, short), mean_interval([0.1]))]
    assert len(compare(members).axes[1].lines[0].get_xdata()) == 20


def test_three_dimensions_show_the_middle_line() -> None:
    members = anodes(dimension=3)[:1]
    figure = compare(members)
    x, y = figure.axes[0].lines[0].get_data()
    assert (x[0], x[-1]) == (0.0, pytest.approx(60.0))
    middle = members[0].surface
    row = np.abs(middle.lateral[:, 1] - 0.5 * WIDTH) < WIDTH / 24
    expected = [
        middle.values["current_density"][row & (middle.lateral[:, 0] == u)].mean()
        for u in np.unique(middle.lateral[:, 0])
    ]
    inner = np.interp(1e6 * np.unique(middle.lateral[:, 0]), x, y)
    np.testing.assert_allclose(inner, 0.1 * np.array(expected), rtol=5e-3)
    np.testing.assert_allclose(y[[0, -1]], inner[[0, -1]], rtol=2e-3)  # no slope at a mirror
    assert "along the middle line" in caption(figure)


def with_factors(members: list[Anode]) -> list[Anode]:
    """Each against the first of its current, on nine tenths of it as the lower end."""
    found = []
    for anode in members:
        first = next(a for a in members if a.current == anode.current)
        factor = 1.0 - (anode.cv.value or 0.0) / (first.cv.value or 1.0)
        interval = Interval(factor, 0.9 * factor, 1.1 * factor, 10)
        found.append(replace(anode, homogenisation=None if anode is first else interval))
    return found


def test_homogenisation_factors_stand_with_their_intervals() -> None:
    members = with_factors(anodes())
    figure = compare(members)
    panel = figure.axes[5]
    assert panel.get_ylabel() == "Homogenisation factor, $H$"
    assert len(panel.containers) == 6  # none for the reference
    factor = members[1].homogenisation
    assert factor is not None
    assert panel.containers[0].lines[0].get_ydata()[0] == factor.value
    (bar,) = panel.containers[0].lines[2][0].get_segments()
    np.testing.assert_allclose(bar[:, 1], [factor.low, factor.high])
    assert "H = 1 − CV/CV(bare Zn)" in caption(figure)


def test_profile_that_hides_another_is_named() -> None:
    members = anodes()
    assert "coincide" not in caption(compare(members))
    members[2] = replace(members[2], surface=members[0].surface)
    text = caption(compare(members))
    assert "Profiles that coincide: TiO2@Zn on bare Zn at −1 mA/cm²." in text


def test_deposition_is_drawn_upwards() -> None:
    assert compare(anodes()).axes[0].yaxis_inverted()


@pytest.mark.parametrize("suffix", [".png", ".pdf"])
def test_saved_figure_holds_a_picture(tmp_path: Path, suffix: str) -> None:
    before = dict(mpl.rcParams)
    path = tmp_path / f"comparison{suffix}"
    save_figure(compare(anodes()), path, resolution=100.0)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    assert path.stat().st_size > 10_000
    assert dict(mpl.rcParams) == before
    if suffix == ".png":
        pixels: FloatArray = image.imread(path)[..., :3]
        assert pixels.shape[1] == 720
        inked = (pixels < 0.9).any(axis=2).mean()
        assert 0.02 < inked < 0.3
        assert (pixels[:, -3:] > 0.99).all()  # nothing runs over the edge
        assert (pixels[:, :3] > 0.99).all()


def test_nothing_is_clipped_at_the_edges() -> None:
    figure = compare(anodes())
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    whole = figure.bbox
    boxes = [axes.get_tightbbox(renderer) for axes in figure.axes]
    boxes += [figure.texts[0].get_window_extent(renderer), figure.legends[0].get_window_extent()]
    for box in boxes:
        assert whole.x0 <= box.x0
        assert box.x1 <= whole.x1
        assert whole.y0 <= box.y0
        assert box.y1 <= whole.y1
    below = figure.texts[0].get_window_extent(renderer).y1
    assert below < min(axes.get_tightbbox(renderer).y0 for axes in figure.axes)


def test_short_lengths_are_in_nanometres() -> None:
    assert length_unit(4e-7).unit == "nm"
    assert length_unit(4e-5).scale * 4e-5 == pytest.approx(40.0)
