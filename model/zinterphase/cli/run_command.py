"""`run`: one case from its file to its folder."""

from pathlib import Path

from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.cell.advice import require_valid
from zinterphase.cli.console import (
    make_console,
    show_attempt,
    show_findings,
    show_notices,
    show_result,
)
from zinterphase.cli.converge_command import require_met, show_targets
from zinterphase.cli.inputs import budget_of, load_case, started_now
from zinterphase.cli.interruptions import Stopped, current_interruptions
from zinterphase.cli.march_command import run_protocol
from zinterphase.cli.options import RunOptions
from zinterphase.errors import CaseError, ZinterphaseError
from zinterphase.meshstudy.convergence_files import write_accurate_result
from zinterphase.meshstudy.driver import MOST, converge
from zinterphase.meshstudy.families import uniform_family
from zinterphase.output.checkpoint import load_state
from zinterphase.output.writer import open_folder, write_failure, write_result
from zinterphase.run import with_errors
from zinterphase.solve.continuation import Attempt
from zinterphase.solve.petsc_log import petsc_log
from zinterphase.solve.problem import Problem


def run_case(options: RunOptions) -> None:
    """Solve a case, on finer meshes until it is accurate enough where the case asks for that."""
    with petsc_log(MPI.COMM_WORLD, options.log_view):
        _run(options)


def _run(options: RunOptions) -> None:
    comm, console, saved = MPI.COMM_WORLD, make_console(), options.start
    interruptions = current_interruptions()
    origin = started_now()
    budget = budget_of(comm, options.wall_time, options.memory)
    chosen = load_case(comm, options.case, options.overrides)
    target = options.output or Path("results") / options.case.stem
    if chosen.protocol:
        if saved is not None:
            allowed = "a case with a control; zinterphase resume goes on with a run in time"
            raise CaseError("--start", str(saved), allowed)
        run_protocol(chosen, target, budget, origin)
        return
    regime = require_valid(chosen)
    folder = open_folder(comm, target, chosen, keep_state=saved is not None)
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
        console.print(f"{chosen.title}: level {chosen.level}, {comm.size} rank(s)")
        show_notices(console, chosen, regime)
        with interruptions.at_checkpoints():
            study = converge(
                chosen,
                uniform_family(chosen),
                1 if chosen.accuracy is None else MOST,
                comm=comm,
                budget=budget,
                start=lambda built: None if saved is None else load_state(built, saved),
                enough=lambda convergence: convergence.met,
                on_problem=begin,
                on_attempt=note,
                checkpoint=interruptions.check,
            )
        assert study.result is not None
        result, convergence = study.result, None if chosen.accuracy is None else study.convergence
        if convergence is None and _wants_errors(chosen):
            result = with_errors(result)
        if convergence is None:
            write_result(folder, result, origin)
        else:
            write_accurate_result(folder, result, origin, convergence)
    except (ZinterphaseError, MemoryError) as error:
        if comm.size == 1 or isinstance(error, ZinterphaseError):  # memory runs out on one rank
            state = "interrupted" if isinstance(error, Stopped) else "failed"
            reason = str(error) or "memory is used up"
            write_failure(folder, comm, problem, attempts, reason, origin, state)
        raise
    show_result(console, result)
    if convergence is not None:
        show_targets(console, convergence)
    show_findings(console, [f for f in result.findings if f not in regime.findings])
    console.print(f"written to {folder.path}")
    if convergence is not None:
        require_met(convergence)


def _wants_errors(case: Case) -> bool:
    """Estimates cost a part of the solve below three dimensions and more than it in three."""
    wanted = case.output.errors
    return case.geometry.dimension < 3 if wanted is None else wanted
