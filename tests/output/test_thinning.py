"""How many snapshots of a series are kept, and which."""

import pytest

from zinterphase.output.field_series import MOST, Snapshot, thinned


def after(count: int) -> list[int]:
    """Numbers that are there after so many snapshots."""
    kept: tuple[Snapshot, ...] = ()
    for number in range(count):
        kept = thinned((*kept, Snapshot(number, float(number))))
        assert len(kept) <= MOST
        assert kept[-1].number == number
    return [snapshot.number for snapshot in kept]


@pytest.mark.parametrize("count", [1, 2, 199, 200])
def test_few_are_all_kept(count: int) -> None:
    assert after(count) == list(range(count))


@pytest.mark.parametrize(("count", "stride"), [(201, 2), (399, 2), (401, 4), (1900, 16)])
def test_many_are_kept_at_even_distances(count: int, stride: int) -> None:
    assert after(count) == sorted({*range(0, count, stride), count - 1})
