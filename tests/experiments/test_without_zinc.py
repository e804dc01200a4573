"""Hydrogen alone in a liquid without zinc ions, and what experiments add to a case."""

from __future__ import annotations

import numpy as np
import pytest

from zinterphase.case import Draft
from zinterphase.cell.electrodes import cell_of
from zinterphase.experiments.completed import completed
from zinterphase.experiments.outcome import perform
from zinterphase.experiments.parameters import values_of
from zinterphase.experiments.registry import EXPERIMENTS
from zinterphase.experiments.setup import Setup
from zinterphase.materials.library import parameter
from zinterphase.materials.reactions import HYDROGEN

from .laboratory import CASES
from .test_on_a_line import SELF

SALT = CASES / "lsv_sodium_sulfate.toml"


def test_the_onset_in_sodium_sulfate_is_that_of_water() -> None:
    """Tafel's law of water without acid, and the drop in the liquid; nothing is plated."""
    experiment = EXPERIMENTS["lsv"]
    values = values_of(experiment.parameters, {"window": "900 mV", "rate": "50 mV/s"})
    (anode,) = perform([Setup.load(experiment, values, SALT, ["time.rtol=1e-2"])], comm=SELF).anodes
    rate, at = parameter("parasitic.HER_water_rate"), parameter("parasitic.HER_water_potential")
    slope = parameter("parasitic.HER_tafel_Zn").si
    wanted = at.si - slope * np.log10(10.0 / rate.si)
    found = anode.interval("onset_potential").value
    assert found == pytest.approx(wanted, abs=3e-3)
    assert anode.interval("end_side_share").value == pytest.approx(1.0, abs=1e-2)
    assert anode.setup.added == ()


def test_a_metal_that_takes_no_part() -> None:
    """Further reactions alone run; the first stands for the metal's own where one is asked for."""
    electrode = cell_of(Draft.load(SALT).case()).working
    assert electrode.surface.inert
    assert electrode.reaction_names == ("proton_reduction", "water_reduction")
    assert electrode.metal_reactions == ()
    assert electrode.other_reactions == electrode.reaction_names


def test_what_is_added_is_marched_at_an_affordable_error() -> None:
    """Unless the case or the command says otherwise."""
    experiment = EXPERIMENTS["rest"]
    values = values_of(experiment.parameters, {})
    found = Setup.load(experiment, values, CASES / "bare.toml", [])
    assert found.added == ("hydrogen evolution of the library",)
    assert found.case().time.rtol == 1e-3
    own = Setup.load(experiment, values, CASES / "bare.toml", ["time.rtol=1e-5"])
    assert own.case().time.rtol == 1e-5


def test_what_a_case_has_nothing_of_is_added_and_told() -> None:
    bare, silver = (Draft.load(CASES / f"{name}.toml") for name in ("bare", "silver"))
    zinc, notes = completed(bare, ("hydrogen", "host"))
    assert notes == ("hydrogen evolution of the library",)
    assert list(zinc.case().kinetics["zinc"].reactions) == [HYDROGEN]
    assert zinc.case().kinetics["zinc"].nucleation is None
    covered, notes = completed(silver, ("hydrogen", "host"))
    assert len(notes) == 2
    nucleation = covered.changed(
        {"control": None, "protocol": [{"steps": ["rest for 1 s"]}]}
    ).case()
    table = nucleation.kinetics["silver"].nucleation
    assert table is not None
    assert table.grows
    assert table.factors == {HYDROGEN: pytest.approx(0.01)}
    own = Draft.load(CASES / "corrosion.toml")
    assert completed(own, ("hydrogen",)) == (own, ())
    plain = Setup.load(
        EXPERIMENTS["tafel"],
        values_of(EXPERIMENTS["tafel"].parameters, {}),
        CASES / "bare.toml",
        [],
        as_it_is=True,
    )
    assert plain.added == ()
    assert plain.case().time.rtol == 1e-4
    assert not plain.case().kinetics["zinc"].reactions
