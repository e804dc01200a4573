"""`run` of a case with a protocol, and `resume`."""

import time as clock
from datetime import timedelta
from math import isnan
from pathlib import Path

from mpi4py import MPI
from rich.console import Console

from zinterphase.case import Case
from zinterphase.case.plan import planned
from zinterphase.case.protocol import Visit
from zinterphase.cell.advice import require_valid
from zinterphase.cli.console import make_console, show_notices
from zinterphase.cli.inputs import budget_of, load_case, started_now
from zinterphase.cli.interruptions import Stopped, current_interruptions
from zinterphase.cli.options import ResumeOptions
from zinterphase.cli.progress import Report, progress
from zinterphase.ensemble.budget import Budget
from zinterphase.errors import BudgetSpent, CaseError, ZinterphaseError
from zinterphase.impedance.steps import step_spectra
from zinterphase.march.sample import Sample
from zinterphase.marching import Hooks, March, Marched, write_march
from zinterphase.output.runfolder import MARCH, RunFolder
from zinterphase.output.writer import RunOrigin, open_folder, reopen_folder, write_failure
from zinterphase.parallel import on_root
from zinterphase.solve.problem import Problem

EACH = 8
"""Visits of steps that are told one by one in a log; later ones by the cycle."""


def run_protocol(case: Case, target: Path, budget: Budget, origin: RunOrigin) -> None:
    """March a case from rest into a folder; collective."""
    comm, console = MPI.COMM_WORLD, make_console()
    folder = open_folder(comm, target, case)
    console.print(f"{case.title}: level {case.level}, {comm.size} rank(s)")
    show_notices(console, case, require_valid(case))
    _march(comm, console, case, folder, budget, origin, None)


def resume_run(options: ResumeOptions) -> None:
    """Go on with a run in time from where it was saved last; collective."""
    comm, console = MPI.COMM_WORLD, make_console()
    origin = started_now()
    path = options.folder
    case = load_case(comm, path / "case.toml", None)
    if not case.protocol:
        raise CaseError("resume", str(path), "the folder of a run with a protocol")
    budget = budget_of(comm, options.wall_time, options.memory)
    folder = reopen_folder(comm, path)
    saved = on_root(comm, (path / MARCH).exists)  # not where it ended before its first step
    console.print(f"{case.title}: goes on in {path}, {comm.size} rank(s)")
    _march(comm, console, case, folder, budget, origin, path / MARCH if saved else None)


def _march(
    comm: MPI.Intracomm,
    console: Console,
    case: Case,
    folder: RunFolder,
    budget: Budget,
    origin: RunOrigin,
    saved: Path | None,
) -> None:
    """March, write, and say where the run has come to."""
    interruptions = current_interruptions()
    problem: Problem | None = None

    def begin(built: Problem) -> None:
        nonlocal problem
        anew = "" if problem is None else "mesh made anew: "
        problem = built
        size = f"{built.domain.cell_count} cells, {built.system.global_size} unknowns"
        console.print(f"  {anew}{size}")

    def checkpoint() -> None:
        interruptions.check()
        budget.check()

    total = sum(step.times for step in planned(case.protocol))
    try:
        with interruptions.at_checkpoints(), progress(comm, console) as report:
            teller = _Teller(report, total, console.is_terminal)

            def ended(visit: Visit, sample: Sample, why: str) -> None:
                teller.tell(march.visits, visit, sample, why)

            hooks = Hooks(begin, ended, checkpoint, step_spectra(folder, checkpoint))
            march = March(case, comm, folder, hooks)
            marched = march.run(saved)
        write_march(folder, marched, origin)
    except ZinterphaseError as error:
        state = "interrupted" if isinstance(error, Stopped | BudgetSpent) else "failed"
        write_failure(folder, comm, problem, (), str(error), origin, state)
        raise
    _show(console, marched)
    console.print(f"written to {folder.path}")


class _Teller:
    """Says what ended the steps of the protocol: on a terminal a bar with cycle, voltage and the
    time that is left, in a log a line each, of later ones by the cycle."""

    def __init__(self, report: Report, total: int, is_terminal: bool) -> None:
        self._report, self._total, self._is_terminal = report, total, is_terminal
        self._began, self._told = clock.monotonic(), 0
        self._before: int | None = None

    def tell(self, done: int, visit: Visit, sample: Sample, why: str) -> None:
        """A step is over, and ``done`` in all."""
        self._before = done - 1 if self._before is None else self._before
        self._told += 1
        if self._is_terminal:
            spent = clock.monotonic() - self._began
            left = time_left(done - self._before, self._total - done, spent)
            self._report(course(visit, sample, left), done, self._total)
        elif self._told <= EACH or visit.last:
            self._report(_line(visit, sample, why), done, self._total)


def time_left(done: int, left: int, spent: float) -> float:
    """Time [s] that ``left`` steps take at most, where ``done`` took ``spent`` [s]."""
    return spent / done * left


def course(visit: Visit, sample: Sample, left: float) -> str:
    """Where a run has come to; ``left`` [s] is what remains."""
    remaining = f"{timedelta(seconds=round(left))} left"
    return f"cycle {visit.cycle}, {sample.voltage * 1e3:.5g} mV, {remaining}"


def _line(visit: Visit, sample: Sample, why: str) -> str:
    grown = f", deposit {sample.thickness * 1e6:.4g} um" if not isnan(sample.thickness) else ""
    return (
        f"cycle {visit.cycle}: {visit.step.text}: {why} at t = {sample.time / 3600:.5g} h, "
        f"{sample.voltage * 1e3:.5g} mV{grown}"
    )


def _show(console: Console, marched: Marched) -> None:
    last, cost = marched.last, marched.cost
    console.print(
        f"{len(marched.cycles)} cycle(s), {last.time / 3600:.6g} h: {cost.steps} steps of time "
        f"({cost.rejected} rejected), {cost.iterations / max(cost.steps, 1):.3g} Newton iterations "
        f"each; balances closed to {marched.worst_mismatch:.1e}"
    )
    voltage, current, thickness = marched.time_errors
    console.print(
        f"error of time, estimated: at most {voltage * 1e3:.1e} mV where the current is imposed, "
        f"{current / 10:.1e} mA/cm2 where the voltage is, {thickness * 1e6:.1e} um of the deposit"
    )
    if marched.jumps is not None:
        jumps = marched.jumps
        console.print(
            f"{jumps.jumps} jump(s) over {jumps.cycles} cycle(s) ({jumps.refused} refused), sum of "
            f"their errors, estimated: {jumps.charge_error:.1e} of a cycle's charge, "
            f"{jumps.thickness_error * 1e6:.1e} um of the deposit"
        )
    if not marched.cycles:
        return
    row = marched.cycles[-1]
    parts = [f"plated {row.plated / 36e3:.5g} mAh/cm2, stripped {row.stripped / 36e3:.5g} mAh/cm2"]
    efficiency = "not defined" if isnan(row.efficiency) else f"{row.efficiency:.5%}"
    parts.append(f"CE {efficiency}")
    if not isnan(row.hysteresis):
        parts.append(f"hysteresis {row.hysteresis * 1e3:.5g} mV")
    if not isnan(row.thickness_cv):
        parts.append(f"CV of the deposit's thickness {row.thickness_cv:.3g}")
    console.print(f"last cycle: {', '.join(parts)}")
