"""`init`, `explain`, `schema`, completion and help, as a user calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from zinterphase.case import Case
from zinterphase.cli import options, templates
from zinterphase.cli.commands import app

PROGRAM = Path(sys.executable).with_name("zinterphase")


def call(*words: str | Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *words], cwd=folder, capture_output=True, text=True, timeout=120,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.mark.parametrize("name", templates.NAMES)
def test_a_template_is_a_case_that_passes_its_check(name: str, tmp_path: Path) -> None:
    done = call("init", name, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    file = tmp_path / f"{name}.toml"
    assert "FILE" not in file.read_text(encoding="utf-8")
    assert call("check", file).returncode == 0
    again = call("init", name, folder=tmp_path)
    assert again.returncode == 2
    assert "not there yet" in again.stderr


def test_a_mesh_of_ones_own_is_called_as_the_case(tmp_path: Path) -> None:
    done = call("init", "own_mesh", "-o", "ridge.toml", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"ridge.toml", "ridge.geo", "ridge.msh"}
    assert Case.load(tmp_path / "ridge.toml").mesh.file == tmp_path / "ridge.msh"


def test_without_a_name_and_a_terminal_it_says_what_there_is(tmp_path: Path) -> None:
    done = call("init", folder=tmp_path)
    assert done.returncode == 2
    assert all(name in done.stderr for name in templates.NAMES)


def test_the_options_name_the_templates_there_are() -> None:
    assert options.TEMPLATES == templates.NAMES


def test_explain_says_meaning_unit_default_bounds_and_source() -> None:
    done = call("explain", "layers.titania.thickness")
    assert done.stdout.splitlines()[:3] == [
        "layers.NAME.thickness: nominal thickness",
        'takes: a length with its unit, such as "60 um"; 1e-11 to 1 m',
        "default: none: it has to be given",
    ]
    porosity = call("explain", "porosity").stdout
    assert "0.3 to 0.7" in porosity
    assert "tio2.porosity" in porosity
    unknown = call("explain", "porositi")
    assert unknown.returncode == 2
    assert ".porosity" in unknown.stderr


def test_explain_shows_the_values_of_a_case(tmp_path: Path) -> None:
    call("init", "coated", folder=tmp_path)
    done = call("explain", "layers.titania.porosity", tmp_path / "coated.toml")
    assert "coated Zn" in done.stdout
    assert "bare Zn" not in done.stdout


def test_the_schema_is_printed_and_written(tmp_path: Path) -> None:
    printed = call("schema")
    written = call("schema", "-o", tmp_path / "case.schema.json")
    assert written.returncode == 0
    assert json.loads(printed.stdout) == json.loads((tmp_path / "case.schema.json").read_text())


def test_a_shell_completes_commands_keys_and_templates() -> None:
    def completed(*words: str) -> list[str]:
        line = {"COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}
        done = subprocess.run(
            [PROGRAM], env=os.environ | line | {"_ZINTERPHASE_COMPLETE": "complete_bash"},
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        return done.stdout.split()

    assert completed("zinterphase", "exp") == ["explain", "experiment"]
    assert completed("zinterphase", "explain", "time.") == [
        "time.rtol", "time.max_step", "time.first_step", "time.jump",
        "time.jump.tolerance", "time.jump.longest",
    ]  # fmt: skip
    assert completed("zinterphase", "init", "sym") == ["symmetric"]


def commands(group: object, words: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], str]]:
    """Words and help of every command."""
    found = []
    for name, command in getattr(group, "commands", {}).items():
        found += commands(command, (*words, name)) or [((*words, name), command.help or "")]
    return found


def test_every_command_has_an_example_of_its_own() -> None:
    every = commands(get_command(app))
    assert len(every) > 12
    for words, text in every:
        assert f"Example: zinterphase {' '.join(words)}" in text
    assert isinstance(app, typer.Typer)
