"""What makes cases comparable, and how many are solved at a time."""

from __future__ import annotations

from typing import Any

import pytest

from zinterphase.ensemble.compare import compare
from zinterphase.ensemble.groups import groups_of
from zinterphase.errors import CaseError

from .comparisons import SELF, case


@pytest.mark.parametrize(
    ("override", "field"),
    [
        ("level=primary", "level"),
        ("electrolyte.concentration=1 mol/L", "electrolyte"),
        ("geometry.width=40 um", "geometry.width"),
        ("temperature=310 K", "temperature"),
    ],
)
def test_what_differs_in_its_setting_is_not_compared(override: str, field: str) -> None:
    with pytest.raises(CaseError, match=rf"^{field} = .* allowed that of the reference bare Zn"):
        compare([case("bare"), case("silver", override)], comm=SELF)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"seeds": 0}, "seeds"),
        ({"seeds": [1, 1]}, "seeds"),
        ({"currents": []}, "currents"),
        ({"currents": [-2000.0 * 10.0]}, "control.current_density"),
        ({"members_at_once": 0}, "members_at_once"),
    ],
)
def test_settings_that_make_no_ensemble_are_refused(options: dict[str, Any], field: str) -> None:
    with pytest.raises(CaseError, match=rf"^{field} = "):
        compare([case("bare")], comm=SELF, **options)


def test_currents_of_the_cases_must_agree() -> None:
    cases = [case("bare"), case("silver", "control.current_density=-2 mA/cm^2")]
    with pytest.raises(CaseError, match=r"^control.current_density = "):
        compare(cases, comm=SELF)


def test_groups_of_ranks() -> None:
    class Ranks:
        size = 4

    def groups(jobs: int, dimension: int, at_once: int | None = None) -> int:
        return groups_of(Ranks(), jobs, dimension, at_once)  # type: ignore[arg-type]

    assert [groups(9, 2), groups(2, 2), groups(9, 3), groups(9, 3, 2), groups(9, 2, 99)] == [
        4, 2, 1, 2, 4,
    ]  # fmt: skip
