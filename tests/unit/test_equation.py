"""Reactions as chemists write them: what is read, and what is refused in one line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zinterphase.case.equation import read_equation
from zinterphase.errors import CaseError
from zinterphase.materials.formula import elements

LIQUID = {"Zn2+": 2, "SO42-": -2, "H+": 1, "OH-": -1, "O2": 0, "HSO4-": -1, "X+": 1}


def test_oxygen_reduction_is_turned_into_an_oxidation() -> None:
    found = read_equation("O2 + 2 H2O + 4 e- -> 4 OH-", "reaction", LIQUID)
    assert found.dissolved == {"O2": 1.0, "OH-": -4.0}
    assert (found.electrons, found.gas, found.solids) == (4, {}, {})


@pytest.mark.parametrize("arrow", ["->", "=", "<->", "<=>"])
def test_either_direction_is_the_same_reaction(arrow: str) -> None:
    one = read_equation(f"2 H+ + 2 e- {arrow} H2(g)", "reaction", LIQUID)
    other = read_equation(f"H2(g) {arrow} 2 H+ + 2 e-", "reaction", LIQUID)
    assert one == other
    assert one.gas == {"H2": -1.0}
    assert one.dissolved == {"H+": 2.0}


def test_fractions_and_solids() -> None:
    found = read_equation("H+ + e- -> 1/2 H2(g)", "reaction", LIQUID)
    assert found.gas == {"H2": -0.5}
    zinc = read_equation("Zn2+ + 2 e- -> Zn(s)", "reaction", LIQUID)
    assert zinc.solids == {"Zn": -1.0}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2 H+ + e- -> H2(g)", "charge"),
        ("2 H+ + 2 e- -> O2", "every element"),
        ("Zn2+ + 2 e- -> Cu(s)", "every element"),
        ("Fe2+ + 2 e- -> Fe(s)", "gases"),
        ("Zn2+ -> Zn(s)", "electrons"),
        ("Zn2+ + 2 e-", "two sides"),
        ("Zn2+ + 2 e- -> Zn(s) -> Zn2+", "two sides"),
        ("H2O + e- -> H2(g)", "some species"),
        ("Zn2+ + 1/0 e- -> Zn(s)", "numbers"),
        ("Zn2+ + 1.5 e- -> Zn(s)", "whole number"),
    ],
)
def test_what_does_not_balance_is_refused_in_one_line(text: str, why: str) -> None:
    with pytest.raises(CaseError, match=why) as caught:
        read_equation(text, "kinetics.zinc.reactions.mine.equation", LIQUID)
    assert "\n" not in str(caught.value)
    assert "kinetics.zinc.reactions.mine.equation" in str(caught.value)


def test_names_that_are_no_formulas_are_not_counted() -> None:
    found = read_equation("X+ + e- -> Y(s)", "reaction", LIQUID)
    assert found.dissolved == {"X+": 1.0}


@pytest.mark.parametrize(
    ("name", "charge", "atoms"),
    [
        ("SO42-", -2, {"S": 1, "O": 4}),
        ("SO4^2-", -2, {"S": 1, "O": 4}),
        ("SO4--", -2, {"S": 1, "O": 4}),
        ("Zn4SO4(OH)6", 0, {"Zn": 4, "S": 1, "O": 10, "H": 6}),
        ("I3-", -1, {"I": 3}),
        ("H+", 1, {"H": 1}),
        ("anion", -1, None),
        ("Q2", 0, None),
    ],
)
def test_elements_of_names(name: str, charge: int, atoms: dict[str, int] | None) -> None:
    assert elements(name, charge) == atoms


@given(st.text(alphabet="HOZneSI0123456789+-<>=/(). ", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = read_equation(text, "reaction", LIQUID)
    except CaseError:
        return
    charge = sum(n * LIQUID[name] for name, n in found.dissolved.items())
    assert charge == pytest.approx(found.electrons)
