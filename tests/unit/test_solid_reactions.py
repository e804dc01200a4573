"""Reactions that form and use a precipitate: what a case may say of them, and what solid covers."""

from __future__ import annotations

import tomllib

import pytest

from zinterphase.case import Case
from zinterphase.cell.electrodes import cell_of
from zinterphase.errors import CaseError
from zinterphase.physics.precipitation import covered_share

from ..march.full_cells import full_cell

REST = ("rest for 1 s",)
TEXT = full_cell(REST, reactions="triiodide = {}\niodine = {}")


def test_the_library_knows_solid_iodine() -> None:
    case = Case.from_dict(tomllib.loads(TEXT))
    found = cell_of(case).counter
    assert found is not None
    reaction = found.reactions["host", "iodine"]
    assert reaction.ions == {"I-": -1.0}
    assert (reaction.bound, reaction.solid) == ({"I2": 0.5}, 0.5)
    entries = {entry.field: entry for entry in case.provenance}
    assert entries["kinetics.host.reactions.iodine.covering_thickness"].basis == "assumption"
    assert entries["kinetics.host.reactions.iodine.precipitate"].value == "iodine"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[electrolyte.precipitates.iodine]", "", "electrolyte.precipitates: none"),
        ("iodine = {}", 'iodine = {precipitate = "salt"}', "one of electrolyte.precipitates"),
        ("iodine = {}", 'iodine = {formal_potential = "0.6 V"}', "one equilibrium"),
        ("iodine]\n", "iodine]\nlog_K = 3.0\n", "one equilibrium"),
        ("iodine = {}", 'iodine = {equation = "I- -> 1/2 I2 + e-"}', "one solid (s)"),
        ("iodine = {}", "iodine = {nucleation = {}}", "nucleation"),
        ("triiodide = {}", 'triiodide = {covering_thickness = "1 nm"}', "only with precipitate"),
        ("iodine = {}", "iodine = {}\nother = {}", "other"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(old: str, new: str, said: str) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    if not new:
        text = text.replace('initial = {host = "100 mol/m^3"}', "")
    with pytest.raises(CaseError) as error:
        cell_of(Case.from_dict(tomllib.loads(text)))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_dense_electrode_has_no_walls_for_it() -> None:
    text = full_cell(REST, zinc="[kinetics.zinc.reactions.iodine]\n" + LAW)
    with pytest.raises(CaseError, match="only in the pores of a conductor; zinc is dense"):
        Case.from_dict(tomllib.loads(text))


@pytest.mark.parametrize("supply", [-1.0, 0.0, 1e-9, 1e-3, 1.0, 1e6])
@pytest.mark.parametrize("used", [0.0, 1.0, 1e12])
def test_covered_share_is_that_of_the_amount_at_the_end_of_a_step(
    supply: float, used: float
) -> None:
    rate, half = 0.1, 2e-5
    share = covered_share(supply, used, rate, half)
    amount = (max(supply, 0.0) - used * share) / rate
    assert 0.0 <= share < 1.0
    # What is used is a small difference where almost all is.
    assert share * (amount + half) == pytest.approx(amount, abs=1e-9 * max(supply, half) / rate)


LAW = """
equation = "I- -> 1/2 I2(s) + e-"
precipitate = "iodine"
covering_thickness = "1 nm"
exchange_current_density = "1 A/m^2"
reference_concentration = "0.1 mol/L"
formal_potential = "0.6 V"
alpha_a = 0.5
alpha_c = 0.5
"""
