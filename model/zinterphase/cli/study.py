"""The commands that ask what makes a surface even."""

from pathlib import Path
from typing import Annotated, TypedDict

import typer
from mpi4py import MPI
from rich.console import Console
from rich.table import Table

from zinterphase.case import Draft
from zinterphase.cli.console import make_console
from zinterphase.cli.options import (
    CaseFile,
    Currents,
    MembersAtOnce,
    Overrides,
    current_densities,
)
from zinterphase.cli.progress import progress
from zinterphase.output.folderlock import claimed
from zinterphase.parallel import on_root
from zinterphase.studies.cost import Cost
from zinterphase.studies.definitions import Level
from zinterphase.studies.effects import Effect
from zinterphase.studies.mechanismfiles import report, write_mechanisms
from zinterphase.studies.mechanisms import (
    CURRENTS,
    SEEDS,
    MechanismPlan,
    Mechanisms,
    plan_mechanisms,
)
from zinterphase.studies.mechanisms import mechanisms as study_mechanisms
from zinterphase.studies.points import Points
from zinterphase.studies.ranges import Anodes, anodes, is_coated
from zinterphase.studies.sensitivity import (
    Method,
    Sensitivity,
    SensitivityPlan,
    plan_sensitivity,
    write_sensitivity,
)
from zinterphase.studies.sensitivity import sensitivity as study_sensitivity
from zinterphase.studies.sentences import CV, EVENNESS, PEAK, shown
from zinterphase.studies.switches import switchboard
from zinterphase.studies.tornado import SEEDS as TORNADO_SEEDS
from zinterphase.studies.tornado import plan_tornado, tornado
from zinterphase.studies.tornadofiles import write_tornado

app = typer.Typer(no_args_is_help=True, help="Which mechanism, or which parameter, does what.")
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the plan and its cost, then stop.")]


class _Options(TypedDict):
    """How the runs of a study are made and where they are kept."""

    comm: MPI.Intracomm
    members_at_once: int | None
    folder: Path


@app.callback()
def study() -> None:
    """Which mechanism, or which parameter, does what."""


@app.command()
def mechanisms(
    case: CaseFile,
    seeds: Annotated[int, typer.Option(help="Number of seeds, at least 10.")] = SEEDS,
    current: Currents = None,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Folder; finished members in it are kept.")
    ] = Path("results/mechanisms"),
    overrides: Overrides = None,
    members_at_once: MembersAtOnce = None,
    only: Annotated[
        str | None, typer.Option(metavar="A,B,...", help="Switches to study; all by default.")
    ] = None,
    together: Annotated[
        str | None, typer.Option(metavar="A,B,...", help='What "all together" is made of.')
    ] = None,
    no_tornado: Annotated[
        bool, typer.Option("--no-tornado", help="Leave out the ranges of the uncertain numbers.")
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Each mechanism alone, all pairs, all together, on the same seeds: H with intervals.

    Example: zinterphase study mechanisms cases/dual_layer.toml --seeds 10 --only i0,spread
    """
    comm, console = MPI.COMM_WORLD, make_console()

    currents = current_densities(current) or CURRENTS

    def prepare() -> tuple[MechanismPlan, tuple[Anodes, Points] | None]:
        draft, level = _draft(case, overrides)
        plan = plan_mechanisms(
            draft,
            level=level,
            only=_names(only),
            together=_names(together),
            currents=currents,
            seeds=seeds,
        )
        board = switchboard(draft, level)
        if no_tornado or not is_coated(board):
            return plan, None
        setting = anodes(board)
        return plan, (setting, plan_tornado(setting, currents, plan.seeds[:TORNADO_SEEDS]))

    plan, ranged = on_root(comm, prepare)
    _show_plan(console, plan)
    options = _Options(comm=comm, members_at_once=members_at_once, folder=output)
    _show_cost(console, "mechanisms", plan.cost(**options))
    if ranged is not None:
        _show_cost(console, "tornado plot", ranged[1].cost(**options))
    if dry_run:
        return
    with claimed(comm, output):
        with progress(comm, console) as tell:
            found = study_mechanisms(plan, progress=tell, **options)
        on_root(comm, lambda: write_mechanisms(found, output))
        if ranged is not None:
            with progress(comm, console) as tell:
                swings = tornado(*ranged, progress=tell, **options)
            on_root(comm, lambda: write_tornado(swings, output))
    if comm.rank == 0:
        _show(console, found)
        console.print(f"written to {output}")


@app.command()
def sensitivity(
    case: CaseFile,
    samples: Annotated[
        int, typer.Option(help="Trajectories (morris), or base samples (sobol: a power of two).")
    ] = 10,
    method: Annotated[
        Method, typer.Option(help="Elementary effects, or shares of the variance.")
    ] = "morris",
    seeds: Annotated[int, typer.Option(min=1, help="Seeds behind every number.")] = TORNADO_SEEDS,
    current: Currents = None,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Folder; finished members in it are kept.")
    ] = Path("results/sensitivity"),
    overrides: Overrides = None,
    members_at_once: MembersAtOnce = None,
    dry_run: DryRun = False,
) -> None:
    """Which uncertain number matters over all of its range, the others in theirs.

    Example: zinterphase study sensitivity cases/dual_layer.toml --samples 10
    """
    comm, console = MPI.COMM_WORLD, make_console()

    def prepare() -> SensitivityPlan:
        return plan_sensitivity(
            anodes(switchboard(*_draft(case, overrides))),
            method=method,
            samples=samples,
            currents=current_densities(current) or CURRENTS[:1],
            seeds=tuple(range(1, seeds + 1)),
        )

    plan = on_root(comm, prepare)
    rows, cases = len(plan.asked.points), len(plan.asked.cases)
    console.print(f"{method}: {rows} points of {len(plan.factors)} factors, {cases} cases")
    options = _Options(comm=comm, members_at_once=members_at_once, folder=output)
    _show_cost(console, "sensitivity", plan.asked.cost(**options))
    if dry_run:
        return
    with claimed(comm, output):
        with progress(comm, console) as tell:
            found = study_sensitivity(plan, progress=tell, **options)
        on_root(comm, lambda: write_sensitivity(found, output))
    if comm.rank == 0:
        _show_indices(console, found)
        console.print(f"written to {output}")


def _draft(case: Path, overrides: list[str] | None) -> tuple[Draft, Level | None]:
    """The case, and its level where the command line sets it."""
    given = overrides or []
    draft = Draft.load(case, given)
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
        table = Table("factor", *names, title=f"{quantity} at {0.1 * current:.4g} mA/cm2")
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
    console.print(f"{numbers}, {len(plan.seeds)} seeds, {at} mA/cm2, level {plan.level}")
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
    heading = [x for i in plan.currents for x in (f"at {0.1 * i:.4g} mA/cm2", "", "")]
    table.add_row("", *heading, end_section=True)
    whole = plan.design.together
    for combination in dict.fromkeys([*((s.name,) for s in plan.switches), whole]):
        cells: list[str] = []
        for current in plan.currents:
            cv, peak = (study.by_key[current, combination, m].effect for m in (CV, PEAK))
            cells += [*_cells(cv), _cells(peak)[0]]
        table.add_row(plan.design.label(combination), *cells)
    console.print(table)


def _cells(effect: Effect | None) -> tuple[str, str]:
    return ("-", "-") if effect is None else (shown(effect), EVENNESS[effect.outcome])
