"""The folder of a sweep."""

from __future__ import annotations

from pathlib import Path

from zinterphase.output.figures import save_figure
from zinterphase.output.files import write_rows
from zinterphase.sweep.outcome import Sweep

TABLE = "sweep.csv"
FIGURES = ("sweep.png", "sweep.pdf")


def write_sweep(found: Sweep, folder: Path) -> None:
    """Write table and figure. Not collective: one rank writes."""
    from zinterphase.sweep.figure import sweep_figure

    write_rows(folder / TABLE, table_rows(found))
    figure = sweep_figure(found)
    for name in FIGURES:
        save_figure(figure, folder / name)


def table_rows(found: Sweep) -> list[dict[str, object]]:
    """A row a point: what is swept, every number with its unit in the name, SI, and the reason
    where there is none; what was asked for comes first."""
    names = dict.fromkeys(
        [*found.metrics, *sorted({name for row in found.rows for name in row.numbers})]
    )
    units = {name: entry[1] for row in found.rows for name, entry in row.numbers.items()}
    return [
        {
            **row.settings,
            **{
                f"{name} [{units.get(name, '1')}]": row.numbers[name][0]
                if name in row.numbers
                else None
                for name in names
            },
            "note": row.reason,
        }
        for row in found.rows
    ]
