"""Options are the case's, and of those only harmless ones: nothing else reaches the compilers."""

import json
from pathlib import Path

import pytest

from zinterphase.case import Case
from zinterphase.errors import CaseError

from .program import CASES, COARSE, call

RUN = ["run", str(CASES / "bare.toml"), "-o", "run", "--set", "level=primary", *COARSE]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pc_type", '"python"'),
        ("ksp_type", '"python"'),
        ("ksp_type", '"magic"'),
        ("pc_python_type", '"evil.Run"'),
        ("ksp_view", '":report"'),
        ("ksp_monitor", '"ascii:report"'),
        ("fieldsplit_0_ksp_view", '":report"'),
        ("mg_levels_1_pc_type", '"shell"'),
        ("options_file", '"more"'),
        ("log_view", '":report"'),
        ("dll_append", '"evil.so"'),
        ("mat_mumps_icntl_1", "10"),
        ("mat_mumps_icntl_22", "1"),
        ("ksp_rtol", '"small"'),
        ("ksp_rtol", "nan"),
        ("ksp_max_it", "1.5"),
        ("ksp_max_it", "99999999999"),
        ("pc_type", "true"),
        ("ksp_rtol -ksp_view", "1"),
    ],
)
def test_options_that_are_not_listed_are_refused(tmp_path: Path, name: str, value: str) -> None:
    case = tmp_path / "case.toml"
    text = (CASES / "bare.toml").read_text()
    case.write_text(f'{text}\n[solver]\noptions = {{ "{name}" = {value} }}\n')
    with pytest.raises(CaseError, match=r"^solver\.options\.") as caught:
        Case.load(case)
    assert name in str(caught.value)


def test_listed_options_are_taken(tmp_path: Path) -> None:
    case = tmp_path / "case.toml"
    inner = "fieldsplit_liquid_fieldsplit_1_"
    options = {
        "ksp_type": "gmres", "ksp_rtol": 1e-8, "ksp_max_it": 50, f"{inner}pc_type": "gamg",
        f"{inner}mg_levels_sub_pc_factor_levels": 1, f"{inner}mg_coarse_pc_type": "lu",
        "mat_mumps_icntl_14": 80, f"{inner}pc_gamg_threshold": -1,
    }  # fmt: skip
    table = ", ".join(f'"{k}" = {json.dumps(v)}' for k, v in options.items())
    case.write_text((CASES / "bare.toml").read_text() + f"\n[solver]\noptions = {{ {table} }}\n")
    assert dict(Case.load(case).solver.options) == options


def test_petsc_reads_no_options_from_around(tmp_path: Path) -> None:
    """Each would write a file when PETSc starts or ends."""
    (tmp_path / "home").mkdir()
    for name in (".petscrc", "petscrc", "home/.petscrc"):
        (tmp_path / name).write_text("-log_view :trace.txt\n-options_view\n")
    variables = {"HOME": str(tmp_path / "home"), "PETSC_OPTIONS": "-log_view :trace.txt"}
    done = call(tmp_path, "check", str(CASES / "bare.toml"), **variables)
    assert done.returncode == 0, done.stderr
    assert "PETSc" not in done.stdout
    assert not (tmp_path / "trace.txt").exists()


@pytest.mark.parametrize("content", ["hostile", "{ broken", '{"no_such_option": 1}'])
def test_form_compilers_read_no_option_files(tmp_path: Path, content: str) -> None:
    work, config = tmp_path / "work", tmp_path / "config"
    hostile = {
        "dolfinx_jit_options.json": {"cffi_extra_compile_args": ["-fplugin=/no/such/plugin.so"]},
        "ffcx_options.json": {"language": "evil"},
    }
    for name, options in hostile.items():
        for folder in (work, config / name.partition("_")[0]):
            folder.mkdir(parents=True, exist_ok=True)
            text = json.dumps(options) if content == "hostile" else content
            (folder / name).write_text(text)
    done = call(work, *RUN, XDG_CONFIG_HOME=str(config))
    assert done.returncode == 0, done.stderr
