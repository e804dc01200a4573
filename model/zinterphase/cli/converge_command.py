"""`converge`: how much of a result is the mesh."""

from collections.abc import Callable
from pathlib import Path

from mpi4py import MPI
from rich.console import Console
from rich.table import Table

from zinterphase.case import Case
from zinterphase.cli.console import make_console
from zinterphase.cli.inputs import budget_of, load_case
from zinterphase.cli.interruptions import current_interruptions
from zinterphase.cli.page import write_page
from zinterphase.cli.series_options import ConvergeOptions
from zinterphase.ensemble.budget import Budget
from zinterphase.errors import AccuracyNotMet, CaseError
from zinterphase.meshstudy.adaptive import require_adaptable
from zinterphase.meshstudy.convergence import Converged, Convergence, percent
from zinterphase.meshstudy.convergence_files import write_convergence, write_figure
from zinterphase.meshstudy.driver import converge, require_enough
from zinterphase.meshstudy.families import LARGEST_RATIO, SMALLEST_RATIO, uniform_family
from zinterphase.meshstudy.goal_files import write_goal
from zinterphase.meshstudy.goal_study import GoalMesh, converge_goal
from zinterphase.meshstudy.meshes import MeshRecord
from zinterphase.output.checkpoint import save_state
from zinterphase.output.folderlock import claimed
from zinterphase.output.runfolder import STATE
from zinterphase.parallel import on_root
from zinterphase.solve.problem import Problem
from zinterphase.units import for_readers

TABLE = "convergence.txt"
MOST_NAMED = 6
"""Quantities that miss the accuracy that a line names."""


def converge_case(options: ConvergeOptions) -> None:
    """Solve a case on a family of meshes and write what they say."""
    comm, console = MPI.COMM_WORLD, make_console()
    interruptions = current_interruptions()
    ratio, goal, meshes = options.ratio, options.goal, options.meshes
    if ratio is not None and not SMALLEST_RATIO <= ratio <= LARGEST_RATIO:
        raise CaseError("--ratio", ratio, f"{SMALLEST_RATIO} to {LARGEST_RATIO}")
    budget = budget_of(comm, options.wall_time, options.memory)
    chosen = load_case(comm, options.case, options.overrides)
    if options.adaptive and chosen.protocol:
        allowed = "a case with a control with --adaptive, whose goals are those of steady runs"
        raise CaseError("protocol", "given", allowed)
    if options.adaptive:
        require_adaptable(chosen)
    folder = options.output or Path("results") / f"{options.case.stem}_converge"
    require_enough(meshes)
    console.print(f"{chosen.title}: level {chosen.level}, {comm.size} rank(s)")
    with claimed(comm, folder), interruptions.at_checkpoints():
        if options.adaptive:
            _adapt(chosen, goal, meshes, budget, folder, console, interruptions.check)
            return
        study = converge(
            chosen,
            uniform_family(chosen, ratio),
            meshes,
            comm=comm,
            budget=budget,
            folder=folder,
            on_mesh=mesh_line(console),
            checkpoint=interruptions.check,
        )
        if study.result is not None:
            _save(study.result.problem, folder)
        on_root(comm, lambda: _write(study.convergence, chosen, folder))
    show_targets(console, study.convergence)
    console.print(_others(study.convergence), soft_wrap=True)
    console.print(
        f"All numbers in {TABLE} and convergence.csv, errors over cell size in convergence.png, "
        f"written to {folder}"
    )
    require_met(study.convergence)


def _save(problem: Problem, folder: Path) -> None:
    save_state(problem, problem.state(), folder / STATE)


def _adapt(
    case: Case,
    goal: str,
    meshes: int,
    budget: Budget,
    folder: Path,
    console: Console,
    stop: Callable[[], None],
) -> None:
    study = converge_goal(
        case,
        goal,
        meshes,
        comm=budget.comm,
        budget=budget,
        on_mesh=lambda mesh: console.print(_adaptive_line(goal, mesh)),
        checkpoint=stop,
    )
    found, caption = study.convergence, f"{case.title}: level {case.level}."
    _save(study.result.problem, folder)
    on_root(budget.comm, lambda: write_goal(found, folder, caption))
    console.print(f"stopped: {found.ending}")
    console.print(f"written to {folder}")
    if not found.met:
        asked = percent(found.tolerance)
        raise AccuracyNotMet(f"accuracy = {asked} is not met by {goal}")


def _adaptive_line(goal: str, mesh: GoalMesh) -> str:
    return (
        f"  {mesh.cells} cells, {mesh.unknowns} unknowns: {goal} = {mesh.value:.6g}, estimated "
        f"error {percent(mesh.relative_error)}, {mesh.seconds:.3g} s"
    )


def mesh_line(console: Console) -> Callable[[MeshRecord], None]:
    """Print one line per finished mesh."""

    def say(record: MeshRecord) -> None:
        start = "the mesh before" if record.from_previous else "rest"
        console.print(
            f"  cell size {record.size * 1e9:.4g} nm: {record.cells} cells, "
            f"{record.unknowns} unknowns, {record.iterations} Newton iterations from {start}, "
            f"{record.seconds:.3g} s"
        )

    return say


def _others(convergence: Convergence) -> str:
    """How many quantities pass, and which do not."""
    found = convergence.quantities.values()
    failed = [q.name for q in found if not q.passed]
    names = ", ".join(failed[:MOST_NAMED])
    more = f" and {len(failed) - MOST_NAMED} more" if len(failed) > MOST_NAMED else ""
    count = f"{len(found) - len(failed)} of {len(found)} quantities are within the accuracy"
    return f"{count}; not: {names}{more}" if failed else count


def _table(convergence: Convergence) -> Table:
    """A row per quantity."""
    table = Table("quantity", "value", "order", "extrapolated", "error", "found", "passed")
    table.columns[0].no_wrap, table.columns[0].overflow = True, "fold"
    for quantity in convergence.quantities.values():
        table.add_row(*_row(quantity))
    return table


def show_targets(console: Console, convergence: Convergence) -> None:
    """A line for each quantity the accuracy is asked of, and what was spent."""
    for q in convergence.targets:
        console.print(f"{q.name} = {_shown(q, q.estimate.value)}: {q.verdict}")
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
    limit = "-" if found.extrapolated is None else _shown(quantity, found.extrapolated)
    size = "-" if error is None or found.behaviour == "exact" else percent(error)
    return (
        quantity.name,
        _shown(quantity, found.value),
        order,
        limit,
        size,
        found.behaviour,
        "yes" if quantity.passed else "no",
    )


def _shown(quantity: Converged, value: float) -> str:
    """A value of the quantity with the unit for readers."""
    unit, factor = for_readers(quantity.unit)
    return f"{factor * value:.6g}" + ("" if unit == "1" else f" {unit}")


def _write(convergence: Convergence, case: Case, folder: Path) -> None:
    write_convergence(convergence, folder)
    write_page(folder / TABLE, _table(convergence))
    write_figure(convergence, folder, f"{case.title}: level {case.level}.")
