"""What is kept over many cycles, and that a planted mistake does not go unseen."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from zinterphase.solve.measures import Measures
from zinterphase.solve.model import Model
from zinterphase.solve.problem import Problem
from zinterphase.solve.storage import Storage, Stored

from .marching import March, marched, symmetric

LAYER = 'double_layer_capacitance = "0.3 F/m^2"'
SHORT = ["plate at 50 A/m^2 for 0.2 s", "strip at 50 A/m^2 for 0.2 s"]


def cycled(level: str, repeat: int, kinetics: str = "", electrolyte: str = 'salt = "ZnSO4"') -> str:
    """A case file: a thin cell, ``repeat`` short cycles that end where they began."""
    steps = ", ".join(f'"{step}"' for step in SHORT)
    return symmetric(
        level,
        20e-6,
        [f"{{repeat = {repeat}, steps = [{steps}]}}"],
        cells=8,
        kinetics=kinetics,
        electrolyte=electrolyte,
        more='time = {rtol = 0.01, first_step = "0.02 s"}',
    )


def levels_of(march: March) -> dict[str, float]:
    """Of the enclosed ions: what is stored keeps their amounts, and where in the field nothing is
    left for a level to tell."""
    return {name: shift.value for name, shift in march.problem.level_shifts.items()}


@pytest.mark.parametrize(("level", "count"), [("concentrated", 100), ("electroneutral", 20)])
def test_many_cycles(level: str, count: int) -> None:
    """Salt, charge and thickness come back to where they were; parts of what there is, and of
    what passes in a cycle."""
    march = March(cycled(level, count, LAYER))
    held, levels = march.probe.amounts(), levels_of(march)
    assert levels
    passed = march.run()
    assert len(passed) == 2 * count
    assert levels_of(march) == pytest.approx(levels, abs=1e-14)
    for ion, amount in march.probe.amounts().items():
        assert amount == pytest.approx(held[ion], rel=1e-10)
    last, throughput = passed[-1].last, count * 2 * 50.0 * 0.2
    assert abs(last.charge) < 1e-10 * throughput
    deposited = abs(passed[0].last.thickness)
    # The double layers are not empty yet: their charge is what the metal still has.
    stored = march.stepper.now.stored.charges["working"] / march.problem.projected_area
    volume = march.probe.deposits["working"].volume
    assert last.thickness == pytest.approx(volume * stored, abs=1e-9 * deposited)
    assert last.mismatch < 1e-10


def worst(text: str) -> float:
    """The largest open balance at the end of a march, over what has passed."""
    return marched(text)[-1].last.mismatch


def test_storage_dropped_in_a_layer_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the equations; what the layers hold is counted for itself."""
    text = symmetric("concentrated", 20e-6, SHORT[:1], cells=8).replace(
        'counter.type = "electrode"', 'counter.type = "reservoir"'
    )
    layer = '[[layers]]\nname = "paper"\nmaterial = "separator"\nthickness = "20 um"\n'
    text = text.replace("[electrolyte]", f"{layer}[electrolyte]")
    assert worst(text) < 1e-9
    build, over = Storage.__init__, Measures.over_layers

    def first_layer(self: Measures, form: object, layers: Sequence[str]) -> object:
        return over(self, form, layers[:1])

    def partial(self: Storage, model: Model) -> None:
        with monkeypatch.context() as within:
            within.setattr(Measures, "over_layers", first_layer)
            build(self, model)

    monkeypatch.setattr(Storage, "__init__", partial)
    assert worst(text) > 1e-4


def test_charging_dropped_from_the_current_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without dq/dt the terminal's current is that of the reactions alone."""
    text = cycled("concentrated", 1, LAYER)
    assert worst(text) < 1e-9
    remember = Problem.remember

    def forgetful(self: Problem, rate: float, earlier: Stored | None) -> None:
        remember(self, rate, earlier)
        assert self.control is not None
        self.control.given = 0.0

    monkeypatch.setattr(Storage, "charging", lambda self, electrode: None)
    monkeypatch.setattr(Problem, "remember", forgetful)
    assert worst(text) > 1e-4
