"""Every key of a run stands in docs/results.md, with its unit."""

import re
from pathlib import Path

import pytest

from zinterphase.case import Case
from zinterphase.observe.homogeneity import METRICS
from zinterphase.output.results import quantities
from zinterphase.output.trajectory import (
    BALANCE_COLUMNS,
    COLUMNS,
    CYCLE_COLUMNS,
    CYCLER_COLUMNS,
)
from zinterphase.run import solve

ROOT = Path(__file__).parents[2]
SMALL = ["geometry.width=10 um", "mesh.far_size=20 um"]
CLOSED = [
    "counter.type=electrode",
    "kinetics.zinc.reactions.copper.formal_potential=-0.75 V",
]
NAMES = {
    "ELECTRODE": "(working|counter)",
    "REACTION": r"\w+",
    "LAYER": r"\w+",
    "ION": r".+",
    "SOLID": r"\w+",
}


def pages() -> tuple[str, str]:
    """The part on numbers and that on the files of a run in time."""
    text = (ROOT / "docs/results.md").read_text(encoding="utf-8")
    numbers, _, files = text.partition("## The files of a run in time")
    return numbers, files


def documented() -> list[tuple[re.Pattern[str], str]]:
    """Patterns of keys and their units."""
    text, _ = pages()
    rows = [
        ([key.strip(" `") for key in keys.split(",")], unit.strip())
        for keys, unit in re.findall(r"^\| (`.*?) \| (.*?) \|", text, re.MULTILINE)
    ]
    keys = [(key, unit) for names, unit in rows for key in names if "." in key]
    metrics = [(key, unit) for names, unit in rows for key in names if "." not in key]
    assert {key for key, _ in metrics} == {*METRICS, "smoothing_radius"}
    keys += [
        (f"{field}.{metric}", own_unit if unit == "of the field" else unit)
        for field, own_unit in keys
        for metric, unit in metrics
    ]
    found = []
    for key, unit in keys:
        pattern = r"\.".join(NAMES.get(part, re.escape(part)) for part in key.split("."))
        found.append((re.compile(pattern), unit))
    return found


@pytest.mark.parametrize(
    ("name", "overrides"),
    [
        ("dual_layer", ["level=secondary"]),
        ("dual_layer", ["level=pnp", "electrolyte.concentration=0.05 mol/L"]),
        ("copper_beside_zinc", CLOSED),
    ],
)
def test_every_key_is_documented_with_its_unit(name: str, overrides: list[str]) -> None:
    case = Case.load(ROOT / f"cases/{name}.toml", [*SMALL, *overrides])
    known = documented()
    for key, quantity in quantities(solve(case)).items():
        units = {unit for pattern, unit in known if pattern.fullmatch(key)}
        assert quantity.unit in units, key


@pytest.mark.parametrize(
    ("file", "columns"),
    [
        ("history.csv", COLUMNS),
        ("cycles.csv", CYCLE_COLUMNS),
        ("balance.csv", BALANCE_COLUMNS),
        ("cell.bdf.csv", CYCLER_COLUMNS),
    ],
)
def test_every_column_of_a_run_in_time_is_documented(file: str, columns: tuple[str, ...]) -> None:
    _, files = pages()
    section = files.partition(f"### {file}\n")[2].partition("\n### ")[0]
    assert section
    missing = [column for column in columns if f"`{column}`" not in section]
    assert not missing
