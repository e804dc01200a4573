"""Cycles as a laboratory counts them, and which instants are kept."""

from __future__ import annotations

from dataclasses import replace
from math import isnan

import pytest

from zinterphase.case.condition import Condition
from zinterphase.case.protocol import Block, Visit, visits
from zinterphase.case.step import Record
from zinterphase.march.cycles import CycleBook, CycleRow
from zinterphase.march.recording import Recorder, between
from zinterphase.march.sample import Sample

START = Sample(0.0, 0.0, 0.0, 0.0, thickness=0.0)
PLATE = "plate at 1 mA/cm^2 for 1 h"
STRIP = "strip at 1 mA/cm^2 until voltage >= 0.5 V or charge >= 1 mAh/cm^2"


def block(*steps: str, **more: object) -> Block:
    return Block.model_validate({"steps": list(steps), **more})


def walked(
    book: CycleBook, block: Block, courses: list[tuple[list[tuple[float, float]], str]]
) -> list[CycleRow | None]:
    """Rows of a pass: for each step the charge [C/m2] it has passed and the voltage, from the
    switch on, and what ended it."""
    found = []
    now = START
    for visit, (course, why) in zip(visits([block]), courses, strict=False):
        before = now
        for number, (charge, voltage) in enumerate(course):
            now = replace(
                before, time=before.time + number, charge=before.charge + charge, voltage=voltage
            )
            if number == 0:
                book.begin(visit, before, now)
            else:
                book.step(now)
        found.append(book.end(visit, now, block.label, why))
    return found


PLATED = ([(0.0, -0.02), (-20.0, -0.04), (-40.0, -0.06)], "time")
STRIPPED = ([(0.0, 0.03), (30.0, 0.05), (36.0, 0.5)], "voltage >= 0.5 V")


def test_efficiency_and_hysteresis() -> None:
    """90 % come back; voltages at half of each one's own charge, on the line between."""
    book = CycleBook()
    nothing, row = walked(book, block(PLATE, STRIP, label="cycling"), [PLATED, STRIPPED])
    assert nothing is None
    assert row is not None
    assert (row.plated, row.stripped) == (40.0, 36.0)
    assert row.efficiency == pytest.approx(0.9)
    assert row.hysteresis == pytest.approx(0.042 - -0.04)
    assert (row.end_voltage_plating, row.end_voltage_stripping) == (-0.06, 0.5)
    assert row.ended_by == ("time", "voltage >= 0.5 V")
    assert (row.number, row.label, row.begin, row.end) == (1, "cycling", 0.0, 4.0)


def test_no_efficiency_where_charge_ends_the_stripping() -> None:
    """It would be one by decree."""
    stripped = (STRIPPED[0], "charge >= 1 mAh/cm^2")
    row = walked(CycleBook(), block(PLATE, STRIP), [PLATED, stripped])[-1]
    assert row is not None
    assert isnan(row.efficiency)
    assert row.hysteresis > 0.0


def test_a_cycle_that_only_rests() -> None:
    row = walked(CycleBook(), block("rest for 1 h"), [([(0.0, 0.0), (0.0, 0.0)], "time")])[-1]
    assert row is not None
    assert (row.plated, row.stripped) == (0.0, 0.0)
    assert isnan(row.efficiency)
    assert isnan(row.hysteresis)


def rows(*efficiencies: float) -> list[CycleRow]:
    return [CycleRow(n, "", 0.0, 1.0, efficiency=e) for n, e in enumerate(efficiencies, 1)]


@pytest.mark.parametrize(
    ("efficiencies", "stops"),
    [
        ((0.8, 0.8), False),
        ((0.8, 0.8, 0.8), True),
        ((0.8, 0.8, 0.95, 0.8, 0.8), False),
        ((0.95, 0.8, 0.8, 0.8), True),
        ((0.8, float("nan"), 0.8), False),
    ],
)
def test_a_condition_on_several_cycles(efficiencies: tuple[float, ...], stops: bool) -> None:
    """One after the other; a cycle without the quantity breaks the row."""
    stop = block(PLATE, stop="CE < 0.9 for 3 cycles")
    assert CycleBook(rows(*efficiencies)).stopped(stop) is stops


def test_conditions_of_a_stop_are_alternatives() -> None:
    found = [replace(rows(0.99)[0], hysteresis=0.3)]
    stop = block(PLATE, stop="CE < 0.9 for 3 cycles or hysteresis > 200 mV")
    assert CycleBook(found).stopped(stop)
    assert not CycleBook(rows(0.99)).stopped(stop)


def at(time: float) -> Sample:
    """On a parabola in time."""
    return Sample(time, voltage=1.0 + time**2, current=-2.0 * time, charge=3.0)


def recorded(record: Record, times: list[float]) -> list[float]:
    recorder = Recorder(record, at(times[0]))
    return [row.time for time in times[1:] for row in recorder.rows(at(time))]


TIMES = [0.0, 0.4, 1.1, 2.7, 4.5]


def test_every_step_without_a_rule() -> None:
    assert recorded(Record(), TIMES) == TIMES[1:]


def test_every_so_often() -> None:
    assert recorded(Record(every="1 s"), TIMES) == pytest.approx([1.0, 2.0, 3.0, 4.0])


def test_each_multiple_once_where_a_step_ends_on_it() -> None:
    found = recorded(Record(every="0.5 s"), [0.0, 0.5, 1.0, 1.25, 2.0, 2.1])
    assert found == pytest.approx([0.5, 1.0, 1.5, 2.0])


def test_growing_times() -> None:
    found = recorded(Record(growth=2.0), TIMES)
    assert found == pytest.approx([0.4, 0.8, 1.6, 3.2])


def test_changes_of_the_voltage() -> None:
    """Since the last row that was kept: 1 -> 2.21 -> 8.29 -> 21.25."""
    assert recorded(Record(voltage="1 V"), TIMES) == [1.1, 2.7, 4.5]
    assert recorded(Record(voltage="10 V"), TIMES) == [4.5]
    assert recorded(Record(current="4 A/m^2"), TIMES) == [2.7]


def test_rows_between_steps_are_on_the_parabola() -> None:
    found = between(at(0.4), at(1.1), at(2.7), 2.0)
    assert found.voltage == pytest.approx(5.0)
    assert found.current == pytest.approx(-4.0)
    line = between(None, at(1.1), at(2.7), 1.9)
    assert line.voltage == pytest.approx((at(1.1).voltage + at(2.7).voltage) / 2)


def test_visits_know_the_end_of_a_cycle() -> None:
    found: list[Visit] = list(visits([block(PLATE, STRIP, repeat=2)]))
    assert [(v.cycle, v.last) for v in found] == [(1, False), (1, True), (2, False), (2, True)]


def test_conditions_read_as_they_were_written() -> None:
    (condition,) = block(PLATE, stop="CE < 90 % for 3 cycles").stop
    assert isinstance(condition, Condition)
    assert str(condition).endswith("for 3 cycles")
