"""Protocols: what is read, what is refused, the order of the steps, the round trip."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from zinterphase.case import Block, Case, Condition, Record, Step, visits
from zinterphase.case.plan import largest_current, longest_time, planned
from zinterphase.case.pybamm import from_pybamm
from zinterphase.cell.advice import regime_of
from zinterphase.cli.console import make_console
from zinterphase.cli.protocol_table import show_protocol
from zinterphase.errors import CaseError

from .case_samples import CASES

PLATE = "plate at 1 mA/cm^2 for 1 h"
STRIP = "strip at 2 mA/cm^2 for 30 min"


def tables(*blocks: dict[str, Any], **others: Any) -> dict[str, Any]:
    text = (CASES / "symmetric_cell.toml").read_text(encoding="utf-8")
    return tomllib.loads(text) | ({"protocol": list(blocks)} if blocks else {}) | others


def case(*blocks: dict[str, Any], folder: Path | None = None, **others: Any) -> Case:
    return Case.from_dict(tables(*blocks, **others), folder)


def step(written: Any) -> Step:
    (found,) = case({"steps": [written]}).protocol[0].steps
    assert isinstance(found, Step)
    return found


def mistake(*blocks: dict[str, Any], **others: Any) -> str:
    with pytest.raises(CaseError) as caught:
        case(*blocks, **others)
    line = str(caught.value)
    assert "\n" not in line
    assert len(line) <= 280
    return line


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
        ("charge at 1 mA/cm^2 for 1 h", '"charge" (column 1)', "full cell"),
        ("hold at 1 mA/cm^2 for 1 h", "(column 9)", "a voltage"),
        ("rest at 1 V for 1 h", '"1 V" (column 9)', "no current flows"),
        ("rest for 9**9**9 s", "(column 10)", "a time"),
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
    asked: list[Block] = []

    def stopped(block: Block) -> bool:
        asked.append(block)
        return len(asked) == 2

    found = [(v.block, v.cycle) for v in visits(protocol, stopped)]
    assert found == [(0, 1), (0, 1), (0, 2), (0, 2), (1, 3)]
    assert asked == [protocol[0]] * 2


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


def test_the_resolved_case_reads_back() -> None:
    found = case(
        {
            "label": "all",
            "repeat": 2,
            "record": {"every": "1 min", "voltage": "1 mV"},
            "stop": ["CE < 0.9 for 3 cycles", "hysteresis > 200 mV or time >= 100 h"],
            "steps": [
                PLATE,
                {"sentence": "rest for 1 h", "record": {"growth": 1.2}},
                {"label": "inner", "repeat": 3, "steps": [STRIP, "hold at 0.1 V for 1 min"]},
                {"mode": "sweep", "from": "0 V", "to": "-0.2 V", "rate": "1 mV/s"},
                {
                    "mode": "current",
                    "current_density": "3 A/m^2",
                    "until": ["charge >= 1 C/m^2", "concentration <= 0.1 mol/L"],
                },
            ],
        },
        {"steps": [{"steps": [PLATE]}, {"steps": [STRIP]}]},
        time={"rtol": 1e-5, "max_step": "1 h", "first_step": "1 ms"},
        terminal={"series_resistance": "0.5 ohm*cm^2", "area": "1.13 cm^2"},
        limits={"concentration": ["1 mmol/L", "3.5 mol/L"], "gap": "1 um"},
        output={"snapshots": ["1 h", "10 min"]},
    )
    text = found.to_toml()
    assert Case.from_dict(tomllib.loads(text)) == found
    assert f'"{PLATE}"' in text
    assert found.output.snapshots == (600.0, 3600.0)
    assert found.terminal.series_resistance == pytest.approx(5e-5)


def test_blocks_are_changed_by_their_label() -> None:
    changed = Case.load(CASES / "symmetric_cell.toml", ["protocol.cycling.repeat=3"])
    assert changed.protocol[0].repeat == 3


def test_the_double_layer_comes_from_the_library_and_says_so() -> None:
    kinetics = {"zinc": {"double_layer_capacitance": "library"}}
    found = case(kinetics=kinetics)
    zinc = found.kinetics["zinc"]
    assert (zinc.double_layer_capacitance, zinc.double_layer_ion) == (0.3, "Zn2+")
    (entry,) = (e for e in found.provenance if e.field.endswith("double_layer_capacitance"))
    assert "C_Stern" in entry.source
    assert case().kinetics["zinc"].double_layer_capacitance is None
    zinc_table = kinetics["zinc"]
    assert "allowed one of Zn2+" in mistake(
        kinetics={"zinc": zinc_table | {"double_layer_ion": "SO42-"}}
    )
    assert "resolves the double layer" in mistake(
        kinetics=kinetics, level="pnp", accept_invalid=True
    )
    assert "only with double_layer_capacitance" in mistake(
        kinetics={"zinc": {"double_layer_ion": "Zn2+"}}
    )


def test_an_electrode_without_reactions_blocks() -> None:
    charged = {"reactions": [], "double_layer_capacitance": "library"}
    found = case(kinetics={"zinc": charged})
    assert found.kinetics["zinc"].blocking
    assert found.kinetics["zinc"].rates == {}
    assert Case.from_dict(tomllib.loads(found.to_toml())) == found
    dilute = {"salt": "ZnSO4", "concentration": "10 mmol/L"}
    assert case(kinetics={"zinc": {"reactions": []}}, level="pnp", electrolyte=dilute).protocol
    assert "double_layer_capacitance" in mistake(kinetics={"zinc": {"reactions": []}})
    steady = tables(kinetics={"zinc": charged}, control={"potential": "-0.8 V"})
    del steady["protocol"]
    with pytest.raises(CaseError, match="no steady current passes"):
        Case.from_dict(steady)


def test_experiment_strings_become_sentences() -> None:
    strings = [
        "Discharge at 1 mA/cm2 for 1 hour",
        "Charge at 1 A until -0.1 V",
        "Hold at -0.1 V for 10 hours or until 50 mA",
        "Rest for 1 hour",
    ]
    assert from_pybamm(strings, "strip", area=1.0) == [
        "strip at 10.0 A/m^2 for 3600.0 s",
        "plate at 1.0 A/m^2 until voltage <= -0.1 V",
        "hold at -0.1 V for 36000.0 s until current >= -0.05 A/m^2",
        "rest for 3600.0 s",
    ]
    (first, *_) = case({"pybamm": strings[:1], "discharge": "plate"}).protocol[0].steps
    assert isinstance(first, Step)
    assert first.current_density == -10.0


@pytest.mark.parametrize(
    ("block", "allowed"),
    [
        ({"pybamm": ["Discharge at 1 mA/cm2 for 1 hour"]}, "no full cell"),
        ({"pybamm": ["Discharge at 1 A for 1 hour"], "discharge": "strip"}, "terminal.area"),
        ({"pybamm": ["Discharge at C/5 for 1 hour"], "discharge": "strip"}, "(column 14)"),
        ({"pybamm": ["Hold at 1 V until 5 mA/cm2"]}, "before the first charge"),
        ({"pybamm": ["Dance at 1 V"]}, "charge at, discharge at"),
        ({"pybamm": ["Rest for 1 hour"], "discharge": "both"}, '"strip" or "plate"'),
        ({"pybamm": ["Rest for 1 hour"], "steps": [PLATE]}, "either pybamm or steps"),
        ({"steps": [PLATE], "discharge": "strip"}, "only with pybamm"),
        ({"pybamm": "Rest for 1 hour"}, "a list"),
    ],
)
def test_experiment_strings_without_a_counterpart(block: dict[str, Any], allowed: str) -> None:
    assert allowed in mistake(block)
