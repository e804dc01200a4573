"""The commands that ask what makes a surface even."""

from pathlib import Path
from typing import Annotated

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
from zinterphase.parallel import on_root
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
from zinterphase.studies.sentences import CV, EVENNESS, PEAK, shown

app = typer.Typer(no_args_is_help=True, help="Which mechanism, or which parameter, does what.")
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the plan and its cost, then stop.")]


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
    dry_run: DryRun = False,
) -> None:
    """Each mechanism alone, all pairs, all together, on the same seeds: H with intervals.

    Example: zinterphase study mechanisms cases/dual_layer.toml --seeds 10 --only i0,spread
    """
    comm, console = MPI.COMM_WORLD, make_console()

    def prepare() -> MechanismPlan:
        given = overrides or []
        own_level = any(text.partition("=")[0].strip() == "level" for text in given)
        draft = Draft.load(case, given)
        return plan_mechanisms(
            draft,
            level=draft.case().level if own_level else None,
            only=_names(only),
            together=_names(together),
            currents=current_densities(current) or CURRENTS,
            seeds=seeds,
        )

    plan = on_root(comm, prepare)
    _show_plan(console, plan)
    cost = plan.cost(comm, members_at_once=members_at_once, folder=output)
    for line in cost.lines():
        console.print(line)
    if dry_run:
        return
    with progress(comm, console) as tell:
        found = study_mechanisms(
            plan, comm=comm, members_at_once=members_at_once, progress=tell, folder=output
        )
    on_root(comm, lambda: write_mechanisms(found, output))
    if comm.rank == 0:
        _show(console, found)
        console.print(f"written to {output}")


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
