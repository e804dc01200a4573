"""The order of a protocol's steps, their times and currents, and how they are shown."""

import pytest

from zinterphase.case import Record, visits
from zinterphase.case.plan import largest_current, longest_time, planned
from zinterphase.case.protocol import LEAVE, PassEnd
from zinterphase.cell.advice import regime_of
from zinterphase.cli.console import make_console
from zinterphase.cli.protocol_table import show_protocol

from .protocols import PLATE, STRIP, case


def test_steps_come_in_their_order() -> None:
    inner = {"label": "fast", "repeat": 2, "steps": [STRIP, PLATE]}
    protocol = case(
        {"steps": ["rest for 1 s"]},
        {"label": "outer", "repeat": 2, "steps": [PLATE, inner, "rest for 1 h", STRIP]},
    ).protocol
    found = [(v.block, v.cycle, v.number, v.step.text, v.last) for v in visits(protocol)]
    assert found[:8] == [
        (0, 1, 1, "rest for 1 s", True),
        (1, 2, 2, PLATE, True),
        (1, 3, 3, STRIP, False),
        (1, 3, 4, PLATE, True),
        (1, 4, 3, STRIP, False),
        (1, 4, 4, PLATE, True),
        (1, 5, 5, "rest for 1 h", False),
        (1, 5, 6, STRIP, True),
    ]
    assert [entry[1] for entry in found[8:]] == [6, 7, 7, 8, 8, 9, 9]
    counts = [entry.times for entry in planned(protocol)]
    assert counts == [1, 2, 4, 4, 2, 2]
    assert sum(counts) == len(found)


def test_a_block_that_stops_skips_its_other_passes() -> None:
    protocol = case(
        {"repeat": 5, "steps": [PLATE, STRIP], "stop": "CE < 0.9"}, {"steps": ["rest for 1 h"]}
    ).protocol
    asked: list[PassEnd] = []

    def left_out(end: PassEnd) -> int:
        asked.append(end)
        return LEAVE if len(asked) == 2 else 0

    found = [(v.block, v.cycle) for v in visits(protocol, left_out)]
    assert found == [(0, 1), (0, 1), (0, 2), (0, 2), (1, 3)]
    assert asked == [
        PassEnd(protocol[0], 4, 1),
        PassEnd(protocol[0], 3, 1),
        PassEnd(protocol[1], 0, 1),
    ]


def test_passes_that_are_left_out_count_as_cycles() -> None:
    inner = {"repeat": 3, "steps": [STRIP, PLATE]}
    protocol = case({"repeat": 5, "steps": [PLATE, inner]}, {"steps": ["rest for 1 h"]}).protocol

    def left_out(end: PassEnd) -> int:
        return 2 if end.block is protocol[0] and end.left == 3 else 0

    found = [v.cycle for v in visits(protocol, left_out)]
    assert [*dict.fromkeys(found)] == [*range(1, 9), *range(17, 22)]


def test_a_step_keeps_the_record_of_its_block() -> None:
    own = {"sentence": STRIP, "record": {"growth": 1.5}}
    inner = {"record": {"every": "1 s"}, "steps": [PLATE]}
    protocol = case({"record": {"every": "1 min"}, "steps": [PLATE, own, inner]}).protocol
    assert [visit.record for visit in visits(protocol)] == [
        Record.model_validate({"every": "60 s"}),
        Record.model_validate({"growth": 1.5}),
        Record.model_validate({"every": "1 s"}),
    ]


def test_time_is_known_where_every_step_ends_by_time_or_charge() -> None:
    charge = "plate at 1 mA/cm^2 until charge >= 1 mAh/cm^2 or voltage <= -1 V"
    sweep = {"mode": "sweep", "from": "0 V", "to": "-0.2 V", "rate": "1 mV/s"}
    steps = planned(case({"repeat": 3, "steps": [charge, STRIP, sweep]}).protocol)
    assert [entry.longest for entry in steps] == pytest.approx([3600.0, 1800.0, 200.0])
    assert longest_time(steps) == pytest.approx(3 * 5600.0)
    unknown = planned(case({"steps": [PLATE, "rest until voltage >= 0 V"]}).protocol)
    assert longest_time(unknown) is None


def test_check_shows_the_steps_with_their_times() -> None:
    console = make_console()
    block = {"label": "ten", "repeat": 10, "steps": [PLATE, STRIP], "stop": "CE < 0.9"}
    with console.capture() as capture:
        show_protocol(console, case(block).protocol)
    shown = capture.get()
    assert PLATE in shown
    assert "20 steps at most, time: at most 15 h" in shown
    assert "block ten stops when CE < 0.9" in shown


def test_a_current_beyond_the_limit_is_a_warning_in_time() -> None:
    """There it is no steady state that is asked for."""
    found = case({"steps": ["plate at 1000 mA/cm^2 for 1 s"]})
    regime = regime_of(found)
    assert regime.limiting_fraction is not None
    assert regime.limiting_fraction > 1.0
    assert not regime.refusals
    assert "protocol" in [finding.field for finding in regime.findings]
    assert regime_of(found.at_largest_current()).refusals


def test_the_largest_current_places_the_case() -> None:
    pulse = {"mode": "pulse", "on": "-5 mA/cm^2", "on_time": "1 s", "off": "5 mA/cm^2"}
    protocol = case({"steps": [PLATE, {**pulse, "off_time": "1 s", "for": "1 h"}]}).protocol
    assert largest_current(protocol) == -50.0
    steady = case({"steps": ["hold at -0.1 V for 1 h"]}).at_largest_current()
    assert (steady.control.current_density, steady.protocol) == (0.0, ())
