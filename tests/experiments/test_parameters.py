"""What --set takes: parameters of experiments, and keys of cases."""

import pytest

from zinterphase.case import Case
from zinterphase.cli import options
from zinterphase.errors import CaseError
from zinterphase.experiments.experiment import InTime
from zinterphase.experiments.parameters import Parameter, sorted_overrides, values_of
from zinterphase.experiments.registry import EXPERIMENTS, OF_FULL_CELLS, chosen

from .laboratory import small

EVERY = [p for e in (EXPERIMENTS | OF_FULL_CELLS).values() for p in e.parameters]
CURRENT = Parameter("current", "1 mA/cm^2", "A/m^2", "")


def test_the_command_line_names_the_experiments_there_are() -> None:
    assert tuple(EXPERIMENTS) == options.EXPERIMENTS
    assert tuple(OF_FULL_CELLS) == options.OF_FULL_CELLS
    assert chosen("all") == tuple(EXPERIMENTS.values())
    with pytest.raises(CaseError, match=r'^experiment = "dance": allowed all, cycle, rate'):
        chosen("dance")


def test_no_parameter_hides_a_key_of_the_case() -> None:
    assert not {p.name for p in EVERY} & set(Case.model_fields)


def test_parameters_are_told_from_overrides() -> None:
    texts = ["current=5 mA/cm^2", "level=secondary", "mesh.far_size=3 um", "currents=1 A/m^2"]
    own, others = sorted_overrides(texts, EVERY)
    assert own == {"current": "5 mA/cm^2", "currents": "1 A/m^2"}
    assert others == ["level=secondary", "mesh.far_size=3 um"]
    values = values_of(EXPERIMENTS["cycle"].parameters, own)
    assert values["current"] == 50.0
    assert values["capacity"] == 36000.0


@pytest.mark.parametrize(
    ("parameter", "text", "line"),
    [
        (CURRENT, "5 mV", 'current = "5 mV": allowed a magnitude above 0 with its unit'),
        (CURRENT, "-1 mA/cm^2", "a magnitude above 0"),
        (Parameter("cycles", "3", "1", "", least=1), "0", "a whole number from 1 to 1000"),
        (Parameter("cycles", "3", "1", "", least=1), "2.5", "a whole number"),
        (Parameter("i", "1 A/m^2", "A/m^2", "", several=True), "1 A/m^2,", "a magnitude above 0"),
    ],
)
def test_what_is_no_value_is_refused(parameter: Parameter, text: str, line: str) -> None:
    with pytest.raises(CaseError) as caught:
        parameter.read(text)
    assert line in str(caught.value)


def test_a_word_that_nobody_knows_is_refused() -> None:
    with pytest.raises(CaseError, match=r'^--set = "curent": allowed a key of the case, or c_rate'):
        sorted_overrides(["curent=5 mA/cm^2"], EVERY)


@pytest.mark.parametrize(
    "name", [n for n, e in EXPERIMENTS.items() if isinstance(e.measure, InTime)]
)
def test_protocols_follow_the_voltage_at_open_circuit(name: str) -> None:
    """Every template is one that a case takes, whatever its open circuit."""
    setup = small(name)
    here, there = setup.case(), setup.case(-0.8)
    assert here.protocol
    assert (here.protocol != there.protocol) is (name != "nucleation")


def test_keys_of_the_case_have_the_last_word() -> None:
    setup = small("tafel")
    assert setup.case().time.max_step == pytest.approx(2.0)
    changed = type(setup)(
        setup.experiment, setup.values, setup.draft, (*setup.overrides, "time.max_step=1 s")
    )
    assert changed.case().time.max_step == 1.0
