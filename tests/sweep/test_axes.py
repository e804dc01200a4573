"""What `--set` and `--range` of a sweep mean."""

from __future__ import annotations

import pytest

from zinterphase.errors import CaseError
from zinterphase.sweep.axes import axes_of, parted


def test_commas_within_quotes_and_brackets_part_nothing() -> None:
    assert parted('"10 um, 20 um", [1, {a = "x,y"}], b') == [
        '"10 um, 20 um"', '[1, {a = "x,y"}]', "b",
    ]  # fmt: skip


def test_a_grid_takes_each_with_each_the_last_key_the_fastest() -> None:
    axes = axes_of(["a.b=1,2", "a.c=x,y", "a.d=7"], [], "grid")
    assert [tuple(member.values()) for member in axes.members()] == [
        ("1", "x"), ("1", "y"), ("2", "x"), ("2", "y"),
    ]  # fmt: skip
    assert axes.fixed == ("a.d=7",)
    assert axes.control is None


def test_a_zip_takes_the_first_with_the_first() -> None:
    axes = axes_of(["a.b=1,2"], ["control.current_density=-1 A/m^2:-3 A/m^2:2"], "zip")
    assert [tuple(member.values()) for member in axes.members()] == [
        ("1", "-1.0 A/m^2"), ("2", "-3.0 A/m^2"),
    ]  # fmt: skip


def test_a_range_is_in_the_unit_of_its_end() -> None:
    (axis,) = axes_of([], ["layers.film.thickness=500 nm:2 um:4"], "grid").swept
    assert axis.values == ("0.5 um", "1.0 um", "1.5 um", "2.0 um")
    assert (axis.unit, axis.numbers) == ("um", (0.5, 1.0, 1.5, 2.0))


def test_the_control_is_gone_along_and_not_a_member() -> None:
    axes = axes_of(["control.potential=-1 V,-0.9 V", "a.b=1,2"], [], "grid")
    assert axes.control is not None
    assert axes.control.key == "control.potential"
    assert list(axes.members()) == [{"a.b": "1"}, {"a.b": "2"}]


@pytest.mark.parametrize(
    ("settings", "ranges", "combination", "named"),
    [
        ([], [], "grid", "--set"),
        (["a.b=1"], [], "grid", "--set"),
        (["a.b=1,2", "a.b=3"], [], "grid", "a.b"),
        (["a.b=1,2"], ["a.b=1:2:3"], "grid", "a.b"),
        (["a.b=1,,2"], [], "grid", "--set"),
        (["a.b=1,2", "a.c=1,2,3"], [], "zip", "--zip"),
        ([], ["a.b=1:2"], "grid", "--range"),
        ([], ["a.b=1 um:2 s:3"], "grid", "--range"),
        ([], ["a.b=1:2:1"], "grid", "--range"),
        ([], ["a.b=1:2:10000", "a.c=1:2:2"], "grid", "--set"),
        (["control.potential=1 V,2 V"], ["control.current_density=1 A/m^2:2 A/m^2:2"], "grid",
         "--set"),
    ],
)  # fmt: skip
def test_what_cannot_be_swept_is_refused(
    settings: list[str], ranges: list[str], combination: str, named: str
) -> None:
    with pytest.raises(CaseError) as caught:
        axes_of(settings, ranges, "zip" if combination == "zip" else "grid")
    assert caught.value.field == named
