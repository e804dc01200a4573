"""The homogenisation table as people read it: a column per case, a block per current."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from zinterphase.ensemble.homogenisation import HomogenisationRow, HomogenisationTable
from zinterphase.observe.statistics import CONFIDENCE, Interval
from zinterphase.units import for_readers, milliampere

METRIC_LABELS = {
    "mean": "mean",
    "cv": "CV",
    "max_over_mean": "max/mean",
    "p99_over_median": "p99/median",
    "p1_over_median": "p1/median",
    "gini": "Gini",
    "reversed_fraction": "reversed",
}


def rich_table(table: HomogenisationTable, name: str) -> Table:
    """One field of a table for the terminal.

    Each cell is a seed mean with its interval below; a dash where it is not defined, with the
    reasons and the failed runs under the table.

    Raises
    ------
    KeyError
        The table has no such field.
    """
    rows = [row for row in table.rows if row.field == name]
    if not rows:
        raise KeyError(name)
    view = _view(f"Homogeneity of {name}", rows)
    for block in _blocks(view, rows):
        for metric, label in METRIC_LABELS.items():
            unit, factor = for_readers(table.units.get(name, "") if metric == "mean" else "")
            cells = [interval_cell(row.metrics[metric] if row else None, factor) for row in block]
            view.add_row(_named(label, unit), *cells)
        view.add_row("H", *(interval_cell(row.homogenisation if row else None) for row in block))
    view.caption = "\n".join(_notes(table, rows))
    return view


def rich_cell_table(table: HomogenisationTable) -> Table:
    """The numbers of the whole cell for the terminal: potential and its parts, i/i_lim, ..."""
    rows = [row for row in table.rows if row.field == table.fields[0]]
    view = _view("The cell", rows)
    for block in _blocks(view, rows):
        for scalar in next(row for row in block if row).scalars:
            unit, factor = for_readers(table.units.get(scalar, ""))
            cells = [interval_cell(row.scalars[scalar] if row else None, factor) for row in block]
            view.add_row(_named(scalar, unit), *cells)
    return view


def _view(title: str, rows: list[HomogenisationRow]) -> Table:
    """An empty table with a column per case."""
    view = Table(title=title, title_justify="left", caption_justify="left")
    view.add_column("")
    for label in {row.case: row.label for row in rows}.values():
        view.add_column(label, justify="right")
    return view


def _blocks(view: Table, rows: list[HomogenisationRow]) -> Iterator[list[HomogenisationRow | None]]:
    """The rows of each level and current by case, after their heading."""
    cases = dict.fromkeys(row.case for row in rows)
    for level, current in dict.fromkeys((row.level, row.current) for row in rows):
        found = {r.case: r for r in rows if (r.level, r.current) == (level, current)}
        block = [found.get(case) for case in cases]
        view.add_section()
        heading = Text(f"{milliampere(current)}, {level}", style="bold")
        view.add_row(heading, *(_seeds(row) for row in block))
        yield block


def _named(label: str, unit: str) -> str:
    return label if unit in ("", "1") else f"{label}, {unit}"


def _seeds(row: HomogenisationRow | None) -> Text:
    if row is None:
        return Text("no run", style="dim")
    total = len(row.seeds) + len(row.failures)
    if row.failures:
        return Text(f"{len(row.seeds)} of {total} seeds", style="bold red")
    return Text(f"{total} seeds" if total != 1 else "1 seed")


def interval_cell(interval: Interval | None, factor: float = 1.0) -> Text:
    """A seed mean with its interval below, a dash where there is none."""
    if interval is None or interval.value is None:
        return Text("-", style="dim")
    value, low, high = (
        "" if number is None else f"{factor * number:.3g}"
        for number in (interval.value, interval.low, interval.high)
    )
    text = Text(value)
    # an interval that shows no other digits than its value says nothing
    if low and high and (low, high) != (value, value):
        text.append(f"\n{low}..{high}", style="dim")
    return text


def _notes(table: HomogenisationTable, rows: list[HomogenisationRow]) -> list[str]:
    """Lines under the table: how the intervals are meant, what is missing, what failed."""
    notes = [
        f"Seed means with {CONFIDENCE:.0%} intervals; "
        f"H = 1 - CV/CV({table.reference}), paired by seed."
    ]
    places: dict[tuple[str, str], list[str]] = {}
    without_interval: dict[str, None] = {}
    for row in rows:
        intervals = dict(row.metrics)
        if row.case != table.reference:
            intervals["H"] = row.homogenisation
        reasons: dict[str, list[str]] = {}
        for metric, interval in intervals.items():
            if interval.reason and interval.value is not None:
                without_interval[interval.reason] = None
            elif interval.reason:
                label = METRIC_LABELS.get(metric, metric.replace("_", " "))
                reasons.setdefault(interval.reason, []).append(label)
        for reason, labels in reasons.items():
            key = (", ".join(labels), reason)
            places.setdefault(key, []).append(f"{row.label} at {milliampere(row.current)}")
    for (what, reason), where in places.items():
        notes.append(f"{what}: {reason} ({'; '.join(where)})")
    notes.extend(without_interval)
    notes.extend(failures(table))
    return notes


def failures(table: HomogenisationTable) -> list[str]:
    """A line for each run that gave no solution."""
    return [
        f"Failed: {failure.case}, {milliampere(failure.current)}, {failure.level}, "
        f"seed {failure.seed}: {failure.reason}"
        for failure in table.failures
    ]
