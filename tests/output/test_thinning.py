"""How many snapshots of a series are kept, and which."""

import pytest

from zinterphase.output.stride import MOST, stride


def after(count: int) -> list[int]:
    """Numbers that are there after so many snapshots, each dropped as soon as it is not wanted."""
    kept: list[int] = []
    for number in range(count):
        every = stride(number)
        kept = [n for n in (*kept, number) if n % every == 0]
        assert len(kept) < MOST  # the end of the run has its place
    return kept


@pytest.mark.parametrize("count", [1, 2, 199])
def test_few_are_all_kept(count: int) -> None:
    assert after(count) == list(range(count))


@pytest.mark.parametrize(("count", "every"), [(200, 2), (398, 2), (399, 4), (1900, 16)])
def test_many_are_kept_at_even_distances(count: int, every: int) -> None:
    assert after(count) == list(range(0, count, every))
