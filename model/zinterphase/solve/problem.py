"""The discrete steady problem of a case: control, system, solution."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from zinterphase.case import Case
from zinterphase.mesh import Domain
from zinterphase.solve import discretisation as disc
from zinterphase.solve.continuation import (
    Attempt,
    continue_from_solution,
    continue_to_full_load,
)
from zinterphase.solve.filling import Filling
from zinterphase.solve.linear import LinearSolver, choose_preset
from zinterphase.solve.measures import COUNTER, ELECTRODE
from zinterphase.solve.model import Model
from zinterphase.solve.newton import NewtonOptions, NewtonReport, ResidualScales, newton
from zinterphase.solve.system import Array, Block, FixedDofs, System
from zinterphase.solve.unknowns import Constraint, GlobalScalar, constant

LIQUID, SOLID = 0, 1


class Problem(Model):
    """The equations of a case with its control and its solver; everything collective."""

    def __init__(self, case: Case, domain: Domain) -> None:
        """Compile the forms of ``case`` on ``domain``; raises :class:`CaseError`."""
        super().__init__(case, domain)
        self._target = constant(domain.mesh, 0.0)
        self.system = self._system()
        self.scales = self._scales()
        self.linear = self._linear_solver()
        self.checkpoint: Callable[[], None] = lambda: None
        self._scaled_potential = 0.0
        self.potential.value = self._resting_potential()
        self._from_solution = False

    def set_load(self, fraction: float) -> None:
        """Apply a fraction of control, potential of zero charge and fixed charge."""
        for reaction in (*self.reactions, *([self.counter] if self.counter else [])):
            reaction.law.set_load(fraction)
        self.media.set_load(fraction)
        for name, amount in self._filling.amounts(fraction).items():
            self.inventories[name].target.value[...] = amount
        for face, charge in self.face_charges.items():
            charge.value[...] = fraction * self._full_face_charges[face]
        if self.equipotential:
            self._apply_equipotential(fraction * self._imposed_potential())
        elif self.case.control.current_density is not None:
            self._target.value[...] = (
                fraction * self.case.control.current_density * self.projected_area
            )
        else:
            self.potential.value = fraction * self._imposed_potential()

    def solve_here(self) -> NewtonReport:
        """Newton from the present state at the present load."""
        options = NewtonOptions(
            tolerance=self.case.solver.tolerance, max_iterations=self.case.solver.max_iterations
        )
        return newton(self.system, self.linear, self.scales, options, self.checkpoint)

    def solve(self, on_attempt: Callable[[Attempt], None] = lambda a: None) -> list[Attempt]:
        """Reach the full load from the present state; raises :class:`ContinuationFailure`."""
        if self.equipotential and self.case.control.current_density is not None:
            self._scale_to_current()
        step = 1.0 / self.case.control.ramp_steps
        if self._from_solution:
            self._from_solution = False
            return continue_from_solution(self, step, on_attempt)
        return continue_to_full_load(self, step, on_attempt)

    def retarget(self, case: Case) -> None:
        """Take over the mean current of ``case``, which differs in nothing else.

        Forms and mesh stay; the present state is the first guess of the next :meth:`solve`, which
        starts from rest where that fails.
        """
        self.case = case
        self.scales = self._scales()
        self.start_from_here()

    def start_from_here(self) -> None:
        """Take the present state for a solution of a neighbouring problem at full load: the next
        :meth:`solve` tries the full load from it, and starts from rest where that fails."""
        self._from_solution = True

    def rest(self) -> None:
        """Go back to equilibrium without current, where a new problem starts."""
        state = np.zeros_like(self.state())
        state[-1] = self._resting_potential()
        self.set_state(state)
        self._from_solution = False

    def close(self) -> None:
        """Free the matrix and its factorisation; the unknowns stay. Collective."""
        self.linear.destroy()
        self.system.matrix.destroy()

    def state(self) -> Array:
        """Copy of the owned unknowns and the global ones."""
        return np.append(self.system.state(), self.potential.value)

    def set_state(self, state: Array) -> None:
        """Inverse of :meth:`state`."""
        self.potential.value = float(state[-1])
        self.system.set_state(state[:-1])

    def recovered(self, block: int, dofs: npt.NDArray[np.int32]) -> Array:
        """Residual without boundary conditions, summed over ``dofs``, by component; collective.

        At nodes where values are prescribed it is minus the flux out of the region (consistent
        flux: Wheeler, 1974; Carey, 1982).
        """
        spaces = self.liquid if block == LIQUID else self.solid
        assert spaces is not None
        values = self.system.raw_residual()[block].reshape(-1, self.system.components(block))
        local = values[spaces.owned(dofs)].sum(axis=0)
        return np.array([self.system.sum(float(v)) for v in local])

    # -- details --------------------------------------------------------------------------

    def _system(self) -> System:
        form = self.whole_liquid_form()
        blocks = [Block("liquid", self.liquid_field, self.tests[LIQUID], form)]
        if self.solid_field is not None:
            blocks.append(Block("solid", self.solid_field, self.tests[SOLID], self.solid_form()))
        return System(
            self.domain.mesh.comm,
            blocks,
            self._constraints(),
            self._fixed_dofs(),
            self.measures.entity_maps,
        )

    def _constraints(self) -> list[Constraint]:
        constraints = []
        if self.case.control.current_density is not None and not self.equipotential:
            constraints.append(Constraint(self.potential, self.working_current(), self._target))
        self._filling = Filling(self)
        self.inventories = {n: self._inventory(n, shift) for n, shift in self.level_shifts.items()}
        return [*constraints, *self.inventories.values()]

    def _inventory(self, name: str, shift: GlobalScalar) -> Constraint:
        """The amount of an enclosed ion is that with which the pores were filled."""
        k = [s.name for s in self.bulk.species].index(name)
        found = self.level.concentrations(self.unknowns.liquid, self.media.liquid)
        amount = found[k] * self.media.liquid.porosity
        form = self.measures.over_layers(amount, self.stack.liquid)
        total = self._filling.amounts(0.0)[name]
        return Constraint(shift, form, constant(self.domain.mesh, total))

    def _fixed_dofs(self) -> list[FixedDofs]:
        fixed = []
        if self.equipotential:
            self.electrode_dofs = self.liquid.dofs_on(self.measures.facets[ELECTRODE])
            fixed = [FixedDofs(LIQUID, 0, self.electrode_dofs)]
        if self.counter is None:
            self.reservoir_dofs = self.liquid.dofs_on(self.measures.facets[COUNTER])
            components = len(self.level.component_names)
            fixed += [FixedDofs(LIQUID, k, self.reservoir_dofs) for k in range(components)]
        if self.case.wall_law != "none":
            wall = len(self.level.component_names) - 1
            fixed.append(FixedDofs(LIQUID, wall, self._away_from_electrodes()))
        donnan = disc.donnan_layers(self.case)
        if donnan:
            component = self.level.component_names.index("donnan")
            fixed.append(FixedDofs(LIQUID, component, self._outside(donnan)))
        for component, name in self.level.conserved.items():
            if name in self.level_shifts:
                fixed.append(FixedDofs(LIQUID, component, disc.pinned_dof(self.liquid)))
        if self.solid is not None:
            terminal = self.solid.dofs_on(self.domain.boundary("base").reshape(-1, 2))
            fixed.append(FixedDofs(SOLID, 0, terminal))
        return fixed

    def _away_from_electrodes(self) -> npt.NDArray[np.int32]:
        """Dofs of the liquid, ghosts included, where no electrode charges a double layer."""
        facets = [self.measures.facets[ELECTRODE]]
        if self.counter is not None:
            facets.append(self.measures.facets[COUNTER])
        charged = [self.liquid.dofs_on(rows) for rows in facets]
        outside = self._outside(tuple(volume.name for volume in self.volumes))
        return np.setdiff1d(outside, np.concatenate(charged))

    def _outside(self, layers: Sequence[str]) -> npt.NDArray[np.int32]:
        """Dofs of the liquid, ghosts included, that no cell of ``layers`` has."""
        tags = [self.domain.cell_tags.find(self.domain.layer_ids[name]) for name in layers]
        inside = [self.liquid.dofs_in(cells) for cells in tags]
        none = np.zeros(0, dtype=np.int32)
        return np.setdiff1d(self.liquid.all_dofs(), np.concatenate([*inside, none]))

    def _resting_potential(self) -> float:
        """Where the reaction with the lowest barrier begins to answer [RT/F]."""
        laws = [reaction.law for reaction in self.reactions] or [self.surface.law]
        return max(law.resting_overpotential for law in laws)

    def _imposed_potential(self) -> float:
        potential = self.case.control.potential
        if potential is None:
            return self._scaled_potential
        return float((potential - self._reference) / self.bulk.thermal_voltage)

    def _apply_equipotential(self, potential: float) -> None:
        """Put the liquid at the metal on ``potential`` [RT/F]: no kinetic resistance."""
        self.potential.value = potential
        values = self.unknowns.liquid.x.array
        values[self.electrode_dofs] = potential
        values[self.reservoir_dofs] = 0.0

    def _scale_to_current(self) -> None:
        """The problem is linear: find the potential of the imposed current from that of another."""
        trial = 1.0
        self._scaled_potential = trial
        self.set_load(1.0)
        self.solve_here()
        current = self.recovered(LIQUID, self.electrode_dofs)[0]
        wanted = (self.case.control.current_density or 0.0) * self.projected_area
        self._scaled_potential = trial * wanted / current

    def _scales(self) -> ResidualScales:
        """Currents against which residuals are judged."""
        exchange = self.surface.law.bulk.exchange_current_density
        imposed = abs(self.case.control.current_density or 0.0)
        current = max(exchange, imposed) * self.projected_area
        liquid = [current for _ in self.level.component_names]
        if self.level.has_compact_layer:
            stern = self.surface.law.kinetics.stern_capacitance * self.bulk.thermal_voltage
            liquid[-1] = self.bulk.charge_rate * stern * self.projected_area
        solid = ((current,),) if self.solid is not None else ()
        # Without a current the potential is found from the exchange current's size.
        wanted = (imposed or exchange) * self.projected_area
        constraints = tuple(
            wanted if c.scalar is self.potential else float(c.target)
            for c in self.system.constraints
        )
        return ResidualScales((tuple(liquid), *solid), constraints)

    def _linear_solver(self) -> LinearSolver:
        solver = self.case.solver
        dimension = self.domain.mesh.topology.dim
        preset = choose_preset(solver.preset, dimension, self.system.global_size)
        return LinearSolver(self.system, preset, self.level.has_double_layer, solver.options)
