"""What is loaded when little is asked for."""

import subprocess
import sys

import pytest

from zinterphase.cli.options import GOALS
from zinterphase.observe import errors

FINITE_ELEMENTS = {"dolfinx", "gmsh", "petsc4py", "matplotlib"}
LIBRARIES = FINITE_ELEMENTS | {"pydantic", "pint", "scipy", "numpy", "pyvista"}


def loaded(statements: str) -> set[str]:
    """Modules that a fresh interpreter has after some statements."""
    program = f"import sys\n{statements}\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=True
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("module", ["zinterphase.case", "zinterphase.materials"])
def test_a_case_needs_no_finite_elements(module: str) -> None:
    found = loaded(f"import {module}")
    assert module in found
    assert not found & FINITE_ELEMENTS


def test_help_loads_next_to_nothing() -> None:
    ask = """
sys.argv = ["zinterphase", "--help"]
from zinterphase.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code
"""
    found = loaded(ask)
    assert "zinterphase.cli.commands" in found
    assert not found & LIBRARIES


def test_no_command_but_verify_loads_the_known_problems() -> None:
    found = loaded("import zinterphase.cli.run_command, zinterphase.cli.study_command")
    assert "zinterphase.solve.problem" in found
    assert not {name for name in found if name.startswith("zinterphase.verification")}


def test_the_public_function_is_not_hidden_by_the_room_of_its_name() -> None:
    done = "import zinterphase.solve.problem\nfrom zinterphase import solve\nassert callable(solve)"
    assert "zinterphase.run" in loaded(done)


def test_help_names_the_goals_there_are() -> None:
    assert GOALS == errors.GOALS
