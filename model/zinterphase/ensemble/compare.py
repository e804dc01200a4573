"""Anodes side by side: the same surfaces, the same mean currents, one table of homogeneity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.cell.advice import Regime, require_valid
from zinterphase.ensemble.anode import Anode
from zinterphase.ensemble.groups import groups_of, solve_ensemble
from zinterphase.ensemble.homogenisation import HomogenisationTable, Member, homogenisation_table
from zinterphase.ensemble.jobs import driven, jobs_in_turn
from zinterphase.ensemble.members import Record
from zinterphase.ensemble.mesh_errors import (
    NumericalError,
    numerical_errors,
    reference_errors,
    study_jobs,
    undecided,
)
from zinterphase.ensemble.setting import (
    currents_of,
    headline_of,
    labels_of,
    notices,
    require_comparable,
    seeds_of,
)
from zinterphase.ensemble.subject import CORROSION, Subject, subject_of, subject_of_case
from zinterphase.ensemble.wave_growth import WaveGrowth, wave_growth
from zinterphase.errors import SolveError
from zinterphase.observe import keys
from zinterphase.parallel import on_root
from zinterphase.result import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class Comparison:
    """Anodes at equal mean current over shared seeds; SI units.

    Attributes
    ----------
    cases : The anodes, the reference first.
    labels : Their names in table and figure, each once.
    currents : Mean current densities, cathodic negative [A/m2].
    seeds : Seeds of the random fields.
    members : Every run, those that gave no solution included.
    table : Means over the seeds and homogenisation factors, with 95 % intervals.
    anodes : What the figure draws.
    drawn_seed : Seed whose profiles are drawn.
    regimes : By case and current, where the model places the anode.
    notices : By case, warnings and advice, one line each.
    numerical_errors : Errors of CVs and H by anode, current and field; none in 3D.
    cv_errors : By field, the numerical error of the reference's CV; H needs a CV above it.
    waves : How the waves of surfaces that move have grown; none where they stay.
    """

    cases: tuple[Case, ...]
    labels: tuple[str, ...]
    currents: tuple[float, ...]
    seeds: tuple[int, ...]
    members: tuple[Member, ...]
    table: HomogenisationTable
    anodes: tuple[Anode, ...]
    drawn_seed: int
    regimes: tuple[tuple[Regime, ...], ...]
    notices: tuple[tuple[str, ...], ...]
    numerical_errors: tuple[NumericalError, ...]
    cv_errors: dict[str, float]
    waves: tuple[WaveGrowth, ...]

    @property
    def level(self) -> str:
        """Level of theory of all anodes."""
        return self.cases[0].level

    @property
    def headline(self) -> str:
        """The field that the anodes are compared by."""
        return headline_of(self.cases)

    @property
    def subject(self) -> Subject:
        """What that field is of."""
        return subject_of(self.headline)

    @property
    def corroding(self) -> tuple[Member, ...]:
        """Runs at open circuit of anodes that corrode, by case and seed; none elsewhere."""
        subjects = {i: [subject_of_case(driven(c, i)) for c in self.cases] for i in self.currents}
        return tuple(m for m in self.members if CORROSION in subjects[m.current])

    @property
    def concentration(self) -> float:
        """Bulk concentration of the salt, of the reactant where ions are given singly [mol/m3]."""
        salt = self.cases[0].electrolyte.concentration
        ions = self.cases[0].electrolyte.resolved_species
        return ions[0].concentration if salt is None else salt

    def figure(self) -> Figure:
        """Profiles and spectra of the current, or of the deposit, per projected area; CVs and H of
        the headline."""
        from zinterphase.ensemble.comparison_figure import comparison_figure

        return comparison_figure(
            self.anodes,
            subject=self.subject,
            width=self.cases[0].geometry.extents,
            level=self.level,
            concentration=self.concentration,
            seed=self.drawn_seed,
            seeds=self.seeds,
            compared=keys.AREAS[self.headline],
        )


def compare(
    cases: Sequence[Case],
    *,
    currents: Sequence[float] | None = None,
    seeds: int | Sequence[int] = 1,
    comm: MPI.Intracomm = MPI.COMM_WORLD,
    members_at_once: int | None = None,
    progress: Callable[[str, int, int], None] = lambda text, done, total: None,
    folder: Path | None = None,
    on_result: Callable[[Result, int, float, int], None] | None = None,
) -> Comparison:
    """Solve every case at every mean current for every seed; collective.

    All cases get the same surfaces (``Case.with_seed``) and the same mean currents, so that H
    compares anodes pair by pair. In 2D all are also solved with every cell halved, on the first
    seed: twice what that changes is the numerical error of a CV and of H. Cases with a protocol,
    the same in all, are marched through it, and compared by the thickness of the deposit at the
    end of the last step that plates.

    Parameters
    ----------
    cases : The anodes; the first one is the reference.
    currents : Mean current densities, cathodic negative [A/m2]; that of the cases by default. None
        with a protocol, whose largest one stands in the tables.
    seeds : Seeds, or their number; from 10 on there are intervals.
    comm : Ranks to work on.
    members_at_once : Runs side by side, each on an equal part of the ranks; by default a rank
        each in 2D, and one on all ranks in 3D.
    progress : Called on rank 0 after each run with what it was, how many are done, and of how
        many.
    folder : Finished runs are kept in its `members.jsonl` and not made again.
    on_result : Called for the first seed with result, number of the case, current and seed, on
        the ranks that solved it; collective on ``result.problem.domain.comm``. Runs in time have
        no result.

    Raises
    ------
    CaseError
        A case is refused, or the cases cannot be compared.
    SolveError
        No run gave a solution. A single one that gives none is recorded.
    """
    labels = labels_of(cases)
    require_comparable(cases, labels)
    setting = _Compared(tuple(cases), labels, currents_of(cases, currents), seeds_of(seeds))
    advice = notices(cases, setting.currents, setting.seeds)
    study = study_jobs(cases, labels, setting.seeds[0])
    jobs = [*study, *jobs_in_turn(setting.cases, setting.labels, setting.seeds)]
    records = solve_ensemble(
        jobs,
        setting.currents,
        comm=comm,
        groups=groups_of(comm, len(jobs), cases[0].geometry.dimension, members_at_once),
        progress=progress,
        folder=folder,
        on_result=None if cases[0].protocol else on_result,
        handed_over=setting.seeds[0],
    )
    made = list(zip(jobs, records, strict=True))
    runs = {
        (job.case_index, current, job.seed): record
        for job, row in made
        if not job.refined
        for current, record in row.items()
    }
    errors = numerical_errors(labels, made[: len(study)], lambda *run: runs[run])
    return on_root(comm, lambda: _comparison(setting, runs, errors, advice))


RunRecords = Mapping[tuple[int, float, int], Record]


@dataclass(frozen=True)
class _Compared:
    """What is compared."""

    cases: tuple[Case, ...]
    labels: tuple[str, ...]
    currents: tuple[float, ...]
    seeds: tuple[int, ...]


def _comparison(
    setting: _Compared,
    runs: RunRecords,
    errors: tuple[NumericalError, ...],
    advice: Sequence[tuple[str, ...]],
) -> Comparison:
    members = _members(setting, runs)
    if not any(member.converged for member in members):
        raise SolveError(f"no run gave a solution; the first one: {members[0].reason}")
    fields = tuple(dict.fromkeys(name for member in members for name in member.metrics))
    cv_errors = reference_errors(errors, setting.labels[0], fields)
    table = homogenisation_table(members, cv_errors=cv_errors)
    regimes = tuple(
        tuple(require_valid(driven(case, i)) for i in setting.currents) for case in setting.cases
    )
    drawn = _drawn_seed(runs, setting.seeds)
    lines = [
        (*known, *undecided(table, errors, label))
        for known, label in zip(advice, setting.labels, strict=True)
    ]
    return Comparison(
        cases=setting.cases,
        labels=setting.labels,
        currents=setting.currents,
        seeds=setting.seeds,
        members=members,
        table=table,
        anodes=_anodes(setting, runs, drawn, table, regimes),
        drawn_seed=drawn,
        regimes=regimes,
        notices=tuple(lines),
        numerical_errors=errors,
        cv_errors=cv_errors,
        waves=tuple(_waves(setting, runs)),
    )


def _waves(setting: _Compared, runs: RunRecords) -> Iterator[WaveGrowth]:
    """Of each anode, through the protocol: at one current."""
    for k, label in enumerate(setting.labels):
        records = [runs[k, setting.currents[0], seed] for seed in setting.seeds]
        yield from wave_growth(label, records)


def _members(setting: _Compared, runs: RunRecords) -> tuple[Member, ...]:
    """Every run, by current, case and seed."""
    return tuple(
        runs[k, current, seed].member(label, setting.cases[k].level, current, seed)
        for current in setting.currents
        for k, label in enumerate(setting.labels)
        for seed in setting.seeds
    )


def _drawn_seed(runs: RunRecords, seeds: Sequence[int]) -> int:
    """The first of the seeds with the most profiles."""
    drawable = Counter(seed for (*_, seed), record in runs.items() if record.profile is not None)
    return max(seeds, key=lambda seed: drawable[seed])


def _anodes(
    setting: _Compared,
    runs: RunRecords,
    drawn: int,
    table: HomogenisationTable,
    regimes: Sequence[Sequence[Regime]],
) -> tuple[Anode, ...]:
    """What the figure shows, by current and case."""
    anodes, headline = [], headline_of(setting.cases)
    for c, current in enumerate(setting.currents):
        for k, label in enumerate(setting.labels):
            spectra = (runs[k, current, seed].spectrum for seed in setting.seeds)
            row = table.row(label, current, headline)
            rests = subject_of_case(driven(setting.cases[k], current)) is CORROSION
            anode = Anode(
                label,
                current,
                runs[k, current, drawn].profile,
                tuple(spectrum for spectrum in spectra if spectrum is not None),
                row.metrics["cv"],
                regimes[k][c].limiting_fraction,
                row.homogenisation if k > 0 else None,
                row.scalars.get(keys.CORROSION) if rests else None,
            )
            anodes.append(anode)
    return tuple(anodes)
