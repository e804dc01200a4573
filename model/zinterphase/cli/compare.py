"""The command that puts anodes side by side."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from mpi4py import MPI
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from zinterphase.cli.console import make_console
from zinterphase.cli.options import Overrides, load_case, started_now
from zinterphase.errors import CaseError
from zinterphase.output.terminal import rich_cell_table, rich_table
from zinterphase.output.writer import Provenance, open_folder, write_result
from zinterphase.parallel import on_root
from zinterphase.result import Result
from zinterphase.studies.compare import Comparison
from zinterphase.studies.compare import compare as compare_cases
from zinterphase.studies.files import file_names, write_comparison
from zinterphase.units import UnitError, to_si

ONLY_IN_FILES = "current_density_true_area"
"""Field without a table on the terminal: on gentle surfaces it repeats the projected one."""

Report = Callable[[str, int, int], None]


def compare(
    cases: Annotated[list[Path], typer.Argument(metavar="CASE ...", help="The first is bare.")],
    seeds: Annotated[int, typer.Option(min=1, help="Number of seeds; from 10 on, intervals.")] = 10,
    current: Annotated[
        list[str] | None,
        typer.Option(help='Mean current density, e.g. "-1 mA/cm^2"; repeat it for several.'),
    ] = None,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Folder; finished members in it are kept.")
    ] = Path("results/comparison"),
    overrides: Overrides = None,
    members_at_once: Annotated[
        int | None, typer.Option(min=1, help="Members side by side on parts of the ranks.")
    ] = None,
) -> None:
    """Same mean current, same seeds: the homogenisation table against the first case.

    Example: zinterphase compare cases/bare.toml cases/silver.toml --seeds 10 --current "-1 mA/cm^2"
    """
    comm, console = MPI.COMM_WORLD, make_console()
    chosen = [load_case(comm, path, overrides) for path in cases]
    currents = [_current_density(text) for text in current] if current else None
    names = file_names([case.title for case in chosen])
    writer = _field_writer(output / "fields", names, started_now())
    with _progress(comm, console) as report:
        comparison = compare_cases(
            chosen,
            currents=currents,
            seeds=seeds,
            comm=comm,
            members_at_once=members_at_once,
            progress=report,
            folder=output,
            on_result=writer,
        )
    on_root(comm, lambda: write_comparison(comparison, output))
    if comm.rank == 0:
        _show(console, comparison)
        console.print(f"written to {output}")


def _current_density(text: str) -> float:
    try:
        return to_si(text, "A/m^2")
    except UnitError:
        allowed = 'a current density with its unit, such as "-1 mA/cm^2"'
        raise CaseError("--current", text, allowed) from None


def _field_writer(
    folder: Path, names: tuple[str, ...], provenance: Provenance
) -> Callable[[Result, int, float, int], None]:
    """Write a run folder for every anode and current of the seed that is handed over."""

    def write(result: Result, case_index: int, current: float, seed: int) -> None:
        path = folder / f"{names[case_index]}_{current / 10:g}mA_seed{seed}"
        run = open_folder(result.problem.domain.comm, path, result.case)
        write_result(run, result, provenance)

    return write


@contextmanager
def _progress(comm: MPI.Intracomm, console: Console) -> Iterator[Report]:
    """A bar on a terminal, a line per member in a log, nothing on other ranks."""
    if comm.rank != 0:
        yield lambda text, done, total: None
        return
    if not console.is_terminal:
        yield lambda text, done, total: console.print(f"[{done}/{total}] {text}", markup=False)
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda text, done, total: bar.update(
            task, description=text, completed=done, total=total
        )


def _show(console: Console, comparison: Comparison) -> None:
    for label, lines in zip(comparison.labels, comparison.notices, strict=True):
        for line in lines:
            console.print(f"{label}: {line}", markup=False)
    for regimes, label in zip(comparison.regimes, comparison.labels, strict=True):
        for current, regime in zip(comparison.currents, regimes, strict=True):
            fraction = regime.limiting_fraction or 0.0
            console.print(f"{label}: {current / 10:g} mA/cm^2, i/i_lim = {fraction:.3g}")
    console.print(rich_cell_table(comparison.table))
    for name in comparison.table.fields:
        if name == ONLY_IN_FILES:
            continue
        console.print(rich_table(comparison.table, name))
