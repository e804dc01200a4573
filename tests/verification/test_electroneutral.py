"""Level `electroneutral` against `pnp`, with a supporting electrolyte, and what is refused.

Its closed forms are those of `zinterphase verify`.
"""

from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq

from zinterphase import Case, Result, solve
from zinterphase.errors import CaseError
from zinterphase.scales import FARADAY
from zinterphase.verification.binary_cell import DILUTE, cell
from zinterphase.verification.cells import VT, Metal, binary, case_of, current, film, si

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
                "kinetics.zinc.spread.sigma_ln=1e-6",
                f"control.current_density={-0.9 * limit} A/m^2",
            ],
        )
    )
    # Migration of the trace is of the order of its share of the conductivity, 1e-3.
    assert result.surface.mean("concentration") == pytest.approx(0.1, rel=2e-2)
    assert np.ptp(result.surface.values["current_density"]) < 1e-3 * 0.9 * limit


def charged_cell(fixed: float, current: float, cells: int = 200) -> Case:
    """Metal, a charged film of 5 um and 45 um of free liquid under a reservoir."""
    coat = film("titania", FILM, transport=TRANSPORT, fixed_charge=si(fixed, "mol/m^3"))
    return case_of(
        "electroneutral",
        GAP,
        binary(2, BULK, (MOBILE, 1.5 * MOBILE)),
        Metal(EXCHANGE),
        films=[coat],
        control={"current_density": si(current, "A/m^2")},
        mesh={
            "first_cell": si(FILM / cells, "m"),
            "far_size": si(GAP / cells, "m"),
            "growth": 1.2 ** (50 / cells),
        },
    )


FILM, GAP, BULK, MOBILE, TRANSPORT, EXCHANGE = 5e-6, 45e-6, 100.0, 0.7e-9, 0.25, 5.0


def teorell_meyer_sievers(fixed: float, current: float) -> float:
    """Potential [RT/F] of the metal against the bulk: eq. 16, the anion in equilibrium throughout.

    With c- and c+ = c- - X/2 in the film, i/(2 F k D+) = dc-/dy (1 + c+/c-); the virtual salt c
    has c^2 = c+ c-, and phi = ln(c/c0)/2 outside and, as a potential of the neutral liquid in
    equilibrium, inside.
    """
    outside = BULK + current * GAP / (4 * FARADAY * MOBILE)
    quarter = fixed / 4
    face = quarter + np.hypot(quarter, outside)
    rise = current * FILM / (2 * FARADAY * TRANSPORT * MOBILE)

    def excess(anions: float) -> float:
        return float(2 * (anions - face) - fixed / 2 * np.log(anions / face) - rise)

    lowest = max(fixed / 2, 0.0)
    anions = brentq(excess, lowest + 1e-12, face, xtol=1e-15)
    virtual = np.sqrt(anions * (anions - fixed / 2)) / BULK

    def rate(metal: float) -> float:
        eta = metal - np.log(virtual) / 2
        return float(EXCHANGE * (np.exp(eta) - virtual * np.exp(-eta)) - current)

    return float(brentq(rate, -60.0, 20.0, xtol=1e-13))


@pytest.mark.parametrize("fixed", [-60.0, -5.0, 40.0])
@pytest.mark.parametrize("share", [0.2, 0.8])
def test_charged_film_under_current(fixed: float, share: float) -> None:
    """Donnan potential as an unknown at every point; share of the limit of free liquid."""
    free = 4 * FARADAY * MOBILE * BULK / (GAP + FILM / TRANSPORT)
    result = solve(charged_cell(fixed, -share * free))
    expected = VT * teorell_meyer_sievers(fixed, -share * free)
    assert result.potential == pytest.approx(expected, rel=2e-4)


def test_negative_film_carries_more_than_the_limit_of_the_salt() -> None:
    """Counter-ions keep conducting where the anions are gone (leaky membrane)."""
    free = 4 * FARADAY * MOBILE * BULK / (GAP + FILM / TRANSPORT)
    result = solve(charged_cell(-60.0, -1.15 * free))
    expected = VT * teorell_meyer_sievers(-60.0, -1.15 * free)
    assert result.potential == pytest.approx(expected, rel=1e-3)
    assert min(b.mismatch for b in result.balances) >= 0.0


def test_blocked_anions_make_any_mesh_exact() -> None:
    """With d mu- = 0 the flux is c+(mu+) grad mu+: linear elements integrate it exactly in 1D."""
    expected = VT * teorell_meyer_sievers(-60.0, -20.0)
    assert solve(charged_cell(-60.0, -20.0, 25)).potential == pytest.approx(expected, rel=1e-9)


def test_two_charges_in_touch_are_refused() -> None:
    coats = [
        film(n, 1e-6, transport=0.25, fixed_charge=q)
        for n, q in (("a", "-5 mol/m^3"), ("b", "5 mol/m^3"))
    ]
    with pytest.raises(CaseError, match=r"layers\.b\.fixed_charge = .*or that of a below"):
        case_of(
            "electroneutral",
            GAP,
            binary(2, BULK),
            Metal(EXCHANGE),
            films=coats,
            control={"current_density": "-1 A/m^2"},
        )


@pytest.mark.parametrize(
    ("bulk", "fixed", "share"),
    [
        (2000.0, -414.6, 0.423),  # -0.1 C/m2 in pores of 5 nm
        (100.0, -414.6, 0.802),
        (2000.0, -3376.0, 0.6),
        (2000.0, -8222.0, 0.8),
    ],
)
def test_transference_number_of_a_charged_film(bulk: float, fixed: float, share: float) -> None:
    """Donnan equilibrium of ZnSO4 with the diffusivities at infinite dilution, 0.398 without."""
    coat = film("titania", FILM, transport=TRANSPORT, fixed_charge=si(fixed, "mol/m^3"))
    case = case_of(
        "electroneutral",
        GAP,
        binary(2, bulk, (0.703e-9, 1.065e-9)),
        Metal(EXCHANGE),
        films=[coat],
        control={"current_density": "-1e-3 A/m^2"},
    )
    found = solve(case).transference_numbers
    assert found["titania"] == pytest.approx(share, abs=1e-3)
    assert found["liquid"] == pytest.approx(0.398, abs=1e-3)
