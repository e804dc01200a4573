"""The spectrum of zinc against iodine: a porous electrode beside a flat one."""

from __future__ import annotations

import numpy as np
import pytest

from zinterphase.impedance.prepared import Prepared
from zinterphase.scales import FARADAY

from ..march.full_cells import BINDING, SOLUBILITY, full_cell
from ..march.marching import March
from ..march.test_full_cell import SHUTTLE
from .spectra import impedances

SEPARATOR, HOST = 5e-6, 50e-6


@pytest.mark.parametrize("reactions", ["triiodide = {}", "triiodide = {}\niodine = {}"])
def test_fast_disturbances_see_a_transmission_line(reactions: str) -> None:
    """Before concentrations answer: Z = R_ct,Zn + R_separator + L/(s + k) (1 + (2 + (s/k + k/s)
    cosh nu)/(nu sinh nu)) with nu^2 = L^2 a (1/R_ct + i w C)(1/k + 1/s). Paasch, Micka &
    Gersdorf, Electrochim. Acta 38 (1993) 2653."""
    text = full_cell(
        ["rest for 1 s"], reactions=reactions, separator=SEPARATOR, thickness=HOST,
        iodine=SOLUBILITY, precipitate='initial = {host = "1 mol/m^3"}',
    )  # fmt: skip
    march = March(text)
    problem, cell = march.problem, march.problem.cell
    assert problem.storage is not None
    assert cell.counter is not None
    problem.remember(0.0, None)
    frequencies = (3e3, 1e4, 1e5)
    found = impedances(Prepared(problem, problem.storage), frequencies)

    bulk, voltage = cell.bulk, cell.bulk.thermal_voltage
    carried = sum(s.charge**2 * s.diffusivity * bulk.held(s.name) for s in bulk.species)
    triiodide = 0.71 * 200.0 * SOLUBILITY * 1.1e-9
    conductivity = FARADAY / voltage * (carried + triiodide)
    media = {name: march.case.layer(name).medium for name in ("paper", "host")}
    rest = SEPARATOR / (conductivity * media["paper"].ionic_conductivity_factor)
    rest += voltage / (2 * cell.working.surface.main.equilibrium.exchange_current_density)
    k = conductivity * media["host"].ionic_conductivity_factor
    s = media["host"].electronic_conductivity
    rates = [r.equilibrium.exchange_current_density for r in cell.counter.pores[0].reactions]
    capacitance = march.case.kinetics["host"].double_layer_capacitance
    assert capacitance is not None
    for frequency, impedance in zip(frequencies, found, strict=True):
        answer = sum(rates) / voltage + 2j * np.pi * frequency * capacitance
        nu = HOST * np.sqrt(media["host"].specific_area * answer * (1 / k + 1 / s))
        edge = (2 + (s / k + k / s) * np.cosh(nu)) / (nu * np.sinh(nu))
        expected = rest + HOST / (s + k) * (1 + edge)
        assert impedance == pytest.approx(expected, rel=5e-3)


def test_slow_disturbances_see_the_shuttle() -> None:
    """What self-discharge takes more at a higher voltage: dE/dc of triiodide over 2 F k."""
    rate, iodide, iodine = 1e-5, 200.0, 1.0
    text = full_cell(
        ["rest for 1 s"], zinc=SHUTTLE.format(rate), iodide=iodide, iodine=iodine, precipitate=""
    )
    march = March(text)
    problem = march.problem
    assert problem.storage is not None
    problem.remember(0.0, None)
    slow, fast = impedances(Prepared(problem, problem.storage), (1e-7, 1.0))
    triiodide = BINDING * iodide * iodine
    # E = E0 + RT/2F ln(c_I3/(c_I^3 c_Zn)): for each triiodide three iodide go, two more for each
    # iodine in equilibrium, and a zinc ion.
    free = iodine * (1 / triiodide + 3 / iodide) / (1 - 2 * iodine / iodide)
    zinc = problem.bulk.held("Zn2+")
    quotient = 1 / triiodide + 3 * (3 + 2 * free) / iodide + 1 / zinc
    steep = 0.5 * problem.bulk.thermal_voltage * quotient
    assert (slow - fast).real == pytest.approx(steep / (2 * FARADAY * rate / 1e3), rel=3e-3)
    assert abs(slow.imag) < 1e-2 * slow.real
