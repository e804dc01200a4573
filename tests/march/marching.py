"""A case's text marched in memory, its numbers collected."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.case.protocol import Visit
from zinterphase.geometry.build import build
from zinterphase.geometry.raw import RawMesh
from zinterphase.geometry.recipe import recipe_from_case
from zinterphase.march.beginning import settle
from zinterphase.march.cycles import CycleBook
from zinterphase.march.driver import Driver
from zinterphase.march.jump import Undo
from zinterphase.march.point import Point, Trial
from zinterphase.march.recording import between
from zinterphase.march.sample import Sample
from zinterphase.march.stepper import Stepper
from zinterphase.march.tolerance import Tolerances
from zinterphase.mesh import Domain
from zinterphase.observe.probe import Probe
from zinterphase.remeshing import remeshed
from zinterphase.run import mesh_case
from zinterphase.scales import FARADAY
from zinterphase.solve.problem import Problem
from zinterphase.solve.storage import combined
from zinterphase.verification.jacobian import remainders
from zinterphase.verification.ranks import owners

DATA = Path(__file__).parent / "data"


def reference(name: str) -> dict[str, Any]:
    """One of the references beside the tests."""
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text())
    return found


def symmetric(
    level: str,
    length: float,
    steps: Sequence[str],
    *,
    cells: int = 100,
    concentration: float = 2000.0,
    kinetics: str = "",
    electrolyte: str = 'salt = "ZnSO4"',
    medium: str = 'material = "electrolyte"',
    more: str = "",
) -> str:
    """A case file: zinc against zinc, ``length`` [m] apart, on a line with equal cells.

    ``steps`` are entries of the protocol as the file has them, but for sentences, whose quotes may
    be left out; ``more`` stands at the file's top.
    """
    entries = ", ".join(step if step[0] in "{[" else f'"{step}"' for step in steps)
    size = f'"{length / cells!r} m"'
    amount = "" if "species" in electrolyte else f'concentration = "{concentration!r} mol/m^3"'
    return f"""
level = "{level}"
{more}
geometry.dimension = 1
mesh.first_cell = {size}
mesh.far_size = {size}
counter.type = "electrode"
[[layers]]
name = "zinc"
material = "Zn"
thickness = "50 um"
[[layers]]
name = "liquid"
{medium}
thickness = "{length!r} m"
[electrolyte]
{electrolyte}
{amount}
[kinetics.zinc]
contact_fraction = 1.0
{kinetics}
[[protocol]]
steps = [{entries}]
"""


@dataclass
class Passed:
    """One step of a protocol: the instants before and after its switch, then every step of time."""

    visit: Visit
    before: Sample
    samples: list[Sample]
    errors: list[float] = field(default_factory=list)
    why: str = ""

    @property
    def after(self) -> Sample:
        """Just after the switch."""
        return self.samples[0]

    @property
    def last(self) -> Sample:
        """Its end."""
        return self.samples[-1]

    @property
    def duration(self) -> float:
        """Of the step [s]."""
        return self.last.time - self.before.time

    def at(self, time: float) -> Sample:
        """``time`` [s] after the switch, as rows of a record are found between steps of time."""
        wanted = self.before.time + time
        for number, (last, now) in enumerate(pairwise(self.samples)):
            if wanted <= now.time * (1 + 1e-12):
                before = self.samples[number - 1] if number > 1 else None
                return between(before, last, now, min(wanted, now.time))
        raise ValueError(f"{time} s is behind the end of {self.visit.step.text}")


class Journal:
    """Keeps every instant."""

    def __init__(self, probe: Probe) -> None:
        self.probe = probe
        self.passed: list[Passed] = []
        self.book = CycleBook()

    def sample(self, point: Point) -> Sample:
        return self.probe.sample(point)

    def begin(self, visit: Visit, before: Sample, after: Sample) -> None:
        self.passed.append(Passed(visit, before, [after]))
        self.book.begin(visit, before, after)

    def switched(self, visit: Visit, before: Sample, after: Sample) -> None:
        self.passed[-1].samples.append(after)

    def step(self, visit: Visit, sample: Sample, trial: Trial) -> None:
        self.passed[-1].samples.append(sample)
        self.passed[-1].errors.append(trial.error)
        self.book.step(sample)

    def end(self, visit: Visit, sample: Sample, why: str) -> None:
        self.passed[-1].why = why
        self.book.end(visit, sample, "", why)

    def mark(self) -> Undo:
        number, cycles = len(self.passed), self.book.memory()

        def undo() -> None:
            del self.passed[number:]
            self.book = CycleBook.recalled(cycles)

        return undo


class March:
    """A case on its way; everything collective."""

    def __init__(
        self,
        text: str,
        comm: MPI.Intracomm = MPI.COMM_SELF,
        kind: str = "graph",
        mesh: RawMesh | None = None,
    ) -> None:
        """Build the problem of a case file's text and solve for its initial state; ``kind`` is
        that of the mesh's partition, ``mesh`` on rank 0 one that a march has come to."""
        self.case, self.mesh = Case.from_dict(tomllib.loads(text)), mesh
        self.problem = Problem(self.case, self._domain(comm, kind))
        settle(self.problem)
        self.probe = Probe(self.problem)
        self.tolerances = Tolerances(self.problem, self.case.time.rtol)
        self.stepper = Stepper(self.problem, self.probe.rates, self.tolerances)
        self.journal = Journal(self.probe)
        self.driver = Driver(self.case, self.stepper, self.journal, self._remesh)

    def _remesh(self, stepper: Stepper, step: float) -> Stepper | None:
        found = remeshed(self.probe, stepper, step)
        if found is None:
            return None
        self.problem, self.probe, self.stepper = (
            found.stepper.problem, found.probe, found.stepper
        )  # fmt: skip
        self.journal.probe, self.mesh = found.probe, found.mesh
        return found.stepper

    def _domain(self, comm: MPI.Intracomm, kind: str) -> Domain:
        if self.case.packed_layers:
            return mesh_case(self.case, comm).domain
        raw = self.mesh
        if raw is None and comm.rank == 0:
            raw = build(recipe_from_case(self.case))
        partition = None if raw is None else owners(raw, comm.size, kind)
        return Domain.create(comm, raw, self.case.geometry.coordinates, partition=partition)

    def run(self) -> list[Passed]:
        """The whole protocol."""
        self.driver.march()
        return self.journal.passed


def run_while_hydrogen_evolves(march: March) -> list[Passed]:
    """The whole protocol, in which hydrogen takes acid and nothing takes sulfate."""
    before = march.probe.amounts()
    steps = march.run()
    after, evolved = march.probe.amounts(), steps[-1].last.hydrogen
    assert max(step.last.mismatch for step in steps) < 1e-10
    assert evolved > 1e-6
    assert before["H+"] - after["H+"] == pytest.approx(2 * FARADAY * evolved, rel=1e-9)
    assert before["SO42-"] == pytest.approx(after["SO42-"], rel=1e-11)
    return steps


def order_amid_solids(problem: Problem) -> float:
    """Of what derivatives leave, in a step of time that begins with solids on all walls."""
    assert problem.storage is not None
    stored = problem.storage.amounts()
    held = {name: np.full_like(values, 2e-5) for name, values in stored.surfaces.items()}
    problem.remember(10.0, combined([-10.0], [replace(stored, surfaces=held)]))
    _, left, _ = remainders(problem, (1e-2, 1e-3), 0.05)
    return float(np.log10(left[0, 0] / left[1, 0]))


def marched(text: str, comm: MPI.Intracomm = MPI.COMM_SELF) -> list[Passed]:
    """The steps of the protocol of a case file's text."""
    return March(text, comm).run()
