"""Measured data beside a computed curve: read, and how far apart they are."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zinterphase.errors import CaseError
from zinterphase.experiments.course import Array
from zinterphase.experiments.experiment import Axis, Curve, Experiment, Panel
from zinterphase.output.measured_file import read_rows, unit_factor

MOST_ROWS = 200_000


@dataclass(frozen=True, eq=False)
class Measured:
    """Points of a panel in SI units, from a file of that name."""

    name: str
    panel: Panel
    x: Array
    y: Array


@dataclass(frozen=True)
class Distance:
    """Measured minus computed over the points within the computed range: root of the mean square
    and largest magnitude, in the SI unit of the ordinate, in decades where it is logarithmic.

    ``points`` were compared, ``outside`` were not.
    """

    root_mean_square: float
    largest: float
    unit: str
    points: int
    outside: int


def read_measured(path: Path, experiment: Experiment) -> Measured:
    """Read a CSV file whose two columns are the axes of a panel, as ``time_s,voltage_V``.

    Raises
    ------
    CaseError
        One line: the header or the row, and what is allowed.
    """
    header, rows = read_rows(path, "--data", MOST_ROWS)
    panel, factors = _panel(experiment, header)
    if not 1 <= len(rows) < MOST_ROWS:
        raise CaseError("--data", f"{len(rows)} rows", f"1 to {MOST_ROWS} rows")
    values = np.array([_numbers(number, row) for number, row in enumerate(rows, 2)])
    for axis, column in zip((panel.x, panel.y), values.T, strict=True):
        if axis.log and column.min() <= 0.0:
            allowed = "values above 0, the axis is logarithmic"
            raise CaseError(f"--data: {axis.column}", float(column.min()), allowed)
    return Measured(path.name, panel, values[:, 0] * factors[0], values[:, 1] * factors[1])


def _panel(experiment: Experiment, header: list[str]) -> tuple[Panel, tuple[float, float]]:
    """The panel whose axes the header names, and the factors to SI units."""
    for panel in experiment.panels:
        axes = (panel.x, panel.y)
        if len(header) == 2:
            found = [_factor(axis, cell) for axis, cell in zip(axes, header, strict=True)]
            if found[0] is not None and found[1] is not None:
                return panel, (found[0], found[1])
    allowed = " or ".join(
        dict.fromkeys(f"{_example(p.x)},{_example(p.y)}" for p in experiment.panels)
    )
    shown = ",".join(header)
    raise CaseError("--data", shown, f"a header of {experiment.name} with its units: {allowed}")


def _factor(axis: Axis, cell: str) -> float | None:
    """From the unit behind the axis' name to SI; None where the cell names something else."""
    if axis.unit == "1":
        return 1.0 if cell == axis.column else None
    return unit_factor(cell, axis.column, axis.unit)


def _example(axis: Axis) -> str:
    units = {"A/m^2": "mA/cm2", "C/m^2": "mAh/cm2", "1": ""}
    unit = units.get(axis.unit, axis.unit)
    return f"{axis.column}_{unit}" if unit else axis.column


def _numbers(number: int, row: list[str]) -> tuple[float, float]:
    try:
        x, y = (float(cell) for cell in row)
    except ValueError:
        x = y = np.nan
    if not (np.isfinite(x) and np.isfinite(y)):
        raise CaseError(f"--data: line {number}", ",".join(row), "two numbers")
    return x, y


def distance(measured: Measured, curve: Curve) -> Distance:
    """Of the points from a computed curve, linear between its rows (on a logarithmic axis in the
    logarithm).

    Raises :class:`CaseError` where no point lies within the curve's range.
    """
    order = np.argsort(curve.x, kind="stable")
    x, y, points = curve.x[order], curve.y[order], measured.y
    unit = measured.panel.y.unit
    inside = (measured.x >= x[0]) & (measured.x <= x[-1])
    if not inside.any():
        found = f"{measured.x.min():.4g} to {measured.x.max():.4g} {measured.panel.x.unit}"
        allowed = f"points within {x[0]:.4g} to {x[-1]:.4g} {measured.panel.x.unit}"
        raise CaseError(f"--data: {measured.panel.x.column}", found, allowed)
    if measured.panel.y.log:
        y, points, unit = np.log10(y), np.log10(points), "decades"
    off = points[inside] - np.interp(measured.x[inside], x, y)
    return Distance(
        float(np.sqrt(np.mean(off**2))),
        float(np.abs(off).max()),
        unit,
        int(np.count_nonzero(inside)),
        int(np.count_nonzero(~inside)),
    )


def curve_of(curves: tuple[Curve, ...], panel: Panel) -> Curve | None:
    """The computed line of a panel."""
    return next((c for c in curves if c.panel == panel.name and not c.guide), None)
