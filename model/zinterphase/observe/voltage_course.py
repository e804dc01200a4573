"""What a voltage is spent on while a cell stores: forms compiled once for many states."""

from dataclasses import dataclass
from functools import reduce

from zinterphase.fem_types import Form
from zinterphase.forms import compiled_form, value
from zinterphase.observe.voltage import NO_CURRENT, dissipated, power_of
from zinterphase.solve.problem import Problem
from zinterphase.solve.terms import added


@dataclass(frozen=True)
class VoltageShares:
    """Parts of the working electrode's potential against the counter electrode [V].

    The overpotentials of the ``kinetic`` laws at both electrodes and the ``ohmic`` drops of liquid
    and solid, weighted by the current through them; ``rest`` is what is left of the whole:
    diffusion and concentration, and what the cell stores at this moment.
    """

    kinetic: float
    counter_kinetic: float
    ohmic: float
    rest: float


class VoltageCourse:
    """Evaluates the parts at the present state; everything collective."""

    def __init__(self, problem: Problem) -> None:
        """Compile the powers of electrodes and liquid."""
        self._problem, maps = problem, problem.measures.entity_maps
        liquid, media = problem.unknowns.liquid, problem.media.liquid
        ohmic = dissipated(
            problem, problem.stack.liquid, lambda level: level.ohmic_dissipation(liquid, media)
        )
        if problem.solid is not None:
            ohmic = ohmic + problem.solid_dissipation()
        self._ohmic = compiled_form(ohmic, maps)
        self._kinetic: dict[str, Form | None] = {}
        for electrode in problem.electrodes:
            power = reduce(added, power_of(problem, electrode), None)
            self._kinetic[electrode.name] = None if power is None else compiled_form(power, maps)
        exchange = problem.cell.working.surface.exchange_current_density
        self._least = NO_CURRENT * exchange * problem.projected_area

    def now(self, current: float) -> VoltageShares | None:
        """At a terminal current [A]; None where there is none to weight drops with."""
        if abs(current) <= self._least:
            return None
        problem, comm = self._problem, self._problem.domain.comm
        voltage = problem.bulk.thermal_voltage
        whole = voltage * problem.potential.value
        kinetic, counter = (
            0.0 if form is None else voltage / current * value(comm, form)
            for form in (self._kinetic.get(name) for name in ("working", "counter"))
        )
        ohmic = voltage / current * value(comm, self._ohmic)
        return VoltageShares(kinetic, counter, ohmic, whole - kinetic - counter - ohmic)
