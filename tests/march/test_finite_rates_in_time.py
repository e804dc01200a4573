"""Complexes that form at finite rates while cycling: elements and charge are conserved."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.linalg import expm

from zinterphase.scales import FARADAY

from .marching import March, run_while_hydrogen_evolves, symmetric

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
    run_while_hydrogen_evolves(march)
    after = march.probe.amounts()
    assert abs(after["HSO4-"] / before["HSO4-"] - 1) > 1e-4


def test_elements_are_conserved_in_a_resolved_double_layer() -> None:
    """The same at level pnp, in a gap of 100 nm of dilute solution."""
    liquid = f'salt = "ZnSO4"\npH = 2.0\n{RATES}'
    steps = ("plate at 5 mA/cm^2 for 10 ms", "rest for 10 ms")
    text = symmetric(
        "pnp", 1e-7, steps, cells=40, concentration=20.0, kinetics=HYDROGEN, electrolyte=liquid
    )
    march = March(text)
    before = march.probe.amounts()
    last = march.run()[-1].last
    after = march.probe.amounts()
    assert last.mismatch < 1e-9
    assert before["H+"] - after["H+"] == pytest.approx(2 * FARADAY * last.hydrogen, rel=1e-7)
    assert before["SO42-"] == pytest.approx(after["SO42-"], rel=1e-10)


SECONDS, GAP = 3.0, 1e-7
DECAY, CONSTANT, WALL = 0.5, 4.0, 1e-7
SLOW = f"""
[kinetics.zinc.reactions.uses_it_up]
form = "mass_action"
stoichiometry = {{L = -1.0, M = 1.0}}
orders = {{L = 1.0}}
rate_constant = "{WALL * 1000.0!r} mol/m^2/s"
"""
IONS = (("Zn2+", 2, 100.0), ("SO42-", -2, 100.0), ("L", 0, 1.0), ("M", 0, 1.0))


def test_relaxation_follows_the_exact_solution() -> None:
    """C decays to L, which both walls turn to M: in a gap that diffusion crosses in 10 us the
    amounts follow two linear equations, from equilibrium C = K L."""
    species = ", ".join(
        f'{{name = "{n}", charge = {z}, diffusivity = "1e-9 m^2/s", '
        f'concentration = "{c!r} mol/m^3"}}'
        for n, z, c in IONS
    )
    liquid = f"""species = [{species}]
rates.C.decay_rate_constant = "{DECAY!r} 1/s"
[[electrolyte.complexes]]
name = "C"
charge = 0
diffusivity = "1e-9 m^2/s"
composition = {{L = 1}}
log_K = {math.log10(CONSTANT)!r}"""
    march = March(
        symmetric(
            "electroneutral",
            GAP,
            (f"rest for {SECONDS} s",),
            cells=4,
            kinetics=SLOW,
            electrolyte=liquid,
            more="time.rtol = 1e-6",
        )
    )
    (rest,) = march.run()
    assert rest.last.mismatch < 1e-9
    used = 2 * WALL / GAP
    matrix = np.array([[-used - DECAY * CONSTANT, DECAY], [DECAY * CONSTANT, -DECAY]])
    exact = expm(matrix * SECONDS) @ np.array([1.0, CONSTANT])
    found = march.probe.amounts()
    held = FARADAY * GAP * exact
    assert found["C"] == pytest.approx(held[1], rel=1e-5)
    assert found["L"] == pytest.approx(held.sum(), rel=1e-5)
    assert found["M"] + found["L"] == pytest.approx(FARADAY * GAP * (2 + CONSTANT), rel=1e-7)
