"""The folder of one run: it explains itself, and no file in it is half-written."""

from __future__ import annotations

import math
import shutil
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zinterphase.errors import CaseError
from zinterphase.output.files import replacing, write_json, write_rows

RUN = "run.json"
RESULTS = "results.json"
BALANCE = "balance.csv"
SOLVER = "solver.csv"
PROFILES = "profiles.csv"

# What a new run in an old folder must not leave standing beside its own files.
STALE = (RESULTS, BALANCE, SOLVER, PROFILES, "surface.csv", "history.csv", "surface.png",
         "convergence.csv", "convergence.json")  # fmt: skip
STALE_FIELDS = ("fields*.pvd", "fields*.*vtu", "solid*.pvd", "solid*.*vtu", "fields.bp", "solid.bp")

RUN_KEYS = ("versions", "ranks", "mesh_checksum", "wall_time", "command", "start_time")
VERSIONS = ("zinterphase", "dolfinx", "petsc", "python", "numpy", "gmsh")


@dataclass(frozen=True)
class RunFolder:
    """Writer for a run's folder. Not collective: one rank makes it and writes.

    Attributes:
        path: The folder.
    """

    path: Path

    @classmethod
    def create(cls, path: Path, *, overwrite: bool = False) -> RunFolder:
        """Make the folder, or take an empty one or that of an earlier run, whose results go.

        The folder is marked at once, by a `run.json` that says "running", so that a run that was
        interrupted is known as one.

        Args:
            path: The folder; missing parents are made.
            overwrite: Take a folder with other files in it too; they stay.

        Raises:
            CaseError: The path is a file, or a folder with other files that is not to be taken.
        """
        if path.exists() and not path.is_dir():
            raise CaseError("output", str(path), "a folder, and this is a file")
        occupied = path.is_dir() and any(path.iterdir())
        if occupied and not overwrite and not (path / RUN).is_file():
            allowed = "a new or empty folder, or one of an earlier run"
            raise CaseError("output", str(path), allowed)
        path.mkdir(parents=True, exist_ok=True)
        for name in STALE:
            (path / name).unlink(missing_ok=True)
        for old in (found for pattern in STALE_FIELDS for found in path.glob(pattern)):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
        write_json(path / RUN, {"state": "running"})
        return cls(path)

    def replacing(self, name: str) -> AbstractContextManager[Path]:
        """Temporary path for a writer of its own; becomes the file `name` on success."""
        return replacing(self.path / name)

    def write_results(self, results: Mapping[str, Mapping[str, object]]) -> None:
        """Write `results.json`: per quantity "value", "unit", "error" and "reason".

        Args:
            results: Per quantity a value (None where it has none), its unit ("1" for a pure
                number), and either an error estimate in that unit or the reason why there is
                none. A reason is needed wherever the value or the error is None or left out.

        Raises:
            ValueError: An entry has other keys, no unit, a number that is not finite, or neither
                an error nor a reason.
        """
        checked = {name: _entry(name, entry) for name, entry in results.items()}
        write_json(self.path / RESULTS, checked)

    def write_balance(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Write `balance.csv`, a row per balance; all rows have the same keys, at least one row."""
        write_rows(self.path / BALANCE, rows)

    def write_solver(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Write `solver.csv`, a row per Newton iteration or step; at least one row."""
        write_rows(self.path / SOLVER, rows)

    def write_profiles(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Write `profiles.csv`, a row per point of a profile line; no file if there is no line."""
        if rows:
            write_rows(self.path / PROFILES, rows)

    def write_run(self, run: Mapping[str, object], *, state: str = "finished") -> None:
        """Write `run.json`, the last file of a run.

        Args:
            run: "versions" (of zinterphase, dolfinx, petsc, python, numpy, gmsh; None where one is
                not there), "ranks", "mesh_checksum", "wall_time" [s], "command" (list of words),
                "start_time" (ISO 8601 with its offset), and whatever else there is to say.
            state: How the run ended.

        Raises:
            ValueError: One of these is missing.
        """
        versions = run.get("versions")
        known = versions if isinstance(versions, Mapping) else {}
        missing = [key for key in RUN_KEYS if key not in run]
        missing += [f"versions.{name}" for name in VERSIONS if name not in known]
        if missing:
            raise ValueError(f"{RUN} needs {', '.join(missing)}")
        write_json(self.path / RUN, {"state": state, **run})


def _entry(name: str, entry: Mapping[str, object]) -> dict[str, object]:
    """One quantity with all four keys, checked."""
    if unknown := set(entry) - {"value", "unit", "error", "reason"}:
        raise ValueError(f"{RESULTS}: {name} has unknown keys {', '.join(sorted(unknown))}")
    if "value" not in entry or not isinstance(entry.get("unit"), str):
        raise ValueError(f"{RESULTS}: {name} needs a value and a unit")
    value, error, reason = entry["value"], entry.get("error"), entry.get("reason")
    for number in (value, error):
        if isinstance(number, float | np.floating) and not math.isfinite(number):
            raise ValueError(f"{RESULTS}: {name} is not finite")
    if (value is None or error is None) and not reason:
        raise ValueError(f"{RESULTS}: {name} needs an error estimate, or the reason for none")
    return {"value": value, "unit": entry["unit"], "error": error, "reason": reason}
