"""`study`: what makes a surface even."""

from pathlib import Path
from typing import TypedDict

from mpi4py import MPI
from rich.console import Console
from rich.table import Table

from zinterphase.case import Draft
from zinterphase.cli.console import make_console
from zinterphase.cli.inputs import current_densities, require_control
from zinterphase.cli.options import MechanismOptions, SensitivityOptions
from zinterphase.cli.progress import progress
from zinterphase.ensemble.cost import Cost
from zinterphase.mechanisms.defaults import CURRENTS, TORNADO_SEEDS
from zinterphase.mechanisms.definitions import LevelName
from zinterphase.mechanisms.effects import Effect
from zinterphase.mechanisms.mechanism_files import report, write_mechanisms
from zinterphase.mechanisms.points import Points
from zinterphase.mechanisms.ranges import Anodes, anodes, is_coated
from zinterphase.mechanisms.sensitivity import (
    Sensitivity,
    SensitivityPlan,
    plan_sensitivity,
    sensitivity,
    write_sensitivity,
)
from zinterphase.mechanisms.sentences import EVENNESS, shown
from zinterphase.mechanisms.study import (
    MechanismPlan,
    Mechanisms,
    mechanisms,
    plan_mechanisms,
)
from zinterphase.mechanisms.switches import switchboard
from zinterphase.mechanisms.tornado import plan_tornado, tornado
from zinterphase.mechanisms.tornado_files import write_tornado
from zinterphase.observe import keys
from zinterphase.output.folderlock import claimed
from zinterphase.parallel import on_root
from zinterphase.units import milliampere


class _How(TypedDict):
    """How the runs of a study are made and where they are kept."""

    comm: MPI.Intracomm
    members_at_once: int | None
    folder: Path


def study_mechanisms(options: MechanismOptions) -> None:
    """Plan, solve and tell a study of mechanisms, with the tornado plot of its ranges."""
    comm, console = MPI.COMM_WORLD, make_console()
    currents = current_densities(options.current) or CURRENTS

    def prepare() -> tuple[MechanismPlan, tuple[Anodes, Points] | None]:
        draft, level = _draft(options.case, options.overrides)
        plan = plan_mechanisms(
            draft,
            level=level,
            only=_names(options.only),
            together=_names(options.together),
            currents=currents,
            seeds=options.seeds,
        )
        board = switchboard(draft, level)
        if options.no_tornado or not is_coated(board):
            return plan, None
        setting = anodes(board)
        return plan, (setting, plan_tornado(setting, currents, plan.seeds[:TORNADO_SEEDS]))

    plan, ranged = on_root(comm, prepare)
    _show_plan(console, plan)
    output = options.output
    how = _How(comm=comm, members_at_once=options.members_at_once, folder=output)
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
        _show(console, found)
        console.print(f"written to {output}")


def study_sensitivity(options: SensitivityOptions) -> None:
    """Plan, solve and tell the global sensitivity of an anode."""
    comm, console = MPI.COMM_WORLD, make_console()

    def prepare() -> SensitivityPlan:
        return plan_sensitivity(
            anodes(switchboard(*_draft(options.case, options.overrides))),
            method=options.method,
            samples=options.samples,
            currents=current_densities(options.current) or CURRENTS[:1],
            seeds=tuple(range(1, options.seeds + 1)),
        )

    plan = on_root(comm, prepare)
    rows, cases = len(plan.asked.points), len(plan.asked.cases)
    console.print(f"{options.method}: {rows} points of {len(plan.factors)} factors, {cases} cases")
    output = options.output
    how = _How(comm=comm, members_at_once=options.members_at_once, folder=output)
    _show_cost(console, "sensitivity", plan.asked.cost(**how))
    if options.dry_run:
        return
    with claimed(comm, output):
        with progress(comm, console) as tell:
            found = sensitivity(plan, progress=tell, **how)
        on_root(comm, lambda: write_sensitivity(found, output))
    if comm.rank == 0:
        _show_indices(console, found)
        console.print(f"written to {output}")


def _draft(case: Path, overrides: list[str] | None) -> tuple[Draft, LevelName | None]:
    """The case, and its level where the command line sets it."""
    given = overrides or []
    draft = Draft.load(case, given)
    require_control(draft.case())
    own_level = any(text.partition("=")[0].strip() == "level" for text in given)
    return draft, draft.case().level if own_level else None


def _show_cost(console: Console, what: str, cost: Cost) -> None:
    for line in cost.lines():
        console.print(f"{what}: {line}")


def _show_indices(console: Console, found: Sensitivity) -> None:
    """A table per quantity and current, the most influential factor first."""
    names = {"morris": ("mu", "mu*", "sigma"), "sobol": ("S1", "ST", "")}[found.method]
    for lost in found.lost:
        console.print(f"left out a sample without a solution: {lost}")
    for quantity, current in dict.fromkeys((i.quantity, i.current) for i in found.indices):
        table = Table("factor", *names, title=f"{quantity} at {milliampere(current)}")
        rows = [i for i in found.indices if (i.quantity, i.current) == (quantity, current)]
        for row in sorted(rows, key=lambda index: -index.total):
            first = f"{row.first:.3g}"
            if row.first_half_width is not None:
                first += f" +- {row.first_half_width:.2g}"
            total = f"{row.total:.3g} +- {row.total_half_width:.2g}"
            spread = "" if row.spread is None else f"{row.spread:.3g}"
            table.add_row(row.factor, first, total, spread)
        console.print(table)


def _names(text: str | None) -> list[str] | None:
    return None if text is None else [name.strip() for name in text.split(",") if name.strip()]


def _show_plan(console: Console, plan: MechanismPlan) -> None:
    numbers = f"{len(plan.design.combinations)} combinations of {len(plan.switches)} switches"
    at = ", ".join(f"{0.1 * i:.4g}" for i in plan.currents)
    console.print(f"{numbers}, {len(plan.seeds)} seeds, {at} mA/cm^2, level {plan.level}")
    for switch in plan.switches:
        console.print(f"  {switch.name}: {switch.title} [{switch.source}]")
    for name, reason in plan.left_out.items():
        console.print(f"  left out: {name}: {reason}")
    for line in plan.notices:
        console.print(line)


def _show(console: Console, study: Mechanisms) -> None:
    """The report, and the table of what each mechanism does alone and all do together."""
    for line in report(study):
        console.print(line)
    plan = study.plan
    columns = ("H", "", "max/mean falls by")
    table = Table("mechanism", *(columns * len(plan.currents)), title="Alone and all together")
    heading = [x for i in plan.currents for x in (f"at {milliampere(i)}", "", "")]
    table.add_row("", *heading, end_section=True)
    whole = plan.design.together
    for combination in dict.fromkeys([*((s.name,) for s in plan.switches), whole]):
        cells: list[str] = []
        for current in plan.currents:
            metrics = (keys.CV, keys.MAX_OVER_MEAN)
            cv, peak = (study.by_key[current, combination, m].effect for m in metrics)
            cells += [*_cells(cv), _cells(peak)[0]]
        table.add_row(plan.design.label(combination), *cells)
    console.print(table)


def _cells(effect: Effect | None) -> tuple[str, str]:
    return ("-", "-") if effect is None else (shown(effect), EVENNESS[effect.outcome])
