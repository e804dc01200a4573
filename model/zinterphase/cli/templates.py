"""Case files to begin with."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from zinterphase.case import Case
from zinterphase.case.toml import parsed
from zinterphase.errors import CaseError

MESH = "own_mesh"
"""The template that comes with a mesh."""
NAMES = ("bare", "coated", "symmetric", "protrusion", MESH)


@dataclass(frozen=True)
class Template:
    """A case file's ``text``; ``drawing`` is a script for Gmsh where the case has a mesh, which the
    text calls MESH."""

    name: str
    title: str
    text: str
    drawing: str | None = None

    def case_file(self, stem: str) -> str:
        """The text for a file called ``stem``.toml."""
        return self.text.replace("MESH", stem).replace("FILE", f"{stem}.toml")


def template(name: str) -> Template:
    """One of `NAMES`. Raises :class:`CaseError` for another."""
    if name not in NAMES:
        raise CaseError("NAME", name, f"a template: {', '.join(NAMES)}")
    text = _read(f"{name}.toml")
    found = re.match(r"# TITLE: (.+)\n", text)
    assert found is not None
    drawing = _read(f"{name}.geo") if name == MESH else None
    body = text.replace("# TITLE: ", "# ", 1)
    return Template(name, found[1], body, drawing)


@cache
def samples() -> tuple[Case, ...]:
    """The templates as cases, those with a mesh of their own apart."""
    found = (template(name) for name in NAMES if name != MESH)
    return tuple(Case.from_dict(parsed(t.text), Path()) for t in found)


def _read(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")
