"""`verify`: the built-in problems with known solutions."""

from pathlib import Path

from mpi4py import MPI
from rich.console import Console
from rich.table import Table

from zinterphase.cli.console import make_console
from zinterphase.cli.options import VerifyOptions
from zinterphase.errors import VerificationError
from zinterphase.parallel import on_root
from zinterphase.verification.known import KnownProblem
from zinterphase.verification.registry import select
from zinterphase.verification.runner import Outcome, run, write_outcomes


def verify_problems(options: VerifyOptions) -> None:
    """Solve the problems that are meant, show each, and fail where one does."""
    comm, console = MPI.COMM_WORLD, make_console()
    names, output = options.names or (), options.output
    wanted = options.suite or ("full" if names else "fast")
    chosen = select(names, wanted)
    if options.listed:
        console.print(_listing(chosen))
        return
    done: list[Outcome] = []

    def note(outcome: Outcome) -> None:
        done.append(outcome)
        _show(console, outcome)
        if output is not None:
            folder: Path = output
            on_root(comm, lambda: write_outcomes(done, folder, suite=wanted, ranks=comm.size))

    run(chosen, comm, note)
    if output is not None:
        console.print(f"written to {output}")
    _conclude(console, done)


def _listing(problems: tuple[KnownProblem, ...]) -> Table:
    table = Table("problem", "suite", "what is compared", "known from")
    for problem in problems:
        suite = "fast" if problem.fast else "full"
        table.add_row(problem.name, suite, problem.what, problem.source)
    return table


def _show(console: Console, outcome: Outcome) -> None:
    problem = outcome.problem
    title = f"{problem.name}: {problem.what} ({outcome.cpu_seconds:.1f} s CPU)"
    columns = ("quantity", "computed", "exact", "error", "tolerance", "")
    table = Table(*columns, title=title, title_justify="left")
    for check in outcome.checks:
        numbers = (f"{check.computed:.9g}", f"{check.exact:.9g}")
        errors = (f"{check.error:.2e}", f"{check.tolerance:.2g}")
        table.add_row(check.quantity, *numbers, *errors, "pass" if check.passed else "FAIL")
    if outcome.failure is not None:
        table.add_row(outcome.failure, "", "", "", "", "FAIL")
    console.print(table)


def _conclude(console: Console, outcomes: list[Outcome]) -> None:
    """Sum up; raises :class:`VerificationError` where a problem failed."""
    checks = sum(len(outcome.checks) for outcome in outcomes)
    wall = sum(outcome.seconds for outcome in outcomes)
    cpu = sum(outcome.cpu_seconds for outcome in outcomes)
    failed = [outcome.problem.name for outcome in outcomes if not outcome.passed]
    console.print(f"{checks} quantities of {len(outcomes)} problems, {wall:.0f} s, {cpu:.0f} s CPU")
    if failed:
        count = f"{len(failed)} of {len(outcomes)} problems"
        raise VerificationError(f"{count} outside their tolerance: {', '.join(failed)}")
