"""Acidity at the working surface and solids, at every step of time."""

from math import nan

import numpy as np
import numpy.typing as npt
from mpi4py import MPI

from zinterphase.fem_types import Form
from zinterphase.forms import compiled_expression, compiled_form, value
from zinterphase.observe.acidity import ACIDITY, acidity
from zinterphase.observe.evaluate import FacetExpressions
from zinterphase.scales import FARADAY
from zinterphase.solve.problem import Problem
from zinterphase.solve.solid_law import uncovered

Array = npt.NDArray[np.float64]


class SolidCourse:
    """Numbers by their names in :class:`~zinterphase.march.sample.Sample`; compiled once,
    everything collective."""

    def __init__(self, problem: Problem) -> None:
        """For states of the problem to come."""
        self._comm, self._area = problem.domain.comm, problem.projected_area
        self._mesh, maps = problem.domain.mesh, problem.measures.entity_maps
        surface, unknowns = problem.working.surface, problem.unknowns
        fields = acidity(problem, problem.level.plane(unknowns.liquid))
        self._wall = None
        if fields:
            rows = problem.measures.facets[surface.facets]
            only = {ACIDITY: fields[ACIDITY]}
            order = problem.case.mesh.order
            self._wall = FacetExpressions(problem.measures, rows, order, only)
        amount = problem.precipitation.amount()
        self._amount = None if amount is None else compiled_form(amount, maps)
        bound = problem.precipitation.held(problem.cell.main_ion)
        self._bound = None if bound is None else compiled_form(bound, maps)
        self._charge = problem.cell.working.surface.main.electrons * FARADAY
        at = surface.state(problem.level, problem.working.unknowns)
        free = uncovered(surface.solids, at.plane, at.trace)
        parts = () if free is None else (1 - free, 1 + 0 * free)
        self._blocked = [
            compiled_form(surface.integrated(part, problem.measures), maps) for part in parts
        ]
        pores = problem.precipitation.pores
        self._left = None
        if pores is not None:
            dim = self._mesh.topology.dim
            middle = np.full((1, dim), 1 / (dim + 1))
            left = pores.left(problem.level, unknowns)
            self._left = compiled_expression(left, middle, self._mesh, maps)
            self._cells = problem.domain.owned_cells(pores.layers)

    def now(self) -> dict[str, float]:
        """At the present state."""
        return {
            "wall_pH": self._largest_acidity(),
            "precipitated": self._per_area(self._amount, nan),
            "bound": self._charge * self._per_area(self._bound, 0.0),
            "blocked": self._blocked_share(),
            "open_pores": self._least_left(),
        }

    def _largest_acidity(self) -> float:
        if self._wall is None:
            return nan
        found = self._wall.values()[ACIDITY]
        return float(self._comm.allreduce(float(found.max(initial=-np.inf)), MPI.MAX))

    def _per_area(self, form: Form | None, without: float) -> float:
        return without if form is None else value(self._comm, form) / self._area

    def _blocked_share(self) -> float:
        if not self._blocked:
            return nan
        covered, whole = (value(self._comm, form) for form in self._blocked)
        return covered / whole

    def _least_left(self) -> float:
        if self._left is None:
            return nan
        found = self._left.eval(self._mesh, self._cells)
        return float(self._comm.allreduce(float(found.min(initial=np.inf)), MPI.MIN))
