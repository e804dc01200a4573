"""Mechanisms switched on alone, in pairs and all together, on the same surfaces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from mpi4py import MPI

from zinterphase.case import Case, Draft
from zinterphase.ensemble.corroding import corroding, with_open_circuit
from zinterphase.ensemble.groups import Progress
from zinterphase.ensemble.homogenisation import Member, units_of
from zinterphase.ensemble.jobs import Job, jobs_in_turn
from zinterphase.ensemble.members import Record
from zinterphase.ensemble.mesh_errors import study_jobs
from zinterphase.ensemble.planned import Planned
from zinterphase.ensemble.setting import currents_of, notices, seeds_of
from zinterphase.ensemble.subject import subject_of_case
from zinterphase.errors import CaseError, SolveError
from zinterphase.mechanisms.defaults import CURRENTS, PLATING, SEEDS, About
from zinterphase.mechanisms.definitions import LevelName, MechanismSwitch
from zinterphase.mechanisms.design import Combination, Design, design
from zinterphase.mechanisms.effects import EffectRow, effects
from zinterphase.mechanisms.switches import Switchboard, switchboard
from zinterphase.observe import keys
from zinterphase.parallel import on_root


@dataclass(frozen=True, eq=False)
class MechanismPlan(Planned):
    """What a study of mechanisms solves.

    Attributes
    ----------
    design : Combinations of switches.
    switches : Definitions of the switches, in the same order.
    left_out : Reasons, by name of a switch that cannot act on the case.
    cases : Case of each combination.
    currents : Mean current densities, cathodic negative [A/m2].
    seeds : Seeds of the random fields, the same for all combinations.
    notices : What the user should know of the base, one line each.
    board : Base and switches.
    """

    design: Design
    switches: tuple[MechanismSwitch, ...]
    left_out: dict[str, str]
    cases: tuple[Case, ...]
    currents: tuple[float, ...]
    seeds: tuple[int, ...]
    notices: tuple[str, ...]
    board: Switchboard

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        """Finer meshes first, which cost most; then the combinations in turn."""
        labels = [self.design.label(c) for c in self.design.combinations]
        finer = study_jobs(self.cases, labels, self.seeds[0])
        return (*finer, *jobs_in_turn(self.cases, labels, self.seeds))

    @property
    def trial(self) -> Job:
        """All together."""
        whole = self.design.combinations.index(self.design.together)
        return Job(whole, self.design.label(self.design.together), self.cases[whole], 1)

    @property
    def level(self) -> str:
        """Level of theory of every run."""
        return self.cases[0].level


@dataclass(frozen=True, eq=False)
class Mechanisms:
    """A study of mechanisms: every run, and what follows from them.

    Attributes
    ----------
    plan : What was solved.
    members : Every run on the given mesh, those that gave no solution included.
    rows : Effects and interactions of every metric, by current, metric and combination.
    refined : Whether finer meshes tell numerical errors.
    """

    plan: MechanismPlan
    members: tuple[Member, ...]
    rows: tuple[EffectRow, ...]
    refined: bool

    @cached_property
    def by_key(self) -> dict[tuple[float, Combination, str], EffectRow]:
        """Rows by current, combination and metric."""
        return {(row.current, row.combination, row.metric): row for row in self.rows}

    @cached_property
    def units(self) -> dict[str, str]:
        """Units of fields and scalars."""
        return units_of(self.members)

    @property
    def failures(self) -> tuple[Member, ...]:
        """Runs that gave no solution."""
        return tuple(member for member in self.members if not member.converged)


def plan_mechanisms(
    draft: Draft,
    *,
    level: LevelName | None = None,
    about: About | None = None,
    only: Sequence[str] | None = None,
    together: Sequence[str] | None = None,
    currents: Sequence[float] | None = None,
    seeds: int | Sequence[int] = SEEDS,
) -> MechanismPlan:
    """Combinations of the switches that act on a case, each a valid case.

    Parameters
    ----------
    draft : The case as its file has it.
    level : Level of theory; that of the definitions by default.
    about : What is asked of the mechanisms; corrosion of a case at open circuit with irreversible
        reductions by default, evenness of others.
    only : Names of the switches to study; all that act by default.
    together : What is solved as "all together"; by default all, of switches that exclude each
        other the first.
    currents : Mean current densities, cathodic negative [A/m2]; -10 and -50 by default. Open
        circuit comes before them where the study is about corrosion, and -10 is the default. None
        with a protocol, whose largest one stands in the tables.
    seeds : Seeds, or their number; at least 10, for there to be an interval.

    Raises
    ------
    CaseError
        The case, a switch or a number is refused.
    """
    chosen_seeds = seeds_of(seeds)
    if len(chosen_seeds) < SEEDS:
        raise CaseError("--seeds", len(chosen_seeds), f"at least {SEEDS}, for an interval")
    about = about or about_of(draft)
    if about == "corrosion":
        draft = corroding(draft)
        currents = currents if draft.case().protocol else with_open_circuit(currents, PLATING)
    board = switchboard(draft, level, about)
    made = design(board, only, together)
    cases = tuple(_case(board.draft(c), made.label(c)) for c in made.combinations)
    chosen_currents = currents_of(cases[:1], currents, CURRENTS)
    notes = [*board.notes, *notices(cases[:1], chosen_currents, chosen_seeds)[0]]
    notes += [f"{' and '.join(pair)} exclude each other: no such pair" for pair in made.excluded]
    if made.aside:
        notes.append(
            f"all together is {', '.join(made.together)}; aside is {', '.join(made.aside)}"
        )
    return MechanismPlan(
        made,
        board.chosen(made.switches),
        dict(board.left_out),
        cases,
        chosen_currents,
        chosen_seeds,
        tuple(notes),
        board,
    )


def about_of(draft: Draft) -> About:
    """What a study asks where it is not told. Raises :class:`CaseError`."""
    return "evenness" if subject_of_case(draft.case()).rate is None else "corrosion"


def mechanisms(
    plan: MechanismPlan,
    *,
    comm: MPI.Intracomm = MPI.COMM_WORLD,
    members_at_once: int | None = None,
    progress: Progress = lambda text, done, total: None,
    folder: Path | None = None,
) -> Mechanisms:
    """Solve a plan and tell effects and interactions; collective.

    In 2D every combination is also solved with every cell halved, on the first seed: an effect
    within twice what that changes is not decided.

    Parameters
    ----------
    plan : What to solve, the same on all ranks.
    comm : Ranks to work on.
    members_at_once : Runs side by side, each on an equal part of the ranks; by default a rank
        each in 2D, and one on all ranks in 3D.
    progress : Called on rank 0 after each run.
    folder : Finished runs are kept in its `members.jsonl` and not made again.

    Raises
    ------
    SolveError
        No run of the base gave a solution. Others that give none are recorded.
    """
    runs = {
        (job.case_index, current, None if job.refined else job.seed): record
        for job, row in plan.solved(comm, members_at_once, progress, folder)
        for current, record in row.items()
    }
    return on_root(comm, lambda: _reduced(plan, runs))


CombinationRecords = dict[tuple[int, float, int | None], Record]
"""Records by combination, current and seed, None for the finer mesh."""


def _case(draft: Draft, label: str) -> Case:
    try:
        return draft.case()
    except CaseError as error:
        allowed = f"{error.allowed} (with {label})"
        raise CaseError(error.field, error.value, allowed) from None


def _reduced(plan: MechanismPlan, runs: CombinationRecords) -> Mechanisms:
    base = [runs[0, current, seed] for current in plan.currents for seed in plan.seeds]
    if all(record.reason is not None for record in base):
        raise SolveError(f"no run of the base gave a solution; the first one: {base[0].reason}")
    refined = any(seed is None for _, _, seed in runs)
    rows: list[EffectRow] = []
    for current in plan.currents:
        for metric in _metrics(runs.values()):
            value = partial(_value, plan, runs, metric, current)
            rows += effects(plan.design, current, metric, value, plan.seeds, refined=refined)
    return Mechanisms(plan, _members(plan, runs), tuple(rows), refined)


def _metrics(records: Iterable[Record]) -> list[str]:
    found: dict[str, None] = {}
    for record in records:
        found |= dict.fromkeys(f"{f}.{m}" for f, metrics in record.metrics.items() for m in metrics)
        found |= dict.fromkeys(record.scalars)
    found.pop(keys.LARGEST_MISMATCH, None)  # which no mechanism changes
    return list(found)


def _value(
    plan: MechanismPlan,
    runs: CombinationRecords,
    metric: str,
    current: float,
    combination: Combination,
    seed: int | None,
) -> float:
    record = runs.get((plan.design.combinations.index(combination), current, seed))
    if record is None or record.reason is not None:
        return np.nan
    if metric in record.scalars:
        return record.scalars[metric]
    field, _, name = metric.rpartition(".")
    metrics = record.metrics.get(field, {})
    # Where a field changes sign, ratios to its mean do not measure how even it is.
    if metrics.get("reversed_fraction") != 0.0 and name not in ("mean", "reversed_fraction"):
        return np.inf
    number = metrics.get(name)
    return np.inf if number is None else number


def _members(plan: MechanismPlan, runs: CombinationRecords) -> tuple[Member, ...]:
    """Every run on the given mesh, by current, combination and seed."""
    return tuple(
        runs[k, current, seed].member(plan.design.label(combination), plan.level, current, seed)
        for current in plan.currents
        for k, combination in enumerate(plan.design.combinations)
        for seed in plan.seeds
    )
