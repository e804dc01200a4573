"""Random valid cases: what has to hold for every one of them.

Cells are small and flat or gently wavy, so that an example takes a few tenths of a second; the
examples are the same in every run.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zinterphase.case import Case
from zinterphase.observe.balance import TOLERANCE
from zinterphase.result import Result
from zinterphase.run import solve

WIDTH = 10e-6
LEVELS = ("concentrated", "electroneutral", "secondary")
EXAMPLES = settings(max_examples=12, deadline=None, derandomize=True, database=None)


def um(value: float) -> str:
    return f"{value * 1e6!r} um"


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Any]:
    """A cell over silver with a film: level, film, kinetics, electrolyte drawn at random."""
    level = draw(st.sampled_from(LEVELS))
    film: dict[str, Any] = {
        "name": "film",
        "material": "TiO2",
        "thickness": um(draw(st.floats(0.3e-6, 3e-6))),
        "porosity": draw(st.floats(0.2, 0.8)),
        "tortuosity_factor": draw(st.floats(1.0, 5.0)),
        "constrictivity": draw(st.floats(0.3, 1.0)),
        "lateral_transport": draw(st.floats(0.2, 5.0)),
    }
    if level != "secondary":
        film["fixed_charge"] = f"{draw(st.floats(-500.0, 300.0))!r} mol/m^3"
    if draw(st.booleans()):
        film["surface_diffusion"] = {"adsorbed_charge": 0.0}
    kinetics: dict[str, Any] = {
        "exchange_current_density": f"{draw(st.floats(0.1, 5.0))!r} mA/cm^2",
        "alpha_a": (alpha := draw(st.floats(0.4, 1.6))),
        "alpha_c": 2.0 - alpha,
        "contact_fraction": draw(st.floats(0.3, 1.0)),
        "spread": {
            "sigma_ln": draw(st.floats(0.05, 1.0)),
            "correlation_length": "2 um",
            "seed": draw(st.integers(0, 1000)),
        },
    }
    if draw(st.booleans()):
        kinetics["nucleation"] = {"coverage": draw(st.floats(0.2, 1.0))}
    rms = draw(st.floats(0.0, 0.15e-6))
    surface: dict[str, Any] = {"shape": "flat"}
    if rms > 0.02e-6:
        surface = {"shape": "random", "rms": um(rms), "correlation_length": "2 um"}
    wall_law = draw(st.sampled_from(("none", "gouy_chapman_stern")))
    return {
        "level": level,
        "wall_law": "none" if level == "secondary" else wall_law,
        "reference": "Zn",
        "geometry": {"width": um(WIDTH), "surface": surface},
        "layers": [
            {"name": "metal", "material": "Ag", "thickness": "1 um"},
            film,
            {"name": "liquid", "material": "electrolyte", "thickness": "20 um"},
        ],
        "electrolyte": {"concentration": f"{draw(st.floats(0.3, 2.2))!r} mol/L"},
        "kinetics": {"metal": kinetics},
        "counter": {"type": draw(st.sampled_from(("reservoir", "electrode")))},
        "control": {"current_density": f"{draw(st.floats(-8.0, -0.2))!r} mA/cm^2"},
        "mesh": {"far_size": "4 um"},
        "metrics": {"smoothing_radius": "0.5 um"},
    }


def solved(data: dict[str, Any], **changes: Any) -> Result:
    return solve(Case.from_dict({**data, **changes}))


@EXAMPLES
@given(tables())
def test_balances_close_and_concentrations_stay_positive(data: dict[str, Any]) -> None:
    result = solved(data)
    assert max(row.mismatch for row in result.balances) < TOLERANCE
    asked = result.case.control.current_density
    assert result.mean_current_density == pytest.approx(asked, rel=1e-8)
    assert np.all(result.surface.values["concentration"] > 0.0)
    assert np.all(result.surface.values["current_density"] < 0.0)
    parts = result.voltage
    assert parts is not None
    assert parts.sum == pytest.approx(parts.total, rel=1e-7, abs=1e-12)


@EXAMPLES
@given(tables(), st.floats(0.01, 0.06), st.floats(0.002, 0.02))
def test_current_is_monotone_in_potential(data: dict[str, Any], first: float, step: float) -> None:
    """A more negative electrode deposits more."""
    currents = [
        solved(data, control={"potential": f"{-value!r} V"}).mean_current_density
        for value in (first, first + step)
    ]
    assert currents[1] < currents[0]


@EXAMPLES
@given(tables())
def test_twice_the_cell_carries_twice_the_current(data: dict[str, Any]) -> None:
    """Both halves are mirror images: nothing per area may change."""
    data["kinetics"]["metal"].pop("spread")
    data["geometry"]["surface"] = {"shape": "flat"}
    control = {"potential": "-30 mV"}
    wide = {"width": um(2 * WIDTH), "surface": {"shape": "flat"}}
    one, two = solved(data, control=control), solved(data, control=control, geometry=wide)
    areas = two.problem.projected_area / one.problem.projected_area
    assert areas == pytest.approx(2.0, rel=1e-12)
    assert two.mean_current_density == pytest.approx(one.mean_current_density, rel=1e-7)
