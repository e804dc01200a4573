"""What figures draw of a run in time, from its `history.csv`."""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from zinterphase.errors import FileError

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class History:
    """Rows of a run in the order of time, SI units; NaN where a cell is empty.

    Both sides of a switch are rows of the same time.
    """

    time: Array
    cycle: Array
    voltage: Array
    current: Array
    charge: Array
    thickness: Array
    thickness_min: Array
    thickness_max: Array
    sq: Array
    peak: Array
    valley: Array

    def __len__(self) -> int:
        return len(self.time)

    @classmethod
    def from_csv(cls, path: Path) -> History:
        """Read a table with these columns among others. Raises :class:`FileError`."""
        names = [field.name for field in fields(cls)]
        try:
            with path.open(encoding="utf-8", newline="") as file:
                head = next(csv.reader([file.readline()]))
                columns = [head.index(name) for name in names]
                if file.tell() == path.stat().st_size:
                    return cls(*np.empty((len(names), 0)))
                table = np.loadtxt(
                    file, delimiter=",", usecols=columns, converters=_number, ndmin=2, unpack=True
                )
        except OSError as error:
            raise FileError(f"{path}: {error.strerror}") from error
        except ValueError:
            raise FileError(f"{path}: no history of a run in time") from None
        return cls(*table)

    def of_cycle(self, number: int) -> History:
        """The rows of a cycle that has some, with the time since its beginning."""
        chosen = self.cycle == number
        columns = {field.name: getattr(self, field.name)[chosen] for field in fields(self)}
        return History(**columns | {"time": columns["time"] - columns["time"][0]})


def _number(cell: str) -> float:
    return float(cell or "nan")
