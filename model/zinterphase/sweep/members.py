"""The members of a sweep: each a case of its own, or points along the control on one mesh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.cell.advice import require_valid
from zinterphase.cell.electrodes import cell_of
from zinterphase.ensemble.jobs import Job, OnRun, fingerprint
from zinterphase.ensemble.marched import march_record
from zinterphase.ensemble.members import Record
from zinterphase.errors import BalanceError, CaseError, MeshError, SolveError
from zinterphase.output.results import quantities
from zinterphase.result import Result
from zinterphase.run import Meshed, mesh_case, solve_on
from zinterphase.solve.continuation import ContinuationFailure
from zinterphase.solve.problem import Problem
from zinterphase.solve.state import State

END = "sweep.end_of_curve"
"""Of a point without a solution: the current density [A/m2] up to which there is one."""
HALVINGS = 6
"""Of the distance between the last point and the first without a solution."""
FAILURES = (SolveError, BalanceError, CaseError)


@dataclass(frozen=True)
class SweptJob(Job):
    """A member; ``points`` are its cases along the control by number, None where none is."""

    points: Mapping[float, Case] | None = None

    @property
    def limited(self) -> bool:
        """Whether the points are currents, whose curve ends where no more can flow."""
        return self.points is not None and self.case.control.current_density is not None

    def told(self, current: float) -> str:
        """A point as progress shows it."""
        point = "" if self.points is None else _control(self.points[current])[1]
        return " ".join(filter(None, (self.label, point)))

    @property
    def every(self) -> Mapping[float, Case]:
        """The points by number."""
        return {0.0: self.case} if self.points is None else self.points

    def at(self, current: float) -> Case:
        """The case of a point."""
        return self.every[current]

    def key(self, current: float) -> str:
        """What a stored record is found by."""
        return fingerprint(self.at(current), "sweep")


def run_member(
    job: Job, keys: dict[float, str], comm: MPI.Intracomm, on_result: OnRun | None
) -> Iterator[tuple[float, Record]]:
    """Solve the points of a :class:`SweptJob` in ``keys``; collective.

    From the equilibrium outwards, plating and stripping apart, each starting from the one before.
    What is refused or does not converge gives a record with the reason. Frees the solver at the
    end.
    """
    assert isinstance(job, SweptJob)
    if job.case.protocol:
        for number, key in keys.items():
            yield number, march_record(key, job.at(number), comm)
        return
    try:
        meshed = mesh_case(job.case, comm)
        problem = Problem(job.case, meshed.domain)
    except (MeshError, CaseError) as error:
        for number, key in keys.items():
            yield number, Record(key, reason=str(error))
        return
    curve = _Curve(problem, meshed, job)
    try:
        for branch in branches(job.every):
            yield from curve.along([number for number in branch if number in keys], keys)
    finally:
        problem.close()


def branches(points: Mapping[float, Case]) -> list[list[float]]:
    """Numbers of the points on either side of the equilibrium, the nearest first."""
    rest = {number: _control(case)[0] for number, case in points.items()}
    ordered = sorted(points, key=lambda number: abs(rest[number]))
    plating = [number for number in ordered if rest[number] < 0.0]
    return [plating, [number for number in ordered if rest[number] >= 0.0]]


@dataclass
class _Curve:
    """Points on one mesh."""

    problem: Problem
    meshed: Meshed
    job: SweptJob

    def along(
        self, numbers: Sequence[float], keys: Mapping[float, str]
    ) -> Iterator[tuple[float, Record]]:
        """Solve points one from the other; behind the end of the curve none is tried."""
        last: tuple[Case, State] | None = None
        ended: str | None = None
        for number in numbers:
            case = self.job.at(number)
            if ended is not None:
                yield number, Record(keys[number], reason=f"beyond the end of the curve at {ended}")
                continue
            try:
                record = self._solved(keys[number], case, last)
                last = (case, self.problem.state())
            except FAILURES as error:
                record = Record(keys[number], reason=str(error))
                if self.job.limited:
                    record = self._with_end(record, error, case, last)
                    end = record.scalars.get(END)
                    ended = None if end is None else f"{end / 10:.4g} mA/cm^2"
            yield number, record

    def _solved(self, key: str, case: Case, good: tuple[Case, State] | None) -> Record:
        start = None if good is None else good[1]
        self.problem.retarget(case)
        regime = require_valid(case)
        return _record(key, solve_on(self.problem, regime, self.meshed.quality, {}, start=start))

    def _with_end(
        self, failed: Record, error: Exception, case: Case, good: tuple[Case, State] | None
    ) -> Record:
        """The record of a point that cannot be, with the numbers of the last one that can."""
        wanted, low = _imposed(case), 0.0 if good is None else _imposed(good[0])
        if isinstance(error, ContinuationFailure) and abs(error.load * wanted) > abs(low):
            end = error.load * wanted
            found = self._tried(failed.key, case.with_current(end), None)
            if found is not None:
                return _ending(failed, found, end)
        high, last = wanted, None
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            found = self._tried(failed.key, case.with_current(middle), good)
            if found is None:
                high = middle
            else:
                low, last, good = middle, found, (self.problem.case, self.problem.state())
        return failed if last is None else _ending(failed, last, low)

    def _tried(self, key: str, case: Case, good: tuple[Case, State] | None) -> Record | None:
        try:
            return self._solved(key, case, good)
        except FAILURES:
            return None


def _record(key: str, result: Result) -> Record:
    """Every number of a solution that has a value, by the keys of `results.json`."""
    found = {
        name: quantity
        for name, quantity in quantities(result).items()
        if isinstance(quantity.value, float) and isfinite(quantity.value)
    }
    return Record(
        key,
        scalars={name: float(q.value) for name, q in found.items() if isinstance(q.value, float)},
        units={name: q.unit for name, q in found.items()},
    )


def _ending(failed: Record, last: Record, current: float) -> Record:
    scalars, units = last.scalars | {END: current}, last.units | {END: "A/m^2"}
    return replace(failed, scalars=scalars, units=units)


def _control(case: Case) -> tuple[float, str]:
    """Distance of a case's control from the equilibrium, and the control for people."""
    current, potential = case.control.current_density, case.control.potential
    if current is not None:
        return current, f"{current / 10:.4g} mA/cm^2"
    if potential is not None:
        return potential - cell_of(case).voltage_at_gauge, f"{potential * 1e3:.4g} mV"
    return 0.0, ""


def _imposed(case: Case) -> float:
    current = case.control.current_density
    assert current is not None
    return current
