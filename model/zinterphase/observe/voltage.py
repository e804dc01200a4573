"""What the cell voltage is spent on, layer by layer."""

from collections.abc import Callable
from dataclasses import dataclass

import ufl

from zinterphase.expressions import Expr
from zinterphase.levels.base import Level, Transport
from zinterphase.observe.conservation import current_scale
from zinterphase.observe.currents import Currents
from zinterphase.solve.beside import averaged
from zinterphase.solve.electrode import Electrode
from zinterphase.solve.problem import Problem

NO_CURRENT = 1e-9
"""Current over the scale of the cell's currents below which there is none."""


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


def voltage_parts(problem: Problem, currents: Currents) -> VoltageParts | None:
    """Break the voltage down; None without a net current to weight the drops with; collective.

    I V = int i_F eta dA + sum_layers int F sum N_i . (-grad mu_i) dV + int sigma |grad phi_s|^2 dV.
    The ohmic part of a layer is i_l^2/kappa, its concentration part what is left of the
    dissipation (diffusion potential, concentration overpotential, reactions in the liquid).
    """
    voltage = problem.bulk.thermal_voltage
    current = currents.total
    layers = problem.stack.liquid
    if abs(current) < NO_CURRENT * current_scale(problem, currents):
        return None
    liquid, media = problem.unknowns.liquid, problem.media.liquid
    per_current = voltage / current
    ohmic, concentration = {}, {}
    for layer in layers:
        whole, ohm = (
            problem.integrate(dissipated(problem, (layer,), density))
            for density in (
                lambda level: level.dissipation(liquid, media),
                lambda level: level.ohmic_dissipation(liquid, media),
            )
        )
        reacting = problem.homogeneous.power((layer,))
        chemical = 0.0 if reacting is None else problem.integrate(reacting)
        ohmic[layer] = per_current * ohm
        concentration[layer] = per_current * (whole - ohm + chemical)
    kinetic = {
        electrode.name: per_current * _power(problem, electrode) for electrode in problem.electrodes
    }
    return VoltageParts(
        voltage * problem.potential.value,
        kinetic.get("working", 0.0),
        kinetic.get("counter", 0.0),
        ohmic,
        concentration,
        per_current * problem.integrate(problem.solid_dissipation()) if problem.solid else 0.0,
    )


def _power(problem: Problem, electrode: Electrode) -> float:
    """Of the electrode's reactions [A RT/F]."""
    return sum(problem.integrate(form) for form in power_of(problem, electrode))


def power_of(problem: Problem, electrode: Electrode) -> list[ufl.Form]:
    """Currents times driving forces on each wall that reacts [A RT/F]."""
    return [
        wall.power(problem.level, electrode.unknowns, problem.measures)
        for wall in electrode.walls
        if wall.reactions
    ]


def dissipated(
    problem: Problem, layers: tuple[str, ...], density: Callable[[Level | Transport], Expr]
) -> ufl.Form:
    """A dissipation of the liquid over ``layers`` [A RT/F]."""
    level, measures = problem.level, problem.measures
    form = measures.over_layers(density(level), layers, problem.transport_degree)
    beside = averaged(measures, level, layers, density)
    return form if beside is None else form + beside
