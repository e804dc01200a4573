"""Anodes side by side: the same surfaces, the same mean currents, one table of homogeneity."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure
from mpi4py import MPI

from zinterphase.advice import Regime, require_valid
from zinterphase.case import Case
from zinterphase.errors import SolveError
from zinterphase.output.figures import Anode, comparison_figure
from zinterphase.output.tables import HomogenisationTable, Member, homogenisation_table
from zinterphase.parallel import on_root
from zinterphase.result import Result
from zinterphase.studies.ensemble import groups_of, solve_ensemble
from zinterphase.studies.member import DRAWN, SCALAR_UNITS, Job, Record
from zinterphase.studies.refinement import halved
from zinterphase.studies.setting import (
    currents_of,
    labels_of,
    notices,
    require_comparable,
    seeds_of,
)

ALGEBRAIC_ERROR = 1e-8
"""Error of a CV that the tolerances of the solver leave."""
FIRST_ORDER = 2.0
"""The error of a quantity of first order is twice what halving the cells changes."""
FIELD_UNITS = {"current_density": "A/m2", "ion_flux": "mol/m2/s", "normal_field": "V/m"}


@dataclass(frozen=True, eq=False)
class Comparison:
    """Anodes at equal mean current over shared seeds; SI units.

    Attributes:
        cases: The anodes, the reference first.
        labels: Their names in table and figure, each once.
        currents: Mean current densities, cathodic negative [A/m2].
        seeds: Seeds of the random fields.
        members: Every run, those that gave no solution included.
        table: Means over the seeds and homogenisation factors, with 95 % intervals.
        anodes: What the figure draws.
        drawn_seed: Seed whose profiles are drawn.
        regimes: By case and current, where the model places the anode.
        notices: By case, warnings and advice, one line each.
        cv_errors: By field, the numerical error of the reference's CV.
        cv_error_source: How that error was found.
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
    cv_errors: dict[str, float]
    cv_error_source: str

    @property
    def level(self) -> str:
        """Level of theory of all anodes."""
        return self.cases[0].level

    @property
    def concentration(self) -> float:
        """Bulk concentration of the salt, of the reactant where ions are given singly [mol/m3]."""
        salt = self.cases[0].electrolyte.concentration
        ions = self.cases[0].electrolyte.resolved_species
        return ions[0].concentration if salt is None else salt

    def figure(self) -> Figure:
        """Profiles, spectra and CVs of the current per projected area."""
        return comparison_figure(
            self.anodes,
            name=DRAWN,
            width=self.cases[0].geometry.extents,
            level=self.level,
            concentration=self.concentration,
            seed=self.drawn_seed,
            seeds=self.seeds,
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
    compares anodes pair by pair. In 2D the reference is also solved with every cell halved, on the
    first seed: twice what that changes is the numerical error of its CV.

    Args:
        cases: The anodes; the first one is the reference.
        currents: Mean current densities, cathodic negative [A/m2]; that of the cases by default.
        seeds: Seeds, or their number; from 8 on there are intervals.
        comm: Ranks to work on.
        members_at_once: Runs side by side, each on an equal part of the ranks; by default a rank
            each in 2D, and one on all ranks in 3D.
        progress: Called on rank 0 after each run with what it was, how many are done, and of how
            many.
        folder: Finished runs are kept in its `members.jsonl` and not made again.
        on_result: Called for the first seed with result, number of the case, current and seed, on
            the ranks that solved it; collective on ``result.problem.domain.comm``.

    Raises:
        CaseError: A case is refused, or the cases cannot be compared.
        SolveError: No run gave a solution. A single one that gives none is recorded.
    """
    labels = labels_of(cases)
    require_comparable(cases, labels)
    chosen, shared = currents_of(cases, currents), seeds_of(seeds)
    advice = notices(cases, chosen, shared)
    jobs = _jobs(cases, labels, shared)
    finer = halved(cases[0]) if cases[0].geometry.dimension == 2 else None
    study = [] if finer is None else [Job(0, labels[0], finer, shared[0], refined=True)]
    every = study + jobs
    records = solve_ensemble(
        every,
        chosen,
        comm=comm,
        groups=groups_of(comm, len(every), cases[0].geometry.dimension, members_at_once),
        progress=progress,
        folder=folder,
        on_result=on_result,
        handed_over=shared[0],
    )
    runs = {(j.case_index, i, j.seed): records[j.key(i)] for j in jobs for i in chosen}
    members = tuple(
        _member(labels[k], cases[k].level, i, seed, runs[k, i, seed])
        for i in chosen
        for k in range(len(cases))
        for seed in shared
    )
    if not any(member.converged for member in members):
        raise SolveError(f"no run gave a solution; the first one: {members[0].reason}")
    errors, source = _cv_errors(study, chosen, runs, records)
    units = _units(members)
    table = on_root(comm, lambda: homogenisation_table(members, cv_errors=errors, units=units))
    regimes = tuple(tuple(require_valid(c.with_current(i)) for i in chosen) for c in cases)
    drawn = _drawn_seed(runs, shared)
    return Comparison(
        tuple(cases),
        labels,
        chosen,
        shared,
        members,
        table,
        _anodes(labels, chosen, shared, drawn, runs, table, regimes),
        drawn,
        regimes,
        advice,
        errors,
        source,
    )


Runs = Mapping[tuple[int, float, int], Record]


def _jobs(cases: Sequence[Case], labels: Sequence[str], seeds: Sequence[int]) -> list[Job]:
    """Seed by seed, beginning with another case each time: dealt out in turn, the costly cases
    then fall to all groups."""
    order = [(s, (s + k) % len(cases)) for s in range(len(seeds)) for k in range(len(cases))]
    return [Job(k, labels[k], cases[k], seeds[s]) for s, k in order]


def _member(label: str, level: str, current: float, seed: int, record: Record) -> Member:
    return Member(
        case=label,
        label=label,
        seed=seed,
        current=current,
        level=level,
        metrics=record.metrics,
        scalars=record.scalars,
        converged=record.reason is None,
        reason=record.reason,
    )


def _cv_errors(
    study: Sequence[Job], currents: Sequence[float], runs: Runs, records: Mapping[str, Record]
) -> tuple[dict[str, float], str]:
    """Largest error over the currents, by field of the reference, and where it comes from."""
    algebraic = f"solver tolerance ({ALGEBRAIC_ERROR:g})"
    errors: dict[str, float] = {}
    for job in study:
        for current in currents:
            coarse, fine = runs[0, current, job.seed], records[job.key(current)]
            if fine.reason is not None:
                return _floor(runs), f"{algebraic}; the finer mesh gave no solution: {fine.reason}"
            for name, metrics in coarse.metrics.items():
                cv, finer_cv = metrics["cv"], fine.metrics[name]["cv"]
                known = errors.get(name, ALGEBRAIC_ERROR)
                if cv is not None and finer_cv is not None:
                    errors[name] = max(known, FIRST_ORDER * abs(cv - finer_cv))
    if not study:
        return _floor(runs), f"{algebraic}; the mesh is not part of it"
    source = f"twice the change on halving every cell (seed {study[0].seed}), at least {algebraic}"
    return {**_floor(runs), **errors}, source


def _floor(runs: Runs) -> dict[str, float]:
    return {name: ALGEBRAIC_ERROR for record in runs.values() for name in record.metrics}


def _units(members: Sequence[Member]) -> dict[str, str]:
    fields = {name for member in members for name in member.metrics}
    units = {
        field: unit
        for field in sorted(fields)
        for start, unit in FIELD_UNITS.items()
        if field.startswith(start)
    }
    return {**units, **SCALAR_UNITS}


def _drawn_seed(runs: Runs, seeds: Sequence[int]) -> int:
    """The first of the seeds with the most profiles."""
    drawable = Counter(seed for (*_, seed), record in runs.items() if record.profile is not None)
    return max(seeds, key=lambda seed: drawable[seed])


def _anodes(
    labels: Sequence[str],
    currents: Sequence[float],
    seeds: Sequence[int],
    drawn: int,
    runs: Runs,
    table: HomogenisationTable,
    regimes: Sequence[Sequence[Regime]],
) -> tuple[Anode, ...]:
    """Anodes with a solution at each current."""
    anodes = []
    for c, current in enumerate(currents):
        for k, label in enumerate(labels):
            spectra = (runs[k, current, seed].spectrum for seed in seeds)
            anode = Anode(
                label,
                current,
                runs[k, current, drawn].profile,
                tuple(spectrum for spectrum in spectra if spectrum is not None),
                table.row(label, current, DRAWN).metrics["cv"],
                regimes[k][c].limiting_fraction,
            )
            anodes.append(anode)
    return tuple(anodes)
