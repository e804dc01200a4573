"""Goals of an electrode whose current is its rate law, in the richer space."""

from collections.abc import Mapping, Sequence

import numpy as np
from dolfinx import fem
from dolfinx.la import InsertMode

from zinterphase.fem_types import new_function
from zinterphase.observe.charge import surface_charge
from zinterphase.observe.charts import Chart
from zinterphase.observe.goals import CHARGE, CURRENT, POTENTIAL, TOTAL, Goal
from zinterphase.observe.slopes import DensityPoints, DensitySlopes
from zinterphase.observe.surface import SurfaceMap, Weight
from zinterphase.solve.problem import Problem
from zinterphase.solve.system import Array
from zinterphase.solve.walls import Wall

EVEN = 1e-12
"""Weight of a facet's area against the relative variance of the current on it."""


class KineticGoals:
    """Values and slopes of goals at the present state of the richer problem. Collective.

    The total current gives way to the electrode potential where the current is imposed; where
    double layers are resolved the charge of the electrode's surface joins them.
    """

    def __init__(self, problem: Problem, richer: Problem, asked: Sequence[Goal]) -> None:
        """``asked`` have slopes for the solved ``problem``."""
        self._problem, self._richer = problem, richer
        self._imposed = problem.case.control.current_density is not None
        self._goals = [goal for goal in asked if not (self._imposed and goal.name == TOTAL)]
        self._slopes = DensitySlopes(richer, richer.working.walls, Wall.current_density)
        self.units = {goal.name: goal.unit for goal in self._goals}
        if self._imposed:
            self.units[POTENTIAL] = "V"
        self._charges: DensitySlopes | None = None
        if richer.level.has_double_layer:
            self._charges = DensitySlopes(richer, [richer.working.surface], Wall.charge_density)
            self.units[CHARGE] = "C"

    def reported(self, charts: Mapping[Weight, SurfaceMap], total: float) -> dict[str, float]:
        """Values of the solved problem, whose current is ``total`` [A], from its maps of the
        current per projected and per metal area."""
        found = {goal.name: goal.value(charts[goal.weight]) for goal in self._goals}
        if TOTAL in found:
            found[TOTAL] = total
        charge = surface_charge(self._problem)
        return self._completed(found, self._problem, charge)

    def values(self) -> dict[str, float]:
        """Values from every quadrature point."""
        points = self._slopes.points()
        chart = self._chart(points[0])
        found = {goal.name: goal.value(chart.of(goal)) for goal in self._goals}
        if TOTAL in found:
            total = sum(float(wall.weight @ wall.density) for wall in points)
            found[TOTAL] = self._richer.system.sum(total)
        charge = None
        if self._charges is not None:
            (wall,) = self._charges.points()
            charge = self._richer.system.sum(float(wall.weight @ wall.density))
        return self._completed(found, self._richer, charge)

    def slopes(self) -> list[tuple[Array, Array]]:
        """Derivatives by owned fields and global unknowns, in the order of ``units``."""
        points = self._slopes.points()
        chart, found = self._chart(points[0]), []
        for goal in self._goals:
            by_density = [chart.slope(goal) * points[0].weight]
            # Other goals are not asked for where pores react.
            by_density += [volume.weight for volume in points[1:]]
            found.append(self._slopes.by_unknowns(points, by_density))
        if self._imposed:
            system, voltage = self._richer.system, self._richer.bulk.thermal_voltage
            scalars = [
                voltage if c.scalar is self._richer.potential else 0.0 for c in system.constraints
            ]
            found.append((np.zeros(system.local_size), np.array(scalars)))
        if self._charges is not None:
            walls = self._charges.points()
            found.append(self._charges.by_unknowns(walls, [wall.weight for wall in walls]))
        return found

    def unevenness(self) -> Array:
        """Shares of the owned cells, with sum 1, in what averages over facets leave out: as the
        current varies within their facets, by area where it does not."""
        points = self._slopes.points()[0]
        chart, problem = self._chart(points), self._problem
        values = chart.surface.values[CURRENT][chart.mine]
        cells, area = points.cells[chart.seen], points.projected[chart.seen]
        index = problem.domain.mesh.topology.index_map(problem.domain.dimension)
        size = index.size_local + index.num_ghosts
        total = np.bincount(cells, area, minlength=size)
        sums = np.bincount(cells, area * values, minlength=size)
        mean = np.divide(sums, total, out=np.zeros(size), where=total > 0.0)
        uneven = np.bincount(cells, area * (values - mean[cells]) ** 2, minlength=size)
        square = float(chart.surface.weights("projected") @ chart.surface.values[CURRENT] ** 2)
        shares = uneven / max(square, np.finfo(np.float64).tiny) + EVEN * total
        # The liquid's cell at an owned facet may be another rank's.
        collected = new_function(fem.functionspace(problem.domain.mesh, ("DG", 0)))
        dofs = collected.function_space.dofmap.list[:, 0]
        collected.x.array[dofs] = shares
        collected.x.scatter_reverse(InsertMode.add)
        owned = collected.x.array[dofs[: index.size_local]]
        return np.asarray(owned / problem.system.sum(float(owned.sum())))

    def _completed(
        self, found: dict[str, float], problem: Problem, charge: float | None
    ) -> dict[str, float]:
        """In the order of ``units``."""
        if self._imposed:
            found[POTENTIAL] = problem.potential.value * problem.bulk.thermal_voltage
        if charge is not None:
            found[CHARGE] = charge
        return found

    def _chart(self, points: DensityPoints) -> Chart:
        current = points.density * points.weight
        return Chart.gather(
            self._problem.domain.comm, points.position, current, points.weight, points.projected
        )
