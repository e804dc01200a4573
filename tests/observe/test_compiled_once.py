"""Forms are written and compiled for a problem, not for each of its states."""

from pathlib import Path
from typing import Any

import pytest
from ffcx.codegeneration import jit

from zinterphase import forms
from zinterphase.case import Case
from zinterphase.cell.advice import require_valid
from zinterphase.run import mesh_case, solve_on
from zinterphase.solve.problem import Problem

CASE = Path(__file__).parents[2] / "cases/dual_layer.toml"
SMALL = ["geometry.width=10 um", "mesh.far_size=20 um"]


def test_a_second_current_compiles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case.load(CASE, SMALL)
    meshed = mesh_case(case)
    problem = Problem(case, meshed.domain)
    solve_on(problem, require_valid(case), meshed.quality, {})
    other = case.with_current(-20.0)
    problem.retarget(other)
    looked_up = []
    compiled = forms._compiled
    monkeypatch.setattr(forms, "_compiled", lambda *a: looked_up.append(a) or compiled(*a))
    result = solve_on(problem, require_valid(other), meshed.quality, {}, start=problem.state())
    assert result.mean_current_density == pytest.approx(-20.0)
    assert not looked_up


def test_a_module_is_read_from_the_folder_once(monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case.load(CASE, SMALL)
    domain = mesh_case(case).domain
    Problem(case, domain).close()
    Problem(case, domain).close()  # what the first has compiled is loaded by now
    read: list[Any] = []
    look_up = forms._look_up
    monkeypatch.setattr(forms, "_look_up", lambda *a: read.append(a) or look_up(*a))
    Problem(case, domain).close()
    assert not read
    assert jit.get_cached_module is forms._loaded_once
