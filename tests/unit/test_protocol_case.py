"""A case in time: the round trip, its keys, and experiment strings."""

import tomllib
from typing import Any

import pytest

from zinterphase.case import Case, Step
from zinterphase.case.pybamm import from_pybamm
from zinterphase.errors import CaseError

from .case_samples import CASES
from .protocols import PLATE, STRIP, case, mistake, tables


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
        front={"film": "conformal"},
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
