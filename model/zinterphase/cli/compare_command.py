"""`compare`: anodes side by side."""

from collections.abc import Callable
from pathlib import Path

from mpi4py import MPI
from rich.console import Console

from zinterphase.cli.console import make_console
from zinterphase.cli.inputs import current_densities, load_case, started_now
from zinterphase.cli.options import CompareOptions
from zinterphase.cli.progress import progress
from zinterphase.ensemble.compare import Comparison, compare
from zinterphase.ensemble.comparison_files import file_names, write_comparison
from zinterphase.ensemble.terminal import rich_cell_table, rich_table
from zinterphase.observe import keys
from zinterphase.output.folderlock import claimed
from zinterphase.output.writer import RunOrigin, open_folder, write_result
from zinterphase.parallel import on_root
from zinterphase.result import Result

ONLY_IN_FILES = keys.CURRENT_DENSITY_TRUE_AREA
"""Field without a table on the terminal: on gentle surfaces it repeats the projected one."""


def compare_cases(options: CompareOptions) -> None:
    """Solve, tabulate and write a comparison."""
    comm, console = MPI.COMM_WORLD, make_console()
    chosen = [load_case(comm, path, options.overrides) for path in options.cases]
    output = options.output
    names = file_names([case.title for case in chosen])
    writer = _field_writer(output / "fields", names, started_now())
    with claimed(comm, output), progress(comm, console) as report:
        comparison = compare(
            chosen,
            currents=current_densities(options.current),
            seeds=options.seeds,
            comm=comm,
            members_at_once=options.members_at_once,
            progress=report,
            folder=output,
            on_result=writer,
        )
        on_root(comm, lambda: write_comparison(comparison, output))
    if comm.rank == 0:
        _show(console, comparison)
        console.print(f"written to {output}")


def _field_writer(
    folder: Path, names: tuple[str, ...], origin: RunOrigin
) -> Callable[[Result, int, float, int], None]:
    """Write a run folder for every anode and current of the seed that is handed over."""

    def write(result: Result, case_index: int, current: float, seed: int) -> None:
        path = folder / f"{names[case_index]}_{current / 10:g}mA_seed{seed}"
        run = open_folder(result.problem.domain.comm, path, result.case)
        write_result(run, result, origin)

    return write


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
