"""Level `electroneutral` against `pnp`, with a supporting electrolyte, and what is refused.

Its closed forms are those of `zinterphase verify`.
"""

from pathlib import Path

import numpy as np
import pytest

from zinterphase import Case, Result, solve
from zinterphase.errors import CaseError
from zinterphase.verification.binary_cell import DILUTE, cell
from zinterphase.verification.cells import current

CASES = Path(__file__).parents[2] / "cases"


def test_beyond_the_limiting_current_is_refused() -> None:
    case = cell(DILUTE, current(-110.0)).model_copy(update={"accept_invalid": False})
    with pytest.raises(CaseError, match="i/i_lim"):
        solve(case)


def shared(level: str, *overrides: str) -> Result:
    """The dilute titania anode, i0 as at pnp."""
    settings = ["electrolyte.concentration=0.05 mol/L", "geometry.width=20 um", f"level={level}"]
    return solve(Case.load(CASES / "titania.toml", [*settings, *overrides]))


def test_transport_parts_of_the_voltage_are_those_of_pnp() -> None:
    """Outside the double layers both levels are one: ohmic and concentration drops agree to the
    share of the double layer in the film's resistance, lambda_D/h = 7e-4."""
    neutral, resolved = shared("electroneutral").voltage, shared("pnp").voltage
    for layer in ("titania", "electrolyte"):
        assert neutral.ohmic[layer] == pytest.approx(resolved.ohmic[layer], rel=1e-3)
        whole = neutral.ohmic[layer] + neutral.concentration[layer]
        both = resolved.ohmic[layer] + resolved.concentration[layer]
        assert whole == pytest.approx(both, rel=1e-3)


def test_supporting_electrolyte_takes_the_field() -> None:
    """Zn2+ as a trace among Na2SO4: i_lim = z F D c / L, diffusion alone, at 90 % of it."""
    limit = 2 * 96485.33212 * 7.03e-10 * 1.0 / 50e-6
    ions = [
        ("Zn2+", 2, 7.03e-10, 1.0),
        ("Na+", 1, 1.33e-9, 2000.0),
        ("SO42-", -2, 1.065e-9, 1001.0),
    ]
    species = ",".join(
        f"{{name='{n}',charge={z},diffusivity='{d} m^2/s',concentration='{c} mol/m^3'}}"
        for n, z, d, c in ions
    )
    result = solve(
        Case.load(
            CASES / "bare.toml",
            [
                f"electrolyte={{species=[{species}]}}",
                "level=electroneutral",
                "geometry.surface={shape='flat'}",
                "kinetics.zinc.spread.sigma_ln=1e-9",
                f"control.current_density={-0.9 * limit} A/m^2",
            ],
        )
    )
    # Migration of the trace is of the order of its share of the conductivity, 1e-3.
    assert result.surface.mean("concentration") == pytest.approx(0.1, rel=2e-2)
    assert np.ptp(result.surface.values["current_density"]) < 1e-3 * 0.9 * limit


def test_fixed_charge_is_refused() -> None:
    with pytest.raises(CaseError, match=r"layers\.titania\.fixed_charge"):
        shared("electroneutral", "layers.titania.fixed_charge=-10 mol/m^3")
