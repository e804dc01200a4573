"""Fields and surfaces of a run in time for ParaView: snapshots and their collections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
from mpi4py import MPI
from scipy.spatial import cKDTree

from zinterphase.case import Case
from zinterphase.errors import FileError
from zinterphase.observe.evaluate import surface_map
from zinterphase.observe.facets import FacetMap, facet_map
from zinterphase.observe.fields import LiquidFields, solid_fields
from zinterphase.observe.recovery import SurfaceRecovery
from zinterphase.output.field_files import write_sets
from zinterphase.output.layer_files import block_file, collection
from zinterphase.output.runfolder import RunFolder
from zinterphase.output.stride import stride
from zinterphase.output.surface_file import write_surface
from zinterphase.parallel import on_root
from zinterphase.solve.problem import Problem

Array = npt.NDArray[np.float64]
SETS = ("fields", "solid")
SURFACES = "surface.pvd"
_NUMBERED = re.compile(r"(?:fields|solid|surface)_(\d{4,})[_.]")


@dataclass(frozen=True)
class Snapshot:
    """Its number, from 0, and its time [s]."""

    number: int
    time: float


class FieldSeries:
    """Writes `fields_NNNN_LAYER_RANK.vtu`, `solid_...`, `surface_NNNN.vtp` and their `.pvd`.

    Snapshots are numbered in the order they come. At most 200 are kept: those whose number is a
    multiple of the smallest power of two that leaves so few, and the one at the end of the run.
    Others are not written. A `.pvd` is replaced as a whole and names only files that are there.
    With `output.fields = "bp"` every snapshot is a `fields_NNNN.bp` with its time in it; with
    "none" there are surfaces alone.

    Attributes
    ----------
    kept : The snapshots that are there, in the order of time; the same on all ranks.
    """

    def __init__(
        self,
        folder: RunFolder,
        case: Case,
        comm: MPI.Intracomm,
        *,
        until: float | None = None,
        count: int = 0,
    ) -> None:
        """Begin a series, or go on with one in the folder after the time ``until`` [s], when
        ``count`` snapshots had come: what came later goes. Collective. Raises :class:`FileError`.
        """
        self._folder, self._form, self._comm = folder, case.output.fields, comm
        self._layers = (*(layer.name for layer in case.layers), *case.particles)
        self._count = 0
        self._problem: Problem | None = None
        self.kept: tuple[Snapshot, ...] = ()
        if until is not None:
            self.kept = tuple(on_root(comm, lambda: _read(folder.path / SURFACES)))
            self.return_to(until, count)

    def return_to(self, until: float, count: int) -> None:
        """Forget what came after the time ``until`` [s], when ``count`` snapshots had come.
        Collective."""
        self._count = count
        self.kept = tuple(s for s in self.kept if s.time <= until)
        on_root(self._comm, self._settle)

    def add(
        self, problem: Problem, time: float, deposit: tuple[Array, Array] | None = None
    ) -> None:
        """Take a snapshot of the present state, if its turn has come. Collective.

        Parameters
        ----------
        problem : At the state to be kept; another one than before where the mesh was made anew.
        time : Since the beginning of the run [s], later than that of the last snapshot.
        deposit : Centres of the working electrode's facets, shape (f, d) [m], and the thickness
            of the deposit there, shape (f,) [m]; becomes `thickness` of the surface.

        Raises
        ------
        FileError
            The files cannot be written; those of earlier snapshots stay.
        """
        new = Snapshot(self._count, time)
        self._count += 1
        if new.number % stride(new.number) == 0:
            self._write(problem, new, deposit)

    def finish(
        self, problem: Problem, time: float, deposit: tuple[Array, Array] | None = None
    ) -> None:
        """Keep the state at the end of the run, unless the last snapshot is of this time.

        Collective; arguments and errors as of :meth:`add`.
        """
        if not self.kept or self.kept[-1].time != time:
            self._write(problem, Snapshot(self._count, time), deposit)

    def _write(self, problem: Problem, new: Snapshot, deposit: tuple[Array, Array] | None) -> None:
        if self._problem is not problem:
            self._problem = problem
            self._liquid = None if self._form == "none" else LiquidFields(problem)
            self._surface = SurfaceRecovery(problem)
        if self._liquid is not None:
            found = (self._liquid.now(), solid_fields(problem))
            sets = {f"{n}_{new.number:04d}": f for n, f in zip(SETS, found, strict=True)}
            write_sets(problem, sets, self._form, self._folder, new.time)
        facets = facet_map(problem, self._surface.of(surface_map(problem)).table)
        every = stride(new.number)
        self.kept = (*(s for s in self.kept if s.number % every == 0), new)

        def write() -> None:
            assert facets is not None
            shown = facets if deposit is None else with_thickness(facets, *deposit)
            with self._folder.replacing(_surface(new)) as temporary:
                write_surface(temporary, shown)
            self._settle()

        on_root(self._comm, write)

    def _settle(self) -> None:
        """Write the collections; remove what belongs to no snapshot any more. On rank 0."""
        here = set(self._folder.files)
        self._collect(SURFACES, [[("surface", _surface(s))] for s in self.kept])
        if self._form == "pvd":
            for name in SETS:
                parts = [
                    [(layer, file) for layer in self._layers
                     if (file := block_file(f"{name}_{s.number:04d}", layer)) in here]
                    for s in self.kept
                ]  # fmt: skip
                if any(parts):
                    self._collect(f"{name}.pvd", parts)
        numbers = {snapshot.number for snapshot in self.kept}
        self._folder.discard({n for n in here if _number(n) not in {None, *numbers}})

    def _collect(self, name: str, parts: Sequence[Sequence[tuple[str, str]]]) -> None:
        times = [(repr(snapshot.time), own) for snapshot, own in zip(self.kept, parts, strict=True)]
        with self._folder.replacing(name) as temporary:
            temporary.write_text(collection(times), encoding="utf-8")


def with_thickness(facets: FacetMap, position: Array, thickness: Array) -> FacetMap:
    """The facets with the thickness of the deposit among their values, by their centres."""
    _, nearest = cKDTree(position).query(facets.corners.mean(axis=1))
    return replace(facets, values={**facets.values, "thickness": thickness[nearest]})


def _surface(snapshot: Snapshot) -> str:
    return f"surface_{snapshot.number:04d}.vtp"


def _number(name: str) -> int | None:
    """Of the snapshot a file belongs to."""
    found = _NUMBERED.match(name)
    return int(found[1]) if found else None


def _read(path: Path) -> list[Snapshot]:
    """The snapshots of a collection; none where there is no such file."""
    if not path.exists():
        return []
    try:
        parts = list(ElementTree.parse(path).iter("DataSet"))
        found = [(_number(part.attrib["file"]), float(part.attrib["timestep"])) for part in parts]
    except (ElementTree.ParseError, KeyError, ValueError):
        raise FileError(f"{path}: damaged") from None
    return [Snapshot(number, time) for number, time in found if number is not None]
