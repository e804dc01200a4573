"""Protocols: what is read, and what is refused in one line."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from zinterphase.case import Case, Condition, Step
from zinterphase.case.plan import largest_current, planned
from zinterphase.errors import CaseError

from .protocols import PLATE, case, mistake, step, tables


def test_the_verb_is_the_sign_and_values_are_si() -> None:
    plate = step("plate at 1 mA/cm^2 for 2 h until charge >= 1 mAh/cm^2 or voltage <= -500 mV")
    assert (plate.mode, plate.verb, plate.current_density) == ("current", "plate", -10.0)
    assert plate.duration == 7200.0
    assert plate.until == (
        Condition(quantity="charge", comparison=">=", value=36000.0),
        Condition(quantity="voltage", comparison="<=", value=-0.5),
    )
    assert step("strip at 1 mA/cm^2 for 1 h").current_density == 10.0
    hold = step("hold at -0.1 V until current >= -0.05 mA/cm^2")
    assert (hold.mode, hold.voltage, hold.until[0].value) == ("voltage", -0.1, -0.5)
    assert step("rest for 5 min").current_density is None


def test_a_sentence_and_its_table_drive_alike() -> None:
    said = step("plate at 1 mA/cm^2 for 1 h until voltage <= -0.5 V")
    written = step(
        {
            "mode": "current",
            "current_density": "-1 mA/cm^2",
            "for": "1 h",
            "until": ["voltage <= -0.5 V"],
        }
    )
    assert said.model_copy(update={"sentence": None}) == written
    assert written.verb is None
    assert written.text == "current -1 mA/cm^2 for 3600 s until voltage <= -0.5 V"


def test_a_spectrum_takes_no_time_and_drives_nothing() -> None:
    said = step("impedance from 1 mHz to 1 MHz")
    assert (said.mode, said.lowest, said.highest) == ("impedance", 1e-3, 1e6)
    assert said.measures
    assert not step("rest for 1 s").measures
    written = step({"mode": "impedance", "lowest": "1 mHz", "highest": "1 MHz"})
    assert said.model_copy(update={"sentence": None}) == written
    assert step("impedance").lowest is None
    assert [entry.longest for entry in planned(case({"steps": ["impedance"]}).protocol)] == [0.0]


def test_conditions_compare_as_they_are_written() -> None:
    at_most = Condition(quantity="thickness", comparison="<=", value=0.0)
    assert at_most.met_by(0.0)
    assert not at_most.rising
    assert step("strip at 1 mA/cm^2 until thickness <= 0 um").until == (at_most,)
    above = Condition(quantity="hysteresis", comparison=">", value=0.2)
    assert not above.met_by(0.2)
    (block,) = case({"steps": [PLATE], "stop": "CE < 99.5 % for 3 cycles"}).protocol
    (efficiency,) = block.stop
    assert (efficiency.value, efficiency.cycles) == (0.995, 3)


@pytest.mark.parametrize(
    ("written", "place", "allowed"),
    [
        ("", "at the end (column 1)", "a verb"),
        ("plat at 1 mA/cm^2", '"plat" (column 1)', "plate, strip"),
        ("plate at 1 mA for 1 h", '"1 mA" (column 10)', "a current density with its unit"),
        ("plate at -1 mA/cm^2 for 1 h", "(column 10)", "plate is its sign"),
        ("plate at 0 A/m^2 for 1 h", "(column 10)", "above 0"),
        ("plate for 1 h", "(column 6)", '"at" a current density'),
        ("plate at 1 mA/cm^2 for 1 V", '"1 V" (column 24)', "a time with its unit"),
        ("plate at 1 mA/cm^2 until", "at the end (column 25)", "a condition"),
        ("plate at 1 mA/cm^2 until time >= 1 h or", "at the end", "a condition"),
        ("plate at 1 mA/cm^2 until chrge > 1 C/m^2", '"chrge" (column 26)', "charge"),
        ("plate at 1 mA/cm^2 until charge > 1 V", '"1 V" (column 35)', "a charge per area"),
        ("plate at 1 mA/cm^2 until charge = 1 C/m^2", "(column 26)", "a condition"),
        ("plate at C/5 for 1 h", '"C/5" (column 10)', "full cell"),
        ("hold at 1 mA/cm^2 for 1 h", "(column 9)", "a voltage"),
        ("rest at 1 V for 1 h", '"1 V" (column 9)', "no current flows"),
        ("rest for 9**9**9 s", "(column 10)", "a time"),
        ("impedance for 1 s", '"for 1 s" (column 11)', "it takes no time"),
        ("impedance from 1 Hz", "at the end (column 20)", '"to" a frequency'),
        ("impedance from 1 Hz to 1 V", '"1 V" (column 24)', "a frequency"),
        ("impedances", '"impedances" (column 1)', "a verb"),
        (PLATE + " " * 300, "(column 1)", "at most 300"),
        ("rest for 1 h\x1b[2J", "(column 1)", "printable"),
    ],
)
def test_what_is_wrong_in_a_sentence_has_its_place(written: str, place: str, allowed: str) -> None:
    line = mistake({"steps": [PLATE, written]})
    assert line.startswith("protocol.1.steps.2 = ")
    assert place in line
    assert allowed in line


@pytest.mark.parametrize(
    ("written", "allowed"),
    [
        ("plate at 1 mA/cm^2", "an end"),
        ("rest", "an end"),
        ("plate at 1 mA/cm^2 until charge <= 1 mAh/cm^2", "grows from 0"),
        ("plate at 1 mA/cm^2 until voltage <= -1 V or time < 1 h", "grows from 0"),
        ("plate at 1 mA/cm^2 until charge >= 0 C/m^2", "above 0"),
        ("plate at 1 mA/cm^2 until current >= -1 mA/cm^2", "keeps its current"),
        ("hold at -0.1 V until voltage >= 0 V", "keeps its voltage"),
        ("rest until charge >= 1 mAh/cm^2", "0 at rest"),
        ("rest until CE < 0.9", "belongs to stop"),
        ("rest until voltage >= 0 V for 3 cycles", "belongs to stop"),
        ("rest until capacity >= 1 mAh/cm^2", "full cell"),
    ],
)
def test_an_end_that_never_comes_is_refused(written: str, allowed: str) -> None:
    assert allowed in mistake({"steps": [written]})


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ({"steps": []}, "protocol.1.steps = []: allowed a list of 1 to 50"),
        ({"steps": [5]}, "protocol.1.steps.1 = 5: allowed a sentence"),
        ({"steps": [PLATE], "repeat": 0}, "protocol.1.repeat = 0"),
        ({"steps": [PLATE], "stop": "voltage > 1 V"}, "protocol.1.stop ="),
        ({"steps": [PLATE], "stop": "CE < 0.9 for no cycles"}, "a number of cycles"),
        ({"steps": [{"mode": "swing"}]}, "protocol.1.steps.1.mode ="),
        ({"steps": [{"mode": "pulse", "on": "1 A/m^2"}]}, "steps.1.on_time = missing"),
        ({"steps": [{"mode": "rest", "for": "1 h", "rate": "1 V/s"}]}, 'with mode = "sweep"'),
        ({"steps": [{"mode": "rest", "four": "1 h"}]}, "steps.1.four ="),
        ({"steps": [{"mode": "impedance", "for": "1 s"}]}, "an impedance takes no time"),
        ({"steps": [{"mode": "impedance", "lowest": "1 Hz"}]}, "lowest and highest together"),
        ({"steps": ["impedance from 1 Hz to 1 Hz"]}, "allowed above lowest, 1 Hz"),
        ({"steps": [{"mode": "rest", "for": "1 h", "lowest": "1 Hz"}]}, 'mode = "impedance"'),
        ({"steps": [{"sentence": PLATE, "for": "1 h"}]}, "only record beside a sentence"),
        ({"steps": [{"sentence": "plate"}]}, "protocol.1.steps.1.sentence ="),
        ({"steps": [{"mode": "file", "file": "none.csv"}]}, "steps.1.file ="),
        ({"label": "slow", "steps": ["plate"]}, "protocol.slow.steps.1 ="),
        ({"steps": [{"steps": [{"steps": [PLATE]}]}]}, "but no further"),
        ({"steps": [PLATE], "record": {"growth": 1.0}}, "protocol.1.record.growth = 1"),
    ],
)
def test_mistakes_in_tables_name_their_key(block: dict[str, Any], said: str) -> None:
    assert said in mistake(block)


def test_a_case_has_a_control_or_a_protocol() -> None:
    line = mistake({"steps": [PLATE]}, control={"potential": "0 V"})
    assert "either a control or a protocol" in line
    without = {key: table for key, table in tables().items() if key != "protocol"}
    with pytest.raises(CaseError, match="or a protocol instead"):
        Case.from_dict(without)


def test_what_stores_nothing_has_no_protocol() -> None:
    assert "double_layer_capacitance" in mistake(level="secondary")
    charged = {"zinc": {"double_layer_capacitance": "0.2 F/m^2"}}
    assert case(level="secondary", kinetics=charged).protocol
    assert mistake(level="primary").startswith('level = "primary"')


def test_a_voltage_beyond_the_limits_is_refused() -> None:
    line = mistake({"steps": [{"steps": ["hold at 3 V for 1 h"]}]})
    assert line.startswith("protocol.1.steps.1.steps.1 =")
    assert "bulk" in mistake(limits={"concentration": ["0 mol/L", "1 mol/L"]})
    assert "lowest before" in mistake(limits={"voltage": ["1 V", "-1 V"]})


def test_currents_from_a_file(tmp_path: Path) -> None:
    table = {"mode": "file", "file": "i.csv"}
    (tmp_path / "i.csv").write_text("time,current_density\n0,-10\n60,-20\n120,5\n")
    found = case({"steps": [table]}, folder=tmp_path)
    (read,) = found.protocol[0].steps
    assert isinstance(read, Step)
    assert read.table.times == (0.0, 60.0, 120.0)
    assert read.table.currents == (-10.0, -20.0, 5.0)
    assert planned(found.protocol)[0].longest == 120.0
    assert largest_current(found.protocol) == -20.0
    assert Case.from_dict(tomllib.loads(found.to_toml())) == found


@pytest.mark.parametrize(
    "text",
    [
        "time,current\n0,1\n1,1\n",
        "time,current_density\n0,1\n",
        "time,current_density\n0,1\n0,2\n",
        "time,current_density\n1,1\n2,1\n",
        "time,current_density\n0,1\n1,nan\n",
        "time,current_density\n0,1\ninf,1\n",
        "time,current_density\n0,1\n1,1e9\n",
        "time,current_density\n0,1,2\n",
        "time,current_density\n0,x\n",
        "",
    ],
)
def test_files_that_are_no_table_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "i.csv").write_text(text)
    with pytest.raises(CaseError, match=r"protocol\.1\.steps\.1\.file = .*time,current_density"):
        case({"steps": [{"mode": "file", "file": "i.csv"}]}, folder=tmp_path)
