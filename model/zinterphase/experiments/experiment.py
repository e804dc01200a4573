"""What an experiment is: a protocol with parameters, a reduction, and the panels of its figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from zinterphase.case import Case
from zinterphase.experiments.completed import Need
from zinterphase.experiments.course import Array, Course
from zinterphase.experiments.parameters import Parameter, Values
from zinterphase.experiments.waves import Wave
from zinterphase.observe.quantity import Kind, Quantity
from zinterphase.output.figures import AxisQuantity

type Blocks = list[dict[str, Any]]
"""Blocks of a protocol as a case file has them."""


@dataclass(frozen=True)
class InTime:
    """A march: ``blocks`` of its protocol from the parameters and the voltage at open circuit [V].

    ``longest_step`` of time [s] where the reduction needs one and the case says nothing.
    """

    blocks: Callable[[Values, float], Blocks]
    longest_step: Callable[[Values], float] | None = None


@dataclass(frozen=True)
class Steady:
    """Steady states at mean current densities [A/m2], by growing magnitude; plating is negative."""

    currents: Callable[[Values, Case], list[float]]


@dataclass(frozen=True)
class OnWaves:
    """Steady states on corrugated surfaces: ``waves`` are a mean current density [A/m2], plating
    negative, and the surfaces, from the parameters and the case as it is read."""

    waves: Callable[[Values, Case], tuple[float, list[Wave]]]


@dataclass(frozen=True)
class Axis:
    """One axis: its column in files, what it is of in SI, and how it is drawn.

    Its ``unit`` on the figure is that of ``shown``; a time is drawn in what suits its extent.
    """

    column: str
    unit: str
    shown: AxisQuantity
    log: bool = False


@dataclass(frozen=True)
class Panel:
    """A diagram by its name; ``marked`` shows points joined by a line."""

    name: str
    x: Axis
    y: Axis
    marked: bool = False


@dataclass(frozen=True, eq=False)
class Curve:
    """A line of a panel, SI units; ``guide`` lines are fits or theory, thin and without a name."""

    panel: str
    x: Array
    y: Array
    guide: bool = False


@dataclass(frozen=True, eq=False)
class Reduced:
    """What a run comes to: numbers by name, lines of the panels, and what explains them."""

    quantities: Mapping[str, Quantity]
    curves: tuple[Curve, ...]
    remark: str = ""


@dataclass(frozen=True)
class Experiment:
    """One experiment, declared.

    Attributes
    ----------
    name : On the command line.
    what : In a sentence, without its full stop.
    measure : How its course is made.
    parameters : What a user may set, with defaults.
    reduce : Its course and the parameters to numbers and lines.
    panels : Of its figure.
    headline : Name of the number that its sentence tells, and how it is called there.
    source : Where the way it is reduced stands.
    guides : What its guide lines are.
    needs : What is added from the library where a case says nothing of it.
    """

    name: str
    what: str
    measure: InTime | Steady | OnWaves
    parameters: tuple[Parameter, ...]
    reduce: Callable[[Course, Values], Reduced]
    panels: tuple[Panel, ...]
    headline: tuple[str, str]
    source: str = ""
    guides: str = "fit"
    needs: tuple[Need, ...] = ()


def quantity(value: float, unit: str, reason: str = "not defined") -> Quantity:
    """A reduced number; one that is not finite is not defined, for the ``reason``."""
    if not isfinite(value):
        return Quantity(None, unit, Kind.DISCRETISED, reason=reason)
    return Quantity(float(value), unit, Kind.DISCRETISED)


TIME = Axis("time", "s", AxisQuantity("Time", "s"))
VOLTAGE = Axis("voltage", "V", AxisQuantity("Voltage", "V"))
CAPACITY = Axis("capacity", "C/m^2", AxisQuantity("Capacity", "mAh cm$^{-2}$", 1 / 36e3))
HYSTERESIS = Axis("hysteresis", "V", AxisQuantity("Hysteresis", "mV", 1e3))
CURRENT = Axis("current_density", "A/m^2", AxisQuantity("Current density", "mA cm$^{-2}$", 0.1))
MAGNITUDE = Axis(
    "current_magnitude", "A/m^2", AxisQuantity("|Current density|", "mA cm$^{-2}$", 0.1), log=True
)
SIDE = replace(
    MAGNITUDE,
    column="side_current_magnitude",
    shown=AxisQuantity("|Side reactions|", "mA cm$^{-2}$", 0.1),
)
"""Of all reactions but the metal's own."""
POTENTIAL = Axis("potential", "V", AxisQuantity("Potential", "V"))
