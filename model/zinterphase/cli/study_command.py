"""`study`: what makes a surface even."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

from mpi4py import MPI
from rich.console import Console
from rich.table import Table

from zinterphase.case import Draft
from zinterphase.cli.console import make_console
from zinterphase.cli.inputs import current_densities, members_at_once
from zinterphase.cli.mechanism_table import alone_and_together
from zinterphase.cli.page import write_page
from zinterphase.cli.progress import progress
from zinterphase.cli.series_options import MechanismOptions, SensitivityOptions
from zinterphase.ensemble.cost import Cost
from zinterphase.mechanisms.defaults import TORNADO_SEEDS
from zinterphase.mechanisms.definitions import LevelName
from zinterphase.mechanisms.mechanism_files import answer, failures, write_mechanisms
from zinterphase.mechanisms.points import Points
from zinterphase.mechanisms.ranges import Anodes, anodes, is_coated
from zinterphase.mechanisms.sensitivity import (
    Index,
    Sensitivity,
    SensitivityPlan,
    plan_sensitivity,
    sensitivity,
    write_sensitivity,
)
from zinterphase.mechanisms.study import (
    MechanismPlan,
    Mechanisms,
    mechanisms,
    plan_mechanisms,
)
from zinterphase.mechanisms.switches import switchboard
from zinterphase.mechanisms.tornado import plan_tornado, tornado
from zinterphase.mechanisms.tornado_files import write_tornado
from zinterphase.output.folderlock import claimed
from zinterphase.parallel import on_root

INDICES = "sensitivity.txt"
LEADERS = 3
"""Factors that a line names."""


class _How(TypedDict):
    """How the runs of a study are made and where they are kept."""

    comm: MPI.Intracomm
    members_at_once: int | None
    folder: Path


def study_mechanisms(options: MechanismOptions) -> None:
    """Plan, solve and tell a study of mechanisms, with the tornado plot of its ranges."""
    comm, console = MPI.COMM_WORLD, make_console()
    currents = current_densities(options.current)

    def prepare() -> tuple[MechanismPlan, tuple[Anodes, Points] | None]:
        draft, level = _draft(options.case, options.overrides)
        plan = plan_mechanisms(
            draft,
            level=level,
            about=options.about,
            only=_names(options.only),
            together=_names(options.together),
            currents=currents,
            seeds=options.seeds,
        )
        if options.no_tornado or not is_coated(plan.board):
            return plan, None
        setting = anodes(plan.board)
        told = plan.currents if plan.subject.rate is None else plan.currents[:1]
        return plan, (setting, plan_tornado(setting, told, plan.seeds[:TORNADO_SEEDS]))

    plan, ranged = on_root(comm, prepare)
    _show_plan(console, plan, whole=options.dry_run)
    output = options.output
    how = _How(
        comm=comm, members_at_once=members_at_once(comm, options.ranks_per_member), folder=output
    )
    _show_cost(console, "mechanisms", plan.cost(**how))
    if ranged is not None:
        _show_cost(console, "tornado plot", ranged[1].cost(**how))
    if options.dry_run:
        return
    with claimed(comm, output):
        with progress(comm, console) as tell:
            found = mechanisms(plan, progress=tell, **how)
        on_root(comm, lambda: write_mechanisms(found, output))
        if ranged is not None:
            with progress(comm, console) as tell:
                swings = tornado(*ranged, progress=tell, **how)
            on_root(comm, lambda: write_tornado(swings, output))
    if comm.rank == 0:
        _show(console, found, output)


def study_sensitivity(options: SensitivityOptions) -> None:
    """Plan, solve and tell the global sensitivity of an anode."""
    comm, console = MPI.COMM_WORLD, make_console()

    def prepare() -> SensitivityPlan:
        return plan_sensitivity(
            anodes(switchboard(*_draft(options.case, options.overrides))),
            method=options.method,
            samples=options.samples,
            currents=current_densities(options.current),
            seeds=tuple(range(1, options.seeds + 1)),
        )

    plan = on_root(comm, prepare)
    rows, cases = len(plan.asked.points), len(plan.asked.cases)
    console.print(f"{options.method}: {rows} points of {len(plan.factors)} factors, {cases} cases")
    output = options.output
    how = _How(
        comm=comm, members_at_once=members_at_once(comm, options.ranks_per_member), folder=output
    )
    _show_cost(console, "sensitivity", plan.asked.cost(**how))
    if options.dry_run:
        return
    with claimed(comm, output):
        with progress(comm, console) as tell:
            found = sensitivity(plan, progress=tell, **how)
        on_root(comm, lambda: write_sensitivity(found, output))
        on_root(comm, lambda: write_page(output / INDICES, *_index_tables(found)))
    if comm.rank == 0:
        _show_indices(console, found)
        console.print(f"All indices in {INDICES} and sensitivity.csv, written to {output}")


def _draft(case: Path, overrides: list[str] | None) -> tuple[Draft, LevelName | None]:
    """The case, and its level where the command line sets it."""
    given = overrides or []
    draft = Draft.load(case, given)
    own_level = any(text.partition("=")[0].strip() == "level" for text in given)
    return draft, draft.case().level if own_level else None


def _show_cost(console: Console, what: str, cost: Cost) -> None:
    for line in cost.lines():
        console.print(f"{what}: {line}")


def _show_indices(console: Console, found: Sensitivity) -> None:
    """A line per quantity and current with what moves it most."""
    for lost in found.lost:
        console.print(f"left out a sample without a solution: {lost}")
    at = found.subject.at
    for (quantity, current), rows in _ranked(found).items():
        leaders = [f"{row.factor} {_total(row)}" for row in rows[:LEADERS] if row.total > 0.0]
        what = ", ".join(leaders) if leaders else "nothing moves it"
        console.print(f"{quantity} at {at(current)}: {what}")


def _ranked(found: Sensitivity) -> dict[tuple[str, float], list[Index]]:
    """Indices by quantity and current, the most influential factor first."""
    ranked: dict[tuple[str, float], list[Index]] = {}
    for index in sorted(found.indices, key=lambda index: -index.total):
        ranked.setdefault((index.quantity, index.current), []).append(index)
    return {(i.quantity, i.current): ranked[i.quantity, i.current] for i in found.indices}


def _total(row: Index) -> str:
    return f"{row.total:.3g} +- {row.total_half_width:.2g}"


def _index_tables(found: Sensitivity) -> Iterator[Table]:
    """A table per quantity and current."""
    names = {"morris": ("mu", "mu*", "sigma"), "sobol": ("S1", "ST", "")}[found.method]
    for (quantity, current), rows in _ranked(found).items():
        table = Table("factor", *names, title=f"{quantity} at {found.subject.at(current)}")
        for row in rows:
            first = f"{row.first:.3g}"
            if row.first_half_width is not None:
                first += f" +- {row.first_half_width:.2g}"
            spread = "" if row.spread is None else f"{row.spread:.3g}"
            table.add_row(row.factor, first, _total(row), spread)
        yield table


def _names(text: str | None) -> list[str] | None:
    return None if text is None else [name.strip() for name in text.split(",") if name.strip()]


def _show_plan(console: Console, plan: MechanismPlan, *, whole: bool) -> None:
    """What is run; the ``whole`` of it where it is the answer."""
    numbers = f"{len(plan.design.combinations)} combinations of {len(plan.switches)} switches"
    at = ", ".join(plan.subject_at(i).at(i) for i in plan.currents)
    console.print(f"{numbers}, {len(plan.seeds)} seeds, {at}, level {plan.level}")
    if not whole:
        return
    for switch in plan.switches:
        console.print(f"  {switch.name}: {switch.title} [{switch.source}]")
    for name, reason in plan.left_out.items():
        console.print(f"  left out: {name}: {reason}")
    for line in plan.notices:
        console.print(line)


def _show(console: Console, study: Mechanisms, folder: Path) -> None:
    """What the mechanisms do alone and together, what is worth knowing, where the rest is."""
    console.print(alone_and_together(study))
    for line in (*answer(study), *failures(study)):
        console.print(line, soft_wrap=True)
    for line in study.plan.notices:
        if not line.startswith("note: "):
            console.print(line, soft_wrap=True)
    console.print(f"A line per mechanism in study.txt, all numbers in study.csv, of {folder}")
