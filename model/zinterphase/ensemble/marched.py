"""One anode on one surface through a protocol, reduced to a record of its deposit."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from math import isnan, nan

import numpy as np
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.case.protocol import Visit
from zinterphase.cell.advice import require_valid
from zinterphase.ensemble.jobs import Job
from zinterphase.ensemble.members import Record
from zinterphase.ensemble.subject import DEPOSIT
from zinterphase.ensemble.wave_growth import wave_columns
from zinterphase.errors import BalanceError, CaseError, MeshError, SolveError
from zinterphase.march.cycles import SMALLEST, CycleBook, CycleRow
from zinterphase.march.driver import Cost, Driver
from zinterphase.march.jump import Undo
from zinterphase.march.losses import Losses
from zinterphase.march.onset import Onset
from zinterphase.march.point import Point, Trial
from zinterphase.march.sample import Sample
from zinterphase.march.stepper import Stepper
from zinterphase.observe import keys
from zinterphase.observe.beginning import at_rest
from zinterphase.observe.homogeneity import homogeneity
from zinterphase.observe.probe import VANISHES, Probe
from zinterphase.observe.projection import NO_GRAPH
from zinterphase.observe.surface import FloatArray, SurfaceMap
from zinterphase.remeshing import remeshed
from zinterphase.run import mesh_case
from zinterphase.solve.free_front import FreeFront
from zinterphase.solve.problem import Problem

FAINT = 1e-6
"""Of the charge plated: a part of its losses below that is none."""
NO_VOLUME = "the thickness of the deposit is not known: the library has no volume of its metal"
SLIDES = 'front.motion = "free": the deposit is told on facets that slide, and not compared'
NO_PLATING = "no step of the protocol plates the working electrode"
NO_DEPOSIT = "the mean thickness of the deposit vanishes after the last step that plates"


def march_job(
    job: Job, keys_by_current: Mapping[float, str], comm: MPI.Intracomm
) -> Iterator[tuple[float, Record]]:
    """March a job's protocol for every label in ``keys_by_current``; collective.

    A surface that cannot be meshed, and a march that does not come to its end, give a record with
    the reason. Frees the solver at the end.
    """
    for current, key in keys_by_current.items():
        yield current, march_record(key, job.at(current), comm)


class MemberWatch:
    """The watch of a march without files: its cycles, and the map after the last plating step."""

    def __init__(self, probe: Probe) -> None:
        """Begin at the march's first state."""
        self.book, self.onset, self.worst = CycleBook(), Onset(), 0.0
        self.plated: FloatArray | None = None
        """Thickness on the facets at the end of the last step that plated [m]."""
        self.largest = 0.0
        """Magnitude of the largest charge that a step has passed [C/m2]."""
        self.probe, self._problem = probe, probe.problem
        self._deposit = f"deposit {probe.problem.working.name}"
        self._labels = [block.label for block in probe.problem.case.protocol]
        self.nuclei = nan
        """Born on the bare substrate until now [1/m2]."""
        self.plating_voltage = nan
        """Mean voltage over the charge of that step [V]."""
        self.roughened = nan
        """Sq of a moving surface behind that step, less that at t = 0 [m]."""
        self.time, self.gap = nan, nan
        """At the end of the last step [s], and between surfaces that move [m]."""
        self._first: Sample | None = None
        self._begin = 0.0
        self._last: Sample | None = None
        self._work = 0.0
        self._thickness = np.zeros(len(probe.deposits[probe.problem.working.name].area))

    def sample(self, point: Point) -> Sample:
        """Numbers of a state."""
        return self.probe.sample(point)

    def remesh(self, stepper: Stepper, step: float) -> Stepper | None:
        """Go on with a mesh of the front as it is."""
        found = remeshed(self.probe, stepper, step)
        if found is None:
            return None
        self.free()
        self.probe = found.probe
        return found.stepper

    def free(self) -> None:
        """The solver, unless it is that of the first mesh, which the caller has."""
        if self.probe.problem is not self._problem:
            self.probe.problem.close()

    def begin(self, visit: Visit, before: Sample, after: Sample) -> None:
        """Charge counts from here."""
        self.book.begin(visit, before, after)
        self._first = self._first or before
        self.onset.starts(after)
        self._begin, self._last, self._work = before.charge, after, 0.0

    def switched(self, visit: Visit, before: Sample, after: Sample) -> None:
        """The voltage jumps within a step."""
        self._last = after

    def step(self, visit: Visit, sample: Sample, trial: Trial) -> None:
        """Follow cycle and deposit. Raises :class:`BalanceError`."""
        self.book.step(sample)
        self.onset.goes_on(sample)
        last, self._last = self._last, sample
        assert last is not None
        self._work += 0.5 * (last.voltage + sample.voltage) * (sample.charge - last.charge)
        self.worst, self.nuclei = max(self.worst, sample.mismatch), sample.nuclei
        self.probe.require_closed(sample, trial.points[0])
        self._thickness = trial.points[0].sums[self._deposit]

    def end(self, visit: Visit, sample: Sample, why: str) -> None:
        """Keep the map where the step has plated."""
        self.time, self.gap = sample.time, sample.gap
        self.book.end(visit, sample, self._labels[visit.block], why)
        self.onset.ends(sample)
        passed = sample.charge - self._begin
        self.largest = max(self.largest, abs(passed))
        if passed < -SMALLEST * self.largest:
            self.plated = self._thickness
            self.plating_voltage = self._work / passed
            assert self._first is not None
            self.roughened = sample.sq - self._first.sq

    def measure(self, visit: Visit, sample: Sample) -> None:
        """Spectra pass by."""

    def mark(self) -> Undo:
        """How to go back to here."""
        kept, cycles, onset = dict(vars(self)), self.book.memory(), self.onset.memory()

        def undo() -> None:
            vars(self).update(kept)
            self.book, self.onset = CycleBook.recalled(cycles), Onset.recalled(onset)

        return undo


def march_record(key: str, case: Case, comm: MPI.Intracomm) -> Record:
    """March a case's protocol from rest; collective. Without numbers where there is a reason."""
    return recorded(key, case, comm, lambda problem: march_on(key, problem)[0])


def recorded(
    key: str, case: Case, comm: MPI.Intracomm, made: Callable[[Problem], Record]
) -> Record:
    """What is ``made`` of a case's problem, or why there is nothing; collective.

    A case that is refused or cannot be meshed has a reason, and so has a run that does not come to
    its end. Frees the solver at the end.
    """
    try:
        require_valid(case)
        problem = Problem(case, mesh_case(case, comm).domain)
    except (MeshError, CaseError) as error:
        return Record(key, reason=str(error))
    try:
        return made(problem)
    except (SolveError, BalanceError, CaseError) as error:
        return Record(key, reason=str(error))
    finally:
        problem.close()


def march_on(key: str, problem: Problem) -> tuple[Record, Cost]:
    """A march from rest and what it took; collective. What could not be reduced is not marched.

    Raises what solves and balances raise.
    """
    if isinstance(problem.front, FreeFront):
        return Record(key, reason=SLIDES), Cost()
    probe, stepper = at_rest(problem)
    if not probe.graph:
        return Record(key, reason=NO_GRAPH), Cost()
    volume = probe.deposits[problem.working.name].volume
    if isnan(volume):
        return Record(key, reason=NO_VOLUME), Cost()
    watch = MemberWatch(probe)
    driver = Driver(problem.case, stepper, watch, watch.remesh)
    try:
        driver.march()
        return _judged(key, watch.probe, watch, volume), driver.cost
    finally:
        watch.free()


def _judged(key: str, probe: Probe, watch: MemberWatch, volume: float) -> Record:
    if watch.plated is None:
        return Record(key, reason=NO_PLATING)
    deposit = _map(probe, watch.plated)
    if abs(deposit.mean(DEPOSIT.drawn)) <= VANISHES * watch.largest * abs(volume):
        return Record(key, reason=NO_DEPOSIT)
    case = probe.problem.case
    return replace(_reduced(key, case, watch, deposit), course=wave_columns(case, probe.front))


def _map(probe: Probe, thickness: FloatArray) -> SurfaceMap:
    """One point a facet, weighted by its projected area."""
    deposit = probe.deposits[probe.problem.working.name]
    numbers = np.arange(len(thickness))
    values = {DEPOSIT.drawn: thickness}
    return SurfaceMap(deposit.position, deposit.area, deposit.area, numbers, values)


def _reduced(key: str, case: Case, watch: MemberWatch, deposit: SurfaceMap) -> Record:
    found = homogeneity(
        deposit, DEPOSIT.drawn, case.geometry.extents, case.metrics.radius, "projected", "m"
    )
    scalars = _scalars(watch, deposit)
    return Record(
        key,
        {keys.DEPOSIT_THICKNESS: found.metrics()},
        {name: value for name, (value, _) in scalars.items()},
        {keys.DEPOSIT_THICKNESS: "m"} | {name: unit for name, (_, unit) in scalars.items()},
        None,
        found.spectrum,
        deposit,
    )


def _scalars(watch: MemberWatch, deposit: SurfaceMap) -> dict[str, tuple[float, str]]:
    """Values and units of the last cycle's numbers, of those that are defined."""
    last = watch.book.rows[-1]
    found = {
        keys.PLATING_VOLTAGE: (watch.plating_voltage, "V"),
        keys.HYSTERESIS: (last.hysteresis, "V"),
        keys.EFFICIENCY: (last.efficiency, "1"),
        **_losses(last),
        keys.NUCLEATION: (watch.onset.overpotential, "V"),
        keys.COVERAGE_TIME: (watch.onset.covered, "s"),
        keys.NUCLEI: (watch.nuclei or nan, "1/m^2"),
        keys.END_VOLTAGE_PLATING: (last.end_voltage_plating, "V"),
        keys.END_VOLTAGE_STRIPPING: (last.end_voltage_stripping, "V"),
        keys.DEPOSIT_THICKNESS_MAX: (float(deposit.values[DEPOSIT.drawn].max()), "m"),
        keys.ROUGHNESS_GROWTH: (watch.roughened, "m"),
        keys.END_TIME: (nan if isnan(watch.gap) else watch.time, "s"),
        keys.END_GAP: (watch.gap, "m"),
        keys.LARGEST_MISMATCH: (watch.worst, "1"),
    }
    return {name: entry for name, entry in found.items() if not isnan(entry[0])}


def _losses(row: CycleRow) -> dict[str, tuple[float, str]]:
    """Where the charge of a cycle went, of what took any."""
    found = {
        keys.PLATING_EFFICIENCY: (row.plating_efficiency, "1"),
        keys.HYDROGEN_OF_CYCLE: (row.hydrogen or nan, "mol/m^2"),
    }
    shares = {f.name: getattr(row, f"lost_{f.name}") for f in fields(Losses)}
    told = {name: share if abs(share) > FAINT else nan for name, share in shares.items()}
    return found | {keys.LOST + name: (share, "1") for name, share in told.items()}
