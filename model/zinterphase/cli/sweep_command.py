"""`sweep`: one case over lists of values."""

import re

from mpi4py import MPI
from rich.table import Table

from zinterphase.cli.console import make_console
from zinterphase.cli.inputs import members_at_once
from zinterphase.cli.progress import progress
from zinterphase.cli.series_options import SweepOptions
from zinterphase.errors import CaseError
from zinterphase.output.folderlock import claimed
from zinterphase.parallel import on_root
from zinterphase.sweep.axes import Combination, axes_of
from zinterphase.sweep.files import FIGURES, TABLE, write_sweep
from zinterphase.sweep.outcome import Sweep, shown, sweep
from zinterphase.units import for_readers


def sweep_case(options: SweepOptions) -> None:
    """Solve, tabulate, draw and write a sweep."""
    comm, console = MPI.COMM_WORLD, make_console()
    combination: Combination = "zip" if options.together else "grid"
    axes = axes_of(options.overrides or [], options.ranges or [], combination)
    part = _part(options.part)
    whole = part == (1, 1)
    folder = options.output if whole else options.output / f"part-{part[0]}-of-{part[1]}"
    with claimed(comm, folder), progress(comm, console) as report:
        found = sweep(
            options.case,
            axes,
            metrics=options.metrics or (),
            part=part,
            comm=comm,
            members_at_once=members_at_once(comm, options.ranks_per_member),
            progress=report,
            folder=folder,
        )
        on_root(comm, lambda: write_sweep(found, folder))
    console.print(_table(found))
    first = {row.reason: row for row in reversed(found.rows) if not row.numbers}
    for reason, row in reversed(first.items()):
        where = ", ".join(f"{key} = {value}" for key, value in row.settings.items())
        console.print(f"{where}: {reason}", soft_wrap=True)
    console.print(f"Every number in {TABLE}, the figure in {FIGURES[0]}, of {folder}")


def _part(text: str | None) -> tuple[int, int]:
    if text is None:
        return 1, 1
    found = re.fullmatch(r"(\d{1,5})/(\d{1,5})", text)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise CaseError("--part", text, "k/n, the k-th of n parts, such as 1/4")
    return int(found[1]), int(found[2])


def _table(found: Sweep) -> Table:
    units = {name: entry[1] for row in found.rows for name, entry in row.numbers.items()}
    table = Table(title=found.title)
    for axis in found.axes.swept:
        table.add_column(axis.key.replace(".", ".\n"))
    for name in found.metrics:
        unit = for_readers(units.get(name, "1"))[0]
        shown_unit = f"\n{unit}" if unit != "1" else ""
        table.add_column(name.replace(".", ".\n") + shown_unit, justify="right")
    table.add_column("note")
    for row in found.rows:
        numbers = [shown(row.numbers.get(name)) for name in found.metrics]
        note = "" if row.reason is None else row.reason if row.numbers else "no solution"
        table.add_row(*row.settings.values(), *numbers, note)
    return table
