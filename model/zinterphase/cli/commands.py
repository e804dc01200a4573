"""The commands."""

from pathlib import Path

import typer
from mpi4py import MPI

from zinterphase.advice import regime_of, require_valid
from zinterphase.case import Case
from zinterphase.cli.compare import compare
from zinterphase.cli.console import (
    make_console,
    show_attempt,
    show_provenance,
    show_quality,
    show_regime,
    show_result,
)
from zinterphase.cli.converge import (
    Memory,
    WallTime,
    budget_of,
    converge,
    require_met,
    show_targets,
)
from zinterphase.cli.guard import stop_on_sigterm
from zinterphase.cli.levels import levels
from zinterphase.cli.options import CaseFile, Folder, Overrides, load_case, started_now
from zinterphase.cli.study import app as study
from zinterphase.cli.verify import verify
from zinterphase.errors import ZinterphaseError
from zinterphase.geometry.export import export_msh
from zinterphase.geometry.quality import mesh_quality
from zinterphase.geometry.source import mesh_of_case
from zinterphase.output.files import replacing
from zinterphase.output.writer import open_folder, write_failure, write_result
from zinterphase.parallel import on_root
from zinterphase.solve.continuation import Attempt
from zinterphase.solve.problem import Problem
from zinterphase.studies.convergence import MOST
from zinterphase.studies.convergence import converge as converge_case
from zinterphase.studies.family import uniform_family
from zinterphase.studies.single import with_errors

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Continuum electrochemistry of metal-anode interphases. Also under mpirun -n N.",
)
app.command()(compare)
app.add_typer(study, name="study")
app.command()(verify)
app.command()(converge)
app.command()(levels)


@app.command()
def run(
    case: CaseFile,
    output: Folder = None,
    overrides: Overrides = None,
    wall_time: WallTime = None,
    memory: Memory = None,
) -> None:
    """Mesh if needed, solve, and write metrics and fields to a run folder.

    With `accuracy` in the case the mesh is refined until potential or current, CV and maximum of
    the current density are known to it, or --time or --memory is spent.

    Example: zinterphase run cases/dual_layer.toml -o results/dual --set level=secondary
    """
    comm, console = MPI.COMM_WORLD, make_console()
    stop = stop_on_sigterm(comm)
    provenance = started_now()
    budget = budget_of(comm, wall_time, memory)
    chosen = load_case(comm, case, overrides)
    require_valid(chosen)
    folder = open_folder(comm, output or Path("results") / case.stem, chosen)
    console.print(f"{chosen.title}: level {chosen.level}, {comm.size} rank(s)")
    problem: Problem | None = None
    attempts: list[Attempt] = []

    def note(attempt: Attempt) -> None:
        attempts.append(attempt)
        show_attempt(console, attempt)

    def begin(built: Problem) -> None:
        nonlocal problem
        problem = built
        attempts.clear()
        console.print(f"  {built.domain.cell_count} cells, {built.system.global_size} unknowns")

    try:
        study = converge_case(
            chosen,
            uniform_family(chosen),
            1 if chosen.accuracy is None else MOST,
            comm=comm,
            budget=budget,
            enough=lambda convergence: convergence.met,
            on_problem=begin,
            on_attempt=note,
            checkpoint=stop,
        )
    except ZinterphaseError as error:
        write_failure(folder, comm, problem, attempts, str(error), provenance)
        raise
    assert study.result is not None
    result, convergence = study.result, None if chosen.accuracy is None else study.convergence
    if convergence is None and _wants_errors(chosen):
        result = with_errors(result)
    write_result(folder, result, provenance, convergence)
    show_result(console, result)
    if convergence is not None:
        show_targets(console, convergence)
    for finding in result.regime.findings:
        console.print(f"{finding.severity}: {finding.field}: {finding.text}")
    console.print(f"written to {folder.path}")
    if convergence is not None:
        require_met(convergence)


def _wants_errors(case: Case) -> bool:
    """Estimates cost a part of the solve in two dimensions and more than it in three."""
    wanted = case.output.errors
    return case.geometry.dimension == 2 if wanted is None else wanted


@app.command()
def mesh(case: CaseFile, output: Folder = None, overrides: Overrides = None) -> None:
    """Make the mesh only: a report of its quality, and a .msh file with -o.

    Example: zinterphase mesh cases/bare.toml -o meshes/bare.msh
    """
    comm, console = MPI.COMM_WORLD, make_console()
    chosen = load_case(comm, case, overrides)

    def make() -> None:
        raw = mesh_of_case(chosen)
        show_quality(console, mesh_quality(raw, regime_of(chosen).debye_length))
        if output is not None:
            output.parent.mkdir(parents=True, exist_ok=True)
            with replacing(output) as temporary:
                export_msh(raw, temporary)
            console.print(f"written to {output}")

    on_root(comm, make)


@app.command()
def check(case: CaseFile, overrides: Overrides = None) -> None:
    """Validate a case and say in which regime it runs and which level of theory is valid.

    Example: zinterphase check cases/dual_layer.toml --set "electrolyte.concentration=0.05 mol/L"
    """
    comm, console = MPI.COMM_WORLD, make_console()
    chosen = load_case(comm, case, overrides)
    regime = regime_of(chosen)
    show_provenance(console, chosen)
    show_regime(console, chosen, regime)

    def report_mesh() -> None:
        show_quality(console, mesh_quality(mesh_of_case(chosen), regime.debye_length))

    on_root(comm, report_mesh)
    require_valid(chosen)
