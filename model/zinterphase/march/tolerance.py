"""What local error a step of time may have."""

from collections.abc import Mapping
from math import inf
from typing import Any

import numpy as np
import ufl
from dolfinx.fem import petsc as fem_petsc
from mpi4py import MPI

from zinterphase.forms import compiled_form
from zinterphase.scales import FARADAY
from zinterphase.solve.problem import Problem
from zinterphase.solve.storage import Stored
from zinterphase.solve.system import LIQUID, Array

FLOOR = 1e-2
"""Concentration over the bulk's, and potential over RT/F of a double layer, below which errors are
not judged by their own size: ``rtol`` times as much counts as nothing."""


class Tolerances:
    """The error allowed of concentrations and of the metals' charges; everything collective.

    ``rtol`` times the largest distance from the initial state in the present step of the protocol,
    plus a floor that falls with it, so that a run converges to the exact one. Potentials follow
    from both and are not judged.
    """

    def __init__(self, problem: Problem, rtol: float) -> None:
        """Measure what belongs to each row; the problem is at its initial state."""
        assert problem.storage is not None
        self._rtol, self._comm = rtol, problem.domain.comm
        self._size = problem.system.components(LIQUID)
        self._initial = problem.storage.amounts()
        self._held = list(problem.level.conserved)
        self._volumes = self._rows_of_one(problem) if self._held else np.zeros(0)
        bulk = problem.bulk
        self._floors = np.array(
            [FLOOR * rtol * bulk.reference(ion) for ion in problem.level.conserved.values()]
        )
        self._charge_floors = {
            e.name: FLOOR * rtol * _capacitance(problem, e.name) for e in problem.electrodes
        }
        self._reached: dict[int, tuple[Array, dict[str, float]]] = {}
        self.begin(self._initial, 0)

    def begin(self, stored: Stored, number: int) -> None:
        """The step ``number`` of the protocol begins: what it reached the last time counts."""
        nothing = (np.zeros(len(self._held)), dict.fromkeys(self._charge_floors, 0.0))
        self._largest, self._largest_charges = self._reached.get(number, nothing)
        self._number = number
        self.note(stored)

    def memory(self) -> dict[str, object]:
        """What steps have reached, as plain data."""
        return {str(n): [list(a), dict(b)] for n, (a, b) in self._reached.items()}

    def recall(self, memory: Mapping[str, Any]) -> None:
        """Go on with what :meth:`memory` said."""
        self._reached = {int(n): (np.asarray(a), dict(b)) for n, (a, b) in memory.items()}

    def note(self, stored: Stored) -> None:
        """A state of the step."""
        distance = self._per_row(stored, self._initial)
        self._largest = np.maximum(self._largest, distance)
        for name, largest in tuple(self._largest_charges.items()):
            moved = abs(stored.charges[name] - self._initial.charges[name])
            self._largest_charges = {**self._largest_charges, name: max(largest, moved)}
        self._reached[self._number] = (self._largest, self._largest_charges)

    def distance(self, one: Stored, other: Stored) -> float:
        """Largest distance between amounts over what is allowed."""
        largest = np.maximum(self._largest, self._per_row(one, self._initial))
        allowed = self._rtol * largest + self._floors
        ratios = [0.0, *(self._per_row(one, other) / allowed)]
        for name, floor in self._charge_floors.items():
            moved = abs(one.charges[name] - self._initial.charges[name])
            size = max(self._largest_charges[name], moved)
            apart = abs(one.charges[name] - other.charges[name])
            ratios.append(apart / (self._rtol * size + floor) if floor else 0.0)
        worst = max(ratios)
        return inf if np.isnan(worst) else float(worst)

    def _per_row(self, one: Stored, other: Stored) -> Array:
        """Largest difference of each conserved ion's concentration [mol/m3], over all ranks."""
        if not self._held:
            return np.zeros(0)
        apart = np.abs(one.liquid - other.liquid).reshape(-1, self._size)[:, self._held]
        found = np.max(apart / self._volumes, axis=0, initial=0.0)
        self._comm.Allreduce(MPI.IN_PLACE, found, MPI.MAX)
        return np.asarray(found)

    def _rows_of_one(self, problem: Problem) -> Array:
        """F times what a row holds at 1 mol/m3: the diagonal of the matrix of amounts, which is
        positive for every element. As columns by conserved ion."""
        field, test = problem.liquid_field, problem.unknowns.liquid_test
        trial = ufl.TrialFunction(field.function_space)
        mass = FARADAY * problem.media.liquid.porosity * ufl.inner(trial, test)
        form = problem.measures.over_layers(mass, problem.stack.liquid)
        matrix = fem_petsc.assemble_matrix(compiled_form(form, problem.measures.entity_maps))
        matrix.assemble()
        diagonal = matrix.getDiagonal()
        found = diagonal.array.reshape(-1, self._size)[:, self._held].copy()
        diagonal.destroy()
        matrix.destroy()
        return np.asarray(found)


def _capacitance(problem: Problem, electrode: str) -> float:
    """Of an electrode's surface times RT/F [C]; 0 where it stores no charge."""
    parts: Mapping[str, float] = {
        parts.name: parts.surface.kinetics.double_layer_capacitance or 0.0
        for parts in problem.cell.electrodes
    }
    stern = {p.name: p.surface.kinetics.stern_capacitance for p in problem.cell.electrodes}
    per_area = stern if problem.level.has_double_layer else parts
    return per_area[electrode] * problem.bulk.thermal_voltage * problem.projected_area
