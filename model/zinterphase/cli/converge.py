"""The command that shows how much of a result is the mesh."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from mpi4py import MPI
from rich.console import Console
from rich.table import Table

from zinterphase.case import Case
from zinterphase.cli.console import make_console
from zinterphase.cli.interruptions import Interruptions
from zinterphase.cli.options import Overrides, load_case
from zinterphase.errors import AccuracyNotMet, CaseError
from zinterphase.observe.errors import GOALS
from zinterphase.observe.goals import CV
from zinterphase.output.adaptation import AdaptiveMesh, write_adaptation
from zinterphase.output.convergence import (
    Converged,
    Convergence,
    MeshRecord,
    percent,
    write_convergence,
)
from zinterphase.output.convergence_figure import convergence_figure
from zinterphase.output.figures import save_figure
from zinterphase.output.folderlock import claimed
from zinterphase.output.lastgood import write_last_good_state
from zinterphase.output.runfolder import LAST_GOOD
from zinterphase.parallel import on_root
from zinterphase.result import Result
from zinterphase.studies.adaptation import adapt
from zinterphase.studies.budget import Budget
from zinterphase.studies.convergence import Study, require_enough
from zinterphase.studies.convergence import converge as converge_case
from zinterphase.studies.family import SMALLEST_RATIO, uniform_family
from zinterphase.units import UnitError, to_si

WallTime = Annotated[
    str | None, typer.Option("--time", metavar="TIME", help='Wall time, e.g. "10 min".')
]
Memory = Annotated[
    str | None, typer.Option("--memory", metavar="SIZE", help='Memory of all ranks, e.g. "4 GB".')
]


def converge(
    context: typer.Context,
    case: Annotated[Path, typer.Argument(metavar="CASE", help="Case file (TOML).")],
    meshes: Annotated[int, typer.Option(help="Number of meshes, at least 3.")] = 4,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Folder; finished meshes in it are kept.")
    ] = None,
    overrides: Overrides = None,
    ratio: Annotated[
        float | None,
        typer.Option(help="Ratio of cell sizes from mesh to mesh; 2 in 2D and 1.5 in 3D."),
    ] = None,
    adaptive: Annotated[
        bool, typer.Option(help="Refine where the estimated error of --goal comes from (2D).")
    ] = False,
    goal: Annotated[str, typer.Option(help=f"With --adaptive: {', '.join(GOALS)}.")] = CV,
    wall_time: WallTime = None,
    memory: Memory = None,
) -> None:
    """Solve on ever finer meshes: observed orders, extrapolated values, errors, a verdict for each.

    With --adaptive the meshes follow the estimated error of one goal, until it is within the
    accuracy of the case.

    Example: zinterphase converge cases/dual_layer.toml --meshes 4 --time "10 min"
    """
    comm, console = MPI.COMM_WORLD, make_console()
    interruptions: Interruptions = context.obj
    if ratio is not None and not ratio >= SMALLEST_RATIO:
        raise CaseError("--ratio", ratio, f"at least {SMALLEST_RATIO}")
    budget = budget_of(comm, wall_time, memory)
    chosen = load_case(comm, case, overrides)
    folder = output or Path("results") / f"{case.stem}_converge"
    require_enough(meshes)
    console.print(f"{chosen.title}: level {chosen.level}, {comm.size} rank(s)")
    with claimed(comm, folder), interruptions.at_checkpoints():
        if adaptive:
            _adapt(chosen, goal, meshes, budget, folder, console, interruptions.check)
            return
        study = converge_case(
            chosen,
            uniform_family(chosen, ratio),
            meshes,
            comm=comm,
            budget=budget,
            folder=folder,
            on_mesh=mesh_line(console),
            checkpoint=interruptions.check,
        )
        _keep(study, chosen, folder, comm)
    show_convergence(console, study.convergence)
    console.print(f"written to {folder}")
    require_met(study.convergence)


def _keep(study: Study, case: Case, folder: Path, comm: MPI.Intracomm) -> None:
    if study.result is not None:
        write_last_good_state(study.result.problem, folder / LAST_GOOD)
    on_root(comm, lambda: _write(study.convergence, case, folder))


def _adapt(
    case: Case,
    goal: str,
    meshes: int,
    budget: Budget,
    folder: Path,
    console: Console,
    stop: Callable[[], None],
) -> None:
    study = adapt(
        case,
        goal,
        meshes,
        comm=budget.comm,
        budget=budget,
        on_mesh=lambda mesh: console.print(_adaptive_line(goal, mesh)),
        checkpoint=stop,
    )
    found, caption = study.adaptation, f"{case.title}: level {case.level}."
    write_last_good_state(study.result.problem, folder / LAST_GOOD)
    on_root(budget.comm, lambda: write_adaptation(found, folder, caption))
    if found.stopped:
        console.print(f"stopped: {found.stopped}")
    console.print(f"written to {folder}")
    if not found.met:
        asked = percent(found.tolerance)
        raise AccuracyNotMet(f"accuracy = {asked} is not met by {goal}")


def _adaptive_line(goal: str, mesh: AdaptiveMesh) -> str:
    return (
        f"  {mesh.cells} cells, {mesh.unknowns} unknowns: {goal} = {mesh.value:.6g}, estimated "
        f"error {percent(mesh.relative_error)}, {mesh.seconds:.3g} s"
    )


def budget_of(comm: MPI.Intracomm, wall_time: str | None, memory: str | None) -> Budget:
    """Budget from the texts of the options; raises :class:`CaseError` that names the option."""
    seconds = _positive("--time", wall_time, "s", 'a time, such as "10 min"')
    size = _positive("--memory", memory, "byte", 'a size, such as "4 GB"')
    return Budget(comm, seconds, size)


def mesh_line(console: Console) -> Callable[[MeshRecord, Result | None], None]:
    """Print one line per finished mesh."""

    def say(record: MeshRecord, result: Result | None) -> None:
        start = "the mesh before" if record.from_previous else "rest"
        console.print(
            f"  cell size {record.size * 1e9:.4g} nm: {record.cells} cells, "
            f"{record.unknowns} unknowns, {record.iterations} Newton iterations from {start}, "
            f"{record.seconds:.3g} s"
        )

    return say


def show_convergence(console: Console, convergence: Convergence) -> None:
    """A table of all quantities, then a line for each one the accuracy is asked of."""
    table = Table("quantity", "value", "order", "extrapolated", "error", "found", "passed")
    table.columns[0].no_wrap, table.columns[0].overflow = True, "fold"
    for quantity in convergence.quantities.values():
        table.add_row(*_row(quantity))
    console.print(table)
    show_targets(console, convergence)


def show_targets(console: Console, convergence: Convergence) -> None:
    """A line for each quantity the accuracy is asked of, and what was spent."""
    for q in convergence.targets:
        console.print(f"{q.name} = {q.estimate.value:.6g}{_unit(q)}: {q.verdict}")
    unknowns = sum(mesh.unknowns for mesh in convergence.meshes)
    seconds = sum(mesh.seconds for mesh in convergence.meshes)
    kept = f", {convergence.kept} kept from before" if convergence.kept else ""
    console.print(
        f"spent: {len(convergence.meshes)} meshes{kept}, {unknowns} unknowns, {seconds:.3g} s"
    )
    if convergence.stopped:
        console.print(f"stopped: {convergence.stopped}")


def require_met(convergence: Convergence) -> None:
    """Raise :class:`AccuracyNotMet` where a quantity the accuracy is asked of misses it."""
    missed = [q.name for q in convergence.targets if not q.passed]
    if missed:
        asked = percent(convergence.tolerance)
        raise AccuracyNotMet(f"accuracy = {asked} is not met by {', '.join(missed)}")


def _row(quantity: Converged) -> tuple[str, ...]:
    found, error = quantity.estimate, quantity.relative_error
    order = "-" if found.order is None else f"{found.order:.2f}"
    limit = "-" if found.extrapolated is None else f"{found.extrapolated:.6g}"
    size = "-" if error is None or found.behaviour == "exact" else percent(error)
    return (
        quantity.name,
        f"{found.value:.6g}{_unit(quantity)}",
        order,
        limit,
        size,
        found.behaviour,
        "yes" if quantity.passed else "no",
    )


def _unit(quantity: Converged) -> str:
    return "" if quantity.unit == "1" else f" {quantity.unit}"


def _positive(option: str, text: str | None, unit: str, wanted: str) -> float | None:
    if text is None:
        return None
    try:
        number = to_si(text, unit)
    except UnitError:
        raise CaseError(option, text, wanted) from None
    if number <= 0.0:
        raise CaseError(option, text, f"{wanted}, above 0")
    return number


def _write(convergence: Convergence, case: Case, folder: Path) -> None:
    write_convergence(convergence, folder)
    figure = convergence_figure(convergence, f"{case.title}: level {case.level}.")
    for suffix in ("png", "pdf"):
        save_figure(figure, folder / f"convergence.{suffix}")
