"""The current recovered at an equipotential electrode as goal functionals see it."""

import numpy as np

from zinterphase.fem_types import new_function
from zinterphase.observe.charts import Chart
from zinterphase.observe.goals import Goal
from zinterphase.observe.planes import electrode_nodes, recovery_spaces
from zinterphase.solve.problem import Problem
from zinterphase.solve.system import Array


class RecoveredCurrent:
    """The current around each node: the residual tested with the node's basis function.

    That of the exact solution is its flux through the electrode weighted with the same function
    (consistent flux: Wheeler, 1974). A goal's slopes by these currents are therefore the values of
    its adjoint at the electrode. On the polygon the current itself is weakly singular at every
    convex vertex; its averages around the nodes are what is reported and what has an error.
    Collective.
    """

    def __init__(self, problem: Problem) -> None:
        """From a solved problem at level `primary`."""
        self._spaces = recovery_spaces(problem)
        self._dofs, current, area, projected = electrode_nodes(problem, self._spaces)
        place = self._spaces.scalar.tabulate_dof_coordinates()
        position = place[self._dofs, : problem.domain.dimension]
        self.chart = Chart.gather(problem.domain.comm, position, current * area, area, projected)

    def boundary(self, goal: Goal, richer: Problem) -> Array:
        """Values of the adjoint of ``goal`` by the owned dofs of ``richer``, zero inside."""
        nodal = new_function(self._spaces.scalar)
        nodal.x.array[self._dofs] = self.chart.slope(goal)
        nodal.x.scatter_forward()
        raised = new_function(richer.liquid.scalar)
        raised.interpolate(nodal)
        dofs = richer.liquid.owned(richer.electrode_dofs)
        values = np.zeros(richer.system.local_size)
        values[dofs] = raised.x.array[dofs]
        return values
