"""A command loads what it uses: by the modules it has, which no load of the machine changes."""

import json
import subprocess
import sys
from pathlib import Path

import zinterphase

COMMANDS = sorted(
    f"zinterphase.cli.{path.stem}"
    for path in (Path(zinterphase.__file__).parent / "cli").glob("*_command.py")
)
DRAWING = {"matplotlib", "pyvista", "vtkmodules", "PIL"}
SELDOM = {"pint", "SALib", "meshio", "scipy.stats", "scipy.interpolate", "scipy.io", "xarray"}
CASES = Path(__file__).parents[2] / "cases"
MOST = 1650
"""Modules of a run without pictures and fields: 1 591 when this was written."""


def loaded(*program: str) -> set[str]:
    """Modules that a fresh interpreter has loaded after some lines."""
    lines = (*program, "import json, sys; print(json.dumps(sorted(sys.modules)))")
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_commands_that_have_done_nothing_have_loaded_nothing_to_draw_with() -> None:
    """One after the other in one interpreter; the first that does is named."""
    unwanted = DRAWING | SELDOM | {"scipy.optimize", "scipy.integrate"}
    there = f"{unwanted!r} & set(sys.modules)"
    lines = [f"import {name}; assert not {there}, ({name!r}, {there})" for name in COMMANDS]
    found = loaded("import sys", *lines)
    assert set(COMMANDS) <= found


def test_a_run_loads_what_it_uses(tmp_path: Path) -> None:
    words = ["zinterphase", "run", str(CASES / "bare.toml"), "-o", str(tmp_path / "run")]
    for option in ("geometry.width=10 um", "output.fields=none", "output.pictures=false"):
        words += ["--set", option]
    program = (
        "import sys",
        f"sys.argv = {words!r}",
        "from zinterphase.cli import called",
        "called()",
    )
    loaded(*program)  # makes mesh and forms, for which it loads their compilers
    found = loaded(*program)
    assert "zinterphase.solve.newton" in found
    assert not found & (SELDOM | DRAWING - {"vtkmodules"})
    assert sum(not name.startswith("libffcx_") for name in found) < MOST  # but for compiled forms
    written = {path.name for path in (tmp_path / "run").iterdir()}
    assert {"results.json", "surface.vtp"} <= written
    assert not {name for name in written if name.endswith(".png")}
