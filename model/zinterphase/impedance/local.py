"""The impedance of every place of the working electrode."""

import numpy as np

from zinterphase.fem_types import Form
from zinterphase.impedance.arrays import Array, Complex
from zinterphase.impedance.split import Disturbance, passed, wall_currents
from zinterphase.observe.evaluate import electrode_facets
from zinterphase.routes import everywhere
from zinterphase.solve.problem import Problem
from zinterphase.solve.surface_states import WallCells
from zinterphase.solve.unknowns import constant


class LocalImpedance:
    """dV/di [ohm m2] of the cell's voltage by the current density through each facet, charging
    included, per geometric area of the facet; everything collective.

    ``places`` are the facets' centres [m], ``areas`` theirs [m2], of all ranks on every rank, in an
    order that no distribution changes.
    """

    def __init__(self, problem: Problem, disturbance: Disturbance) -> None:
        """Compile what evaluates them."""
        self._comm, self._voltage = problem.domain.comm, problem.bulk.thermal_voltage
        surface = problem.working.surface
        self._omega = constant(problem.domain.mesh, 0.0)
        found = wall_currents(problem, problem.working, surface)
        self._cells = WallCells(surface, problem.level, problem.working.unknowns, problem.measures)
        j = passed(disturbance, found, self._omega)
        self._forms: tuple[Form, Form] = (
            self._cells.compiled(j.real),
            self._cells.compiled(j.imaginary),
        )
        pairs = problem.measures.facets[surface.facets]
        centres = electrode_facets(problem).mean(axis=1)
        beside = pairs[:, 0]
        place = np.array([centres[beside == cell].mean(axis=0) for cell in self._cells.cells])
        place = place.reshape(len(self._cells.cells), problem.domain.dimension)
        whole = everywhere(self._comm, place)
        self._order = np.lexsort(whole.T[::-1])
        self.places: Array = whole[self._order]
        areas = everywhere(self._comm, self._cells.area / problem.cell.working.surface.wetted)
        self.areas: Array = areas[self._order]

    def at(self, omega: float, fields: Complex) -> Complex:
        """At an angular frequency [rad/s], of the fields that the disturbance holds."""
        self._omega.value[...] = omega
        real, imaginary = (self._cells.mean(form) for form in self._forms)
        whole = everywhere(self._comm, real + 1j * imaginary)
        return np.asarray(self._voltage / whole[self._order])
