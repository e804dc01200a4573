"""Complexes that form at finite rates while cycling: elements and charge are conserved."""

from __future__ import annotations

import pytest

from zinterphase.scales import FARADAY

from .marching import March, symmetric

HYDROGEN = """
[kinetics.zinc.reactions.hydrogen_evolution]
exchange_current_density = "1e-3 A/m^2"
"""
RATES = """
rates.bisulfate.formation_rate_constant = "1e3 1/s"
rates.zinc_hydroxide.decay_rate_constant = "1e8 1/s"
rates.water.decay_rate_constant = "1e10 1/s"
"""
PROTOCOL = ("plate at 5 mA/cm^2 for 60 s", "rest for 60 s", "strip at 5 mA/cm^2 for 60 s")


@pytest.mark.parametrize("level", ["concentrated", "electroneutral"])
def test_elements_are_conserved_while_hydrogen_evolves(level: str) -> None:
    """Hydrogen of acid, base and complexes falls by what has evolved; sulfate stays."""
    liquid = f'salt = "ZnSO4"\npH = 3.0\n{RATES}'
    march = March(symmetric(level, 1e-4, PROTOCOL, cells=20, kinetics=HYDROGEN, electrolyte=liquid))
    before = march.probe.amounts()
    steps = march.run()
    after, evolved = march.probe.amounts(), steps[-1].last.hydrogen
    assert max(step.last.mismatch for step in steps) < 1e-10
    assert evolved > 1e-6
    assert before["H+"] - after["H+"] == pytest.approx(2 * FARADAY * evolved, rel=1e-9)
    assert before["SO42-"] == pytest.approx(after["SO42-"], rel=1e-12)
    assert abs(after["HSO4-"] / before["HSO4-"] - 1) > 1e-4
