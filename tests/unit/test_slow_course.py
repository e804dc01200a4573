"""What is foretold of passes to come, against courses whose every pass is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from zinterphase.march.cycles import CycleRow
from zinterphase.march.ends import APART, Course, End, Mixture


def end(place: int, value: Callable[[int], float]) -> End:
    row = CycleRow(place, "", 0.0, 0.0, thickness=value(place))
    nothing = cast(Any, None)
    return End(place, nothing, nothing, row, (value(place), 2 * value(place)))


def course(value: Callable[[int], float], places: list[int], former: list[int]) -> Course:
    """Ends that came one after the other, the last one last."""
    found = Course(former=tuple(end(place, value) for place in reversed(former)))
    for place in places:
        found = found.followed_by(end(place, value))
    return found


def summed(mixture: Mixture, value: Callable[[int], float]) -> float:
    return sum(w * value(e.place) for w, e in zip(mixture.weights, mixture.ends, strict=True))


def line(place: int) -> float:
    return 3.0 - 0.5 * place


def parabola(place: int) -> float:
    return 3.0 - 0.5 * place + 0.01 * place**2


def test_a_steady_change_is_foretold_by_two_ends() -> None:
    found = course(line, [3, 4], [])
    assert summed(found.at(54), line) == pytest.approx(line(54))
    assert summed(found.change(60), line) == pytest.approx(-0.5)
    assert found.charges(10) == pytest.approx((line(10), 2 * line(10)))
    assert found.of_cycle("thickness", 10) == pytest.approx(line(10))


@pytest.mark.parametrize(
    ("places", "former"), [([12, 13], [3, 4]), (list(range(1, APART + 3)), [])]
)
def test_a_change_that_changes_evenly_is_foretold_by_four(
    places: list[int], former: list[int]
) -> None:
    found = course(parabola, places, former)
    there = places[-1] + 20
    assert summed(found.at(there), parabola) == pytest.approx(parabola(there))
    change = parabola(there) - parabola(there - 1)
    assert summed(found.change(there), parabola) == pytest.approx(change)
    # What does not change stays as it is, to rounding.
    assert sum(found.at(there).weights) == pytest.approx(1.0, abs=1e-14)
    assert sum(found.change(there).weights) == pytest.approx(0.0, abs=1e-14)


def test_a_course_that_is_taken_as_straight_follows_its_last_change() -> None:
    found = replace(course(parabola, [12, 13], [3, 4]), straight=True)
    change = parabola(13) - parabola(12)
    assert summed(found.at(33), parabola) == pytest.approx(parabola(13) + 20 * change)
    assert summed(found.change(33), parabola) == pytest.approx(change)


def test_bend_and_last_change_are_those_of_the_last_passes() -> None:
    found = course(parabola, [1, 2, 3], [])
    assert summed(found.bend, parabola) == pytest.approx(0.02)
    assert summed(found.last_change, parabola) == pytest.approx(parabola(3) - parabola(2))
