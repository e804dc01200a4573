"""Charge, ions and geometry, each balance from two separately computed terms."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from zinterphase.errors import BalanceError
from zinterphase.fem_types import Form
from zinterphase.forms import owned_vector
from zinterphase.observe.balance import TOLERANCE, Balance
from zinterphase.observe.currents import Currents, production
from zinterphase.observe.geometry import geometry_balances
from zinterphase.scales import FARADAY
from zinterphase.solve.boundary import solid_terminals
from zinterphase.solve.problem import Problem
from zinterphase.solve.system import SOLID

Array = npt.NDArray[np.float64]


def balances(problem: Problem, currents: Currents) -> list[Balance]:
    """Charge, every ion, Gauss's law, the solid's terminal, and the geometry; collective."""
    scale = current_scale(problem, currents)
    rows = [Balance("charge", currents.total, currents.far_side, scale, "A")]
    if problem.cell.keeps_amounts:  # else one electrode uses up what the other does not make
        rows += _ion_balances(problem, currents, scale)
    rows += _inventories(problem)
    if problem.level.has_double_layer:
        rows.append(_gauss(problem, currents))
    rows += [
        Balance(f"solid terminal {name}".removesuffix(" working"), *found, scale, "A")
        for name, found in _solid_terminals(problem, currents).items()
    ]
    return [_per_extent(problem, row) for row in [*rows, *geometry_balances(problem)]]


def _per_extent(problem: Problem, row: Balance) -> Balance:
    """A cross-section has no depth and a line no area: what is integrated is per metre of depth,
    or per square metre."""
    shape = problem.case.geometry
    if shape.dimension == 3 or shape.coordinates == "axisymmetric":
        return row
    extent = "square metre" if shape.dimension == 1 else "metre of depth"
    return replace(row, unit=f"{row.unit} per {extent}")


def current_scale(problem: Problem, currents: Currents) -> float:
    """The larger of the cell's current and its exchange current [A]."""
    exchange = problem.cell.working.surface.exchange_current_density * problem.projected_area
    sizes = [abs(current) for current in currents.working.values()]
    sizes += [FARADAY * abs(rate) for rate in currents.working_turns.values()]
    return max(abs(currents.total), exchange, *sizes)


def require_closed(rows: list[Balance]) -> None:
    """Raise :class:`BalanceError` naming the worst open balance."""
    worst = max(rows, key=lambda row: row.mismatch)
    if not worst.closed:
        raise BalanceError(
            f"balance '{worst.name}' is open: {worst.left:.9g} {worst.unit} against "
            f"{worst.right:.9g} {worst.unit}, {worst.mismatch:.1e} of its scale, "
            f"allowed {TOLERANCE:.0e}"
        )


def _ion_balances(problem: Problem, currents: Currents, scale: float) -> list[Balance]:
    """F N_i made at the working electrode against what leaves through the far side, of each ion
    with what is in those that form from it at a finite rate; of these by themselves, too.

    The far side is the flux recovered at a reservoir, or what the counter electrode's reactions use
    up.
    """
    made = production(problem.cell.working, currents.working, currents.working_turns)
    if problem.cell.counter is not None:
        assert currents.counter is not None
        used = production(problem.cell.counter, currents.counter, currents.counter_turns)
        leaving = {name: -used.get(name, 0.0) for name in {**made, **used}}
    else:
        assert currents.reservoir is not None
        rows = problem.level.conserved.items()
        leaving = {name: -float(currents.reservoir[k]) for k, name in rows}
        made = {name: made.get(name, 0.0) + _given(problem, name) for name in leaving}
    sizes, bulk = {}, problem.bulk
    left, right = bulk.totals(made), bulk.totals(leaving)
    for name, (net, both) in problem.homogeneous.made().items():
        left[name] = left.get(name, 0.0) + problem.integrate(net)
        sizes[name] = problem.integrate(both)
    return [
        Balance(f"ion {name}", value, right.get(name, 0.0), max(scale, sizes.get(name, 0.0)), "A")
        for name, value in left.items()
    ]


def _given(problem: Problem, ion: str) -> float:
    """F times what solids give of an ion [A]."""
    form = problem.precipitation.given(ion)
    return 0.0 if form is None else problem.integrate(form)


def _inventories(problem: Problem) -> list[Balance]:
    """Amounts of enclosed ions against what the cell was filled with [mol]."""
    return [
        Balance(
            f"amount of {name}",
            problem.integrate(amount.integral),
            amount.target,
            amount.target,
            "mol",
        )
        for name, amount in problem.inventories.items()
    ]


def _gauss(problem: Problem, currents: Currents) -> Balance:
    """Charge of liquid and metals against the displacement through the counter boundary [C]."""
    liquid, media = problem.unknowns.liquid, problem.media.liquid
    density = problem.level.charge_density(liquid, media)  # type: ignore[attr-defined]
    layers = problem.stack.liquid
    enclosed = problem.integrate(problem.measures.over_layers(density, layers))
    enclosed += sum(problem.integrate(form) for form in problem.surface_charges())
    size = problem.integrate(problem.measures.over_layers(abs(density), layers))
    kinetics = problem.cell.working.surface.kinetics
    stern = kinetics.stern_capacitance * problem.bulk.thermal_voltage
    scale = max(size, stern * problem.projected_area)
    if currents.reservoir is None:
        return Balance("Gauss", enclosed, 0.0, scale, "C")
    through = currents.reservoir[-1] / problem.bulk.charge_rate
    return Balance("Gauss", enclosed, -float(through), scale, "C")


def _solid_terminals(problem: Problem, currents: Currents) -> dict[str, tuple[float, float]]:
    """Rate laws on resolved metal against the electronic current at the terminal [A], by
    electrode."""
    found = {}
    by_electrode = {"working": currents.working, "counter": currents.counter or {}}
    electrodes = {electrode.name: electrode for electrode in problem.electrodes}
    for name, dofs in solid_terminals(problem).items():
        terminal = float(problem.recovered(SOLID, dofs)[0])
        feeding = {wall.layer for wall in electrodes[name].walls if wall.feeds_solid}
        passed = by_electrode[name].items()
        made = [current for (layer, _), current in passed if layer in feeding]
        found[name] = (sum(made), terminal)
    return found


def assembled(form: Form, components: int) -> Array:
    """Owned entries of a linear form as rows by node; collective."""
    return owned_vector(form).reshape(-1, components)
