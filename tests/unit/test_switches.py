"""Mechanisms as switches: every one changes the base, exclusive ones are kept apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from zinterphase.case import Case, Draft
from zinterphase.ensemble.corroding import corroding
from zinterphase.errors import CaseError
from zinterphase.materials.library import parameter
from zinterphase.mechanisms.definitions import Definitions, LevelName, definitions
from zinterphase.mechanisms.design import BASE, design
from zinterphase.mechanisms.switches import Switchboard, roles_of, switchboard

CASES = Path(__file__).parents[2] / "cases"
NAMES = [
    (about, s.name)
    for about in ("evenness", "corrosion")
    for s in definitions().about(about, in_time=False)
]


def board(name: str = "dual_layer", *overrides: str) -> Switchboard:
    return switchboard(Draft.load(CASES / f"{name}.toml", overrides))


@pytest.fixture(scope="module")
def dual() -> Switchboard:
    return board()


@pytest.fixture(scope="module")
def corroded() -> Switchboard:
    return switchboard(corroding(Draft.load(CASES / "dual_layer.toml")), about="corrosion")


def test_every_switch_acts_on_the_dual_layer(dual: Switchboard, corroded: Switchboard) -> None:
    for about, board in (("evenness", dual), ("corrosion", corroded)):
        acting = {switch.name for switch in board.switches}
        assert {n for asked, n in NAMES if asked == about} == acting | set(board.left_out)
        named = definitions().about(about, in_time=False)
        steady = [s for s in named if s.acts]
        assert {s.name for s in steady} - acting == {
            name for name, reason in board.left_out.items() if "level" in reason
        }
        assert {board.left_out[s.name] for s in named if not s.acts} == {
            "it acts in a case with a protocol"
        }
    with pytest.raises(CaseError, match=r"air is one of studies about corrosion"):
        dual.case(["air"])


@pytest.mark.parametrize(("about", "name"), NAMES)
def test_a_switch_changes_the_base(
    dual: Switchboard, corroded: Switchboard, about: str, name: str
) -> None:
    dual = dual if about == "evenness" else corroded
    if name in dual.left_out:
        with pytest.raises(CaseError, match=f'switches = "{name}": .*{name} does not'):
            dual.case([name])
        return
    changed = dual.case([name])
    assert changed != dual.case()
    assert changed.title == "AT@Zn"
    assert Case.from_dict(dual.draft([name]).tables) == changed


def test_all_pairs_and_all_together_are_valid_cases(dual: Switchboard) -> None:
    made = design(dual)
    found = {combination: dual.case(combination).to_toml() for combination in made.combinations}
    assert len(set(found.values())) == len(found)


def test_the_base_is_bare_zinc_under_an_inert_film(dual: Switchboard) -> None:
    base = dual.case()
    kinetics, film = base.kinetics["silver"], base.layer("titania")
    assert base.level == "concentrated"
    assert kinetics.exchange_current_density == parameter("zn_kinetics.i0_bare_2M").si
    assert kinetics.pzc == parameter("zn_kinetics.pzc_Zn").si
    assert kinetics.spread is not None
    assert kinetics.spread.sigma_ln == parameter("cases.bare_i0_sigma_ln").si
    assert (film.fixed_charge, film.conducting, film.top) == (0.0, False, "conformal")
    assert dual.notes == ()
    other = board("dual_layer", "level=secondary")
    assert other.notes == ("level concentrated in place of the case's secondary",)
    same = board("titania").case().kinetics["zinc"]
    assert same == kinetics


def test_the_base_of_corrosion_is_hydrogen_on_zinc(corroded: Switchboard) -> None:
    base = corroded.case()
    hydrogen = base.kinetics["silver"].reactions["hydrogen_evolution"]
    assert hydrogen.exchange_current_density == parameter("parasitic.HER_i0_Zn").si
    assert base.electrolyte.pH == parameter("electrolyte.pH_bulk_2M").si
    exposed = corroded.case(["silver_exposed"]).kinetics["silver"].patches
    assert exposed is not None
    assert exposed.factors == {"hydrogen_evolution": pytest.approx(100.0)}
    slower = corroded.case(["slow_hydrogen"]).kinetics["silver"].reactions["hydrogen_evolution"]
    assert slower.exchange_current_density == pytest.approx(0.3 * hydrogen.exchange_current_density)


def test_a_case_keeps_the_reactions_and_the_acid_it_has() -> None:
    own = Draft.load(CASES / "corrosion.toml", ["electrolyte.pH=4.0"])
    assert corroding(own) is own
    acid = Draft.load(CASES / "bare.toml", ["electrolyte.pH=4.0"])
    case = corroding(acid).case()
    assert case.electrolyte.pH == 4.0
    assert list(case.kinetics["zinc"].reactions) == ["hydrogen_evolution"]
    cycled = corroding(Draft.load(CASES / "symmetric_cell.toml")).case()
    assert cycled.protocol
    assert "hydrogen_evolution" in cycled.kinetics["zinc"].reactions


def test_potentials_follow_the_scale_of_the_case() -> None:
    base = board("bare", "reference=Zn").case()
    assert base.kinetics["zinc"].pzc + base.reference_potential == pytest.approx(
        parameter("zn_kinetics.pzc_Zn").si
    )


def test_factors_of_the_same_number_multiply(dual: Switchboard) -> None:
    both = dual.case(["i0", "V3"]).kinetics["silver"].exchange_current_density
    keys = ("zn_kinetics.i0_bare_2M", "cases.Ag_i0_factor", "cases.TiO2_only_i0_factor")
    bare, silver, titania = (parameter(key).si for key in keys)
    assert both == pytest.approx(bare * silver * titania)


def test_the_porous_zone_lets_the_metal_below_react(dual: Switchboard) -> None:
    case = dual.case(["porous_zone"])
    assert case.layer("silver").medium.kind == "porous_conductor"
    assert set(case.kinetics) == {"zinc", "silver"}


def test_roles_of_the_layers() -> None:
    assert roles_of(Case.load(CASES / "bare.toml")) == {"dense": ("zinc",), "metal": ("zinc",)}
    both = roles_of(Case.load(CASES / "dual_layer.toml"))
    assert both == {
        "dense": ("zinc", "silver"),
        "metal": ("silver",),
        "silver": ("silver",),
        "substrate": ("zinc",),
        "film": ("titania",),
    }


def test_what_the_case_has_no_layer_for_is_left_out() -> None:
    bare = board("bare")
    assert bare.left_out["V1_negative"] == "the case has no layer {film}"
    assert bare.left_out["V3"] == "the case has no layer {film}"
    assert bare.left_out["porous_zone"] == "the case has no layer {silver}"


def test_a_switch_acts_at_its_levels_only() -> None:
    secondary = switchboard(Draft.load(CASES / "dual_layer.toml"), "secondary")
    assert secondary.left_out["V2"] == "it acts at level concentrated"
    assert secondary.left_out["pzc"] == "it acts at level concentrated or electroneutral"
    assert secondary.notes == ("level secondary in place of the case's concentrated",)


@pytest.mark.parametrize("level", ["pnp", "electroneutral", "secondary"])
def test_what_acts_at_another_level_is_valid_there(level: LevelName) -> None:
    there = switchboard(Draft.load(CASES / "dual_layer.toml"), level)
    base = there.case()
    assert base.level == level
    assert len(there.switches) >= 10
    for switch in there.switches:
        assert there.case([switch.name]) != base


def test_the_design_keeps_exclusive_switches_apart(dual: Switchboard) -> None:
    made = design(dual, ["V1_positive", "V1_negative", "spread"])
    assert made.switches == ("spread", "V1_negative", "V1_positive")
    assert made.combinations == (
        BASE,
        ("spread",),
        ("V1_negative",),
        ("V1_positive",),
        ("spread", "V1_negative"),
        ("spread", "V1_positive"),
    )
    assert made.excluded == (("V1_negative", "V1_positive"),)
    assert (made.together, made.aside) == (("spread", "V1_negative"), ("V1_positive",))
    assert [made.label(c) for c in made.combinations[::4]] == ["base", "spread + V1_negative"]
    other = design(dual, ["V1_positive", "spread"], together=["V1_positive", "spread"])
    assert other.together == ("spread", "V1_positive")


def test_all_together_is_one_of_each_exclusive_group(dual: Switchboard) -> None:
    made = design(dual)
    assert made.combinations[-1] == made.together
    assert made.label(made.together) == "all together"
    assert set(made.together) | set(made.aside) == set(made.switches)
    assert "V1_negative" in made.together
    assert "V1_positive" in made.aside


@pytest.mark.parametrize(
    ("only", "together", "message"),
    [
        (["spreads"], None, 'switches = "spreads": allowed i0, spread, '),
        (["spread", "spread"], None, 'switches = "spread, spread": allowed each switch once'),
        (None, ["V1_negative", "V1_positive"], 'switches = "V1_negative + V1_positive": allowed '),
        (["i0", "spread"], ["i0", "V3"], 'together = "V3": allowed switches of this study: i0, s'),
        ([], None, "switches = missing: allowed at least one that acts here"),
    ],
)
def test_what_cannot_be_combined_is_refused(
    dual: Switchboard, only: list[str] | None, together: list[str] | None, message: str
) -> None:
    with pytest.raises(CaseError) as caught:
        design(dual, only, together)
    assert str(caught.value).startswith(message)


def test_definitions_that_contradict_each_other_are_refused() -> None:
    def defined(*switches: dict[str, object]) -> Definitions:
        common = {"title": "t", "group": "g", "source": "assumption", "levels": ["pnp"]}
        return Definitions.model_validate(
            {"base": {"level": "pnp"}, "switch": [{**common, **switch} for switch in switches]}
        )

    one = {"name": "one", "on": {"a.b": 1.0}}
    assert len(defined(one, {"name": "two", "on": {"a.c": 1.0}}).switch) == 2
    for other, message in (
        ({"name": "one", "on": {"a.c": 1.0}}, "same name"),
        ({"name": "two", "on": {"a.b": 2.0}}, "both set a.b"),
        ({"name": "two", "on": {"a.c": 1.0}, "exclusive_with": ["one"]}, "one must exclude two"),
        ({"name": "two", "on": {}}, "two switches nothing"),
        ({"name": "two", "on": {"a.c": 1.0}, "source": "somewhere"}, "source somewhere"),
    ):
        with pytest.raises(ValueError, match=message):
            defined(one, other)


def test_the_base_has_the_whole_reference_state_of_the_library() -> None:
    """Its exchange current density is that at the library's concentration, whatever the case's."""
    own = [
        "kinetics.zinc.reference_concentration=0.1 mol/L",
        "kinetics.zinc.formal_potential=-0.7 V",
    ]
    assert board("bare", *own).case().kinetics == board("bare").case().kinetics
