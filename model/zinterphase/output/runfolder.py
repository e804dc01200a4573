"""The folder of one run: it explains itself, and no file in it is half-written."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from zinterphase.errors import CaseError, FileError
from zinterphase.observe.quantity import Quantity
from zinterphase.output.files import read_json, replacing, write_json, write_rows

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

    def write_results(self, quantities: Mapping[str, Quantity]) -> None:
        """Write `results.json`: every quantity by its key (docs/results.md).

        Raises:
            ValueError: A value is a list with a number that is not finite.
        """
        content = {name: quantity.as_dict() for name, quantity in quantities.items()}
        write_json(self.path / RESULTS, {"quantities": content})

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


def read_results(folder: Path) -> dict[str, Quantity]:
    """Return the quantities of a finished run's folder by their keys.

    Raises:
        FileError: There is no `results.json`, or one that this version does not read.
    """
    path = folder / RESULTS
    try:
        content = read_json(path)["quantities"].items()
        return {name: Quantity.from_dict(entry) for name, entry in content}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise FileError(f"{path}: damaged") from None
