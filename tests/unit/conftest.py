"""What stands here is quick: it solves no equations, makes no mesh and starts no program."""

import subprocess
import sys
from typing import NoReturn

import pytest

REFUSED = (("dolfinx.fem", "functionspace"), ("gmsh", "initialize"))
"""What no solution and no mesh is made without, in modules that a test may have loaded."""


def refused(*arguments: object, **options: object) -> NoReturn:
    raise AssertionError("tests/unit solves nothing and starts no program: see the other folders")


@pytest.fixture(autouse=True)
def nothing_costly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess.Popen, "__init__", refused)
    for module, name in REFUSED:
        if module in sys.modules:
            monkeypatch.setattr(sys.modules[module], name, refused)
