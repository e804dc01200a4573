"""`verify`: the built-in problems with known solutions."""

from pathlib import Path

from mpi4py import MPI
from rich.console import Console
from rich.table import Table

from zinterphase.cli.console import make_console
from zinterphase.cli.options import VerifyOptions
from zinterphase.cli.progress import progress
from zinterphase.errors import VerificationError
from zinterphase.parallel import on_root
from zinterphase.verification.known import Check, KnownProblem
from zinterphase.verification.registry import select
from zinterphase.verification.runner import Outcome, run, write_outcomes


def verify_problems(options: VerifyOptions) -> None:
    """Solve the problems that are meant, sum them up by family, and fail where one does.

    All quantities of a problem are shown where it fails or is named itself.
    """
    comm, console = MPI.COMM_WORLD, make_console()
    names, output = options.names or (), options.output
    wanted = options.suite or ("full" if names else "fast")
    chosen = select(names, wanted)
    if options.listed:
        console.print(_listing(chosen))
        return
    done: list[Outcome] = []
    with progress(comm, console) as report:

        def note(outcome: Outcome) -> None:
            done.append(outcome)
            report(_line(outcome), len(done), len(chosen))
            if not outcome.passed or outcome.problem.name in names:
                console.print(_quantities(outcome))
            if output is not None:
                folder: Path = output
                on_root(comm, lambda: write_outcomes(done, folder, suite=wanted, ranks=comm.size))

        run(chosen, comm, note)
    console.print(_families(done))
    where = "-o FOLDER keeps them" if output is None else f"in {output}/verification.csv"
    _conclude(console, done, where)


def _listing(problems: tuple[KnownProblem, ...]) -> Table:
    table = Table("problem", "suite", "what is compared", "known from")
    for problem in problems:
        suite = "fast" if problem.fast else "full"
        table.add_row(problem.name, suite, problem.what, problem.source)
    return table


def _line(outcome: Outcome) -> str:
    """One problem in a log."""
    verdict = "pass" if outcome.passed else "FAIL"
    return f"{outcome.problem.name} ({len(outcome.checks)} quantities) {verdict}"


def _quantities(outcome: Outcome) -> Table:
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
    return table


def _families(outcomes: list[Outcome]) -> Table:
    """A row per family, with the quantity that comes closest to its tolerance."""
    table = Table("family", "problems", "quantities", "failed", "CPU", "closest to its tolerance")
    for family in dict.fromkeys(outcome.problem.family for outcome in outcomes):
        members = [outcome for outcome in outcomes if outcome.problem.family == family]
        checks = [(check, one.problem) for one in members for check in one.checks]
        failed = sum(not outcome.passed for outcome in members)
        seconds = sum(outcome.cpu_seconds for outcome in members)
        closest = max(checks, key=lambda pair: pair[0].share, default=None)
        counts = (str(len(members)), str(len(checks)), str(failed or "-"), f"{seconds:.1f} s")
        table.add_row(family, *counts, _closest(*closest) if closest else "-")
    return table


def _closest(check: Check, problem: KnownProblem) -> str:
    numbers = f"error {check.error:.1e} of {check.tolerance:.2g}"
    return f"{problem.name}: {check.quantity}, {numbers}"


def _conclude(console: Console, outcomes: list[Outcome], where: str) -> None:
    """Sum up; raises :class:`VerificationError` where a problem failed."""
    checks = sum(len(outcome.checks) for outcome in outcomes)
    wall = sum(outcome.seconds for outcome in outcomes)
    cpu = sum(outcome.cpu_seconds for outcome in outcomes)
    failed = [outcome.problem.name for outcome in outcomes if not outcome.passed]
    times = f"{wall:.0f} s, {cpu:.0f} s CPU"
    console.print(f"{checks} quantities of {len(outcomes)} problems, {times}; {where}")
    if failed:
        count = f"{len(failed)} of {len(outcomes)} problems"
        raise VerificationError(f"{count} outside their tolerance: {', '.join(failed)}")
