"""The folder of one run: it explains itself, and no file in it is half-written."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from zinterphase.errors import CaseError, FileError
from zinterphase.observe.quantity import Quantity
from zinterphase.output.files import read_json, replacing, write_json, write_rows
from zinterphase.output.folderlock import FolderLock, locked_folder

RUN = "run.json"
RESULTS = "results.json"
BALANCE = "balance.csv"
SOLVER = "solver.csv"
PROFILES = "profiles.csv"
PARTICLES = "particles.csv"
STATE = "state.npz"
MARCH = "march.npz"
"""State of a run in time."""

WRITTEN = (
    "case.toml", RESULTS, BALANCE, SOLVER, PROFILES, PARTICLES, "surface.csv", "surface.vtp",
    "history.csv", "cycles.csv", "cell.bdf.csv", "maps.nc", "voltage.png", "deposit.png",
    "front.png", "front_modes.csv", "deposit.gif", "capacity.csv", "capacity.png",
    "cell_profiles.csv", "cell_profiles.png", MARCH,
    "surface.png", "fields.png", "mesh.png", "convergence.csv", "convergence.json", STATE,
    "fields*.pvd", "fields*.*vtu", "fields*.bp", "solid*.pvd", "solid*.*vtu", "solid*.bp",
    "surface_*.vtp", "surface.pvd", "impedance.csv", "impedance_bare.csv", "local_impedance.csv",
    "impedance.png", "temperatures.csv", "spectra.csv", "spectra.png",
    "impedance_cycle*.csv",
)  # fmt: skip
"""Names of the files a run may write."""
UNFINISHED = "unfinished"
"""State of a run from its start until it has said how it ended, so also of one that was killed."""

RUN_KEYS = ("versions", "ranks", "mesh_checksum", "wall_time", "command", "start_time")
VERSIONS = ("zinterphase", "dolfinx", "petsc", "python", "numpy", "gmsh")


class RunFolder:
    """Writer for a run's folder. Not collective: one rank makes it and writes.

    `run.json` lists the files of the run. A new run in the folder removes those and no others.

    Attributes
    ----------
    path : The folder.
    """

    def __init__(self, path: Path, lock: FolderLock | None = None) -> None:
        """A folder that is there, locked by ``lock``; a new one is made by :meth:`create`."""
        self.path = path
        self._lock = lock
        self._files = [RUN]

    @classmethod
    def create(cls, path: Path, *, keep_state: bool = False) -> RunFolder:
        """Make the folder, or take an empty one or that of an earlier run, whose files go.

        With ``keep_state`` its state stays until there is a new one.

        The folder is marked at once, by a `run.json` that says "unfinished", so that a run that
        was killed is known as one, and locked until the run has said how it ended.

        Raises
        ------
        CaseError
            The path is a file, a folder with other files, or another run is writing.
        """
        folder = cls(path, locked_folder(path))
        with ExitStack() as failed:
            failed.callback(folder.release)
            old = _files_of_the_run_before(path)
            _require_no_other(path, old)
            kept = [STATE] if keep_state and STATE in old else []
            for name in old:
                if name not in (RUN, *kept):
                    _remove(path / name)
            folder._files += kept
            folder._note(UNFINISHED)
            failed.pop_all()
        return folder

    @classmethod
    def reopened(cls, path: Path) -> RunFolder:
        """The folder of a run that is to go on; its files stay.

        Raises
        ------
        CaseError
            There is no run in the folder, or another one is writing there.
        """
        folder = cls(path, locked_folder(path))
        with ExitStack() as failed:
            failed.callback(folder.release)
            folder._files = _files_of_the_run_before(path) or [RUN]
            folder._note(UNFINISHED)
            failed.pop_all()
        return folder

    def release(self) -> None:
        """Let other runs have the folder."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def claim(self, name: str) -> Path:
        """Path of a file of this run that is about to be written.

        Raises
        ------
        CaseError
            There is a file of this name that no run has listed.
        """
        self._claim_all([name])
        return self.path / name

    def _claim_all(self, names: Sequence[str]) -> None:
        new = [name for name in names if name not in self._files]
        for name in new:
            _require_free(self.path / name)
        if new:
            self._files += new
            self._note(UNFINISHED)

    def replacing(self, name: str) -> AbstractContextManager[Path]:
        """Temporary path for a writer of its own; becomes the file `name` on success."""
        return replacing(self.claim(name))

    def adopt(self, scratch: Path) -> None:
        """Take over all files of a claimed folder inside this one, and remove that."""
        files = sorted(scratch.iterdir())
        self._claim_all([file.name for file in files])
        for file in files:
            file.rename(self.path / file.name)
        self.drop(scratch)

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the run's files so far."""
        return tuple(self._files)

    def discard(self, names: Collection[str]) -> None:
        """Remove files of this run."""
        for name in names:
            _remove(self.path / name)
        self._files = [name for name in self._files if name not in names]
        if names:
            self._note(UNFINISHED)

    def drop(self, scratch: Path) -> None:
        """Remove a claimed folder with what is in it."""
        shutil.rmtree(scratch)
        self._files.remove(scratch.name)
        self._note(UNFINISHED)

    def _note(self, state: str, run: Mapping[str, object] | None = None) -> None:
        content = {"state": state, **(run or {}), "files": self._files}
        write_json(self.path / RUN, content)

    def write_results(self, quantities: Mapping[str, Quantity]) -> None:
        """Write `results.json`: every quantity by its key (docs/results.md).

        Raises
        ------
        ValueError
            A value is a list with a number that is not finite.
        """
        content = {name: quantity.as_dict() for name, quantity in quantities.items()}
        write_json(self.claim(RESULTS), {"quantities": content})

    def write_balance(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Write `balance.csv`, a row per balance; all rows have the same keys, at least one row."""
        write_rows(self.claim(BALANCE), rows)

    def write_solver(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Write `solver.csv`, a row per Newton iteration or step; at least one row."""
        write_rows(self.claim(SOLVER), rows)

    def write_profiles(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Write `profiles.csv`, a row per point of a profile line; no file if there is no line."""
        if rows:
            write_rows(self.claim(PROFILES), rows)

    def write_particles(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Write `particles.csv`, a row per particle; no file if there is none."""
        if rows:
            write_rows(self.claim(PARTICLES), rows)

    def write_run(self, run: Mapping[str, object], *, state: str = "finished") -> None:
        """Write `run.json`, the last file of a run.

        Parameters
        ----------
        run : "versions" (of zinterphase, dolfinx, petsc, python, numpy, gmsh; None where one is
            not there), "ranks", "mesh_checksum", "wall_time" [s], "command" (list of words),
            "start_time" (ISO 8601 with its offset), and whatever else there is to say.
        state : How the run ended; the folder is free from then on.

        Raises
        ------
        ValueError
            One of these is missing.
        """
        versions = run.get("versions")
        known = versions if isinstance(versions, Mapping) else {}
        missing = [key for key in RUN_KEYS if key not in run]
        missing += [f"versions.{name}" for name in VERSIONS if name not in known]
        if missing:
            raise ValueError(f"{RUN} needs {', '.join(missing)}")
        self._note(state, run)
        self.release()


def _files_of_the_run_before(folder: Path) -> list[str]:
    """What `run.json` lists; nothing for an empty folder. Raises :class:`CaseError`."""
    if not any(folder.iterdir()):
        return []
    try:
        content = json.loads((folder / RUN).read_text(encoding="utf-8"))
        files: list[str] = content["files"]
        plain = all(name == Path(name).name and name not in ("", "..") for name in files)
        if plain and isinstance(files, list) and RUN in files:
            return files
    except (OSError, ValueError, KeyError, TypeError):
        pass
    allowed = f"a new or empty folder, or one of an earlier run with its {RUN}"
    raise CaseError("output", str(folder), allowed)


def _require_no_other(folder: Path, listed: Sequence[str]) -> None:
    """Raise :class:`CaseError` for files a run would write and the run before did not."""
    for pattern in WRITTEN:
        for path in folder.glob(pattern):
            if path.name not in listed:
                _require_free(path)


def _require_free(path: Path) -> None:
    if os.path.lexists(path):
        allowed = f"a folder without a {path.name} that is no earlier run's"
        raise CaseError("output", str(path.parent), allowed)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def read_results(folder: Path) -> dict[str, Quantity]:
    """Return the quantities of a finished run's folder by their keys.

    Raises
    ------
    FileError
        There is no `results.json`, or one that this version does not read.
    """
    path = folder / RESULTS
    try:
        content = read_json(path)["quantities"].items()
        return {name: Quantity.from_dict(entry) for name, entry in content}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise FileError(f"{path}: damaged") from None
