"""`watch`: how far a job is, by what it writes to its folder."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from mpi4py import MPI
from rich.console import Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

from zinterphase.case import Case
from zinterphase.case.plan import longest_time, planned
from zinterphase.cli.console import make_console
from zinterphase.cli.door_options import WatchOptions
from zinterphase.ensemble.groups import MEMBERS
from zinterphase.errors import CaseError, FileError
from zinterphase.output.files import read_json
from zinterphase.output.runfolder import RUN, UNFINISHED
from zinterphase.units import for_readers

HISTORY = "history.csv"
SHOWN = {
    "time": ("time", "s"), "cycle": ("cycle", "1"), "step": ("step", "1"),
    "voltage": ("voltage", "V"), "current": ("current density", "A/m^2"),
    "thickness": ("deposit, mean", "m"), "thickness_min": ("deposit, least", "m"),
    "thickness_max": ("deposit, largest", "m"),
}  # fmt: skip
"""Columns of `history.csv` that are shown, in words with their SI unit."""
TAIL = 65_536
"""Bytes at the end of a table among which its last row is."""


def watch_folder(options: WatchOptions) -> None:
    """Show where a job stands until it has ended, or once; on rank 0 alone."""
    if MPI.COMM_WORLD.rank != 0:
        return
    console, watcher = make_console(), Watcher(options.folder)
    if options.once or not console.is_terminal:
        console.print(watcher.look())
        return
    with Live(watcher.look(), console=console, auto_refresh=False) as live:
        while not watcher.over:
            time.sleep(options.interval)
            live.update(watcher.look(), refresh=True)


class Watcher:
    """Reads the folder of a run or a study; nothing of it is kept open or locked."""

    def __init__(self, folder: Path) -> None:
        """Raises :class:`FileError` where there is neither a run nor a study."""
        if not any((folder / name).is_file() for name in (RUN, MEMBERS)):
            raise FileError(f"{folder}: no run and no study has begun there")
        self._folder, self._planned = folder, _planned_time(folder / "case.toml")
        self.over = False
        """Whether a run has said how it ended; a study never does."""

    def look(self) -> RenderableType:
        """What there is to see at this moment."""
        parts: list[RenderableType] = []
        if (self._folder / RUN).is_file():
            run = read_json(self._folder / RUN)
            state = str(run.get("state"))
            self.over = state != UNFINISHED
            reason = f": {run['reason']}" if run.get("reason") else ""
            parts.append(f"{self._folder}: {state}{reason}, {_age(self._folder)}")
        row = _last_row(self._folder / HISTORY)
        if row:
            parts.append(_state_of(row))
            if self._planned:
                done = min(float(row["time"]), self._planned)
                parts.append(f"{done:.4g} of at most {self._planned:.4g} s of the protocol")
                parts.append(ProgressBar(total=self._planned, completed=done, width=50))
        members = self._folder / MEMBERS
        if members.is_file():
            count = sum(1 for _ in members.open("rb"))
            parts.append(f"{self._folder}: {count} runs done, {_age(self._folder)}")
        return Group(*parts)


def _age(folder: Path) -> str:
    """How long ago anything in a folder was written."""
    written = max(_written(folder))
    return f"last written {max(time.time() - written, 0.0):.0f} s ago"


def _written(folder: Path) -> Iterator[float]:
    """When files were; those that a running job takes away at this moment are left out."""
    yield folder.stat().st_mtime
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            yield path.stat().st_mtime


def _state_of(row: dict[str, str]) -> Table:
    table = Table(show_header=False)
    for column, (name, unit) in SHOWN.items():
        if row.get(column):
            told, factor = for_readers(unit)
            shown = f"{factor * float(row[column]):.5g}" + ("" if told == "1" else f" {told}")
            table.add_row(name, shown)
    return table


def _last_row(path: Path) -> dict[str, str] | None:
    """The last whole row of a table that may be written to at this moment."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        header = file.readline().decode("utf-8")
        begin = file.tell()
        file.seek(max(begin, path.stat().st_size - TAIL))
        text = file.read().decode("utf-8", errors="replace")
    whole = text[: text.rfind("\n") + 1].splitlines()
    columns = next(csv.reader([header]), [])
    for line in reversed(whole):
        cells = next(csv.reader([line]), [])
        if len(cells) == len(columns):
            return dict(zip(columns, cells, strict=True))
    return None


def _planned_time(path: Path) -> float | None:
    """The longest that the protocol of a run takes [s]; None where it is not known."""
    try:
        return longest_time(planned(Case.load(path).protocol)) or None
    except CaseError:
        return None
