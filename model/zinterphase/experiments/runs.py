"""One anode on one surface through an experiment: its course in a record that is stored."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from math import isfinite, nan

import numpy as np
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.cell.advice import regime_of
from zinterphase.cell.electrodes import Cell, cell_of
from zinterphase.ensemble.jobs import Job, OnRun, fingerprint, run_job
from zinterphase.ensemble.marched import recorded
from zinterphase.ensemble.members import Record
from zinterphase.experiments.course import REACTION, Array
from zinterphase.experiments.experiment import InTime, OnWaves, Steady
from zinterphase.experiments.setup import Setup
from zinterphase.experiments.watch import CourseWatch
from zinterphase.experiments.waves import beyond_theory, measured, wave_columns
from zinterphase.march.driver import Driver
from zinterphase.observe import keys
from zinterphase.observe.beginning import at_rest
from zinterphase.observe.projection import NO_GRAPH
from zinterphase.parallel import on_root
from zinterphase.result import Result
from zinterphase.solve.problem import Problem

LABEL = 0.0
"""Stands for the current of a job's one run, which the experiment chooses."""
FEWEST = 4
"""Points of a steady curve: below that many there is none."""


@dataclass(frozen=True)
class Experimented(Job):
    """A job of one run: the whole experiment. ``case`` is that at no voltage at open circuit."""

    setup: Setup | None = None

    @property
    def ready(self) -> Setup:
        """The case with its experiment."""
        assert self.setup is not None
        return self.setup

    def told(self, current: float) -> str:
        """The run as progress shows it."""
        return f"{self.ready.experiment.name}: {self.name}"

    def key(self, current: float) -> str:
        """By the resolved case with the protocol, and the currents of a steady curve."""
        measure, case = self.ready.experiment.measure, self.case.with_seed(self.seed)
        more = f"experiment {self.ready.experiment.name} {self.seed}"
        if isinstance(measure, OnWaves):
            # Everything that the waves' cases come from.
            own = self.ready.as_read()
            return fingerprint(own, f"{more} {measure.waves(self.ready.values, own)}")
        if isinstance(measure, Steady):
            more += f" {measure.currents(self.ready.values, case)}"
        return fingerprint(case, more)


def run_experiment(
    job: Job, keys_by_current: dict[float, str], comm: MPI.Intracomm, on_result: OnRun | None
) -> Iterator[tuple[float, Record]]:
    """Make the run of an :class:`Experimented` job; collective.

    What cannot be meshed or is refused, and a run that does not come to its end, give a record with
    the reason. Frees the solver at the end.
    """
    assert isinstance(job, Experimented)
    made = _MADE[type(job.ready.experiment.measure)]
    for current, key in keys_by_current.items():
        yield current, made(key, job, comm)


def _marched(key: str, job: Experimented, comm: MPI.Intracomm) -> Record:
    case = job.case.with_seed(job.seed)

    def made(problem: Problem) -> Record:
        probe, stepper = at_rest(problem)
        watch = CourseWatch(probe)
        voltage = watch.sample(stepper.now).voltage
        about = on_root(comm, lambda: job.ready.case(voltage).with_seed(job.seed))
        Driver(about, stepper, watch).march()
        facts = _facts(case, problem.cell, voltage)
        return Record(key, scalars=facts, course=watch.columns())

    return recorded(key, case, comm, made)


def _steady(key: str, job: Experimented, comm: MPI.Intracomm) -> Record:
    """One point after the other, each starting from the one before, to the first that fails."""
    measure, case = job.ready.experiment.measure, job.case.with_seed(job.seed)
    assert isinstance(measure, Steady)
    cell = cell_of(case)
    wanted = dict.fromkeys(measure.currents(job.ready.values, case), key)
    points: list[tuple[float, Record]] = []
    kinetic: dict[float, float] = {}
    reason: str | None = None

    def note(result: Result, current: float) -> None:
        kinetic[current] = nan if result.voltage is None else result.voltage.kinetic

    alone = Job(job.case_index, job.label, case, job.seed)
    with closing(run_job(alone, wanted, comm, note)) as runs:
        for current, record in runs:
            reason = record.reason
            if reason is not None:
                break
            points.append((current, record))
    if len(points) < FEWEST:
        return Record(key, reason=reason or "too few points")
    columns = _columns(points, kinetic, cell)
    return Record(key, scalars=_facts(case, cell, float(columns["voltage"][0])), course=columns)


def _on_waves(key: str, job: Experimented, comm: MPI.Intracomm) -> Record:
    """One corrugated surface after the other, to the first that fails."""
    own = job.ready.as_read()
    reason = beyond_theory(own)
    if reason is not None:
        return Record(key, reason=reason)
    cases, waves = on_root(comm, job.ready.on_waves)
    responses: list[float] = []
    for response, reason in measured(cases, waves, comm):
        if response is None:
            return Record(key, reason=reason or NO_GRAPH)
        responses.append(response)
    facts = {} if own.front is None else {"surface_energy": own.front.surface_energy}
    return Record(key, scalars=facts, course=wave_columns(own, cases, waves, responses))


_MADE: Mapping[type, Callable[[str, Experimented, MPI.Intracomm], Record]] = {
    InTime: _marched,
    Steady: _steady,
    OnWaves: _on_waves,
}


def _columns(
    points: list[tuple[float, Record]], kinetic: dict[float, float], cell: Cell
) -> dict[str, Array]:
    """Of the points, the first of which is at rest."""

    def column(name: str) -> Array:
        return np.array([record.scalars.get(name, nan) for _, record in points])

    return {
        "current": np.array([current for current, _ in points]),
        "voltage": column(keys.POTENTIAL) + cell.voltage_at_gauge,
        "kinetic": np.array([kinetic[current] for current, _ in points]),
        **{
            REACTION + name: column(keys.reaction_key("working", name, "mean_current_density"))
            for name in cell.working.other_reactions
        },
    }


def _facts(case: Case, cell: Cell, rest_voltage: float) -> dict[str, float]:
    main = cell.working.surface.main
    found = {
        "rest_voltage": rest_voltage,
        "exchange_current_density": main.equilibrium.exchange_current_density,
        "electrons": float(main.electrons),
        "thermal_voltage": cell.bulk.thermal_voltage,
        "limiting_current": regime_of(case).limiting_current,
    }
    return {name: value for name, value in found.items() if isfinite(value)}
