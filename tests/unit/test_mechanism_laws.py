"""Laws of the mechanisms in their limits: pore walls, nucleation barrier, islands, gated films."""

from __future__ import annotations

import math
import tomllib
from typing import Any

import numpy as np
import pytest
import ufl

from zinterphase.case import Case
from zinterphase.errors import CaseError
from zinterphase.geometry.recipe import recipe_from_case
from zinterphase.materials.pores import (
    AcidBase,
    Adsorption,
    pore_state,
    renkin_constrictivity,
    specific_area,
)
from zinterphase.physics.nucleation import nucleation_limited
from zinterphase.physics.semiconductor import gated_conductivity
from zinterphase.scales import AVOGADRO
from zinterphase.solve.heterogeneity import further_ln_factor, island_share, ln_factor

SALT = [(2, 2000.0), (-2, 2000.0)]
AREA = 2.4e8  # wall per pore volume of 25 nm spheres at a porosity of one half [1/m]


def value(expression: Any) -> float:
    """A UFL expression of constants as a number."""
    return float(ufl.as_ufl(expression)(()))


def test_given_charge_meets_the_donnan_closed_form() -> None:
    """sum z c exp(-z phi) + X = 0 of a 2:2 salt: X = 4 c sinh(2 phi)."""
    for fixed in (-3000.0, -125.0, 400.0):
        state = pore_state(SALT, 0, AREA, fixed, None, None)
        assert state.fixed_charge == fixed
        assert state.potential == pytest.approx(0.5 * math.asinh(fixed / 8000.0), rel=1e-12)


def test_walls_are_neutral_at_their_pzc_and_follow_nernst_when_dense() -> None:
    def state(sites: float, ph: float) -> float:
        return pore_state(SALT, 0, AREA, 0.0, AcidBase(sites, 5.9, ph), None).potential

    assert state(5e18, 5.9) == pytest.approx(0.0, abs=1e-13)
    assert state(5e18, 4.5) > 0.0 > state(5e18, 7.0)
    assert state(1e26, 4.5) == pytest.approx(1.4 * math.log(10.0), rel=1e-3)


def test_regulated_charge_is_that_of_the_pores_own_ph() -> None:
    found = pore_state(SALT, 0, AREA, 0.0, AcidBase(5e18, 5.9, 4.5), None)
    surface_ph = 4.5 + found.potential / math.log(10.0)
    protonated = 1.0 / (1.0 + 10.0 ** (surface_ph - 5.9))
    expected = AREA * 5e18 / AVOGADRO * (protonated - 0.5)
    assert found.fixed_charge == pytest.approx(expected, rel=1e-12)
    assert 0.0 < found.fixed_charge < AREA * 5e18 / AVOGADRO / 2


def test_adsorbed_ions_fill_sites_by_langmuir_and_charge_the_walls() -> None:
    saturation, affinity = 8.3e-6, 5e-3
    neutral = pore_state(SALT, 0, AREA, 0.0, None, Adsorption(saturation, affinity, 0.0))
    assert neutral.potential == pytest.approx(0.0, abs=1e-13)
    assert neutral.adsorbed == pytest.approx(saturation * 10.0 / 11.0, rel=1e-12)
    charged = pore_state(SALT, 0, AREA, 0.0, None, Adsorption(saturation, affinity, 2.0))
    assert charged.fixed_charge == pytest.approx(2.0 * AREA * charged.adsorbed, rel=1e-12)
    assert charged.adsorbed < neutral.adsorbed  # repelled by what is there


def test_renkin_against_tabulated_hindrance() -> None:
    """0.43 nm ions: 0.80 at 8.3 nm, 0.69 at 5 nm, 0.35 at 2 nm; nothing where they do not fit."""
    for radius, hindrance in ((8.3e-9, 0.80), (5e-9, 0.69), (2e-9, 0.35)):
        assert renkin_constrictivity(0.43e-9, radius) == pytest.approx(hindrance, abs=6e-3)
    assert renkin_constrictivity(0.43e-9, 0.4e-9) == 0.0
    assert specific_area(0.5, 25e-9) == pytest.approx(1.2e8, rel=1e-12)


def test_barrier_in_its_limits() -> None:
    def rate(eta: float, coverage: float) -> float:
        def law(at: float) -> float:
            return math.exp(1.5 * at) - math.exp(-0.5 * at)

        barrier = 1.75
        return value(nucleation_limited(law(eta), law(eta + barrier), eta, barrier, 0.1, coverage))

    assert rate(-1.0, 1.0) == pytest.approx(math.exp(-1.5) - math.exp(0.5), rel=1e-12)
    assert abs(rate(-1.0, 0.0)) < 1e-3  # not enough to nucleate, and nothing dissolves
    assert rate(0.5, 0.0) == 0.0
    shifted = math.exp(1.5 * -2.25) - math.exp(-0.5 * -2.25)
    assert rate(-4.0, 0.0) == pytest.approx(shifted, rel=1e-9)
    assert rate(-4.0, 0.25) == pytest.approx(0.25 * rate(-4.0, 1.0) + 0.75 * shifted, rel=1e-9)


def test_gate_opens_below_the_flat_band() -> None:
    def conductivity(drop: float) -> float:
        return value(gated_conductivity(1e-4, 1e-2, drop, -16.0, 1.1))

    assert conductivity(0.0) == pytest.approx(1e-4, rel=1e-4)
    assert conductivity(-16.0) == pytest.approx(1e-4 + 5e-3, rel=1e-12)
    assert conductivity(-40.0) == pytest.approx(1.01e-2, rel=1e-6)
    decade = 1.1 * math.log(10.0)
    ratio = (conductivity(-8.0) - 1e-4) / (conductivity(-8.0 + decade) - 1e-4)
    assert ratio == pytest.approx(10.0, rel=1e-2)


def silver(**kinetics: Any) -> Case:
    changes = [f"kinetics.silver.{key}={entry}" for key, entry in kinetics.items()]
    return Case.load("cases/dual_layer.toml", ["level=concentrated", *changes])


ISLANDS = '{fraction=0.3, correlation_length="5 um", factor=0.01}'


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_islands_take_their_share_and_keep_the_mean_rate(seed: int) -> None:
    case = silver(patches=ISLANDS).with_seed(seed)
    kinetics = case.kinetics["silver"]
    share, factor = (
        island_share(case, kinetics.patches),
        ln_factor(case, kinetics, kinetics.patches),
    )
    assert share is not None
    assert factor is not None
    lateral = ((np.arange(20_000) + 0.5) / 20_000 * case.geometry.width)[:, None]
    assert np.mean(share(lateral)) == pytest.approx(0.3, abs=1e-4)
    assert np.mean(np.exp(factor(lateral))) == pytest.approx(1.0, abs=1e-4)
    inside, outside = share(lateral) > 0.9, share(lateral) < 0.1
    assert inside.mean() > 0.15
    assert outside.mean() > 0.55
    same = silver(patches=ISLANDS.replace("0.01", "1.0")).with_seed(seed)
    even = same.kinetics["silver"]
    plain = ln_factor(same, even, even.patches)
    assert plain is not None
    change = factor(lateral) - plain(lateral)
    slope = np.polyfit(share(lateral), change, 1)[0]
    assert slope == pytest.approx(math.log(0.01), rel=1e-9)


@pytest.mark.parametrize("spread", ['{sigma_ln=0.5, correlation_length="5 um"}', None])
def test_islands_add_their_share_to_further_reactions(spread: str | None) -> None:
    """Off the islands i0 is the reaction's own; the mean is 1 - f + f x factor, not kept at 1."""
    hydrogen = "{}" if spread is None else f"{{spread={spread}}}"
    islands = ISLANDS.replace("factor=0.01", "factors={hydrogen_evolution=100.0}")
    tables = [f"reactions.hydrogen_evolution={hydrogen}", f"patches={islands}"]
    case = Case.load(
        "cases/dual_layer.toml",
        ["electrolyte.pH=4.3", *(f"kinetics.silver.{table}" for table in tables)],
    )
    kinetics = case.kinetics["silver"]
    rate = kinetics.reactions["hydrogen_evolution"]
    factor = further_ln_factor(case, "hydrogen_evolution", rate, kinetics.patches)
    share = island_share(case, kinetics.patches)
    assert factor is not None
    assert share is not None
    lateral = ((np.arange(20_000) + 0.5) / 20_000 * case.geometry.width)[:, None]
    own = ln_factor(case, rate)
    plain = np.exp(factor(lateral)) / (1.0 if own is None else np.exp(own(lateral)))
    assert np.mean(plain) == pytest.approx(1.0 + 99.0 * 0.3, rel=1e-3)
    assert np.min(plain) == pytest.approx(1.0, abs=0.05)
    assert np.max(plain) == pytest.approx(100.0, rel=0.02)
    metal = ln_factor(case, kinetics, kinetics.patches)
    even = ln_factor(case, kinetics, None)
    assert metal is not None
    assert even is not None
    assert metal(lateral) == pytest.approx(even(lateral))


def test_islands_know_the_reactions_of_their_layer() -> None:
    islands = ISLANDS.replace("factor=0.01", "factors={oxygen_reduction=2.0}")
    with pytest.raises(
        CaseError, match=r'^kinetics.silver.patches.factors = "oxygen_reduction": allowed'
    ):
        silver(patches=islands)


def test_islands_of_other_seeds_lie_elsewhere() -> None:
    lateral = np.linspace(0.0, 60e-6, 500)[:, None]
    shares = []
    for seed in (1, 2):
        case = silver(patches=ISLANDS).with_seed(seed)
        share = island_share(case, case.kinetics["silver"].patches)
        assert share is not None
        shares.append(share(lateral))
    assert np.mean(np.abs(shares[0] - shares[1])) > 0.1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("kinetics.silver.patches={fraction=1.5}", "kinetics.silver.patches.fraction = 1.5"),
        ('kinetics.silver.nucleation={overpotential="0 V"}', "nucleation.overpotential"),
        ("layers.titania.regulation={pH=20}", r"layers.titania.regulation.pH = 20: allowed"),
        ("layers.titania.regulation={}", r"layers.titania.regulation.pH = missing"),
        ("layers.electrolyte.regulation={pH=4}", "only in a porous layer"),
        ('layers.titania.particle_diameter="0.5 nm"', "the hydrated ion has to fit"),
        ("layers.titania.surface_diffusion=3", "layers.titania.surface_diffusion = 3: allowed a t"),
        ("layers.titania.surface_diffusion={speed=3}", "surface_diffusion.speed = 3: allowed keys"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(change: str, message: str) -> None:
    with pytest.raises(CaseError, match=message):
        Case.load("cases/dual_layer.toml", ["level=concentrated", change])


def test_random_kinetics_finer_than_the_mesh_are_refused() -> None:
    case = Case.load(
        "cases/dual_layer.toml", ['mesh.lateral_size="2 um"', 'geometry.surface={shape="flat"}']
    )
    with pytest.raises(CaseError, match=r"spread.correlation_length = .5e-06 m.: allowed at least"):
        recipe_from_case(case)


def test_resolved_walls_survive_writing_and_reading() -> None:
    changes = ["layers.titania.surface_diffusion={}", "layers.titania.regulation={pH=4.5}"]
    case = Case.load("cases/dual_layer.toml", ["level=concentrated", *changes])
    film = case.layer("titania")
    assert film.surface_transport > 0.0
    assert film.fixed_charge > 0.0
    again = Case.from_dict(tomllib.loads(case.to_toml()))
    assert again == case
