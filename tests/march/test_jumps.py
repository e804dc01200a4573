"""Jumps over cycles: against all of them marched, where a fade is slow and where it is sudden."""

from __future__ import annotations

import tomllib

import pytest

from zinterphase.case import Case
from zinterphase.errors import CaseError
from zinterphase.march.cycles import CycleRow
from zinterphase.march.jump_length import JumpReport

from .jumping import fading, growing
from .marching import March

JUMP = "time.jump = {}"
TOLERANCE = 1e-3


def report_of(march: March) -> JumpReport:
    found = march.driver.jumping.report
    assert found is not None
    return found


def by_number(march: March) -> dict[int, CycleRow]:
    return {row.number: row for row in march.journal.book.rows}


def test_a_slow_fade_is_foretold() -> None:
    """Capacity, thickness and sums within the tolerance and within what the jumps say of them."""
    march, jumped = March(fading(40)), March(fading(40, JUMP))
    march.run()
    jumped.run()
    wanted, found, report = by_number(march), by_number(jumped), report_of(jumped)
    assert report.cycles == 40 - len(found)
    assert len(found) < 30
    assert 40 in found
    last, end = march.driver.progress.last, jumped.driver.progress.last
    charge, lost = wanted[40].plated, -last.charge
    assert lost > 0.1 * charge  # of 40 cycles: what is foretold is not nothing
    for number, row in found.items():
        assert row.stripped == pytest.approx(wanted[number].stripped, abs=TOLERANCE * charge)
    allowed = min(TOLERANCE, report.charge_error) * charge
    assert end.charge == pytest.approx(last.charge, abs=allowed)
    # A strip to nothing ends there but for what an event is found to, of the 50 nm of a cycle.
    allowed = report.thickness_error + 1e-12
    assert end.thickness_max == pytest.approx(last.thickness_max, abs=allowed)
    assert end.hydrogen == pytest.approx(last.hydrogen, rel=10 * TOLERANCE)
    assert end.mismatch < 1e-9


def test_a_sudden_fade_is_marched() -> None:
    """The jump into it is taken back, and nothing of it stays."""
    march, jumped = March(growing(18)), March(growing(18, JUMP))
    march.run()
    jumped.run()
    wanted, found = by_number(march), by_number(jumped)
    assert wanted[18].plated < 0.8 * wanted[1].plated
    assert report_of(jumped).refused >= 1
    assert report_of(jumped).cycles == 18 - len(found)
    assert sum(row.jumped for row in found.values()) == report_of(jumped).cycles
    for number, row in found.items():
        assert row.plated == pytest.approx(wanted[number].plated, rel=1e-6)
        assert row.thickness == pytest.approx(wanted[number].thickness, rel=1e-6)
        assert row.end == pytest.approx(wanted[number].end, rel=1e-6)


def test_a_block_stops_where_it_does_without_jumps() -> None:
    block = 'stop = "thickness_total >= 18 nm"'
    march, jumped = (March(growing(60, more, block, "1 um")) for more in ("", JUMP))
    march.run()
    jumped.run()
    assert report_of(jumped).cycles > 0
    assert max(by_number(jumped)) == max(by_number(march))
    assert jumped.driver.progress.last.thickness >= 18e-9


@pytest.mark.parametrize(
    ("more", "what"),
    [
        (f"{JUMP}\nfront = {{}}", r"time\.jump = .*front"),
        ("time.jump.tolerance = 0.5", r"time\.jump\.tolerance"),
        ("time.jump.longest = 0", r"time\.jump\.longest"),
    ],
)
def test_what_cannot_be_jumped_is_refused(more: str, what: str) -> None:
    with pytest.raises(CaseError, match=what) as caught:
        Case.from_dict(tomllib.loads(growing(10, more)))
    assert "\n" not in str(caught.value)
