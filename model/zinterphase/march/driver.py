"""A protocol from its first to its last step."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf
from typing import Protocol

from zinterphase.case import Case
from zinterphase.case.protocol import LEAVE, PassEnd, Visit, visits
from zinterphase.errors import BalanceError, SolveError
from zinterphase.march.controller import AFTER_FAILURE, Pace, factor
from zinterphase.march.events import located, met
from zinterphase.march.jump import Jumping, Rewindable
from zinterphase.march.obstacle import obstacle
from zinterphase.march.point import Point, Trial
from zinterphase.march.progress import Progress
from zinterphase.march.remeshing import Remesh, no_remesh, renewed
from zinterphase.march.sample import Sample
from zinterphase.march.segments import Segment, Target, segments
from zinterphase.march.spacing import keep_even
from zinterphase.march.stepper import Drives, Stepper
from zinterphase.march.tolerance import (
    changes_of_surfaces,
    stored_capacitance,
    time_to_short,
)
from zinterphase.solve.control import Drive
from zinterphase.solve.problem import Problem

SHORTEST = 1e-12
"""A step of time over the time since the switch, or over the first step, below which there is no
going on."""
ROUNDING = 1e-14
AFTER_SLIDE = 0.1
"""Length of a step of first order, behind nodes that have slid or a new mesh, over that of one of
second."""


class Watch(Rewindable, Protocol):
    """Reduces states to numbers and keeps what is wanted of them; collective."""

    def sample(self, point: Point) -> Sample:
        """Numbers of a state, at which the problem is."""

    def begin(self, visit: Visit, before: Sample, after: Sample) -> None:
        """A step begins: just before and just after the switch."""

    def switched(self, visit: Visit, before: Sample, after: Sample) -> None:
        """The drive has jumped within a step."""

    def step(self, visit: Visit, sample: Sample, trial: Trial) -> None:
        """A step of time was taken; the problem is at its end."""

    def end(self, visit: Visit, sample: Sample, why: str) -> None:
        """A step of the protocol is over."""

    def measure(self, visit: Visit, sample: Sample) -> None:
        """A spectrum is asked for about the state at which the problem is."""


class LimitReached(SolveError):
    """The cell went where the case says it must not; everything up to there is kept."""


@dataclass
class Cost:
    """Steps of time that were taken and that were not, and Newton's iterations."""

    steps: int = 0
    rejected: int = 0
    iterations: int = 0


class Driver:
    """Marches a case's protocol; everything collective."""

    def __init__(
        self, case: Case, stepper: Stepper, watch: Watch, remesh: Remesh = no_remesh
    ) -> None:
        """``stepper`` stands at the state before the first step; ``remesh`` gives another one where
        the mesh is worn, and has the watch look at that."""
        self._case, self.stepper, self._watch, self._remesh = case, stepper, watch, remesh
        problem = stepper.problem
        self._area, self._voltage = problem.projected_area, problem.bulk.thermal_voltage
        self._offset = problem.cell.voltage_at_gauge
        self._first = case.time.first_step or max(_first_step(problem), stepper.shortest)
        self.cost = Cost()
        self.jumping = Jumping(stepper, watch)
        self.progress = Progress.at(watch.sample(stepper.now))

    def march(self, progress: Progress | None = None) -> None:
        """Walk the protocol, from its beginning or from where a run had come to.

        Raises
        ------
        LimitReached
            Where a value of ``limits`` is passed.
        SolveError
            Where no state follows, with the last good one kept.
        """
        self.progress = progress or self.progress
        while not self._walked():
            self.progress = self.jumping.go_back()

    def _walked(self) -> bool:
        """Whether the walk came to its end; not where it has to be taken up before a jump."""
        for visit in self._walk():
            if self.jumping.is_refused:
                return False
            try:
                self._visit(visit, self.progress)
            except (SolveError, BalanceError):
                if not self.jumping.on_trial:
                    raise
                return False
        return not self.jumping.is_refused

    def _visit(self, visit: Visit, progress: Progress) -> None:
        if progress.step is None:
            progress.enter(visit.cycle)
        why = (self._measured if visit.step.measures else self._run)(visit, progress)
        progress.leave()
        self._watch.end(visit, progress.last, why)

    def _walk(self) -> Iterator[Visit]:
        """From where the march is; what was left out on the way there is left out again."""
        progress = self.progress
        known = iter(list(progress.turns))

        def left_out(end: PassEnd) -> int:
            found = next(known, None)
            if found is None:
                found = self._left_out(end, progress)
                progress.turns.append(found)
            return found

        walk = visits(self._case.protocol, left_out)
        for _ in range(progress.visits):
            next(walk)
        return walk

    def _left_out(self, end: PassEnd, progress: Progress) -> int:
        """Passes that are not marched, as a condition of the block is met or they are jumped
        over."""
        stops = bool(end.block.stop) and self._watch.book.stopped(end.block)
        if stops and not self.jumping.refuses(end.block):
            return LEAVE
        return 0 if stops else self.jumping.left_out(end, progress)

    # -- a step of the protocol -------------------------------------------------------------

    def _run(self, visit: Visit, progress: Progress) -> str:
        """Take a step to its end; what ended it."""
        origin = progress.origin
        length = inf if visit.step.duration is None else visit.step.duration
        end = origin.step.time + length
        for number, segment in enumerate(segments(visit.step)):
            if number < progress.segment:
                continue
            why = self._segment(visit, segment, progress, end)
            if why or _reached(progress.last.time, end):
                return why or "time"
            progress.segment, progress.segment_begin = number + 1, None
        return "time"

    def _measured(self, visit: Visit, progress: Progress) -> str:
        """Have a spectrum taken; the step begins behind it, so that one cut short is repeated."""
        self._watch.measure(visit, progress.last)
        self._watch.begin(visit, progress.last, progress.last)
        return "spectrum"

    def _segment(self, visit: Visit, segment: Segment, progress: Progress, end: float) -> str:
        """Switch over to a segment, or go on in it, to its end."""
        begin = progress.segment_begin
        is_new = begin is None
        begin = progress.last.time if begin is None else begin
        drive = self._driven(segment, begin)
        if is_new:
            self._switch(visit, drive, progress)
            why = met(visit.step.until, progress.last, progress.origin)
            if why:
                return why
        else:
            self.stepper.go_on(drive, visit.number)
        until = end if segment.duration is None else min(end, begin + segment.duration)
        while not _reached(progress.last.time, until):
            why = self._step(visit, progress, begin, until)
            if why:
                return why
        return ""

    def _switch(self, visit: Visit, drive: Drives, progress: Progress) -> None:
        before = progress.last
        first = progress.firsts.get(visit.number, self._first)
        self.stepper.switch(drive, first, visit.number)
        after = self._watch.sample(self.stepper.now)
        # The instant of the switch is no time: what is held is still what it was.
        progress.last = replace(after, mismatch=before.mismatch)
        if progress.segment == 0:
            self._watch.begin(visit, before, progress.last)
        else:
            self._watch.switched(visit, before, progress.last)
        progress.segment_begin, progress.length, progress.pace = before.time, first, None

    def _step(self, visit: Visit, progress: Progress, begin: float, until: float) -> str:
        """One step of time; what ended the protocol's step there."""
        stepper, conditions = self.stepper, visit.step.until
        is_alone = len(stepper.points) == 1
        length = min(progress.length, self._case.time.max_step or inf)
        trial, following = self._taken(begin, length, until, progress.pace)
        found = self._watch.sample(trial.points[0])
        if met(conditions, found, progress.origin):
            trial, found = located(
                conditions, progress.origin, progress.last, (trial, found), self._attempted
            )
            stepper.stand(trial.points[0])
        # Together: an interruption while the event was looked for leaves both as they were.
        stepper.accept(trial)
        found = replace(
            found, voltage_error=stepper.voltage_error, current_error=stepper.current_error
        )
        progress.length, progress.last = following, found
        progress.pace = None if is_alone else Pace(trial.length, trial.error)
        if is_alone and trial.points[-1].time == begin:
            wanted = trial.length * factor(trial.error)
            progress.firsts[visit.number] = max(wanted, stepper.shortest)
        self.cost.steps += 1
        self._watch.step(visit, found, trial)
        self._require_within_limits(found)
        shorter = AFTER_SLIDE * following
        self.stepper = renewed(stepper, self._remesh, shorter)
        if self.stepper is not stepper or keep_even(stepper, shorter):
            progress.length, progress.pace = shorter, None
        return met(conditions, found, progress.origin)

    def _attempted(self, length: float) -> tuple[Trial, Sample | None]:
        self.stepper.go_back()
        trial = self.stepper.attempt(length)
        self.cost.iterations += trial.iterations
        return trial, self._watch.sample(trial.points[0]) if trial.solved else None

    def _taken(
        self, begin: float, length: float, until: float, last: Pace | None
    ) -> tuple[Trial, float]:
        """A step that is accurate enough, and how long the next may be; ``last`` is the one before
        in the same segment."""
        stepper = self.stepper
        now = stepper.now.time
        refused = False
        while True:
            length = _fitted(length, until - now)
            trial = stepper.attempt(length)
            self.cost.iterations += trial.iterations
            if trial.solved and trial.error <= 1.0:
                trend = 1.0 if last is None else last.trend(Pace(length, trial.error))
                following = length * factor(trial.error, trend)
                return trial, min(following, length) if refused else following
            refused = True
            change, last = factor(trial.error) if trial.solved else AFTER_FAILURE, None
            self.cost.rejected += 1
            stepper.go_back()
            length *= change
            if length < SHORTEST * max(now - begin, self._first):
                reason = trial.reason or "the steps of time become too short"
                raise SolveError(f"no state after t = {now:.6g} s: {reason}")

    def _driven(self, segment: Segment, begin: float) -> Drives:
        return lambda time: self._drive(segment.target(time - begin))

    def _drive(self, target: Target) -> Drive:
        if target.current is not None:
            return Drive.by_current(target.current * self._area)
        assert target.voltage is not None
        ohms = self._case.terminal.series_resistance / self._area
        potential = (target.voltage - self._offset) / self._voltage
        return Drive(a=ohms / self._voltage, b=1.0, potential=potential)

    def _require_within_limits(self, sample: Sample) -> None:
        limits = self._case.limits
        checks = [("voltage", sample.voltage, limits.voltage, "V")]
        if limits.concentration is not None:
            checks.append(("concentration", sample.concentration, limits.concentration, "mol/m^3"))
        if limits.gap is not None:
            checks.append(("gap", sample.gap, (limits.gap, inf), "m"))
        for name, found, (low, high), unit in checks:
            if found < low or found > high:
                raise LimitReached(
                    f"limits.{name}: {found:.6g} {unit} at t = {sample.time:.6g} s, allowed "
                    f"{low:g} to {high:g} {unit}"
                )
        met_by_front = obstacle(self.stepper.problem)
        if met_by_front:
            raise LimitReached(f"front at t = {sample.time:.6g} s: {met_by_front}")


def _fitted(length: float, left: float) -> float:
    """A step that leaves no splinter before the end."""
    if length >= left * (1 - 1e-9):
        return left
    return min(length, left / 2) if length > left / 2 else length


def _reached(time: float, until: float) -> bool:
    return until <= time * (1 + ROUNDING)


def _first_step(problem: Problem) -> float:
    """Of a step of the protocol [s]: where sqrt(t) of diffusion across the cell is ten times the
    error allowed, where a double layer has relaxed by its square root, and where a wall has changed
    by that error."""
    case, bulk = problem.case, problem.bulk
    found = []
    if problem.level.conserved:
        length = sum(layer.thickness for layer in case.layers if layer.medium.porosity > 0)
        slowest = min(species.diffusivity for species in bulk.species)
        found.append((10 * case.time.rtol) ** 2 * length**2 / slowest)
    surface = problem.cell.working.surface
    capacitance = stored_capacitance(problem, surface)
    if capacitance is not None:
        exchange = surface.exchange_current_density
        found.append(capacitance * bulk.thermal_voltage / exchange * case.time.rtol**0.5)
    found += [time * case.time.rtol for time in changes_of_surfaces(problem)]
    if case.front is not None:
        found.append(case.time.rtol * time_to_short(problem))
    return min(found)
