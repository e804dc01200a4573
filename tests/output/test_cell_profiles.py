"""Profiles through a cell: which are kept, their table and their figure."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from zinterphase.case import Case
from zinterphase.observe.through_cell import CellProfile
from zinterphase.output.figures import save_figure, written
from zinterphase.output.profile_book import MOST, ProfileBook, write_profiles
from zinterphase.output.profiles_figure import profiles_figure

from .program import ROOT

HEIGHT = np.array([5e-6, 15e-6, 30e-6, 50e-6])
LAYERS = ("separator", "separator", "host", "host")


def profile(time: float, cycle: int, step: int, said: str = "end of charge") -> CellProfile:
    walls = np.array([np.nan, np.nan, 1.0, 2.0])
    values = {
        "c_Zn2+": 2000.0 + time * HEIGHT,
        "c_I2": np.array([1.0, 1.0, 1.2, 1.3]),
        "reaction": 1e6 * walls,
        "solid_iodine": 100.0 * walls,
        "porosity": np.array([0.9, 0.9, 0.55, 0.5]),
    }
    return CellProfile(time, cycle, step, said, HEIGHT, LAYERS, values)


def times(book: ProfileBook) -> list[float]:
    return [each.time for each in book.shown]


def test_the_last_whole_cycle_is_shown_with_what_was_asked_for() -> None:
    book = ProfileBook()
    book.asked(profile(0.0, 1, 0, "beginning of rest"))
    for cycle in range(1, 4):
        book.ends(profile(10.0 * cycle, cycle, 1))
        book.ends(profile(10.0 * cycle + 5, cycle, 2))
    assert times(book) == [0.0, 30.0, 35.0]
    book.ends(profile(40.0, 4, 1))
    assert times(book) == [0.0, 30.0, 35.0]
    book.ends(profile(45.0, 4, 2))
    assert times(book) == [0.0, 40.0, 45.0]


def test_no_more_than_a_few_are_kept_and_they_come_back_from_plain_data() -> None:
    book = ProfileBook()
    for step in range(100):
        book.ends(profile(float(step), 1, step))
        book.asked(profile(step + 0.5, 1, step, "amid charge"))
    assert len(book.shown) == MOST
    assert times(book)[-1] == 99.5
    memory = json.loads(json.dumps(book.memory))
    assert len(memory["ends"]) == len(memory["asked"]) == MOST
    again = ProfileBook(memory)
    assert times(again) == times(book)
    for name, values in book.shown[0].values.items():
        np.testing.assert_array_equal(again.shown[0].values[name], values)


def test_the_table_has_a_row_for_each_place_and_instant(tmp_path: Path) -> None:
    write_profiles([profile(0.0, 1, 0), profile(9.0, 1, 1)], tmp_path / "table.csv")
    with (tmp_path / "table.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * len(HEIGHT)
    assert (rows[4]["time"], rows[4]["layer"], rows[4]["reaction"]) == ("9.0", "separator", "")
    assert float(rows[7]["solid_iodine"]) == pytest.approx(200.0)


def test_the_figure_has_a_panel_for_each_quantity_and_a_line_for_each_instant(
    tmp_path: Path,
) -> None:
    case = Case.load(ROOT / "cases/zinc_iodine.toml", [])
    shown = [profile(0.0, 1, 0), profile(3600.0, 2, 3), profile(7200.0, 2, 4, "end of discharge")]
    figure = profiles_figure(case, shown)
    labels = [axes.get_ylabel() for axes in figure.axes]
    assert labels == [
        "Zn$^{2+}$ (mmol L$^{-1}$)", "I2 (mmol L$^{-1}$)", "Reaction (A cm$^{-3}$)",
        "Solid iodine (mol L$^{-1}$)", "Porosity",
    ]  # fmt: skip
    assert [len(axes.get_lines()) for axes in figure.axes] == [3] * 5
    # Reaction and solid are drawn where they are: from half way into the host.
    assert figure.axes[2].get_xlim() == pytest.approx((22.5, 50.0))
    assert figure.axes[3].get_lines()[0].get_ydata() == pytest.approx([0.1, 0.2])
    (key,) = figure.legends
    assert [text.get_text() for text in key.get_texts()][-1] == (
        "cycle 2, end of discharge, 2\N{NO-BREAK SPACE}h"
    )
    save_figure(figure, tmp_path / "profiles.png")
    assert (tmp_path / "profiles.png").stat().st_size > 10_000


def test_charges_of_ions_are_raised() -> None:
    assert written("SO42-", -2) == "SO4$^{2-}$"
    assert written("I2", 0) == "I2"
