"""Metal that loses contact while it is stripped: charges, volumes, and what a cycle gives back."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest

from zinterphase.case import Case
from zinterphase.errors import CaseError
from zinterphase.materials.library import parameter
from zinterphase.scales import FARADAY

from .marching import March, symmetric
from .test_chemical_steps_in_time import COVERED
from .test_front_growth import Wave, front_of

LOST = 0.2
ISOLATION = f"isolation = {{fraction = {LOST}}}\n"
STEPS = ("plate at 1 mA/cm^2 for 20 s", "strip at 1 mA/cm^2 for 10 s")
VOLUME = parameter("zn_kinetics.Vm_Zn").si / (2 * FARADAY)


def on_a_line(kinetics: str, steps: tuple[str, ...] = STEPS, more: str = "") -> March:
    liquid = 'salt = "ZnSO4"'
    text = symmetric(
        "electroneutral", 2e-5, steps, cells=10, kinetics=kinetics, electrolyte=liquid, more=more
    )
    return March(text)


@pytest.mark.parametrize("more", ["", "front = {}"])
def test_a_share_of_what_is_stripped_is_lost_on_top(more: str) -> None:
    plated, stripped = on_a_line(ISOLATION, more=more).run()
    assert plated.last.isolated == 0.0
    last = stripped.last
    assert last.isolated == pytest.approx(LOST * 100.0, rel=1e-9)
    assert last.metal_charge == pytest.approx(-100.0, rel=1e-9)
    assert last.thickness == pytest.approx(VOLUME * (200.0 - (1 + LOST) * 100.0), rel=1e-9)
    assert last.mismatch < 1e-10


def test_the_cycle_tells_isolated_from_what_is_left() -> None:
    march = on_a_line(ISOLATION)
    march.run()
    (row,) = march.journal.book.rows
    assert row.lost_isolated == pytest.approx(LOST / 2, rel=1e-9)
    assert row.lost_left == pytest.approx(0.5 - LOST / 2, rel=1e-9)


def test_a_substrate_is_bare_when_less_than_the_charge_is_back() -> None:
    """All but what was isolated: 1/(1 + fraction) of the deposit."""
    steps = (*STEPS[:1], "strip at 1 mA/cm^2 for 30 s until voltage >= 0.2 V")
    found = {}
    for kinetics in (COVERED, ISOLATION + COVERED):
        march = on_a_line(kinetics, steps)
        assert march.run()[-1].last.mismatch < 1e-9
        (row,) = march.journal.book.rows
        found[kinetics] = row.stripped / row.plated
    ratio = found[ISOLATION + COVERED] / found[COVERED]
    assert ratio == pytest.approx(1 / (1 + LOST), rel=5e-3)


def test_it_goes_with_the_roughness_of_the_front() -> None:
    """Sa of a cosine is 2/pi of its amplitude."""
    wave = Wave(
        amplitude=5e-8, steps=("strip at 10 A/m^2 for 10 s",),
        mesh='lateral_size = "0.5 um"\nfirst_cell = "1 um"\nfar_size = "5 um"',
    )  # fmt: skip
    law = 'isolation = {fraction = 0.1, exponent = 2.0, roughness = "50 nm"}\n[[protocol]]'
    march = March(wave.text.replace("[[protocol]]", law, 1))
    (passed,) = march.run()
    share = 0.1 * (2 / np.pi) ** 2
    assert passed.last.isolated == pytest.approx(share * 100.0, rel=1e-2)
    assert passed.last.mismatch < 1e-10
    assert front_of(march).swept("working") < 0.0


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ("isolation = {fraction = 0.1, exponent = 1.0}", "isolation.roughness"),
        ('isolation = {fraction = 0.1, roughness = "1 um"}', "isolation.roughness"),
        ('isolation = {fraction = 0.1, exponent = 1.0, roughness = "1 um"}', "isolation.exponent"),
        ("isolation = {fraction = 1.5}", "isolation.fraction"),
        ("isolation = {fraction = 0.1}\nblocking = true", "isolation"),
    ],
)
def test_refused(table: str, field: str) -> None:
    text = symmetric(
        "electroneutral", 2e-5, STEPS, cells=4, kinetics=table, electrolyte='salt = "ZnSO4"'
    )
    with pytest.raises(CaseError, match=rf"^kinetics\.zinc\.{field}\b"):
        Case.from_dict(tomllib.loads(text))


def test_only_in_time() -> None:
    text = symmetric(
        "electroneutral", 2e-5, STEPS, cells=4, kinetics=ISOLATION, electrolyte='salt = "ZnSO4"'
    )
    text = text[: text.index("[[protocol]]")]
    with pytest.raises(CaseError, match="only with a protocol"):
        Case.from_dict(tomllib.loads(text + '[control]\ncurrent_density = "-1 mA/cm^2"'))
