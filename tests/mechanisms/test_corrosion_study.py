"""Mechanisms judged by corrosion at open circuit, against what the rate laws say by hand."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from scipy.optimize import brentq

from zinterphase.case import Draft
from zinterphase.cli.mechanism_table import alone_and_together
from zinterphase.ensemble.corroding import corroding
from zinterphase.ensemble.subject import CORROSION, subject_of
from zinterphase.mechanisms.effects import EffectRow
from zinterphase.mechanisms.mechanism_files import answer, report, write_mechanisms
from zinterphase.mechanisms.ranges import anodes
from zinterphase.mechanisms.study import Mechanisms, about_of, mechanisms, plan_mechanisms
from zinterphase.mechanisms.switches import switchboard
from zinterphase.mechanisms.tornado import plan_tornado, tornado
from zinterphase.mechanisms.tornado_files import write_tornado
from zinterphase.observe import keys

from .drafts import CASES, SELF, few

FLAT = [
    'geometry.surface={shape="flat"}', "geometry.width=10 um", "layers.electrolyte.thickness=10 um",
    "mesh.far_size=20 um", "mesh.lateral_size=0.25 um",
]  # fmt: skip
ZINC = 5.0
"""Exchange current density of the base, 0.5 mA/cm2 [A/m2]."""
VOLTAGE = 0.02569257912108585
SLOPE = 0.12 / math.log(10.0)
"""Of hydrogen evolution, per e [V]."""


@pytest.fixture(scope="module")
def study() -> Mechanisms:
    """Two surfaces, alike but for where islands and faster spots lie."""
    plan = plan_mechanisms(
        Draft.load(CASES / "dual_layer.toml", FLAT),
        level="secondary",
        about="corrosion",
        only=["silver_exposed", "slow_hydrogen"],
    )
    return mechanisms(replace(plan, seeds=(1, 2)), comm=SELF)


def mixed(hydrogen: float) -> float:
    """Corrosion [A/m2] where hydrogen evolves at ``hydrogen`` at the equilibrium of zinc."""

    def excess(shift: float) -> float:
        eta = shift / VOLTAGE
        zinc = ZINC * (math.exp(1.5 * eta) - math.exp(-0.5 * eta))
        return float(zinc - hydrogen * math.exp(-shift / SLOPE))

    return hydrogen * math.exp(-brentq(excess, 0.0, 0.1, xtol=1e-14) / SLOPE)


def resting(corrosion: float) -> float:
    """Inverse of :func:`mixed`."""
    ends = 0.5 * corrosion, 2.0 * corrosion
    return float(brentq(lambda hydrogen: mixed(hydrogen) - corrosion, *ends, xtol=1e-16))


def row(study: Mechanisms, *names: str, metric: str = keys.CORROSION) -> EffectRow:
    order = tuple(s for s in study.plan.design.switches if s in names)
    return study.by_key[0.0, order, metric]


def test_corrosion_is_that_of_the_mixed_potential(study: Mechanisms) -> None:
    base = row(study).mean.value
    assert base is not None
    at_rest = resting(base)
    assert 0.02 < base < 0.05  # 2 to 5 uA/cm2: i0 10^(-(E - E_rev)/b) at pH 4.3
    wanted = {
        ("slow_hydrogen",): (mixed(0.3 * at_rest), 1e-6),
        ("silver_exposed",): (mixed((0.9 + 0.1 * 100.0) * at_rest), 0.02),  # edges on the mesh
        ("silver_exposed", "slow_hydrogen"): (mixed(0.3 * 10.9 * at_rest), 0.02),
    }
    for names, (corrosion, tolerance) in wanted.items():
        assert row(study, *names).mean.value == pytest.approx(corrosion, rel=tolerance)
    evolved = row(study, metric=keys.HYDROGEN).mean.value
    assert evolved == pytest.approx(base / (2 * 96485.33212), rel=1e-9)


def test_mechanisms_on_one_path_multiply_and_do_not_add(study: Mechanisms) -> None:
    both = row(study, "silver_exposed", "slow_hydrogen")
    base = row(study).mean.value
    assert base is not None
    assert both.interaction is not None
    assert both.interaction.interval.value == pytest.approx(0.0, abs=0.02)
    assert both.additive is not None
    beyond = base * (0.3 * 10.9 - 10.9 - 0.3 + 1.0)  # but for the shift of the potential
    assert both.additive.interval.value == pytest.approx(beyond, rel=0.05)


def test_each_current_is_told_by_what_it_is_about(study: Mechanisms) -> None:
    plan = study.plan
    assert plan.currents == (0.0, -10.0)
    steady = subject_of(keys.CURRENT_DENSITY_TRUE_AREA)
    assert [plan.subject_at(i) for i in plan.currents] == [CORROSION, steady]
    text = "\n".join(report(study))
    assert "  open circuit: corrosion falls by 70.00%" in text or "falls by 69.9" in text
    assert "grows by a factor of 10." in text
    assert "  -1 mA/cm^2: H = " in text
    assert any(line.startswith("open circuit: ") for line in answer(study))
    table = alone_and_together(study)
    assert [column.header for column in table.columns] == [
        "mechanism", "uA/cm2", "corrosion", "", "potential by, mV",
        "to hydrogen",
    ]  # fmt: skip
    assert table.row_count == 1 + 4


def test_the_folder_of_a_study_of_corrosion(study: Mechanisms, tmp_path: Path) -> None:
    write_mechanisms(study, tmp_path)
    everything = json.loads((tmp_path / "study.json").read_text(encoding="utf-8"))
    assert everything["headline"] == keys.CORROSION
    pair = next(
        r for r in everything["rows"]
        if r["metric"] == keys.CORROSION and len(r["switches"]) == 2
    )  # fmt: skip
    assert pair["additive"]["interval"]["value"] < 0.0
    assert (tmp_path / "mechanisms.png").is_file()


def test_a_tornado_plot_of_corrosion(tmp_path: Path) -> None:
    """Half covered, a tenth of it silver; each number goes through its range alone."""
    draft = corroding(Draft.load(CASES / "dual_layer.toml", FLAT))
    whole = anodes(switchboard(draft, "secondary", "corrosion"))
    assert whole.switched == ("blocking", "silver_exposed")
    assert [f.name for f in whole.factors] == [
        "H2 on Zn", "Tafel slope", "pH", "H2 on Ag", "silver exposed", "metal blocked",
    ]  # fmt: skip
    chosen = few(whole, "H2 on Ag", "metal blocked")
    found = tornado(chosen, plan_tornado(chosen, [0.0], [1]), comm=SELF, folder=tmp_path)
    own = found.nominal[0.0].numbers
    assert own["ratio_to_bare"] == pytest.approx(0.5 * 10.9, rel=0.05)
    silver, covered = found.bars
    assert silver.low.numbers["ratio_to_bare"] == pytest.approx(0.5 * (0.9 + 1.0), rel=0.05)
    bare = own["corrosion_current_density"] / own["ratio_to_bare"]
    high = silver.high.numbers["corrosion_current_density"]
    # zinc gives way by some 15 mV, else it were 200 times
    assert high == pytest.approx(0.5 * mixed((0.9 + 0.1 * 4000.0) * resting(bare)), rel=0.05)
    assert 100.0 < high / bare < 180.0
    assert covered.low.numbers["corrosion_current_density"] == pytest.approx(
        2.0 * own["corrosion_current_density"], rel=1e-4
    )
    assert covered.high.numbers["corrosion_current_density"] == pytest.approx(
        0.2 * own["corrosion_current_density"], rel=1e-4
    )
    write_tornado(found, tmp_path)
    assert (tmp_path / "tornado.png").is_file()


def test_a_case_at_rest_is_studied_for_its_corrosion() -> None:
    at_rest = Draft.load(CASES / "corrosion.toml")
    assert about_of(at_rest) == "corrosion"
    assert about_of(Draft.load(CASES / "dual_layer.toml")) == "evenness"
    plan = plan_mechanisms(at_rest, only=["air"], currents=[-20.0])
    assert plan.currents == (0.0, -20.0)
    oxygen = plan.cases[1].electrolyte.oxygen
    assert oxygen is not None
