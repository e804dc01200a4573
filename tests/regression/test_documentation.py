"""What the documentation shows works as written."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from zinterphase.case import Case, active, alloying, chemical, cycling, precipitates, quantities
from zinterphase.case.quantities import Dimensional
from zinterphase.case.table import Table
from zinterphase.observe.quantity import Kind
from zinterphase.output.runfolder import read_results
from zinterphase.verification.registry import PROBLEMS

from . import documented
from .documented import blocks

ROOT = Path(__file__).parents[2]


def test_the_case_of_the_readme_is_the_shipped_one_in_other_words() -> None:
    """Same physics: only comments and what defaults say anyway may differ."""
    (shown,) = blocks("README.md", "toml")
    case = Case.from_dict(tomllib.loads(shown))
    shipped = Case.load(ROOT / "cases/dual_layer.toml")
    assert case == shipped


PARTS_OF_CASES = [
    pytest.param(block, id=f"{document}-{number}")
    for document in documented.DOCUMENTS[1:]
    for number, block in enumerate(blocks(document, "toml"))
]
THREE_IONS = """
[[species]]
name = "Zn2+"
charge = 2
diffusivity = "7e-10 m^2/s"
concentration = "10 mmol/L"
[[species]]
name = "Cu2+"
charge = 2
diffusivity = "7e-10 m^2/s"
concentration = "5 mmol/L"
[[species]]
name = "SO4--"
charge = -2
diffusivity = "1e-9 m^2/s"
concentration = "15 mmol/L"
"""


@pytest.mark.parametrize("block", PARTS_OF_CASES)
def test_parts_of_cases_are_taken_by_a_case(block: str) -> None:
    """Added to bare zinc, on a line to the symmetric cell, with an active material to the full
    one, in an electrolyte that has the ions spoken of."""
    part = tomllib.loads(block)
    base = "symmetric_cell" if part.get("geometry", {}).get("dimension") == 1 else "bare"
    base = "zinc_iodine" if "active" in part else base
    case = tomllib.loads((ROOT / f"cases/{base}.toml").read_text(encoding="utf-8"))
    if "Cu2+" in block:
        case |= {"level": "electroneutral", "electrolyte": tomllib.loads(THREE_IONS)}
    if "[layers.packing]" in block:
        del case["geometry"]["surface"]  # particles lie on flat metal
    if "protocol" in part:
        case.pop("control", None)
    if "species" in part.get("electrolyte", {}):
        case.pop("electrolyte")
    Case.from_dict(merged(case, part))


def merged(table: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """A table with another's keys, tables within tables too."""
    added = {
        key: merged(table.get(key, {}), value) if isinstance(value, dict) else value
        for key, value in part.items()
    }
    return table | added


PYTHON = ["README.md", "docs/api.md", "docs/add-a-law.md", "docs/experiments.md"]


@pytest.mark.parametrize("document", PYTHON)
def test_python_examples_run(document: str) -> None:
    (*_, example) = blocks(document, "python")
    done = subprocess.run(
        [sys.executable, "-c", example], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"-?\d+\.\d+", done.stdout)


COMMANDS = [
    pytest.param(block, id=f"{document}-{number}")
    for document in documented.DOCUMENTS
    for number, block in enumerate(blocks(document, "bash"))
]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all blocks, as a reader has."""
    return documented.checkout(tmp_path_factory.mktemp("checkout"))


@pytest.mark.parametrize("block", COMMANDS)
def test_commands_run(block: str, checkout: Path) -> None:
    """A block with a batch job has its own cache: what is compiled before the job is all it has."""
    own = {"ZINTERPHASE_CACHE": str(checkout / "cache")} if "sbatch" in block else {}
    printed, files = documented.run_block(block, checkout, **own)
    assert [name for name in files if not (checkout / name).is_file()] == []
    if "sbatch" in block:
        # What a run says, or the rows of a table by ranks.
        assert "2 rank(s)" in printed or len(re.findall(r"^ +2 +\d+ ", printed, re.MULTILINE)) == 2


@pytest.mark.parametrize("document", documented.DOCUMENTS)
def test_every_block_names_its_language(document: str) -> None:
    """So that none is passed over: ``text`` is what a program prints."""
    text = (ROOT / document).read_text(encoding="utf-8")
    opened = re.findall(r"^```(\w*)$", text, re.MULTILINE)[::2]
    assert set(opened) <= {"bash", "json", "python", "toml", "text"}


def test_the_file_of_results_reads_as_shown(tmp_path: Path) -> None:
    (shown,) = blocks("docs/results.md", "json")
    (tmp_path / "results.json").write_text(shown, encoding="utf-8")
    quantity = read_results(tmp_path)["working.copper.mean_current_density"]
    assert (quantity.value, quantity.unit, quantity.kind) == (-13.94, "A/m^2", Kind.DISCRETISED)


def test_a_command_nobody_has_thought_of_is_an_error() -> None:
    with pytest.raises(LookupError, match="zinterphase dance"):
        documented.script("zinterphase dance\n")


def test_the_conda_environment_has_what_the_wheel_requires() -> None:
    other_names = {"gmsh": "python-gmsh", "matplotlib": "matplotlib-base"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.split(r"[<>=]", line)[0] for line in project["dependencies"]}
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    listed = set(re.findall(r"^ +- ([\w-]+)", text, re.MULTILINE))
    assert {other_names.get(name, name) for name in wanted} <= listed


def tables(of: type[Table]) -> Iterator[type[Table]]:
    """Every table that a case file may have."""
    for table in of.__subclasses__():
        yield table
        yield from tables(table)


@pytest.mark.parametrize("table", list(tables(Table)), ids=lambda table: table.__name__)
def test_every_key_of_a_case_is_documented(table: type[Table]) -> None:
    text = (ROOT / "docs/case-file.md").read_text(encoding="utf-8")
    words = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]*)`", text))))
    assert not set(table.keys()) - words


def test_the_bounds_of_every_quantity_are_documented() -> None:
    text = (ROOT / "docs/case-file.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"\| ([^|]*) \|$", text.split("## Bounds of sense")[1], re.MULTILINE))
    marks = [
        mark
        for alias in [
            alias
            for module in (quantities, cycling, active, alloying, chemical, precipitates)
            for alias in vars(module).values()
        ]
        for mark in getattr(alias, "__metadata__", ())
        if isinstance(mark, Dimensional)
    ]
    assert {f"{mark.bounds} {mark.unit}" for mark in marks} == listed - {"SI bounds"}


@pytest.mark.parametrize(
    "name", ["scripts/run", "scripts/test", "scripts/cluster/slurm.sh", "scripts/cluster/sweep.sh"]
)
def test_scripts_named_in_the_readme_exist_and_are_executable(name: str) -> None:
    assert name in (ROOT / "README.md").read_text(encoding="utf-8")
    assert os.access(ROOT / name, os.X_OK)


def test_the_page_on_verification_lists_every_problem() -> None:
    text = (ROOT / "docs/verification.md").read_text(encoding="utf-8")
    missing = [problem.name for problem in PROBLEMS if f"`{problem.name}`" not in text]
    assert not missing
    assert "FAILED" not in text
