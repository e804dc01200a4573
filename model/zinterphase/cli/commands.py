"""The commands."""

from pathlib import Path

import typer
from mpi4py import MPI

from zinterphase.advice import regime_of, require_valid
from zinterphase.cli.compare import compare
from zinterphase.cli.console import (
    make_console,
    show_attempt,
    show_provenance,
    show_quality,
    show_regime,
    show_result,
)
from zinterphase.cli.guard import stop_on_sigterm
from zinterphase.cli.options import CaseFile, Folder, Overrides, load_case, started_now
from zinterphase.errors import SolveError, ZinterphaseError
from zinterphase.geometry.export import export_msh
from zinterphase.geometry.quality import mesh_quality
from zinterphase.geometry.source import mesh_of_case
from zinterphase.output.files import replacing
from zinterphase.output.writer import open_folder, write_failure, write_result
from zinterphase.parallel import on_root
from zinterphase.solve.continuation import Attempt, ContinuationFailure
from zinterphase.solve.problem import Problem
from zinterphase.studies.single import mesh_case, solve_on

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Continuum electrochemistry of metal-anode interphases. Also under mpirun -n N.",
)
app.command()(compare)


@app.command()
def run(case: CaseFile, output: Folder = None, overrides: Overrides = None) -> None:
    """Mesh if needed, solve, and write metrics and fields to a run folder.

    Example: zinterphase run cases/dual_layer.toml -o results/dual --set level=secondary
    """
    comm, console = MPI.COMM_WORLD, make_console()
    stop = stop_on_sigterm(comm)
    provenance = started_now()
    chosen = load_case(comm, case, overrides)
    regime = require_valid(chosen)
    folder = open_folder(comm, output or Path("results") / case.stem, chosen)
    console.print(f"{chosen.title}: level {chosen.level}, {comm.size} rank(s)")
    problem: Problem | None = None
    attempts: list[Attempt] = []

    def note(attempt: Attempt) -> None:
        attempts.append(attempt)
        show_attempt(console, attempt)

    try:
        meshed = mesh_case(chosen, comm)
        problem = Problem(chosen, meshed.domain)
        problem.checkpoint = stop
        console.print(f"  {meshed.domain.cell_count} cells, {problem.system.global_size} unknowns")
        errors = chosen.output.errors
        wanted = meshed.domain.dimension == 2 if errors is None else errors
        result = solve_on(problem, regime, meshed.quality, {}, note, errors=wanted)
    except ZinterphaseError as error:
        write_failure(folder, comm, problem, attempts, str(error), provenance)
        raise _with_limit(error, regime.limiting_fraction) from error
    write_result(folder, result, provenance)
    show_result(console, result)
    for finding in regime.findings:
        console.print(f"{finding.severity}: {finding.field}: {finding.text}")
    console.print(f"written to {folder.path}")


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


def _with_limit(error: ZinterphaseError, fraction: float | None) -> ZinterphaseError:
    """Say how close to the limiting current a solve was that did not converge."""
    if fraction is None or not isinstance(error, ContinuationFailure):
        return error
    return SolveError(f"{error} (i/i_lim = {fraction:.3g})")
