"""What a run in time keeps: rows, cycles, balances, maps, states; everything collective."""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from math import isnan
from typing import Any

import numpy as np
import numpy.typing as npt

from zinterphase.case.protocol import Visit, visits
from zinterphase.case.step import Record
from zinterphase.march.cycles import CycleBook, CycleRow
from zinterphase.march.formula import interpolation
from zinterphase.march.jump import Undo
from zinterphase.march.onset import Onset
from zinterphase.march.point import Point, Trial
from zinterphase.march.recording import Recorder
from zinterphase.march.sample import Sample
from zinterphase.observe.probe import Probe
from zinterphase.observe.through_cell import CellProfile, ThroughCell
from zinterphase.output.gallery import Frame, Gallery
from zinterphase.output.profile_book import ProfileBook
from zinterphase.output.runfolder import RunFolder
from zinterphase.output.spectra import Measure, Spectra
from zinterphase.output.streams import RowStream
from zinterphase.output.stride import is_kept
from zinterphase.parallel import on_root
from zinterphase.solve.state import State, mixed
from zinterphase.solve.storage import Stored, combined

Array = npt.NDArray[np.float64]
HISTORY, CYCLES, BALANCE, CYCLER = "history.csv", "cycles.csv", "balance.csv", "cell.bdf.csv"
SAMPLED = tuple(f.name for f in fields(Sample) if f.name != "mismatch")
COLUMNS = ("cycle", "step", *SAMPLED, "time_step", "newton_iterations", "local_error", "mismatch")
BALANCE_COLUMNS = ("time", "cycle", "step", "balance", "left", "right", "scale", "unit")
CYCLER_COLUMNS = (
    "Test Time / s",
    "Voltage / V",
    "Current / A",
    "Cycle Count / 1",
    "Step Count / 1",
)
CYCLE_COLUMNS = (*(f.name for f in fields(CycleRow)), "steps", "newton_iterations", "seconds")
OFTEN = 100
"""Steps of time between two writes of rows."""


@dataclass
class _Effort:
    steps: int = 0
    iterations: int = 0
    began: float = 0.0


class Trajectory:
    """The watch of a run's march: files on rank 0, numbers on all ranks."""

    def __init__(
        self,
        probe: Probe,
        folder: RunFolder,
        memory: Mapping[str, Any] | None = None,
        gallery: Gallery | None = None,
        *,
        measure: Measure | None = None,
        on_frame: Callable[[Frame], None] = lambda frame: None,
        on_step_end: Callable[[Visit, Sample, str], None] = lambda visit, sample, why: None,
        on_mark: Callable[[], None] = lambda: None,
        on_return: Callable[[float, int], None] = lambda time, frames: None,
    ) -> None:
        """Open the tables, or go on in them from what :meth:`memory` said, with the maps of
        ``gallery``.

        ``measure``, ``on_frame``, ``on_step_end``, ``on_mark`` and ``on_return``, with the time [s]
        and the frames until there, are called on all ranks.
        """
        self.probe, self.book, self.onset = probe, CycleBook(), Onset()
        self.gallery = gallery or Gallery()
        self.profiles = ProfileBook()
        problem = probe.problem
        self._through = ThroughCell(problem) if problem.domain.dimension == 1 else None
        self.last: Sample | None = None
        self._folder, self._comm = folder, probe.problem.domain.comm
        self._case = probe.problem.case
        self._labels = {n: b.label for n, b in enumerate(self._case.protocol)}
        self._last_cycle = max(visit.cycle for visit in visits(self._case.protocol))
        self._on_frame, self._on_step_end = on_frame, on_step_end
        self._on_mark, self._on_return = on_mark, on_return
        self._streams: dict[str, RowStream] = {}
        self._effort = _Effort(began=clock.monotonic())
        self._point: Point | None = None
        self._visit: Visit | None = None
        self.worst = 0.0
        self.time_errors: tuple[float, ...] = (0.0, 0.0, 0.0)
        self._recorder: Recorder | None = None
        self._kept: tuple[int, float] | None = None
        self._waiting: Mapping[str, Any] | None = None
        self.spectra = Spectra(probe.problem, folder, measure)
        if memory is not None:
            self._recall(memory)
        self._open(None if memory is None else memory["sizes"])

    def _recall(self, memory: Mapping[str, Any]) -> None:
        self.book = CycleBook.recalled(memory["book"])
        self.onset, self.worst = Onset.recalled(memory["onset"]), memory["worst"]
        self.time_errors = tuple(memory["time_errors"])
        self.last = None if memory["last"] is None else Sample(**memory["last"])
        self._recorder, self._waiting = None, memory["recorder"]
        self.spectra.recall(memory["spectra"])
        self.profiles = ProfileBook(memory["profiles"])

    def memory(self) -> dict[str, Any]:
        """Everything but the maps as plain data, on rank 0 with the sizes of the tables;
        collective."""
        self._flush()
        return {
            "book": self.book.memory(),
            "onset": self.onset.memory(),
            "worst": self.worst,
            "time_errors": list(self.time_errors),
            "spectra": list(self.spectra.memory),
            "profiles": self.profiles.memory,
            "last": None if self.last is None else asdict(self.last),
            "recorder": None if self._recorder is None else self._recorder.memory(),
            "sizes": {name: stream.size for name, stream in self._streams.items()},
        }

    def look_at(self, probe: Probe, point: Point) -> None:
        """Go on with another probe of the same case, which counts from where the former did;
        ``point`` is the present state on its mesh."""
        self.probe, self._point = probe, point
        self.spectra.follow(probe.problem)

    # -- what the driver tells ----------------------------------------------------------------

    def sample(self, point: Point) -> Sample:
        """Numbers of a state."""
        if self._point is None:
            self._point = point
        return self.probe.sample(point)

    def begin(self, visit: Visit, before: Sample, after: Sample) -> None:
        """Keep both sides of a switch."""
        self.book.begin(visit, before, after)
        self.onset.starts(after)
        self._recorder = Recorder(visit.record, after)
        self._keep(visit, after)
        if self._through is not None and self._point is not None and not self.profiles.shown:
            self.profiles.asked(
                self._profile(visit, before.time, self._point.stored, "beginning of")
            )

    def switched(self, visit: Visit, before: Sample, after: Sample) -> None:
        """Keep both sides of a switch within a step."""
        self._keep(visit, before)
        self._keep(visit, after)

    def _rows(self, visit: Visit, sample: Sample) -> Iterator[Sample]:
        if self._recorder is None:
            assert self._waiting is not None
            self._recorder = Recorder.recalled(visit.record, self._waiting)
        return self._recorder.rows(sample)

    def step(self, visit: Visit, sample: Sample, trial: Trial) -> None:
        """Keep what the step's record asks for. Raises :class:`BalanceError`."""
        self._effort.steps += 1
        self._effort.iterations += trial.iterations
        self.book.step(sample)
        self.onset.goes_on(sample)
        self.worst = max(self.worst, sample.mismatch)
        self.time_errors = tuple(
            max(pair) for pair in zip(self.time_errors, _errors(sample), strict=True)
        )
        self.last = sample
        self.probe.require_closed(sample, trial.points[0])
        for row in self._rows(visit, sample):
            self._keep(visit, row, (trial.length, trial.iterations, trial.error))
        self._take_snapshots(visit, trial.points)
        self._point, self._visit = trial.points[0], visit
        if self._effort.steps % OFTEN == 0:
            self._flush()

    def end(self, visit: Visit, sample: Sample, why: str) -> None:
        """Keep the end of a step, of a cycle, and the maps that the case asks for."""
        self.last = sample
        self.onset.ends(sample)
        row = self.book.end(visit, sample, self._labels[visit.block], why)
        if self._kept != (visit.number, sample.time):
            self._keep(visit, sample)
        self._keep_balances(visit, sample)
        if row is not None:
            self._keep_cycle(row)
        if self._through is not None and self._point is not None:
            self.profiles.ends(self._profile(visit, sample.time, self._point.stored, "end of"))
        wanted = self._case.output.snapshots
        if wanted == "steps" or (wanted == "cycles" and visit.last):
            assert self._point is not None
            self._show(self._frame(visit, sample.time, self._point.sums, self._point.stored))
        self._flush()
        self._on_step_end(visit, sample, why)

    def measure(self, visit: Visit, sample: Sample) -> None:
        """Take a spectrum."""
        self.spectra.take(visit, sample)

    def mark(self) -> Undo:
        """How to go back to here, the tables cut back."""
        self._on_mark()
        memory, maps = self.memory(), self.gallery.arrays()

        def undo() -> None:
            self._recall(memory)
            self.gallery, self._kept = Gallery.recalled(maps), None
            self.close()
            self._open(memory["sizes"])
            assert self.last is not None
            self._on_return(self.last.time, self.gallery.count)

        return undo

    def show_last(self) -> None:
        """Keep the maps of the last step of time, at whose end the problem is; collective."""
        point, visit, frames = self._point, self._visit, self.gallery.frames
        if point is None or visit is None or (frames and frames[-1].time == point.time):
            return
        self._show(self._frame(visit, point.time, point.sums, point.stored))

    # -- files --------------------------------------------------------------------------------

    def close(self) -> None:
        """Write what waits."""
        on_root(self._comm, lambda: _each(self._streams, RowStream.close))

    def _open(self, sizes: dict[str, int] | None) -> None:
        tables: dict[str, Sequence[str]] = {
            HISTORY: COLUMNS,
            CYCLES: CYCLE_COLUMNS,
            BALANCE: BALANCE_COLUMNS,
        }
        if self._case.terminal.area is not None:
            tables[CYCLER] = CYCLER_COLUMNS

        def start() -> None:
            for name, columns in tables.items():
                path = self._folder.claim(name)
                self._streams[name] = RowStream(path, columns, (sizes or {}).get(name))

        on_root(self._comm, start)

    def _flush(self) -> None:
        on_root(self._comm, lambda: _each(self._streams, RowStream.flush))

    def _keep(
        self, visit: Visit, sample: Sample, step: tuple[float, int, float] | None = None
    ) -> None:
        self._kept = (visit.number, sample.time)
        if self._comm.rank != 0 or not self._has_rows(visit):
            return
        values = [_cell(getattr(sample, name)) for name in SAMPLED]
        cost: Sequence[object] = ("", "", "") if step is None else step
        self._streams[HISTORY].add(
            [visit.cycle, visit.number, *values, *cost, _cell(sample.mismatch)]
        )
        area = self._case.terminal.area
        if area is not None:
            row = [sample.time, sample.voltage, sample.current * area, visit.cycle, visit.number]
            self._streams[CYCLER].add(row)

    def _has_rows(self, visit: Visit) -> bool:
        """Those of a record that was asked for, else of some of the marched cycles and of the last
        one planned."""
        asked = visit.record != Record()
        marched = visit.cycle - 1 - self.book.jumped
        return asked or is_kept(marched) or visit.cycle == self._last_cycle

    def _keep_balances(self, visit: Visit, sample: Sample) -> None:
        if self._point is None or not self._has_rows(visit):
            return
        rows = self.probe.balances(self._point)
        if self._comm.rank == 0:
            self._streams[BALANCE].extend(
                (sample.time, visit.cycle, visit.number, b.name, b.left, b.right, b.scale, b.unit)
                for b in rows
            )

    def _keep_cycle(self, row: CycleRow) -> None:
        now = clock.monotonic()
        effort, self._effort = self._effort, _Effort(began=now)
        if self._comm.rank == 0:
            values = [_cell(getattr(row, f.name)) for f in fields(CycleRow)]
            spent = (effort.steps, effort.iterations, round(now - effort.began, 3))
            self._streams[CYCLES].add([*values, *spent])

    def _take_snapshots(self, visit: Visit, points: Sequence[Point]) -> None:
        """Those at given times within the last step of time, on the polynomial through states."""
        wanted = self._case.output.snapshots
        if isinstance(wanted, str):
            return
        problem, (now, _, before) = self.probe.problem, points
        for time in wanted:
            if not before.time < time <= now.time:
                continue
            weights = interpolation([point.time for point in points], time)
            held = combined(weights, [point.stored for point in points])
            problem.stand(State.combined(weights, [point.state for point in points]), held)
            sums = mixed(weights, [point.sums for point in points])
            self._show(self._frame(visit, time, sums, held))
            if self._through is not None:
                self.profiles.asked(self._profile(visit, time, held, "amid"))
            problem.stand(now.state, now.stored)

    def _profile(self, visit: Visit, time: float, stored: Stored, place: str) -> CellProfile:
        """Of the state that the problem is at, ``place`` of a step."""
        assert self._through is not None
        text = visit.step.text
        kind = text.split()[0] if text[:1].isalpha() else "step"
        said = f"{place} {kind}"
        return self._through.take(stored, time, visit.cycle, visit.number, said)

    def _show(self, frame: Frame) -> None:
        self.gallery.add(frame if self._comm.rank == 0 else frame.without_maps)
        self._on_frame(frame)

    def _frame(self, visit: Visit, time: float, sums: Mapping[str, Array], stored: Stored) -> Frame:
        """Maps at the state that the problem is at."""
        name = self.probe.problem.working.name
        growth = self.probe.deposits[name].now()
        thickness = sums[f"deposit {name}"]
        held = {**self.probe.walls[name].maps(stored), **self.probe.front.maps()}
        return Frame(time, visit.cycle, visit.number, thickness, growth.current_density, held)


def _errors(sample: Sample) -> tuple[float, float, float]:
    return sample.voltage_error, sample.current_error, sample.thickness_error


def _cell(value: object) -> object:
    """An empty cell for what is not defined; a list as words."""
    if isinstance(value, float) and isnan(value):
        return ""
    return "; ".join(value) if isinstance(value, tuple) else value


def _each(streams: Mapping[str, RowStream], action: Callable[[RowStream], None]) -> None:
    for stream in streams.values():
        action(stream)
