"""The discrete problem of a case: its equations with a drive and a solver."""

from collections.abc import Callable
from math import isclose

import numpy as np

from zinterphase.case import Case
from zinterphase.errors import MeshError
from zinterphase.mesh import Domain
from zinterphase.solve.asked import asked_drive
from zinterphase.solve.border import BorderedSolver
from zinterphase.solve.continuation import (
    Attempt,
    continue_from_solution,
    continue_to_full_load,
)
from zinterphase.solve.control import Drive
from zinterphase.solve.equations import Equations, Prescribed, Terms
from zinterphase.solve.first_potential import first_potential
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
from zinterphase.solve.storage import Stored
from zinterphase.solve.system import LIQUID


class Problem(Equations):
    """The equations of a case with what drives and what solves them; everything collective."""

    def __init__(
        self,
        case: Case,
        domain: Domain,
        equations: Terms = Model.terms,
        prescribed: Prescribed = lambda model: (),
    ) -> None:
        """``equations`` and ``prescribed`` as at :class:`Equations`; raises :class:`CaseError`."""
        super().__init__(case, domain, equations, prescribed)
        self._wanted: Case | Drive = case
        self._moves = domain.moves
        self.drive = self._drive()
        self.scales = self._scales()
        self.linear = self._linear_solver()
        self.bordered = self._bordered_solver()
        self.checkpoint: Callable[[], None] = lambda: None
        self._unit_potential = 0.0
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
        self.lighten()
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

    def restore(self, state: State) -> None:
        """Put nodes, load and unknowns back."""
        self.domain.move(state.displacement)
        self.set_load(state.load)
        self.put(state)

    def unbalance(self) -> float:
        """Largest residual of all equations at the present unknowns, relative to their scales; NaN
        where one is."""
        return float(np.max(list(residuals(self.system, self.scales).values())))

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

    # -- details --------------------------------------------------------------------------

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
