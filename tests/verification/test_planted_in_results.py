"""What a run says of its solution: each number checked, and each check seen to fail.

A check raises where the number is wrong; every fault is planted in the source of one function, and
its check must notice.
"""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from dolfinx import fem
from mpi4py import MPI

import zinterphase
from zinterphase.case.kinetics import Kinetics
from zinterphase.errors import MeshError, SolveError
from zinterphase.mesh.motion import Motion
from zinterphase.meshstudy import driver
from zinterphase.observe import evaluate, keys, transport, validity
from zinterphase.observe.conservation import balances
from zinterphase.observe.currents import currents_of
from zinterphase.observe.goals import CV, POTENTIAL, SMOOTHED_MAXIMUM, TOTAL
from zinterphase.output import results
from zinterphase.result import Result
from zinterphase.scales import FARADAY
from zinterphase.solve.control import Control, Drive
from zinterphase.solve.filling import inventory
from zinterphase.solve.heterogeneity import LateralField
from zinterphase.solve.problem import Problem
from zinterphase.solve.state import State
from zinterphase.solve.walls import Wall
from zinterphase.verification.cells import VT, current, film, potential, problem_of
from zinterphase.verification.jacobian import (
    ACID,
    BARRIER,
    CHARGED,
    ISLANDS,
    SPREAD,
    coarse_case,
)

SELF = MPI.COMM_SELF
Check = Callable[[], None]


def plant(patch: pytest.MonkeyPatch, function: Callable[..., Any], old: str, new: str) -> None:
    """Let every module and class of the package use ``function`` with ``old`` written as ``new``.

    ``old`` stands in its source exactly once.
    """
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(old) == 1, f"{function.__qualname__} has no single {old!r}"
    names: dict[str, Any] = {}
    exec(compile(source.replace(old, new), "planted", "exec"), function.__globals__, names)
    (wrong,) = names.values()
    owner, _, name = function.__qualname__.rpartition(".")
    if owner:
        patch.setattr(function.__globals__[owner], name, wrong)
        return
    for module in [m for key, m in sys.modules.items() if key.startswith("zinterphase")]:
        if vars(module).get(name) is function:
            patch.setattr(module, name, wrong)


def solved(level: str, drive: Drive | None = None, **options: Any) -> Problem:
    problem = problem_of(coarse_case(level, options), SELF)
    if drive is not None:
        problem.drive_by(drive)
    problem.solve()
    return problem


@cache
def with_errors(control: str) -> Result:
    drive = potential(-0.05) if control == "potential" else current(-20.0)
    options = {"control": drive, "metrics": {"smoothing_radius": "60 nm"}}
    return zinterphase.solve(coarse_case("secondary", options), SELF, errors=True)


# -- the report --------------------------------------------------------------------------------


def errors_are_relative_to_their_own_goals() -> None:
    for control, goals in (
        ("potential", {TOTAL: keys.MEAN_CURRENT_DENSITY}),
        ("current", {POTENTIAL: keys.POTENTIAL}),
        ("current", {CV: f"{EVENNESS}.cv", SMOOTHED_MAXIMUM: f"{EVENNESS}.max_over_mean"}),
    ):
        result = with_errors(control)
        estimates, found = result.errors, results.quantities(result)
        assert estimates is not None
        for goal, name in goals.items():
            wanted = estimates.error(goal) / estimates.goals[goal].value
            number: Any = found[name]
            assert number.error / abs(number.value) == pytest.approx(abs(wanted), rel=1e-3)


def algebraic_errors_of_potentials_are_volts() -> None:
    result = with_errors("current")
    found = results.quantities(result)["run.algebraic_error_of_potentials"].value
    left = results.last_report(result).algebraic_error
    assert found == pytest.approx(left * VT, rel=1e-6, abs=0.0)


# -- depletion ---------------------------------------------------------------------------------


def a_charged_film_at_rest_depletes_nothing() -> None:
    problem = solved("electroneutral", Drive.by_current(0.0), films=[CHARGED])
    surface = evaluate.surface_map(problem)
    depletion = transport.polarisation(problem, surface)
    assert depletion is not None
    assert abs(depletion.mean) < 1e-8
    assert abs(depletion.largest) < 1e-8
    assert abs(surface.mean("concentration") / 100.0 - 1.0) > 0.01


def depletion_is_a_mean_over_the_true_area() -> None:
    wave = {"shape": "sinusoidal", "amplitude": "20 nm", "wavelength": "400 nm"}
    problem = solved("electroneutral", surface=wave)
    found = transport.polarisation(problem, evaluate.surface_map(problem))
    ions = problem.level.concentrations(problem.unknowns.liquid, problem.media.liquid)
    over = problem.measures.over_facets
    one = fem.Constant(problem.domain.mesh, 1.0)
    mean = problem.integrate(over(ions["Zn2+"] / 100.0, "electrode"))
    mean /= problem.integrate(over(one * (1 + 0 * ions["Zn2+"]), "electrode"))
    assert found is not None
    assert found.mean == pytest.approx(1.0 - mean, abs=1e-13)
    assert found.largest > found.mean > 1e-5


def a_uniform_salt_has_one_transference_number_in_all_layers() -> None:
    """t+ = z+^2 D+ c+ / sum z^2 D c = 0.7/1.75."""
    layers = [film("titania", 50e-9, transport=0.2)]
    problem = solved("electroneutral", Drive.by_current(0.0), films=layers)
    found = transport.transference_numbers(problem)
    assert found == pytest.approx({"titania": 0.4, "liquid": 0.4}, rel=1e-9)


def the_salt_is_judged_with_the_level_of_a_closed_cell() -> None:
    problem = problem_of(coarse_case("concentrated", {"counter": True}), SELF)
    (level,) = problem.level_shifts.values()
    values = problem.liquid_field.x.array.reshape(-1, 2)
    for inside, (height, shift) in (
        (True, (0.0, 0.0)),
        (True, (np.log(10.0), -np.log(10.0))),
        (False, (np.log(10.0), 0.0)),
        (False, (0.0, np.log(10.0))),
        (False, (0.0, -np.log(1000.0))),
    ):
        values[:, 0], level.value = height, shift
        try:
            validity.require_measured_range(problem)
        except SolveError:
            assert not inside
        else:
            assert inside


# -- electrodes --------------------------------------------------------------------------------


def the_counter_electrode_is_fresh_and_even() -> None:
    uneven = {"nucleation": BARRIER, "patches": ISLANDS, "spread": SPREAD}
    problem = problem_of(coarse_case("electroneutral", {"counter": True, "extra": uneven}), SELF)
    assert problem.counter is not None
    own, far = problem.working.surface, problem.counter.surface
    assert own.main.reaction.rate.nucleation is not None
    assert far.main.reaction.rate.nucleation is None
    for uneven_field, even_field in (
        (own.main.ln_factor, far.main.ln_factor),
        (own.compact.islands, far.compact.islands),
    ):
        assert np.ptp(uneven_field.x.array) > 0.0
        assert np.all(even_field.x.array == 0.0)


HYDROGEN = {
    "reactant": "H+",
    "exchange_current_density": "0.5 A/m^2",
    "reference_concentration": "10 mol/m^3",
    "formal_potential": "20 mV",
    "alpha_a": 0.5,
    "alpha_c": 0.5,
}


def two_reactions_take_an_ion_each() -> None:
    """The far side sees of each ion what its own reaction makes."""
    options = {"ions": ACID, "extra": {"reactions": {"hydrogen": HYDROGEN}}}
    problem = solved("electroneutral", **options)
    currents = currents_of(problem)
    shares = {reaction: current for (_, reaction), current in currents.working.items()}
    assert min(abs(share) for share in shares.values()) > 0.05 * abs(currents.total)
    rows = {row.name: row for row in balances(problem, currents)}
    leaving = {ion: rows[f"ion {ion}"].right for ion in ("Zn2+", "H+")}
    hydrogen = shares.pop("hydrogen")
    (zinc,) = shares.values()
    assert leaving["H+"] == pytest.approx(hydrogen, rel=1e-8)
    assert leaving["Zn2+"] == pytest.approx(zinc / 2, rel=1e-8)


# -- mesh studies ------------------------------------------------------------------------------


def noise_is_what_the_solver_leaves() -> None:
    result = with_errors("current")
    relative = max(result.case.solver.tolerance, results.last_report(result).algebraic_error)
    assert driver._noise(result) == pytest.approx(
        {
            "V": relative * VT,
            "A/m^2": relative * 20.0,
            "mol/m^2/s": relative * 20.0 / FARADAY,
            "1": relative,
        }
    )


# -- control, state, mesh ----------------------------------------------------------------------


def a_part_of_the_load_is_a_part_of_every_target() -> None:
    found = Drive(1.0, 2.0, 3.0, current=4.0, potential=5.0, power=6.0).scaled(0.5)
    assert found == Drive(1.0, 2.0, 3.0, current=2.0, potential=2.5, power=3.0)


def power_is_reached() -> None:
    problem = solved("secondary")
    asked = 1.5 * currents_of(problem).total * problem.potential.value
    problem.drive_by(Drive.by_power(asked))
    problem.solve(problem.state())
    assert currents_of(problem).total * problem.potential.value == pytest.approx(asked, rel=1e-10)


def an_amount_counts_what_is_in_the_pores() -> None:
    """Filled with the bulk and at rest, nothing is to be shifted."""
    layers = [film("titania", 50e-9, transport=0.2)]
    problem = solved("electroneutral", Drive.by_current(0.0), counter=True, films=layers)
    (shift,) = problem.level_shifts.values()
    assert abs(shift.value) < 1e-9


def states_lie_on_a_line() -> None:
    one, two = (State({"u": np.full(2, x)}, {"s": 10 * x}) for x in (1.0, 3.0))
    there = two.continued(one, 0.5)
    assert there.fields["u"] == pytest.approx([4.0, 4.0])
    assert there.scalars == {"s": 40.0}


def a_cell_without_volume_is_refused() -> None:
    domain = problem_of(coarse_case("secondary", {}), SELF).domain
    with pytest.raises(MeshError):
        domain.move(lambda x: -x * np.array([0.0, 1.0]))
    assert domain.displacement is None


def patterns_stay_where_they_are_when_nodes_move() -> None:
    case = coarse_case("secondary", {"extra": {"spread": SPREAD}})
    problem = problem_of(case, SELF)
    before = problem.working.surface.main.ln_factor.x.array.copy()
    problem.domain.move(lambda x: np.stack([1e-8 * np.sin(np.pi * x[:, 0] / 2e-7), 0 * x[:, 1]], 1))
    problem.set_load(0.0)
    moved = problem.working.surface.main.ln_factor.x.array
    assert np.max(np.abs(moved - before)) > 1e-3


CHECKS: list[Check] = [
    errors_are_relative_to_their_own_goals,
    algebraic_errors_of_potentials_are_volts,
    a_charged_film_at_rest_depletes_nothing,
    depletion_is_a_mean_over_the_true_area,
    a_uniform_salt_has_one_transference_number_in_all_layers,
    the_salt_is_judged_with_the_level_of_a_closed_cell,
    the_counter_electrode_is_fresh_and_even,
    two_reactions_take_an_ion_each,
    noise_is_what_the_solver_leaves,
    a_part_of_the_load_is_a_part_of_every_target,
    power_is_reached,
    an_amount_counts_what_is_in_the_pores,
    states_lie_on_a_line,
    a_cell_without_volume_is_refused,
    patterns_stay_where_they_are_when_nodes_move,
]

EVENNESS = keys.CURRENT_DENSITY
BOOKED = "currents[law.name]\n            found[ion] = found"
FIRST = "ion = next(iter(self.main.reaction.stoichiometry))"
BOOKED_TO_ONE = BOOKED.replace("found", f"{FIRST}\n            found", 1)
FAULTS: dict[str, tuple[Callable[..., Any], str, str, Check]] = {
    "error of the total per cell": (
        results._estimated, "TOTAL: 1 / area", "TOTAL: 1.0", errors_are_relative_to_their_own_goals,
    ),
    "error of the potential per area": (
        results._estimated, "POTENTIAL: 1.0", "POTENTIAL: 1 / area",
        errors_are_relative_to_their_own_goals,
    ),
    "error of the maximum not relative": (
        results._estimated, "peak / found[goal].value", "1.0",
        errors_are_relative_to_their_own_goals,
    ),
    "algebraic error in RT/F": (
        results._run, " * problem.bulk.thermal_voltage", "",
        algebraic_errors_of_potentials_are_volts,
    ),
    "sign of the Donnan exponent": (
        evaluate.surface_expressions, "ufl.exp(charge *", "ufl.exp(-charge *",
        a_charged_film_at_rest_depletes_nothing,
    ),
    "depletion over the projected area": (
        transport.polarisation, '"area"', '"projected"', depletion_is_a_mean_over_the_true_area,
    ),
    "depletion of the least depleted point": (
        transport.polarisation, "relative.min()", "relative.max()",
        depletion_is_a_mean_over_the_true_area,
    ),
    "transference number over all layers": (
        transport._shares, "over_layers(one, (layer,))",
        "over_layers(one, problem.stack.liquid)",
        a_uniform_salt_has_one_transference_number_in_all_layers,
    ),
    "validity without the level": (
        validity.require_measured_range, "+ shift)", ")",
        the_salt_is_judged_with_the_level_of_a_closed_cell,
    ),
    "validity against the level": (
        validity.require_measured_range, "+ shift)", "- shift)",
        the_salt_is_judged_with_the_level_of_a_closed_cell,
    ),
    "validity from above only": (
        validity.require_measured_range, "found[0] < allowed[0] or ", "",
        the_salt_is_judged_with_the_level_of_a_closed_cell,
    ),
    "counter keeps the barrier": (
        Kinetics.evened, 'even = {"nucleation": None, ', "even = {",
        the_counter_electrode_is_fresh_and_even,
    ),
    "counter keeps the islands": (
        Kinetics.evened, '"patches": None, ', "", the_counter_electrode_is_fresh_and_even,
    ),
    "all booked to one ion": (
        Wall.rates, BOOKED, BOOKED_TO_ONE, two_reactions_take_an_ion_each,
    ),
    "noise of voltages in RT/F": (
        driver._noise, "relative * problem.bulk.thermal_voltage", "relative",
        noise_is_what_the_solver_leaves,
    ),
    "no noise of pure numbers": (
        driver._noise, '"1": relative', '"1": 0.0', noise_is_what_the_solver_leaves,
    ),
    "the whole power at any load": (
        Drive.scaled, "power=fraction * self.power", "power=self.power",
        a_part_of_the_load_is_a_part_of_every_target,
    ),
    "sign of the power": (
        Control.residual, "potential - d.power", "potential + d.power", power_is_reached,
    ),
    "amount per volume of the layers": (
        inventory, "amount * porosity", "amount",
        an_amount_counts_what_is_in_the_pores,
    ),
    "extrapolation back": (
        State.continued, "[1 + ratio, -ratio]", "[1 - ratio, ratio]", states_lie_on_a_line,
    ),
    "cells without volume": (
        Motion._turned, "signs > 0.0", "signs >= 0.0", a_cell_without_volume_is_refused,
    ),
    "patterns that ride on the nodes": (
        LateralField.follow, "is not None", "is not None and not self.function.x.array.any()",
        patterns_stay_where_they_are_when_nodes_move,
    ),
}  # fmt: skip
"""What is wrong: where, what stands there, what is planted, and the check that notices."""


@pytest.mark.parametrize("check", CHECKS, ids=[check.__name__ for check in CHECKS])
def test_what_a_run_says(check: Check) -> None:
    check()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_noticed(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    function, right, wrong, check = FAULTS[fault]
    plant(monkeypatch, function, right, wrong)
    try:
        check()
    except (AssertionError, SolveError, pytest.fail.Exception):
        return
    pytest.fail(f"{check.__name__} does not see: {fault}")
