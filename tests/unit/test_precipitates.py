"""Solids of a case: equations, constants, and where the liquid saturates."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from zinterphase.case import Case
from zinterphase.cell.advice import regime_of
from zinterphase.cell.bulk import bulk_of
from zinterphase.cell.precipitation import solids_of
from zinterphase.errors import CaseError

ZHS = "zinc_hydroxide_sulfate"


def case(solids: dict[str, Any] | None = None, **changes: Any) -> Case:
    tables: dict[str, Any] = {
        "level": "concentrated",
        "geometry": {"dimension": 1},
        "layers": [
            {"name": "metal", "material": "Zn", "thickness": "1 um"},
            {"name": "liquid", "material": "electrolyte", "thickness": "100 um"},
        ],
        "electrolyte": {
            "concentration": "2 mol/L",
            **changes.pop("acid", {"pH": 4.5}),
            **changes.pop("electrolyte", {}),
        },
        "counter": {"type": "reservoir"},
        "control": {"current_density": "-1 mA/cm^2"},
        **changes,
    }
    if solids is not None:
        tables["electrolyte"]["precipitates"] = solids
    return Case.from_dict(tables)


def indices(chosen: Case) -> dict[str, float]:
    bulk = bulk_of(chosen)
    return {solid.name: solid.index(bulk) for solid in solids_of(chosen, bulk)}


@pytest.mark.parametrize(
    ("concentration", "expected"), [("2 mol/L", 5.70), ("1 mol/L", 5.87), ("0.1 mol/L", 6.24)]
)
def test_the_hydroxide_sulfate_saturates_where_the_library_says(
    concentration: str, expected: float
) -> None:
    """Closed forms with the constants of minteq.v4 and Pitzer's activities."""
    found = indices(case(electrolyte={"concentration": concentration, "pH": expected}))
    assert found[ZHS] / 6 == pytest.approx(0.0, abs=0.011)


def test_the_hydroxide_comes_after_it() -> None:
    assert indices(case(electrolyte={"pH": 6.34}))["zinc_hydroxide"] == pytest.approx(0, abs=0.01)
    assert indices(case(electrolyte={"pH": 6.34}))[ZHS] > 3.0


def test_an_equation_tells_the_same_in_either_direction_and_in_hydroxide() -> None:
    """log_K is that of the equation as written; Kw = 1e-14 turns OH- into H+."""
    base = {"molar_volume": "1.6e-4 m^3/mol"}
    made = {"equation": "4 Zn2+ + SO42- + 6 H2O -> Zn4SO4(OH)6(s) + 6 H+", "log_K": -28.4}
    gone = {"equation": "Zn4SO4(OH)6(s) + 6 H+ -> 4 Zn2+ + SO42- + 6 H2O", "log_K": 28.4}
    with_base = {"equation": "4 Zn2+ + SO42- + 6 OH- -> Zn4SO4(OH)6(s)", "log_K": 84 - 28.4}
    found = indices(case({"a": made | base, "b": gone | base, "c": with_base | base, ZHS: {}}))
    assert found["a"] == found["b"] == pytest.approx(found[ZHS], rel=1e-12)
    # water is not counted beside OH-: log10 of its activity is -0.0197
    assert found["c"] == pytest.approx(found[ZHS] + 6 * 0.0197, abs=0.01)


def test_a_resolved_case_reads_back() -> None:
    chosen = case({ZHS: {"blocking_thickness": "library"}})
    assert chosen.electrolyte.precipitates[ZHS].blocking_thickness == 1e-7
    assert Case.from_dict(tomllib.loads(chosen.to_toml())) == chosen


@pytest.mark.parametrize(
    ("solids", "field"),
    [
        ({"x": {"equation": "Zn2+ + OH- -> ZnOH(s)"}}, "equation"),
        ({"x": {"equation": "Zn2+ + 2 H2O -> Zn(OH)2(s) + H+"}}, "equation"),
        ({"x": {"equation": "Zn2+ + 2 H2O -> ZnO(s) + 2 H+"}}, "equation"),
        ({"x": {"equation": "Zn2+ + 2 Cl- -> ZnCl2(s)"}}, "equation"),
        ({"x": {"equation": "2 H+ -> H2(g)"}}, "equation"),
        ({"x": {"dissolved": {"Zn2+": 1.0}, "log_K": 1.0}}, "molar_volume"),
        ({"x": {"equation": "Zn2+ + 2 OH- -> Zn(OH)2(s)", "log_K": 1.0}}, "molar_volume"),
    ],
)
def test_what_is_no_solid_is_refused(solids: dict[str, Any], field: str) -> None:
    with pytest.raises(CaseError, match=field):
        case(solids)


def test_solids_need_acid_ions_and_somewhere_to_take_them_from() -> None:
    with pytest.raises(CaseError, match="precipitates"):
        case({ZHS: {}}, counter={"type": "electrode"})
    with pytest.raises(CaseError, match="precipitates"):
        case({ZHS: {}}, level="secondary")
    with pytest.raises(CaseError, match=r"equation.*H\+"):
        case({ZHS: {}}, acid={})


def test_a_supersaturated_bulk_is_warned_of() -> None:
    over, under = (
        [str(f) for f in regime_of(case(electrolyte={"pH": acidity})).findings]
        for acidity in (6.0, 5.6)
    )
    assert any("supersaturated with zinc_hydroxide_sulfate" in line for line in over)
    assert not any("supersaturated" in line for line in under)
