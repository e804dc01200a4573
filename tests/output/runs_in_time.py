"""Runs in time with known numbers, as figures and files take them."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from zinterphase.march.cycles import CycleRow
from zinterphase.output.gallery import Frame
from zinterphase.output.history import History
from zinterphase.output.trajectory import COLUMNS

WIDTH, DEPTH = 30e-6, 20e-6
HOUR = 3600.0


def centres(dimension: int, count: int = 30) -> np.ndarray:
    """Of the facets of an even surface."""
    if dimension == 1:
        return np.zeros((1, 1))
    x = (np.arange(count) + 0.5) * WIDTH / count
    if dimension == 2:
        return np.stack([x, np.zeros(count)], axis=1)
    y = (np.arange(count) + 0.5) * DEPTH / count
    grid = np.stack(np.meshgrid(x, y, indexing="ij"), axis=2).reshape(-1, 2)
    return np.column_stack([grid, np.zeros(len(grid))])


def pattern(position: np.ndarray) -> np.ndarray:
    """1 + 0.5 cos(pi x / W), of mean one."""
    return 1 + 0.5 * np.cos(np.pi * position[:, 0] / WIDTH)


def snapshots(position: np.ndarray, cycles: int) -> list[Frame]:
    """1 um after an hour of plating, nothing after another of stripping, a cycle per two hours."""
    shape = pattern(position) if position.shape[1] > 1 else np.ones(1)
    found = []
    for k in range(cycles):
        begin = 2 * k * HOUR
        found.append(Frame(begin + HOUR, k + 1, 1, 1e-6 * shape, -10 * shape))
        found.append(Frame(begin + 2 * HOUR, k + 1, 2, 0 * shape, 10 * shape))
    return found


def history(cycles: int, rows: int = 20) -> History:
    """The same in time: -0.1 V while plating, 0.1 V while stripping; both sides of switches."""
    part = np.linspace(0.0, 1.0, rows)
    begins = 2 * HOUR * np.arange(cycles)[:, None]
    time = np.hstack([begins + HOUR * part, begins + HOUR + HOUR * part]).ravel()
    sign = np.tile(np.repeat([-1.0, 1.0], rows), cycles)
    mean = np.tile(1e-6 * np.concatenate([part, 1 - part]), cycles)
    cycle = np.repeat(np.arange(cycles) + 1.0, 2 * rows)
    still = np.full_like(time, np.nan)
    relief = (still, still, still)
    charge = 10.0 * np.tile(HOUR * np.concatenate([part, 1 - part]), cycles)
    thickness = (mean, 0.5 * mean, 1.5 * mean)
    return History(time, cycle, 0.1 * sign, 10.0 * sign, charge, *thickness, *relief)


def rows(cycles: int) -> list[CycleRow]:
    """Of the same cycles, with 98 % of the charge got back."""
    return [
        CycleRow(k + 1, "", 2 * k * HOUR, 2 * (k + 1) * HOUR, efficiency=0.98, hysteresis=0.2)
        for k in range(cycles)
    ]


def write_history(path: Path, found: History, unknown: Sequence[str] = ()) -> None:
    """A `history.csv`; columns that are ``unknown`` or not in the history stay empty."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        for k in range(len(found)):
            table.writerow(
                repr(float(getattr(found, name)[k]))
                if hasattr(found, name) and name not in unknown
                else ""
                for name in COLUMNS
            )
