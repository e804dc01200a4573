"""The current recovered at an equipotential electrode as goal functionals see it."""

import numpy as np
import ufl

from zinterphase.fem_types import Function, new_function
from zinterphase.observe.charts import Chart
from zinterphase.observe.currents import assembled
from zinterphase.observe.evaluate import evaluate_on_facets
from zinterphase.observe.goals import Goal
from zinterphase.observe.planes import electrode_nodes
from zinterphase.solve.measures import ELECTRODE
from zinterphase.solve.problem import Problem
from zinterphase.solve.system import Array


class RecoveredCurrent:
    """The reported current: nodal values, linear (or of the order of the problem) in between.

    A goal's slope at the nodes is the weight of a flux through the electrode; that of the exact
    solution is the residual tested with any function that has these boundary values (consistent
    flux), that of the reported current an integral over the surface. Collective.
    """

    def __init__(self, problem: Problem) -> None:
        """From a solved problem at level `primary`."""
        self._problem = problem
        self._dofs, current, area, projected = electrode_nodes(problem)
        place = problem.liquid.scalar.tabulate_dof_coordinates()
        position = place[self._dofs, : problem.domain.mesh.geometry.dim]
        comm = problem.domain.comm
        self.nodes = Chart.gather(comm, position, current * area, projected)
        field = self._field(current)
        test = ufl.TestFunction(problem.liquid.scalar)
        form = problem.measures.over_facets(field * test, ELECTRODE)
        self._moments = assembled(form, problem.measures.entity_maps, 1)[:, 0]
        pairs = problem.measures.facets[ELECTRODE]
        found = evaluate_on_facets(
            problem.measures, pairs, problem.case.mesh.order, {"density": field}
        )
        self.cells = np.repeat(pairs[:, 0], len(found.area) // max(len(pairs), 1))
        self.projected = found.projected_area
        self.points = Chart.gather(
            comm, found.position, found.values["density"] * found.area, found.projected_area
        )

    def boundary(self, goal: Goal, richer: Problem) -> tuple[Array, Array]:
        """Weights of the flux at the owned dofs of ``richer``, and the weighted reported flux at
        the owned dofs of the problem."""
        field = self._field(self.nodes.slope(goal))
        raised = new_function(richer.liquid.scalar)
        raised.interpolate(field)
        dofs = richer.liquid.owned(richer.electrode_dofs)
        weights = np.zeros(richer.system.local_size)
        weights[dofs] = raised.x.array[dofs]
        size = len(self._moments)
        return weights, np.asarray(field.x.array[:size] * self._moments)

    def _field(self, nodal: Array) -> Function:
        field = new_function(self._problem.liquid.scalar)
        field.x.array[self._dofs] = nodal
        field.x.scatter_forward()
        return field
