"""One case with a protocol from mesh to run folder; everything collective."""

import time as clock
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.case.protocol import Visit
from zinterphase.cell.advice import require_valid
from zinterphase.errors import ZinterphaseError
from zinterphase.geometry.raw import RawMesh
from zinterphase.march.cycles import CycleRow
from zinterphase.march.driver import Cost, Driver, LimitReached
from zinterphase.march.jump_length import JumpReport
from zinterphase.march.onset import Onset
from zinterphase.march.sample import Sample
from zinterphase.march.stepper import Stepper
from zinterphase.mesh import Domain
from zinterphase.observe.beginning import at_rest
from zinterphase.observe.evaluate import surface_map
from zinterphase.observe.free_course import FRONT, PLACE
from zinterphase.observe.front_outcome import front_outcome
from zinterphase.observe.probe import Probe
from zinterphase.observe.quantity import Quantity
from zinterphase.observe.recovery import recovered_surface
from zinterphase.observe.through_cell import CellProfile
from zinterphase.observe.traces import TraceShare
from zinterphase.output.field_series import FieldSeries
from zinterphase.output.front_files import MODES, front_quantities, node_quantities, write_modes
from zinterphase.output.gallery import Frame, Gallery
from zinterphase.output.jump_results import jump_quantities
from zinterphase.output.march_pictures import write_march_pictures
from zinterphase.output.march_results import march_quantities
from zinterphase.output.march_state import MarchState, load_march, load_mesh, save_march
from zinterphase.output.runfolder import MARCH, RunFolder
from zinterphase.output.spectra import Measure
from zinterphase.output.trajectory import Trajectory
from zinterphase.output.writer import RunOrigin
from zinterphase.parallel import on_root
from zinterphase.remeshing import remeshed
from zinterphase.run import mesh_case
from zinterphase.solve.problem import Problem
from zinterphase.solve.system import Array

INTERVAL = 60.0
"""Seconds of rank 0's clock between two saved states, at ends of steps of the protocol."""

type OnEnd = Callable[[Visit, Sample, str], None]


@dataclass(frozen=True, eq=False)
class Marched:
    """A march that came to the end of its protocol, with the last state in ``problem``.

    ``spectrum`` are the numbers of the last spectrum that was asked for; ``time_errors`` are the
    largest that were estimated of voltage [V] and current density [A/m2]; ``jumps`` is None where
    the case asks for none.
    """

    probe: Probe
    last: Sample
    cycles: tuple[CycleRow, ...]
    frames: tuple[Frame, ...]
    profiles: tuple[CellProfile, ...]
    onset: Onset
    cost: Cost
    worst_mismatch: float
    spectrum: Mapping[str, Quantity]
    time_errors: tuple[float, ...]
    jumps: JumpReport | None


@dataclass(frozen=True)
class Hooks:
    """What a caller wants to be told; called on all ranks.

    ``begin`` is called again where the mesh was made anew. ``checkpoint`` may raise to end the
    march with its state saved, ``measure`` too; without one, steps that ask for a spectrum pass by.
    """

    begin: Callable[[Problem], None] = lambda problem: None
    end: OnEnd = lambda visit, sample, why: None
    checkpoint: Callable[[], None] = lambda: None
    measure: Measure | None = None


@dataclass
class March:
    """A march with what it needs to be saved at any moment between two steps of time."""

    case: Case
    comm: MPI.Intracomm
    folder: RunFolder
    hooks: Hooks = field(default_factory=Hooks)

    @property
    def visits(self) -> int:
        """Steps of the protocol that are over, those before a restart included."""
        return self._driver.progress.visits

    def run(self, resumed: Path | None = None) -> Marched:
        """March from rest, or from the saved state of a run; collective.

        Raises what meshes, solves and balances raise; the last good state is saved then.
        """
        require_valid(self.case)
        domain, self._mesh = present_domain(self.case, self.comm, resumed)
        problem = Problem(self.case, domain)
        self.hooks.begin(problem)
        problem.checkpoint = self.hooks.checkpoint
        probe, stepper = at_rest(problem)
        saved = None if resumed is None else load_march(problem, resumed)
        if saved is not None:
            stepper.resume(saved.points, saved.reached, saved.footing)
            if saved.origins:
                probe.recall(saved.origins)
        memory = None if saved is None else saved.book
        series = self._series(saved)
        self._watch = Trajectory(
            probe,
            self.folder,
            memory,
            None if saved is None else Gallery.recalled(saved.maps),
            measure=self.hooks.measure,
            on_frame=lambda frame: series.add(
                self._problem, frame.time, self._placed(frame.thickness)
            ),
            on_step_end=self._ended,
            on_mark=self._save,
            on_return=series.return_to,
        )
        self._driver = Driver(self.case, stepper, self._watch, self._remesh)
        if saved is not None:
            self._driver.jumping.recall(saved.jumps, saved.ends)
        self._traces = TraceShare(problem)
        self._saved = clock.monotonic()
        if saved is None:
            self._save()
        try:
            self._driver.march(None if saved is None else saved.progress)
        except ZinterphaseError as error:  # on all ranks at once
            self._save()
            if isinstance(error, LimitReached):
                self._watch.show_last()
            self._watch.close()
            self._write_pictures()
            raise
        self._save()
        self._watch.close()
        last = self._driver.progress.last
        thickness = self._driver.stepper.now.sums[f"deposit {problem.working.name}"]
        series.finish(self._problem, last.time, self._placed(thickness))
        return Marched(
            self._watch.probe,
            last,
            tuple(self._watch.book.rows),
            self._watch.gallery.frames,
            self._watch.profiles.shown,
            self._watch.onset,
            self._driver.cost,
            self._watch.worst,
            self._watch.spectra.last,
            self._watch.time_errors,
            self._driver.jumping.report,
        )

    @property
    def _problem(self) -> Problem:
        """On the present mesh."""
        return self._watch.probe.problem

    def _remesh(self, stepper: Stepper, step: float) -> Stepper | None:
        """Go on with a mesh of the front as it is, and have it watched."""
        found = remeshed(self._watch.probe, stepper, step)
        if found is None:
            return None
        stepper.problem.close()
        self._mesh = found.mesh
        self._watch.look_at(found.probe, found.stepper.now)
        self._traces = TraceShare(self._problem)
        self.hooks.begin(self._problem)
        return found.stepper

    def _placed(self, thickness: Array) -> tuple[Array, Array]:
        """With the centres, as they are now, of the facets that it is the deposit's on."""
        probe = self._watch.probe
        made, now = probe.deposits[self._problem.working.name].position, probe.front.maps()
        if FRONT not in now:
            return made, thickness
        lateral = now[PLACE][:, None] if PLACE in now else made[:, :-1]
        return np.column_stack([lateral, now[FRONT]]), thickness

    def _series(self, saved: MarchState | None) -> FieldSeries:
        if saved is None:
            return FieldSeries(self.folder, self.case, self.comm)
        until, count = saved.progress.last.time, Gallery.recalled(saved.maps).count
        return FieldSeries(self.folder, self.case, self.comm, until=until, count=count)

    def _ended(self, visit: Visit, sample: Sample, why: str) -> None:
        self.hooks.end(visit, sample, why)
        self._traces.required()
        due = self.comm.bcast(clock.monotonic() - self._saved > INTERVAL)
        if due:
            self._saved = clock.monotonic()
            self._save()

    def _write_pictures(self) -> None:
        """And maps, as far as they go, of a march that did not come to its end."""
        probe = self._watch.probe
        deposit = probe.deposits[probe.problem.working.name]
        on_root(
            self.comm,
            lambda: write_march_pictures(
                self.folder,
                self.case,
                self._watch.book.rows,
                self._watch.gallery.frames,
                position=deposit.position,
                area=deposit.area,
                graph=probe.graph,
                profiles=self._watch.profiles.shown,
            ),
        )

    def _save(self) -> None:
        """But not behind a jump that is on trial: what was saved before it makes it again."""
        stepper, jumping, probe = self._driver.stepper, self._driver.jumping, self._watch.probe
        if jumping.on_trial:
            return
        on_root(self.comm, lambda: self.folder.claim(MARCH))
        state = MarchState(
            stepper.points,
            self._driver.progress,
            self._watch.memory(),
            stepper.memory(),
            self._watch.gallery.arrays(),
            stepper.footing(),
            jumping.points,
            jumping.memory(),
            self._mesh,
            probe.origins() if probe.front.remeshes else {},
        )
        save_march(stepper.problem, state, self.folder.path / MARCH)


def present_domain(
    case: Case, comm: MPI.Intracomm, saved: Path | None
) -> tuple[Domain, RawMesh | None]:
    """That of the case, or the one that a ``saved`` run in time had come to, and its mesh on rank 0
    where that is not the case's; collective. Raises what meshes and files raise."""
    is_remade, mesh = (False, None) if saved is None else load_mesh(comm, saved)
    if is_remade:
        return Domain.create(comm, mesh, case.geometry.coordinates), mesh
    return mesh_case(case, comm).domain, None


def write_march(folder: RunFolder, marched: Marched, origin: RunOrigin) -> None:
    """Fill the folder of a march that came to its end; `run.json` comes last; collective."""
    problem = marched.probe.problem
    case, comm = problem.case, problem.domain.comm
    surface = recovered_surface(problem, surface_map(problem))
    deposit, graph = marched.probe.deposits[problem.working.name], marched.probe.graph
    numbers = march_quantities(
        marched.last,
        marched.cycles,
        marched.onset,
        marched.cost,
        marched.worst_mismatch,
        marched.time_errors,
    )

    numbers |= marched.spectrum
    if marched.jumps is not None:
        numbers |= jump_quantities(numbers, marched.jumps)
    course = marched.probe.front
    front = None
    if course.is_graph:
        front = front_outcome(case, course.relief(), course.first_relief())
        numbers |= dict(front_quantities(front))
    if case.front is not None and (case.front.even_nodes or case.front.remesh):
        numbers |= dict(node_quantities(course.slides, course.remeshes, course.missed))

    def write() -> None:
        folder.write_results(numbers)
        if front is not None and not isinstance(front.modes, str):
            write_modes(front, front.modes, folder.claim(MODES))
        with folder.replacing("surface.csv") as temporary:
            surface.table.to_csv(temporary)
        write_march_pictures(
            folder,
            case,
            marched.cycles,
            marched.frames,
            position=deposit.position,
            area=deposit.area,
            graph=graph,
            profiles=marched.profiles,
        )
        folder.write_run(origin.record(comm, problem.domain.checksum))

    on_root(comm, write)
