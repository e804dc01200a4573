"""The discrete problem of a case: its terms with a control and a solver."""

from collections.abc import Callable, Sequence
from math import isclose

import numpy as np
import numpy.typing as npt

from zinterphase.case import Case
from zinterphase.errors import CaseError, MeshError
from zinterphase.mesh import Domain
from zinterphase.solve.asked import asked_drive, resting_potential
from zinterphase.solve.border import BorderedSolver
from zinterphase.solve.boundary import fixed_dofs, pins, value_at_rest
from zinterphase.solve.continuation import (
    Attempt,
    continue_from_solution,
    continue_to_full_load,
)
from zinterphase.solve.control import Control, Drive
from zinterphase.solve.filling import Filling, inventory
from zinterphase.solve.first_potential import first_potential
from zinterphase.solve.free_front import FreeFront
from zinterphase.solve.front import Front
from zinterphase.solve.judged import component_scales, exchange_current, imposed_current
from zinterphase.solve.linear import LinearSolver, choose_preset
from zinterphase.solve.model import Model
from zinterphase.solve.newton import (
    ROUNDING,
    NewtonFailure,
    NewtonOptions,
    NewtonReport,
    ResidualScales,
    newton,
    residuals,
)
from zinterphase.solve.state import State
from zinterphase.solve.storage import Storage, Stored
from zinterphase.solve.system import LIQUID, SOLID, Array, FieldBlock, FixedDofs, System
from zinterphase.solve.terms import Term, added, total
from zinterphase.solve.unknowns import Amount, Constraint, GlobalScalar

Equations = Callable[[Model], Sequence[Term]]
Prescribed = Callable[[Model], Sequence[FixedDofs]]


class Problem(Model):
    """The equations of a case with its control and its solver; everything collective.

    ``equations`` are the terms to solve, the case's own by default; ``prescribed`` are dofs that
    keep their values besides those of its boundaries.
    """

    def __init__(
        self,
        case: Case,
        domain: Domain,
        equations: Equations = Model.terms,
        prescribed: Prescribed = lambda model: (),
    ) -> None:
        """Compile the forms of ``case`` on ``domain``; raises :class:`CaseError`."""
        super().__init__(case, domain)
        self.storage = Storage(self) if case.protocol else None
        self.control = self._control()
        self._filling = Filling(self)
        filled, in_time = self._filling.amounts(0.0), self.storage is not None
        self.inventories = {
            name: Amount(shift, inventory(self, name, in_time=in_time), filled[name])
            for name, shift in self.level_shifts.items()
        }
        storage = () if self.storage is None else self.storage.terms
        self.system = self._system([*equations(self), *storage], prescribed(self))
        if self.storage is not None:
            self.system.follow = self.storage.advance
        self._wanted: Case | Drive = case
        self._moves = domain.moves
        self.drive = self._drive()
        self.scales = self._scales()
        self.linear = self._linear_solver()
        self.bordered = self._bordered_solver()
        self.checkpoint: Callable[[], None] = lambda: None
        self._unit_potential = 0.0
        self._load = 0.0
        self.rest()

    # -- driving --------------------------------------------------------------------------

    def set_load(self, fraction: float) -> None:
        """Apply a fraction of the drive, of potentials of zero charge and of fixed charge, on the
        mesh as it is."""
        if self._moves != self.domain.moves:
            self.follow_mesh()
        self._load = fraction
        self.set_model_load(fraction)
        self._fill(fraction)
        if self.equipotential:
            self._apply_equipotential(fraction * self._imposed_potential())
        elif self.control is not None:
            self.control.apply(self.drive.scaled(fraction))

    def retarget(self, case: Case) -> None:
        """Take over the control of ``case``, which differs in nothing else; forms and mesh stay."""
        self.case = self._wanted = case
        self._take_over()

    def redraw(self, case: Case) -> None:
        """Take over random kinetics and control of ``case``, which differs in nothing else; forms,
        mesh and matrix stay, and what follows is as with a new problem."""
        super().redraw(case)
        if not self.linear.is_direct:
            self.linear.destroy()
            self.linear = self._linear_solver()
        self.retarget(case)

    def drive_by(self, drive: Drive) -> None:
        """Control by ``drive`` in place of the case's; forms and mesh stay."""
        self._wanted = drive
        self._take_over()

    def follow_mesh(self) -> None:
        """Take over where the mesh's nodes are, as loads do after a move; compiles nothing."""
        super().follow_mesh()
        self._moves = self.domain.moves
        self._filling.follow_mesh()
        self._fill(self._load)
        self._take_over()

    def remember(self, rate: float, earlier: Stored | None) -> None:
        """Let amounts change in time: ``rate`` [1/s] times those of the present state plus
        ``earlier`` [per s] are what the equations' rows and the current take up.

        Zero and None for a steady state.
        """
        assert self.storage is not None
        if not isclose(self.storage.rate.value, rate, rel_tol=ROUNDING):
            self.bordered.forget()
        self.storage.rate.value[...] = rate
        if earlier is None:
            self.storage.hold()
        else:
            self.storage.begin(rate, earlier)
        self.system.given = None if earlier is None else earlier.rows
        if self.control is not None:
            charges = {} if earlier is None else earlier.charges
            self.control.given = charges.get(self.working.name, 0.0)

    def hold_levels(self, held: bool) -> None:
        """Whether storage keeps the amounts of enclosed ions from state to state, or their levels
        have to meet what the cell was filled with."""
        self.system.pinned = not held
        for amount in self.inventories.values():
            amount.held = held
        self.bordered.forget()

    def forget_factors(self) -> None:
        """Begin the next solve with a new Jacobian: what follows then depends on the state alone,
        not on what was solved before."""
        self.bordered.forget()
        if self.storage is not None:
            self.storage.forget()

    def steer(self, drive: Drive) -> None:
        """Control by ``drive`` from now on, at full load; the residuals' scales stay."""
        assert self.control is not None
        self.drive = drive
        self.control.apply(drive)

    @property
    def terminal_current(self) -> float:
        """Current [A] of the working electrode, with that which charges its metal; collective."""
        assert self.control is not None
        return self.system.constraint_integral(0) + self.control.given

    def begin(self) -> None:
        """Take the potential that an imposed current has with the liquid as it is; collective."""
        if self.control is None or not self.control.drive.imposes_current:
            return
        wanted = self.control.drive.current - self.control.given
        if wanted == 0.0:
            return

        def current(potential: float) -> float:
            self.potential.value = potential
            return self.system.constraint_integral(0)

        start, scale = self.potential.value, exchange_current(self)
        self.potential.value = first_potential(current, wanted, scale, start)

    def solve_here(
        self, tolerance: float | None = None, *, together: bool = False, reuse: bool = False
    ) -> NewtonReport:
        """Newton from the present state at the present load, to the case's tolerance by default;
        ``together`` and ``reuse`` as at :class:`NewtonOptions`."""
        solver = self.case.solver
        options = NewtonOptions(
            tolerance=solver.tolerance if tolerance is None else tolerance,
            max_iterations=solver.max_iterations,
            together=together,
            reuse=reuse,
            damped=self.storage is not None and self.storage.has_plateaus,
        )
        try:
            return newton(self.system, self.bordered, self.scales, options, self.checkpoint)
        except MeshError as error:
            raise NewtonFailure(str(error), ()) from error

    def solve(
        self,
        start: State | None = None,
        on_attempt: Callable[[Attempt], None] = lambda a: None,
    ) -> list[Attempt]:
        """Reach the full load; raises :class:`ContinuationFailure`.

        From rest, or from ``start``, the solution of a neighbouring problem: there the full load is
        tried at once, and the way from rest is taken where that fails.
        """
        if self.equipotential and self.case.control.current_density is not None:
            self._scale_to_current()
        step = 1.0 / self.case.control.ramp_steps
        if start is not None:
            self.restore(start)
            return continue_from_solution(self, step, on_attempt)
        self.rest()
        return continue_to_full_load(self, step, on_attempt)

    # -- state ----------------------------------------------------------------------------

    @property
    def front(self) -> Front | FreeFront | None:
        """The surfaces that move; None where they stay."""
        return None if self.storage is None else self.storage.front

    @property
    def scalars(self) -> dict[str, GlobalScalar]:
        """Global unknowns by name."""
        return {"potential": self.potential} | {
            f"level_{name}": shift for name, shift in self.level_shifts.items()
        }

    def state(self) -> State:
        """Copy of the unknowns."""
        fields = self.system.split(self.system.unknowns()[: self.system.local_size])
        return State(
            dict(zip(self.fields, fields, strict=True)),
            {name: scalar.value for name, scalar in self.scalars.items()},
            self._load,
            displacement=self.domain.displacement,
        )

    def restore(self, state: State) -> None:
        """Put nodes, load and unknowns back."""
        self.domain.move(state.displacement)
        self.set_load(state.load)
        self.put(state)

    def put(self, state: State) -> None:
        """Put the unknowns back; nodes and load stay."""
        for name, scalar in self.scalars.items():
            scalar.value = state.scalars[name]
        for name, field in self.fields.items():
            values = state.fields[name]
            field.x.array[: len(values)] = values
            field.x.scatter_forward()

    def stand(self, state: State, stored: Stored) -> None:
        """Put the unknowns back, and what walls hold with them; nodes and load stay."""
        assert self.storage is not None
        self.put(state)
        self.storage.hold(stored)

    def distance(self, state: State) -> float:
        """Of the present unknowns from a state's, the largest of all [RT/F]."""
        now = self.state()
        fields = [now.fields[name] - values for name, values in state.fields.items()]
        scalars = [now.scalars[name] - value for name, value in state.scalars.items()]
        return self.system.max_abs(np.concatenate([*fields, scalars]))

    def unbalance(self) -> float:
        """Largest residual of all equations at the present unknowns, relative to their scales; NaN
        where one is."""
        return float(np.max(list(residuals(self.system, self.scales).values())))

    def rest(self) -> None:
        """Go to equilibrium without current, where a new problem starts."""
        self._load = 0.0
        for scalar in self.scalars.values():
            scalar.value = 0.0
        self.potential.value = resting_potential(self)
        for field in self.fields.values():
            field.x.array[:] = 0.0
        values = self.liquid_field.x.array.reshape(-1, self.system.components(LIQUID))
        values[:] = value_at_rest(self)

    def lighten(self) -> None:
        """Free what an iterative solver keeps for the next solve, larger than all else; that solve
        makes it anew. Factors of a direct one stay: they serve again. Collective."""
        if self.linear.is_direct:
            return
        self.bordered.forget()
        self.linear.release()
        self.system.drop_matrix()

    def close(self) -> None:
        """Free the matrix and its factorisation; the unknowns stay. Collective."""
        self.linear.destroy()
        self.system.drop_matrix()
        if self.storage is not None:
            self.storage.close()

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

    def _system(self, terms: Sequence[Term], prescribed: Sequence[FixedDofs]) -> System:
        rows = total(terms)
        assert rows.liquid is not None
        blocks = [FieldBlock("liquid", self.liquid_field, self.tests[LIQUID], rows.liquid)]
        if self.solid_field is not None:
            assert rows.solid is not None
            blocks.append(FieldBlock("solid", self.solid_field, self.tests[SOLID], rows.solid))
        constraints: list[Constraint] = [] if self.control is None else [self.control]
        return System(
            self.domain.mesh.comm,
            blocks,
            [*constraints, *self.inventories.values()],
            [*fixed_dofs(self), *prescribed],
            self.measures.entity_maps,
            pins(self),
        )

    def _control(self) -> Control | None:
        """None where the electrode's potential is that of the liquid at it."""
        if self.equipotential:
            return None
        current = self.working.current(self.level, self.measures)
        charging = None if self.storage is None else self.storage.charging(self.working.name)
        whole = added(current, charging)
        if whole is None:
            name = self.stack.metal
            field, allowed = f"kinetics.{name}.reactions", "a reaction, or charge that is stored"
            raise CaseError(field, "none", allowed)
        return Control(self.potential, whole)

    def _fill(self, fraction: float) -> None:
        for name, amount in self._filling.amounts(fraction).items():
            self.inventories[name].target = amount

    def _take_over(self) -> None:
        self.drive = self._drive()
        self.scales = self._scales()
        self.bordered = self._bordered_solver()

    def _drive(self) -> Drive:
        wanted = self._wanted
        return wanted if isinstance(wanted, Drive) else asked_drive(self, wanted)

    def _imposed_potential(self) -> float:
        """At level primary [RT/F]."""
        if self.drive.imposes_potential:
            return self.drive.potential
        return self._unit_potential

    def _apply_equipotential(self, potential: float) -> None:
        """Put the liquid at the metal on ``potential`` [RT/F]: no kinetic resistance."""
        self.potential.value = potential
        values = self.liquid_field.x.array
        values[self.electrode_dofs] = potential
        values[self.reservoir_dofs] = 0.0

    def _scale_to_current(self) -> None:
        """The problem is linear: find the potential of the imposed current from that of another."""
        self._unit_potential = 1.0
        self.set_load(1.0)
        self.solve_here()
        current = self.recovered(LIQUID, self.electrode_dofs)[0]
        self._unit_potential = self.drive.current / current

    def _scales(self) -> ResidualScales:
        constraints = [amount.target for amount in self.inventories.values()]
        if self.control is not None:
            # Without a current the potential is found from the exchange current's size.
            self.control.drive = self.drive
            size = imposed_current(self, self.drive) or exchange_current(self)
            constraints.insert(0, self.control.scale(size))
        return ResidualScales(component_scales(self, self.drive), tuple(constraints))

    def _bordered_solver(self) -> BorderedSolver:
        scales = self.scales
        return BorderedSolver(self.system, self.linear, scales.components, scales.constraints)

    def _linear_solver(self) -> LinearSolver:
        solver = self.case.solver
        dimension = self.domain.mesh.topology.dim
        preset = choose_preset(solver.preset, dimension, self.system.global_size)
        return LinearSolver(
            self.system,
            preset,
            self.level.has_double_layer,
            solver.options,
            few=self.storage is None,
        )
