"""`compare`: anodes side by side."""

from collections.abc import Callable, Iterator
from pathlib import Path

from mpi4py import MPI
from rich.console import Console, RenderableType

from zinterphase.case import Case, Draft
from zinterphase.cli.console import make_console
from zinterphase.cli.inputs import (
    current_densities,
    load_case,
    members_at_once,
    started_now,
)
from zinterphase.cli.page import write_page
from zinterphase.cli.progress import progress
from zinterphase.cli.series_options import CompareOptions
from zinterphase.ensemble.answer import answer_table, sentences
from zinterphase.ensemble.compare import Comparison, compare
from zinterphase.ensemble.comparison_files import file_names, write_comparison
from zinterphase.ensemble.corroding import corroding, own_currents, with_open_circuit
from zinterphase.ensemble.corrosion_table import corrosion_sentences, corrosion_table
from zinterphase.ensemble.terminal import failures, rich_cell_table, rich_table
from zinterphase.output.folderlock import claimed
from zinterphase.output.writer import RunOrigin, open_folder, write_result
from zinterphase.parallel import on_root
from zinterphase.result import Result
from zinterphase.units import milliampere

TABLES = "tables.txt"


def compare_cases(options: CompareOptions) -> None:
    """Solve, tabulate and write a comparison."""
    comm, console = MPI.COMM_WORLD, make_console()
    currents = current_densities(options.current)
    if options.about == "corrosion":
        chosen = [_corroding(comm, path, options.overrides) for path in options.cases]
        if not chosen[0].protocol:
            currents = list(with_open_circuit(currents, own_currents(chosen)))
    else:
        chosen = [load_case(comm, path, options.overrides) for path in options.cases]
    output = options.output
    names = file_names([case.title for case in chosen])
    writer = _field_writer(output / "fields", names, started_now())
    with claimed(comm, output), progress(comm, console) as report:
        comparison = compare(
            chosen,
            currents=currents,
            seeds=options.seeds,
            comm=comm,
            members_at_once=members_at_once(comm, options.ranks_per_member),
            progress=report,
            folder=output,
            on_result=writer,
        )
        on_root(comm, lambda: write_comparison(comparison, output))
        on_root(comm, lambda: write_page(output / TABLES, *_tables(comparison)))
    if comm.rank == 0:
        _show(console, comparison, output)


def _corroding(comm: MPI.Intracomm, path: Path, overrides: list[str] | None) -> Case:
    """A case with what corrodes it, read on rank 0; collective."""
    return on_root(comm, lambda: corroding(Draft.load(path, overrides or [])).case())


def _field_writer(
    folder: Path, names: tuple[str, ...], origin: RunOrigin
) -> Callable[[Result, int, float, int], None]:
    """Write a run folder for every anode and current of the seed that is handed over."""

    def write(result: Result, case_index: int, current: float, seed: int) -> None:
        path = folder / f"{names[case_index]}_{current / 10:g}mA_seed{seed}"
        run = open_folder(result.problem.domain.comm, path, result.case)
        write_result(run, result, origin)

    return write


def _show(console: Console, comparison: Comparison, folder: Path) -> None:
    """The short answer, what is worth knowing, and where the rest is."""
    resting = comparison.corroding
    if resting:
        console.print(corrosion_table(resting))
        for sentence in corrosion_sentences(resting):
            console.print(sentence)
    at_rest = {member.current for member in resting}
    driven = [current for current in comparison.currents if current not in at_rest]
    if driven:
        table = comparison.table.at(driven)
        console.print(answer_table(table, comparison.headline))
        for sentence in sentences(table, comparison.headline):
            console.print(sentence)
    for failure in failures(comparison.table):
        console.print(failure)
    for line in dict.fromkeys(line for lines in comparison.notices for line in lines):
        pairs = zip(comparison.labels, comparison.notices, strict=True)
        labels = ", ".join(label for label, lines in pairs if line in lines)
        console.print(f"{labels}: {line}", soft_wrap=True)
    curves = ", curves in comparison.png" if comparison.cases[0].geometry.extents else ""
    console.print(f"All numbers in {TABLES} and table.csv{curves}, of {folder}")


def _tables(comparison: Comparison) -> Iterator[RenderableType]:
    """Every table as people read it."""
    for regimes, label in zip(comparison.regimes, comparison.labels, strict=True):
        for current, regime in zip(comparison.currents, regimes, strict=True):
            if regime.limiting_fraction is not None:
                fraction = f"i/i_lim = {regime.limiting_fraction:.3g}"
                yield f"{label}: {milliampere(current)}, {fraction}"
    if comparison.corroding:
        yield corrosion_table(comparison.corroding)
    yield rich_cell_table(comparison.table)
    for name in comparison.table.fields:
        yield rich_table(comparison.table, name)
