"""Measured data as CSV files have them: rows of text, and units behind the columns' names."""

import csv
from pathlib import Path

from zinterphase.errors import CaseError
from zinterphase.units import UnitError, conversion_factor

BYTES_PER_ROW = 100
"""At most, of a file that is read at all."""


def read_rows(path: Path, option: str, most: int) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a file that ``option`` of a command names, blank rows left out.

    Raises :class:`CaseError` for a file that cannot be read, or that has far more than ``most``
    rows.
    """
    try:
        if path.is_file() and path.stat().st_size > BYTES_PER_ROW * most:
            raise CaseError(option, str(path), f"at most {most} rows")
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if any(cell.strip() for cell in row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a text file in UTF-8"
        raise CaseError(option, str(path), f"a CSV file that can be read ({reason})") from None
    header, *rest = rows or [[]]
    return [cell.strip() for cell in header], rest


def unit_factor(cell: str, column: str, unit: str) -> float | None:
    """From the unit behind a column's name, as in ``time_h``, to ``unit``; None where the cell
    names something else."""
    if not cell.startswith(f"{column}_"):
        return None
    try:
        factor = conversion_factor(cell.removeprefix(f"{column}_"), unit)
    except UnitError:
        return None
    return None if factor is None else float(factor)
