"""The rate of a chemical step on a wall as UFL, with parameters that change without compiling."""

from collections.abc import Mapping

from zinterphase.cell.bulk import Bulk
from zinterphase.cell.step import Step
from zinterphase.expressions import Expr
from zinterphase.fem_types import Mesh
from zinterphase.levels.base import ElectrodePlane
from zinterphase.physics.mass_action import mass_action
from zinterphase.solve.unknowns import constant


class StepLaw:
    """One step: nothing of it runs at rest, where the load is zero."""

    def __init__(self, mesh: Mesh, step: Step, bulk: Bulk) -> None:
        """``bulk`` tells what species count from."""
        self.step = step
        self._forward, self._backward = (constant(mesh, k) for k in (step.forward, step.backward))
        self._load, self._running = constant(mesh, 0.0), constant(mesh, 1.0)
        self._at_rest = {
            name: bulk.ln_held(name) for name in step.table.stoichiometry if bulk.ln_held(name)
        }

    @property
    def name(self) -> str:
        """Of the step."""
        return self.step.name

    def set_load(self, fraction: float) -> None:
        """Apply a fraction of the rates."""
        self._load.value[...] = fraction

    def run(self, running: bool) -> None:
        """Let it run, or not."""
        self._running.value[...] = float(running)

    def rate(self, plane: ElectrodePlane) -> Expr:
        """Turns per wetted metal area [mol/m2/s]."""
        table = self.step.table
        net = mass_action(self._forward, table.orders, plane.ln_activity)
        if self.step.backward:
            net -= mass_action(self._backward, table.backward_orders, plane.ln_activity)
        return self._load * self._running * net

    def dissipated(self, plane: ElectrodePlane) -> Expr:
        """What a turn takes of the species' potentials against the bulk [RT/F per F]; those of
        solids and gases, which no field changes, are left out."""
        counts: Mapping[str, float] = self.step.table.stoichiometry
        gained = sum(n * plane.ln_activity[name] for name, n in counts.items())
        return sum(counts[name] * rest for name, rest in self._at_rest.items()) - gained
