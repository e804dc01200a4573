"""One step of time: formula, prediction, Newton's loop, and the local error."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from zinterphase.errors import MeshError
from zinterphase.march.formula import (
    STAGE,
    Formula,
    backward_euler,
    bdf2,
    interpolation,
    local_error,
    trapezoid,
)
from zinterphase.march.point import (
    Point,
    Trial,
    integral_of,
    slope_of,
    taken_before,
    with_missed,
)
from zinterphase.march.tolerance import Tolerances
from zinterphase.solve.control import Drive
from zinterphase.solve.footing import Footing
from zinterphase.solve.newton import ROUNDING, NewtonFailure
from zinterphase.solve.problem import Problem
from zinterphase.solve.response import response
from zinterphase.solve.state import State
from zinterphase.solve.storage import Stored, combined
from zinterphase.solve.system import LIQUID, Array

LINEAR = 3.0
"""Response of the potential [RT/F] beyond which it is none to first order: told as so much, and
the error of amounts goes on as it is."""
NEWTON = 1e-6
"""Last Newton step [RT/F] of a step of time: convergence is quadratic, its square is left."""
FAR = 1.0
"""Change of an unknown [RT/F] beyond which a prediction is looked at before it is begun with."""
INSTANT = 1e-3
"""Length of what counts as no time at all, over that of a first step."""
SMALLEST_JUMP = 1.0 / 64
SHOWN = 1e-7
"""Share of the currents that rounding of the amounts may take up."""
CURRENT = "current"
"""Name among the rates of the terminal's current [A]; its sum is the charge passed [C]."""

type Drives = Callable[[float], Drive]
type Rates = Callable[[], Mapping[str, Array]]


class Stepper:
    """Steps of a problem in time; everything collective.

    ``points`` are the last states, newest first: one after a switch, later the end, the stage and
    the beginning of the last step. Amounts are what the formulas difference, so that they are
    conserved to Newton's tolerance however long a step is; ``rates`` of other things are integrated
    with the same formulas. ``voltage_error`` [V] and ``current_error`` [A/m2] are what the local
    errors of all steps have come to, carried along by the linearised equations: an estimate of the
    error of time. ``shortest`` [s] is a step in which rounding of the amounts does not
    show among the currents.
    """

    def __init__(
        self, problem: Problem, rates: Rates, tolerances: Tolerances, time: float = 0.0
    ) -> None:
        """Begin at the problem's present state, a steady one."""
        self.problem = problem
        problem.hold_levels(True)
        self._rates, self._tolerances = rates, tolerances
        found = rates()
        sums = {name: np.zeros_like(value) for name, value in found.items()}
        held = self._amounts()
        still = combined([0.0], [held])
        self.points: tuple[Point, ...] = (
            Point(time, problem.state(), held, still, still, sums, found, sums),
        )
        self.voltage_error = self.current_error = 0.0
        self.shortest = self._shortest()
        self.drive: Drives = lambda t: problem.drive

    @property
    def now(self) -> Point:
        """The last state."""
        return self.points[0]

    def switch(self, drive: Drives, first_step: float, number: int) -> None:
        """Take over another drive at this time, for the step ``number`` of the protocol:
        potentials jump, amounts stay.

        Raises :class:`NewtonFailure` where no state with the same amounts obeys the drive.
        """
        former = self.now
        self.drive = drive
        instant = backward_euler(max(INSTANT * first_step, self.shortest))
        try:
            self._jump(former, drive(former.time), instant)
        except NewtonFailure:
            self._jump_in_parts(former, drive(former.time), instant)
        self._begin_anew(former)
        self._tolerances.begin(former.stored, number)

    def renew(self, stored: Stored, first_step: float) -> None:
        """Go on from ``stored`` on a mesh that has moved otherwise than in time, with the problem
        at fields near it: as behind a switch, with the same drive.

        Raises :class:`NewtonFailure` where no state holds so much.
        """
        state = replace(self.problem.state(), time=self.now.time)
        # What is saved where this ends stands on the nodes as they are.
        self.points = (replace(self.now, state=state, stored=stored),)
        self._tolerances.follow_mesh()
        self._settle(first_step)

    def succeed(self, other: "Stepper", point: Point, first_step: float) -> None:
        """Go on where another one of the same case on another mesh ends: with ``point``, its last
        state on this mesh, as behind a switch, with the same drive.

        Raises :class:`NewtonFailure` where no state holds so much.
        """
        self.points, self.drive = (point,), other.drive
        self.voltage_error, self.current_error = other.voltage_error, other.current_error
        self._tolerances.take_over(other._tolerances)
        self._settle(first_step)

    def restart(self) -> None:
        """Go on from the last state with a step of first order, as behind a switch."""
        self.points = (self.now,)

    def resume(
        self,
        points: tuple[Point, ...],
        reached: Mapping[str, Any],
        footing: Footing | None = None,
    ) -> None:
        """Stand where a run had come to; ``reached`` is the tolerances' memory, ``footing`` that
        of a front whose nodes have slid."""
        if footing is not None:
            assert self.problem.front is not None
            self.problem.front.stand_on(footing)
            if self.problem.front.slides:
                self.problem.follow_mesh()
                self._tolerances.follow_mesh()
        self.points = points
        self._tolerances.recall(reached)
        self.go_back()

    def leap(self, point: Point) -> None:
        """Stand at a point that was not marched to, which the next switch starts from."""
        self.points = (point,)
        self.go_back()

    def footing(self) -> Footing | None:
        """Of a front that moves from elsewhere than where it was made; None of others."""
        front = self.problem.front
        return front.footing if front is not None and front.is_elsewhere else None

    def memory(self) -> dict[str, object]:
        """Of the tolerances."""
        return self._tolerances.memory()

    def go_on(self, drive: Drives, number: int) -> None:
        """Go on under the drive of a step that had begun before."""
        self.drive = drive
        self._tolerances.begin(self.now.stored, number)

    def attempt(self, step: float) -> Trial:
        """Try a step of time [s]; the problem is left at its end, or where Newton ended."""
        self.problem.forget_factors()
        if len(self.points) == 1:
            return self._start(step)
        base = self.points
        stage, spent, reason = self._solved(base, trapezoid(STAGE * step))
        if stage is None:
            return Trial((), np.inf, spent, reason)
        formula = bdf2((1 - STAGE) * step, STAGE * step)
        end, more, reason = self._solved((stage, *base[:2]), formula)
        if end is None:
            return Trial((), np.inf, spent + more, reason)
        points, weights = (end, stage, base[0]), local_error(step)
        off = combined(weights, [point.slope for point in points])
        points = (with_missed(end, weights, [point.rates for point in points]), *points[1:])
        return Trial(points, self._tolerances.size(off, end.stored), spent + more, off=off)

    def accept(self, trial: Trial) -> None:
        """Go on from the end of a step, at which the problem is; take the error with it."""
        end, *others = trial.points
        assert trial.off is not None
        whole = combined([1.0, 1.0], [self.now.error, trial.off])
        try:
            carried, potential, current = response(self.problem, whole, end.stored)
            if not abs(potential) < LINEAR:
                carried, potential = whole, LINEAR
        except MeshError:  # the surfaces are so near to each other that the error fills the gap
            carried = whole
        else:
            self.voltage_error = abs(potential) * self.problem.bulk.thermal_voltage
            imposed = self.problem.drive.imposes_current
            current = 0.0 if imposed else current
            self.current_error = abs(current) / self.problem.projected_area
            charge = end.missed[CURRENT] + trial.length * current
            end = replace(end, missed={**end.missed, CURRENT: charge})
        self.stand(end)
        self.points = (replace(end, error=carried), *others)
        self._tolerances.note(self.now.stored)

    def go_back(self) -> None:
        """Put the problem on the last state that was accepted."""
        self.stand(self.now)

    def stand(self, point: Point) -> None:
        """Put the problem on a state."""
        self.problem.stand(point.state, point.stored)

    # -- details --------------------------------------------------------------------------

    def _settle(self, first_step: float) -> None:
        """Find the state that holds what the only point does, and go on from it."""
        former = self.now
        instant = backward_euler(max(INSTANT * first_step, self.shortest))
        self._jump(former, self.drive(former.time), instant)
        self._begin_anew(former)
        self.go_back()

    def _begin_anew(self, former: Point) -> None:
        """Go on from the problem's present state, with the amounts of ``former``."""
        state = replace(self.problem.state(), time=former.time)
        self.points = (replace(former, state=state, rates=self._rates()),)

    def _shortest(self) -> float:
        held = self.now.stored.liquid
        norm = math.sqrt(self.problem.system.dot(held, held))
        return ROUNDING * norm / (SHOWN * self.problem.scales.components[LIQUID][0])

    def _start(self, step: float) -> Trial:
        """Two halves of a first step against the whole: first order, and what jumps at a switch
        is over behind the first half."""
        base, half = self.points, backward_euler(step / 2)
        whole, spent, reason = self._solved(base, backward_euler(step))
        if whole is None:
            return Trial((), np.inf, spent, reason)
        points = base
        for _ in range(2):
            point, more, reason = self._solved(points, half)
            spent += more
            if point is None:
                return Trial((), np.inf, spent, reason)
            points = (point, *points)
        off = combined([1.0, -1.0], [whole.stored, points[0].stored])
        end = with_missed(points[0], [1.0, -1.0], [whole.sums, points[0].sums])
        points = (end, *points[1:])
        return Trial(points, self._tolerances.size(off, points[0].stored), spent, off=off)

    def _solved(self, points: tuple[Point, ...], formula: Formula) -> tuple[Point | None, int, str]:
        """The state a formula leads to, Newton's iterations, and why there is none."""
        problem, time = self.problem, points[0].time + formula.step
        problem.remember(formula.rate, taken_before(formula, points))
        weights = interpolation([point.time for point in points], time)
        problem.steer(self.drive(time))
        self._predict(points[0].state, State.combined(weights, [point.state for point in points]))
        try:
            report = problem.solve_here(NEWTON, reuse=True)
        except NewtonFailure as failure:
            return None, len(failure.iterations), str(failure)
        rates = self._rates()
        sums = {name: integral_of(name, rate, points, formula) for name, rate in rates.items()}
        state = replace(problem.state(), time=time)
        held = self._owed(self._amounts(), report.rest[LIQUID] / formula.rate)
        slope, error = slope_of(formula, held, points), points[-1].error
        missed = points[-1].missed  # of the last state that was accepted
        point = Point(time, state, held, slope, error, sums, rates, missed)
        return point, len(report.iterations), ""

    def _predict(self, last: State, predicted: State) -> None:
        """Begin at a prediction, or at the last state where that is far from it and nearer to the
        solution: potentials of what is used up fall ever faster, and a polynomial overshoots.
        Surfaces that move do so with what they are told, and are not led astray."""
        problem = self.problem
        problem.put(predicted)
        if problem.front is not None or problem.distance(last) <= FAR:
            return
        unbalance = problem.unbalance()
        problem.put(last)
        if unbalance < problem.unbalance():
            problem.put(predicted)

    def _amounts(self) -> Stored:
        assert self.problem.storage is not None
        return self.problem.storage.amounts()

    def _owed(self, held: Stored, rest: Array) -> Stored:
        """What a state should hold of the conserved ions where it leaves ``rest`` of their balances
        open: the next step makes up for it, so that nothing adds up over many steps."""
        columns = list(self.problem.level.conserved)
        liquid = held.liquid.copy()
        size = self.problem.system.components(LIQUID)
        liquid.reshape(-1, size)[:, columns] -= rest.reshape(-1, size)[:, columns]
        return replace(held, liquid=liquid)

    def _jump(self, former: Point, drive: Drive, instant: Formula) -> None:
        problem = self.problem
        problem.remember(instant.rate, combined(instant.earlier, [former.stored]))
        problem.put(former.state)
        problem.steer(drive)
        problem.solve_here(NEWTON, together=True)

    def _jump_in_parts(self, former: Point, drive: Drive, instant: Formula) -> None:
        """Reach a drive that is far from the present one through some on the way."""
        problem = self.problem
        problem.put(former.state)
        begin = drive.at_present(self._current(former), problem.potential.value)
        state, done, part = former.state, 0.0, 0.25
        while done < 1.0:
            target = min(1.0, done + part)
            problem.remember(instant.rate, combined(instant.earlier, [former.stored]))
            problem.put(state)
            problem.steer(begin.towards(drive, target))
            try:
                problem.solve_here(NEWTON, together=True)
            except NewtonFailure:
                part /= 4
                if part < SMALLEST_JUMP:
                    raise
                continue
            state, done, part = problem.state(), target, 2 * part

    def _current(self, point: Point) -> float:
        return float(point.rates[CURRENT][0])
