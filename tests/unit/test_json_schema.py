"""The JSON schema of a case file: what it takes, what it refuses, what it says."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from zinterphase.case import Case
from zinterphase.case.json_schema import case_schema
from zinterphase.case.key_paths import all_keys, keys_called
from zinterphase.case.load import overridden
from zinterphase.case.meanings import _tables
from zinterphase.errors import CaseError

from .case_samples import CASES, tables
from .test_case_mistakes import MISTAKES

SCHEMA = case_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
TEMPLATES = Path(__file__).parents[2] / "model/zinterphase/cli/templates"
FILES = [*sorted(CASES.glob("*.toml")), *sorted(TEMPLATES.glob("*.toml"))]
# What keys mean to each other, and what is no file, is beyond a schema.
BEYOND = {
    "layers.titania.porosity=nan", "layers.titania.porosity=0", "layers.titania.potential=resolved",
    "layers.electrolyte.conducting=true", "layers.titania.name=zinc", "layers.titania.name=base",
    "layers.electrolyte.material=TiO2", "layers.zinc.material=TiO2", "layers.titania.material=Zn",
    "layers=[]", "layers.copper.thickness=1 um", "geometry.depth=10 um",
    "electrolyte.concentration=3 mol/L", "electrolyte.steric_diameter=0.86 nm",
    "kinetics.zinc.alpha_a=1.0", "kinetics.zinc.reactant=Cu2+", "kinetics.copper.alpha_a=1",
    'counter={type="electrode", like="tin"}', "counter.like=zinc", "control={}",
    'control={current_density="-1 A/m^2", potential="0 V"}', "mesh.file=absent.msh",
    "output.animation=true", 'output.normals=["0 um, 0 um"]', 'output.probes=[["70 um", "1 um"]]',
    "electrolyte={}", "layers.titania.material=TiO3", "electrolyte.salt=NaCl",
    # numbers with a unit: their dimension and bounds stand in the description
    "geometry.width=60 mV", "kinetics.zinc.exchange_current_density=1.5 mV",
    "layers.titania.thickness=0 um", "layers.titania.thickness=-1 um",
    "geometry.surface.correlation_length=0 um", "temperature=-5 K",
    "electrolyte.concentration=0 mol/L", "electrolyte.conductivity=0 S/m",
}  # fmt: skip


def objections(data: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(data)]


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_shipped_cases_are_taken_as_written_and_as_resolved(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert objections(tomllib.loads(text)) == []
    if "MESH" not in text:
        assert objections(tomllib.loads(Case.load(file).to_toml())) == []


@pytest.mark.parametrize("override", [mistake[0] for mistake in MISTAKES])
def test_mistakes_are_refused_but_for_what_keys_mean_to_each_other(override: str) -> None:
    try:
        data = overridden(tables(), [override])
    except CaseError:  # a layer that is not there
        data = tables()
    assert (objections(data) == []) is (override in BEYOND)


def test_every_key_has_a_meaning_and_no_meaning_is_left_over() -> None:
    used = {(kind.__name__, key.path[-1]) for key in all_keys() for kind in key.table.__mro__}
    told = {(table, key) for table, keys in _tables().items() for key in keys}
    assert told - used <= {("Particles", "particle_diameter")}


def test_a_description_has_meaning_unit_example_bounds_and_default() -> None:
    thickness = SCHEMA["$defs"]["Layer"]["properties"]["thickness"]["description"]
    assert thickness == ('Nominal thickness. A length, such as "60 um", 1e-11 to 1 m. Required.')
    rtol = SCHEMA["$defs"]["TimeOptions"]["properties"]["rtol"]
    assert (rtol["minimum"], rtol["maximum"]) == (1e-14, 1e-2)
    assert "Default: 0.0001." in rtol["description"]


def test_what_the_library_fills_is_not_required() -> None:
    assert SCHEMA["required"] == ["geometry", "layers", "electrolyte"]
    assert SCHEMA["$defs"]["Layer"]["required"] == ["name", "material", "thickness"]
    assert "required" not in SCHEMA["$defs"]["Kinetics"]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("layers.titania.porosity", ["layers.NAME.porosity"]),
        ("layers.porosity", ["layers.NAME.porosity"]),
        ("porosity", ["layers.NAME.porosity", "layers.NAME.packing.porosity"]),
        ("rtol", ["time.rtol"]),
        ("control", ["control"]),
        ("amplitude", ["geometry.surface.amplitude"]),
    ],
)
def test_keys_are_found_by_path_and_by_their_end(text: str, paths: list[str]) -> None:
    assert [key.dotted for key in keys_called(text)] == paths


def test_a_key_nobody_knows_is_refused_with_those_that_are_close() -> None:
    with pytest.raises(CaseError, match=r"layers\.NAME\.porosity"):
        keys_called("layers.titania.porositi")
