"""Pinned wheels follow the pinned versions."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]


def versions(lines: list[str]) -> dict[str, str]:
    """Versions by normalised name."""
    found = re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)", "\n".join(lines), re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


@pytest.mark.parametrize(
    "file", sorted((ROOT / "scripts/wheels").glob("*.txt")), ids=lambda f: f.stem
)
def test_wheels_are_those_of_the_versions(file: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = list(project["build-system"]["requires"])
    wanted += [line for group in project["dependency-groups"].values() for line in group]
    wanted += (ROOT / "scripts/constraints.txt").read_text().splitlines()
    lines = [line for line in file.read_text().splitlines() if not line.startswith("#")]
    pinned = versions(lines)
    assert versions(wanted).items() <= pinned.items()
    assert len(pinned) == len(lines)
    assert all(re.fullmatch(r"\S+==\S+ --hash=sha256:[0-9a-f]{64}", line) for line in lines)


def test_what_the_wheel_requires_is_pinned_within_its_range() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pinned = versions((ROOT / "scripts/constraints.txt").read_text().splitlines())
    for line in [*project["dependencies"], *project["optional-dependencies"]["fem"]]:
        requirement = Requirement(line)
        assert {part.operator for part in requirement.specifier} == {">=", "<"}
        assert pinned[requirement.name] in requirement.specifier
