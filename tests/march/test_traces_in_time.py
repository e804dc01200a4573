"""Acid and base beside the salt while cycling: every ion is conserved, hydrogen takes acid."""

from __future__ import annotations

import pytest

from .marching import March, run_while_hydrogen_evolves, symmetric

HYDROGEN = """
[kinetics.zinc.reactions.hydrogen_evolution]
exchange_current_density = "1e-5 A/m^2"
"""
PROTOCOL = ("plate at 5 mA/cm^2 for 60 s", "rest for 60 s", "strip at 5 mA/cm^2 for 60 s")


@pytest.mark.parametrize("level", ["concentrated", "electroneutral"])
def test_every_ion_is_conserved_while_hydrogen_evolves(level: str) -> None:
    """The worst balance of charge, salt and acid at the end of a step is rounding; acid falls by
    what has evolved."""
    liquid = 'salt = "ZnSO4"\npH = 4.3'
    text = symmetric(level, 1e-4, PROTOCOL, cells=20, kinetics=HYDROGEN, electrolyte=liquid)
    march = March(text)
    steps = run_while_hydrogen_evolves(march)
    # At rest hydrogen is all there is beside zinc: corrosion.
    rest = steps[1].last
    assert rest.side_current < 0.0
    assert rest.current == pytest.approx(0.0, abs=1e-9)
