"""Progress of many runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mpi4py import MPI
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

Report = Callable[[str, int, int], None]


@contextmanager
def progress(comm: MPI.Intracomm, console: Console) -> Iterator[Report]:
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
