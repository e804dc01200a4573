"""What local error a step of time may have."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
from mpi4py import MPI

from zinterphase.case.plan import largest_current
from zinterphase.cell.deposit import volume_per_charge
from zinterphase.cell.electrodes import ReactingWall
from zinterphase.solve.problem import Problem
from zinterphase.solve.row_sizes import row_sizes
from zinterphase.solve.storage import Stored, combined
from zinterphase.solve.system import LIQUID, Array

FLOOR = 1e-2
"""Concentration over the bulk's, and potential over RT/F of a double layer, below which errors are
not judged by their own size: ``rtol`` times as much counts as nothing."""


class Tolerances:
    """The error allowed of concentrations, of the metals' charges, and of what walls hold;
    everything collective.

    ``rtol`` times the largest distance from the initial state in the present step of the protocol,
    plus a floor that falls with it, so that a run converges to the exact one. Potentials follow
    from both and are not judged.
    """

    def __init__(self, problem: Problem, rtol: float) -> None:
        """Measure what belongs to each row; the problem is at its initial state."""
        assert problem.storage is not None
        self._problem, self._rtol, self._comm = problem, rtol, problem.domain.comm
        self._size = problem.system.components(LIQUID)
        self._initial = problem.storage.amounts()
        self._held = list(problem.level.conserved)
        self._volumes = row_sizes(problem)
        charges = _charge_scales(problem)
        self._metals = tuple(charges)
        ions = [_reference(problem, ion) for ion in problem.level.conserved.values()]
        self._surfaces = problem.storage.surfaces
        ones = [1.0] * len(self._surfaces)
        front = problem.front
        gaps = [] if front is None else [front.gap()] * len(self._initial.rises)
        self._floors = FLOOR * rtol * np.array([*ions, *charges.values(), *ones, *gaps])
        self._reached: dict[int, Array] = {}
        self.begin(self._initial, 0)

    def begin(self, stored: Stored, number: int) -> None:
        """The step ``number`` of the protocol begins: what it reached the last time counts."""
        self._number = number
        self._reached.setdefault(number, np.zeros_like(self._floors))
        self.note(stored)

    def follow_mesh(self) -> None:
        """Measure rows again where nodes have slid: what they held at first goes with their
        volume."""
        if not self._held:
            return
        former, self._volumes = self._volumes, row_sizes(self._problem)
        rows = self._initial.liquid.reshape(-1, self._size).copy()
        rows[:, self._held] *= self._volumes / former
        self._initial = replace(self._initial, liquid=rows.ravel())

    def take_over(self, other: "Tolerances") -> None:
        """Go on with what another problem of the same case has reached, in the same step."""
        self._reached = {number: reached.copy() for number, reached in other._reached.items()}
        self._number = other._number

    def memory(self) -> dict[str, object]:
        """What steps have reached, as plain data."""
        return {str(number): list(reached) for number, reached in self._reached.items()}

    def recall(self, memory: Mapping[str, Any]) -> None:
        """Go on with what :meth:`memory` said."""
        self._reached = {int(number): np.asarray(reached) for number, reached in memory.items()}

    def note(self, stored: Stored) -> None:
        """A state of the step."""
        self._reached[self._number] = self._largest(stored)

    def size(self, error: Stored, reached: Stored) -> float:
        """Of an error of amounts over what is allowed where so much is ``reached``."""
        allowed = self._rtol * self._largest(reached) + self._floors
        worst = np.max(self._parts(error) / allowed, initial=0.0)
        return inf if np.isnan(worst) else float(worst)

    def _largest(self, stored: Stored) -> Array:
        """Distances from the initial state that the step has reached, with those of ``stored``."""
        return np.maximum(
            self._reached[self._number], self._parts(combined([1.0, -1.0], [stored, self._initial]))
        )

    def _parts(self, amounts: Stored) -> Array:
        """Largest concentration of each conserved ion [mol/m3], the metals' charges [C], then the
        largest of each state of a wall and the largest rise of each surface [m]."""
        charges = [abs(amounts.charges[name]) for name in self._metals]
        rises = [float(np.abs(rise).max()) for rise in amounts.rises.values()]
        return np.array([*self._per_row(amounts), *charges, *self._at_walls(amounts), *rises])

    def _at_walls(self, amounts: Stored) -> list[float]:
        """Largest of each state of a wall, over all ranks."""
        found = []
        for name, state in self._surfaces.items():
            sizes = np.abs(state.judged(amounts.surfaces[name]))
            found.append(self._comm.allreduce(float(np.max(sizes, initial=0.0)), MPI.MAX))
        return found

    def _per_row(self, amounts: Stored) -> Array:
        """Largest concentration of each conserved ion [mol/m3], over all ranks."""
        if not self._held:
            return np.zeros(0)
        rows = np.abs(amounts.liquid).reshape(-1, self._size)[:, self._held]
        found = np.max(rows / self._volumes, axis=0, initial=0.0)
        self._comm.Allreduce(MPI.IN_PLACE, found, MPI.MAX)
        return np.asarray(found)


def stored_capacitance(problem: Problem, wall: ReactingWall) -> float | None:
    """Of the charge that a wall stores [F/m2]; None where it stores none."""
    kinetics = wall.kinetics
    resolved = problem.level.has_double_layer
    return kinetics.stern_capacitance if resolved else kinetics.double_layer_capacitance


def changes_of_surfaces(problem: Problem) -> Iterator[float]:
    """Times [s] in which the largest current of the protocol, or the exchange current, changes
    states of walls by their own size."""
    assert problem.storage is not None
    current = _largest_current(problem)
    for state in problem.storage.surfaces.values():
        yield state.charge / current


def time_to_short(problem: Problem) -> float:
    """Time [s] in which the largest current of the protocol, or the exchange current, fills the
    gap between the electrodes."""
    assert problem.front is not None
    speed = _largest_current(problem) * volume_per_charge(problem.cell.working.surface.main)
    return problem.front.gap() / speed


def _largest_current(problem: Problem) -> float:
    """Of the protocol, or the exchange current density [A/m2], as a magnitude."""
    exchange = problem.cell.working.surface.exchange_current_density
    return max(exchange, abs(largest_current(problem.case.protocol)))


def _reference(problem: Problem, ion: str) -> float:
    """Concentration [mol/m3] by which the errors of an ion are judged: its own, the largest of
    those that are turned over together."""
    together = problem.cell.turned_over
    return max(problem.bulk.reference(name) for name in (together if ion in together else {ion}))


def _charge_scales(problem: Problem) -> dict[str, float]:
    """Charge of each electrode's metal at RT/F [C], of those that store any."""
    size = problem.bulk.thermal_voltage * problem.projected_area
    found = {}
    for electrode in problem.cell.electrodes:
        areas = [1.0, *(problem.case.layer(wall.layer).wall_area for wall in electrode.pores)]
        found[electrode.name] = sum(
            (stored_capacitance(problem, wall) or 0.0) * area
            for wall, area in zip(electrode.walls, areas, strict=True)
        )
    return {name: each * size for name, each in found.items() if each}
