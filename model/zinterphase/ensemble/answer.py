"""What a comparison says in short: a table of H, and the sentences that it supports."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from zinterphase.ensemble.homogenisation import HomogenisationRow, HomogenisationTable
from zinterphase.ensemble.subject import subject_of
from zinterphase.ensemble.terminal import interval_cell
from zinterphase.observe import keys
from zinterphase.observe.statistics import CONFIDENCE
from zinterphase.units import milliampere

SLIGHT = 0.01
"""Size of H below which the change of the CV is said to be slight."""


def answer_table(table: HomogenisationTable, headline: str) -> Table:
    """H of every other case at every current, per metal and per projected area where a table has
    both, the ``headline`` first, with the reference's CV that it is measured by."""
    labels = {row.case: row.label for row in table.rows}
    seeds = max(len(row.seeds) + len(row.failures) for row in table.rows)
    count = f"{seeds} seeds" if seeds > 1 else "1 seed"
    subject = subject_of(headline)
    title = f"Homogenisation factor H of the {subject.name}, {count}, {CONFIDENCE:.0%} intervals"
    view = Table(title=title, title_justify="left")
    view.add_column(f"{subject.current} current")
    view.add_column("per")
    view.add_column(f"CV {labels.pop(table.reference)}", justify="right")
    for label in labels.values():
        view.add_column(f"H {label}", justify="right")
    for level, current in dict.fromkeys((row.level, row.current) for row in table.rows):
        view.add_section()
        for name in dict.fromkeys([headline, *keys.AREAS]):
            if name not in table.fields:
                continue
            cells = [
                _cell(table, table.row(case, current, name, level))
                for case in (table.reference, *labels)
            ]
            view.add_row(f"{milliampere(current)}, {level}", keys.AREAS[name], *cells)
    return view


def sentences(table: HomogenisationTable, headline: str) -> list[str]:
    """A line for each other case, of the field that is the ``headline``, and one on the most
    even."""
    others = dict.fromkeys(row.case for row in table.rows if row.case != table.reference)
    rows = {case: _rows(table, case, headline) for case in others}
    reference = next(row.label for row in table.rows if row.case == table.reference)
    lines = [_sentence(found, reference) for found in rows.values()]
    return [*lines, *_most_even(list(rows.values()))]


def _rows(table: HomogenisationTable, case: str, headline: str) -> list[HomogenisationRow]:
    return [row for row in table.rows if (row.case, row.field) == (case, headline)]


def _cell(table: HomogenisationTable, row: HomogenisationRow) -> Text:
    return interval_cell(row.metrics["cv"] if row.case == table.reference else row.homogenisation)


def _sentence(rows: list[HomogenisationRow], reference: str) -> str:
    label = rows[0].label
    for row in rows:
        if row.homogenisation.value is None:
            where = milliampere(row.current)
            return f"{label}: no H at {where}: {row.homogenisation.reason}."
    factors = [row.homogenisation for row in rows]
    values = sorted(factor.value for factor in factors if factor.value is not None)
    spread = " to ".join(dict.fromkeys(f"{value:.3g}" for value in (values[0], values[-1])))
    ends = [(f.low, f.high) for f in factors if f.low is not None and f.high is not None]
    spread += f" per {keys.AREAS[rows[0].field]}"
    if len(ends) < len(factors):
        return f"{label}: H {spread}, on these surfaces only: {factors[0].reason}."
    slight = ", but slightly" if max(map(abs, values)) < SLIGHT else ""
    if all(low > 0 for low, _ in ends):
        return f"{label}: H {spread}, more even than {reference}{slight}."
    if all(high < 0 for _, high in ends):
        return f"{label}: H {spread}, less even than {reference}{slight}."
    if all(low <= 0 <= high for low, high in ends):
        return f"{label}: H {spread}, no difference from {reference} is shown."
    return f"{label}: H {spread}, the difference from {reference} depends on the current."


def _most_even(cases: list[list[HomogenisationRow]]) -> list[str]:
    """Which case is the most even at every current, and which the seeds do not tell from it."""
    if len(cases) < 2 or any(r.homogenisation.low is None for rows in cases for r in rows):
        return []
    columns = zip(*cases, strict=True)
    leaders = {max(rows, key=lambda row: row.homogenisation.value or 0.0).case for rows in columns}
    if len(leaders) > 1:
        return ["Which of them is the most even depends on the current."]
    best = next(rows for rows in cases if rows[0].case in leaders)
    near = [rows[0].label for rows in cases if rows is not best and _overlap(rows, best)]
    if not near:
        return [f"{best[0].label} is the most even."]
    return [f"{best[0].label} is the most even; its interval meets that of {', '.join(near)}."]


def _overlap(rows: list[HomogenisationRow], best: list[HomogenisationRow]) -> bool:
    """Whether at some current the intervals meet."""
    pairs = [(a.homogenisation, b.homogenisation) for a, b in zip(rows, best, strict=True)]
    return any((a.high or 0.0) >= (b.low or 0.0) for a, b in pairs)
