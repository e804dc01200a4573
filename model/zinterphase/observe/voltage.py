"""What the cell voltage is spent on, layer by layer."""

from collections.abc import Callable
from dataclasses import dataclass

import ufl

from zinterphase.expressions import Expr
from zinterphase.fem_types import Form
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
    per_current = voltage / current
    ohmic, concentration = {}, {}
    for layer in layers:
        whole, ohm, chemical = (
            0.0 if power is None else problem.value(power)
            for power in problem.once(_powers_of_liquid, layer)
        )
        ohmic[layer] = per_current * ohm
        concentration[layer] = per_current * (whole - ohm + chemical)
    kinetic = {
        electrode.name: per_current
        * sum(problem.value(power) for power in problem.once(_powers_of_reactions, electrode))
        for electrode in problem.electrodes
    }
    solid = problem.once(_power_of_solid)
    return VoltageParts(
        voltage * problem.potential.value,
        kinetic.get("working", 0.0),
        kinetic.get("counter", 0.0),
        ohmic,
        concentration,
        0.0 if solid is None else per_current * problem.value(solid),
    )


def _powers_of_liquid(problem: Problem, layer: str) -> tuple[Form | None, ...]:
    """All of transport in a layer, its ohmic part, and that of its reactions [A RT/F]."""
    liquid, media = problem.unknowns.liquid, problem.media.liquid
    whole = dissipated(problem, (layer,), lambda level: level.dissipation(liquid, media))
    ohmic = dissipated(problem, (layer,), lambda level: level.ohmic_dissipation(liquid, media))
    forms = (whole, ohmic, problem.homogeneous.power((layer,)))
    return tuple(None if form is None else problem.compiled(form) for form in forms)


def _powers_of_reactions(problem: Problem, electrode: Electrode) -> list[Form]:
    return [problem.compiled(form) for form in power_of(problem, electrode)]


def _power_of_solid(problem: Problem) -> Form | None:
    return problem.compiled(problem.solid_dissipation()) if problem.solid else None


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
