"""What the cell voltage is spent on, layer by layer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from zinterphase.levels.base import Level, Transport
from zinterphase.observe.currents import working_current
from zinterphase.solve.beside import averaged
from zinterphase.solve.problem import Problem

NO_CURRENT = 1e-9
"""Current over the exchange current below which there is none."""


@dataclass(frozen=True)
class VoltageParts:
    """Parts of the working electrode's potential against the counter electrode [V].

    Each part is a power over the current, so that by Tellegen's theorem the parts sum to the
    whole exactly; the drop across a layer is weighted by the current that crosses it.
    """

    total: float
    kinetic: float
    counter_kinetic: float
    ohmic: dict[str, float]
    concentration: dict[str, float]
    electronic: float

    @property
    def sum(self) -> float:
        """Sum of the parts."""
        liquid = sum(self.ohmic.values()) + sum(self.concentration.values())
        return self.kinetic + self.counter_kinetic + liquid + self.electronic


def voltage_parts(problem: Problem) -> VoltageParts | None:
    """Break the voltage down; None without a net current to weight the drops with; collective.

    I V = int i_F eta dA + sum_layers int F sum N_i . (-grad mu_i) dV + int sigma |grad phi_s|^2 dV.
    The ohmic part of a layer is i_l^2/kappa, its concentration part what is left of the
    dissipation (diffusion potential and concentration overpotential).
    """
    voltage = problem.bulk.thermal_voltage
    current = working_current(problem)
    layers = problem.stack.liquid
    exchange = problem.surface.law.bulk.exchange_current_density * problem.projected_area
    if abs(current) < NO_CURRENT * exchange:
        return None
    liquid, media, measures = problem.unknowns.liquid, problem.media.liquid, problem.measures
    per_current = voltage / current
    ohmic, concentration = {}, {}
    for layer in layers:
        whole = _power(problem, layer, lambda level: level.dissipation(liquid, media))
        ohm = _power(problem, layer, lambda level: level.ohmic_dissipation(liquid, media))
        ohmic[layer] = per_current * ohm
        concentration[layer] = per_current * (whole - ohm)
    kinetic = [r.power(problem.level, problem.unknowns, measures) for r in problem.reactions]
    counter = 0.0
    if problem.counter is not None:
        form = problem.counter.power(problem.level, problem.counter_unknowns, measures)
        counter = per_current * problem.integrate(form)
    return VoltageParts(
        voltage * problem.potential.value,
        per_current * sum(problem.integrate(form) for form in kinetic),
        counter,
        ohmic,
        concentration,
        per_current * problem.integrate(problem.solid_dissipation()) if problem.solid else 0.0,
    )


def _power(problem: Problem, layer: str, density: Callable[[Level | Transport], Any]) -> float:
    """Power [A RT/F] of a dissipation over a layer."""
    level, measures = problem.level, problem.measures
    form = measures.over_layers(density(level), (layer,))
    added = averaged(measures, level, (layer,), density)
    return problem.integrate(form if added is None else form + added)
