"""Mistakes in what lets a wall change in time are one line each."""

from __future__ import annotations

import tomllib

import pytest

from zinterphase.case import Case
from zinterphase.errors import CaseError

from ..march.marching import symmetric

LAYER = 'double_layer_capacitance = "library"'


@pytest.mark.parametrize(
    ("kinetics", "field"),
    [
        ("nucleation = {growth = 0.1, coverage = 0.0}", "nucleation.growth"),
        ('nucleation = {growth = 0.1, nuclei = {rate = "1 1/s"}}', "nucleation.nuclei"),
        (f"alloying = {{}}\n{LAYER}", "kinetics.zinc.alloying"),
        ("nucleation = {}\nalloying = {}", "kinetics.zinc.alloying"),
        ("nucleation = {growth = 0.1, factors = {x = 2.0}}", "kinetics.zinc.nucleation.factors"),
        (f'nucleation = {{}}\nalloying = {{epsilon = "90 mV"}}\n{LAYER}', "kinetics.zinc.alloying"),
        (f'nucleation = {{}}\nalloying = {{}}\nform = "linear"\n{LAYER}', "kinetics.zinc.alloying"),
    ],
)
def test_the_line_names_the_key(kinetics: str, field: str) -> None:
    text = symmetric("secondary", 1e-4, ["rest for 1 s"], kinetics=kinetics)
    with pytest.raises(CaseError) as caught:
        Case.from_dict(tomllib.loads(text.replace('material = "Zn"', 'material = "Ag"')))
    assert field in str(caught.value)
    assert "\n" not in str(caught.value)


def test_without_a_protocol_there_is_no_alloying() -> None:
    text = symmetric("secondary", 1e-4, [], kinetics=f"nucleation = {{}}\nalloying = {{}}\n{LAYER}")
    steady = text.split("[[protocol]]")[0].replace('material = "Zn"', 'material = "Ag"')
    with pytest.raises(CaseError, match="only with a protocol"):
        Case.from_dict(tomllib.loads(steady + '[control]\ncurrent_density = "-1 mA/cm^2"\n'))
