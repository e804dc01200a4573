"""Currents and amounts through the boundaries, each by two separately computed terms."""

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem
from dolfinx.la import InsertMode
from dolfinx.mesh import EntityMap

from zinterphase.errors import BalanceError
from zinterphase.forms import compiled_form
from zinterphase.observe.balance import TOLERANCE, Balance
from zinterphase.observe.geometry import geometry_balances
from zinterphase.solve.problem import LIQUID, SOLID, Problem

Array = npt.NDArray[np.float64]


def working_current(problem: Problem) -> float:
    """Integrated rate laws of the working electrode [A]; collective.

    At level `primary` there is no rate law: the flux recovered at the electrode's nodes.
    """
    if problem.equipotential:
        return float(problem.recovered(LIQUID, problem.electrode_dofs)[0])
    return problem.integrate(problem.working_current())


def counter_current(problem: Problem) -> float:
    """Current of the working electrode as the counter electrode sees it [A]; collective."""
    if problem.counter is None:
        through = problem.recovered(LIQUID, problem.reservoir_dofs)
        return problem.level.bulk_current_to_terminal(through)
    return -counter_kinetics(problem)


def counter_kinetics(problem: Problem) -> float:
    """Integrated rate law of the counter electrode [A]; collective."""
    assert problem.counter is not None
    form = problem.counter.total_current(problem.level, problem.counter_unknowns, problem.measures)
    return problem.integrate(form)


def balances(problem: Problem) -> list[Balance]:
    """Charge, every ion, Gauss's law, the solid's terminal, and the geometry; collective."""
    current = working_current(problem)
    exchange = problem.surface.law.bulk.exchange_current_density * problem.projected_area
    scale = max(abs(current), exchange)
    rows = [Balance("charge", current, counter_current(problem), scale, "A")]
    if problem.counter is None:
        rows += _ion_balances(problem, current, scale)
    rows += _inventories(problem)
    if problem.level.has_double_layer:
        rows.append(_gauss(problem))
    if problem.solid is not None:
        rows.append(Balance("solid terminal", *_solid_terminal(problem), scale, "A"))
    return [*rows, *geometry_balances(problem)]


def require_closed(rows: list[Balance]) -> None:
    """Raise :class:`BalanceError` naming the worst open balance."""
    worst = max(rows, key=lambda row: row.mismatch)
    if not worst.closed:
        raise BalanceError(
            f"balance '{worst.name}' is open: {worst.left:.9g} {worst.unit} against "
            f"{worst.right:.9g} {worst.unit}, {worst.mismatch:.1e} of its scale, "
            f"allowed {TOLERANCE:.0e}"
        )


def _ion_balances(problem: Problem, current: float, scale: float) -> list[Balance]:
    """F N_i made at the working electrode against F N_i that leaves through the reservoir."""
    leaving = -problem.recovered(LIQUID, problem.reservoir_dofs)
    reactant = problem.surface.law.kinetics.reactant
    rows = []
    for k, name in problem.level.conserved.items():
        made = current / problem.bulk.ion(name).charge if name == reactant else 0.0
        rows.append(Balance(f"ion {name}", made, float(leaving[k]), scale, "A"))
    return rows


def _inventories(problem: Problem) -> list[Balance]:
    """Amounts of enclosed ions against the bulk filling all pores [mol]."""
    return [
        Balance(
            f"amount of {name}",
            problem.integrate(constraint.integral),
            float(constraint.target),
            float(constraint.target),
            "mol",
        )
        for name, constraint in problem.inventories.items()
    ]


def _gauss(problem: Problem) -> Balance:
    """Charge of liquid and metals against the displacement through the counter boundary [C]."""
    liquid, media = problem.unknowns.liquid, problem.media.liquid
    density = problem.level.charge_density(liquid, media)  # type: ignore[attr-defined]
    layers = problem.stack.liquid
    enclosed = problem.integrate(problem.measures.over_layers(density, layers))
    enclosed += sum(problem.integrate(form) for form in problem.surface_charges())
    size = problem.integrate(problem.measures.over_layers(abs(density), layers))
    stern = problem.surface.law.kinetics.stern_capacitance * problem.bulk.thermal_voltage
    scale = max(size, stern * problem.projected_area)
    if problem.counter is not None:
        return Balance("Gauss", enclosed, 0.0, scale, "C")
    through = problem.recovered(LIQUID, problem.reservoir_dofs)[-1] / problem.bulk.charge_rate
    return Balance("Gauss", enclosed, -float(through), scale, "C")


def _solid_terminal(problem: Problem) -> tuple[float, float]:
    """Rate laws on resolved metal against the electronic current at the terminal [A]."""
    assert problem.solid is not None
    fixed = next(f for f in problem.system.fixed if f.block == SOLID)
    terminal = float(problem.recovered(SOLID, fixed.dofs)[0])
    forms = [
        r.total_current(problem.level, problem.unknowns, problem.measures)
        for r in problem.reactions_on_solid
    ]
    return sum(problem.integrate(form) for form in forms), terminal


def assembled(form: ufl.Form, maps: list[EntityMap], components: int) -> Array:
    """Owned entries of a linear form as rows by node; collective."""
    vector = fem.assemble_vector(compiled_form(form, maps))
    vector.scatter_reverse(InsertMode.add)
    size = vector.index_map.size_local * vector.block_size
    return np.asarray(vector.array[:size]).reshape(-1, components).copy()
