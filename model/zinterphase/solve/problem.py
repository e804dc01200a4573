"""The discrete steady problem of a case on a domain."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem
from mpi4py import MPI

from zinterphase.case import Case, Kinetics
from zinterphase.errors import CaseError
from zinterphase.fem_types import Constant, Function, new_function
from zinterphase.mesh import Domain
from zinterphase.solve import discretisation as disc
from zinterphase.solve.bulk import bulk_of
from zinterphase.solve.continuation import (
    Attempt,
    continue_from_solution,
    continue_to_full_load,
)
from zinterphase.solve.electrode import Reaction, Surface, Unknowns, Volume
from zinterphase.solve.heterogeneity import ln_factor_function
from zinterphase.solve.linear import LinearSolver, choose_preset
from zinterphase.solve.measures import COUNTER, ELECTRODE, Measures
from zinterphase.solve.media import media_fields
from zinterphase.solve.newton import NewtonOptions, NewtonReport, ResidualScales, newton
from zinterphase.solve.ratelaw import RateLaw
from zinterphase.solve.stack import stack_of
from zinterphase.solve.system import Array, Block, FixedDofs, System
from zinterphase.solve.unknowns import Constraint, GlobalScalar, constant

LIQUID, SOLID = 0, 1


class Problem:
    """Unknowns, residual and solver of one steady case; everything collective.

    The liquid's unknowns are deviations from the bulk, the solid's potential is the deviation
    from its electrode's, all in units of RT/F. ``potential`` is the working electrode's, against
    its equilibrium with the bulk.
    """

    def __init__(self, case: Case, domain: Domain) -> None:
        """Compile the forms of ``case`` on ``domain``; raises :class:`CaseError`."""
        self.case, self.domain = case, domain
        self.stack = stack_of(case)
        self.bulk = bulk_of(case)
        kinetics = self._kinetics(self.stack.metal)
        self._reference = self.bulk.equilibrium(kinetics).potential
        order = case.mesh.order
        size = disc.liquid_components(case, self.bulk)
        self.liquid = disc.region_spaces(domain, self.stack.liquid, size, order)
        self.solid = disc.solid_spaces(domain, self.stack, order)
        self.media = media_fields(domain, {layer.name: layer.medium for layer in case.layers})
        maps = [s.entity_map for s in (self.liquid, self.solid) if s is not None]
        self.measures = Measures(domain, self.stack, order, maps)
        self.potential = GlobalScalar(domain.mesh, "potential")
        self._counter_potential = GlobalScalar(domain.mesh, "counter_potential")
        enclosed = disc.enclosed_ions(case, self.bulk, kinetics.reactant)
        self.level_shifts = {n: GlobalScalar(domain.mesh, f"level_{n}") for n in enclosed}
        self.level = disc.build_level(case, domain, self.bulk, kinetics.reactant, self.level_shifts)
        self.unknowns, self._tests = self._fields()
        self.equipotential = case.level == "primary"
        self.surface = self._working_surface(kinetics)
        self.volumes = self._volumes()
        self._require_surface_only()
        self.counter = self._counter_surface()
        self.projected_area = self._projected_area()
        self._full_face_charges = self._charged_faces()
        self.face_charges = {face: constant(domain.mesh, 0.0) for face in self._full_face_charges}
        self._target = constant(domain.mesh, 0.0)
        self.system = self._system()
        self.scales = self._scales()
        self.linear = self._linear_solver()
        self.checkpoint: Callable[[], None] = lambda: None
        self._scaled_potential = 0.0
        self._from_solution = False

    # -- solving --------------------------------------------------------------------------

    def set_load(self, fraction: float) -> None:
        """Apply a fraction of control, potential of zero charge and fixed charge."""
        for reaction in (*self.reactions, *([self.counter] if self.counter else [])):
            reaction.law.set_load(fraction)
        self.media.set_load(fraction)
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
        self._from_solution = True

    def rest(self) -> None:
        """Go back to equilibrium without current, where a new problem starts."""
        self.set_state(np.zeros_like(self.state()))
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

    # -- what the parts are ---------------------------------------------------------------

    @property
    def reactions(self) -> tuple[Reaction, ...]:
        """Reactions of the working electrode; none where its surface is equipotential."""
        return () if self.equipotential else (self.surface, *self.volumes)

    def integrate(self, form: ufl.Form) -> float:
        """Value of a scalar form over all ranks."""
        compiled = fem.form(form, entity_maps=self.measures.entity_maps)
        return float(self.domain.comm.allreduce(fem.assemble_scalar(compiled), MPI.SUM))

    def liquid_form(self, layers: tuple[str, ...], reactions: Sequence[Reaction]) -> ufl.Form:
        """Residual of the liquid over ``layers`` with the sources of ``reactions``."""
        transport = self.level.residual(
            self.unknowns.liquid, self.unknowns.liquid_test, self.media.liquid
        )
        form = self.measures.over_layers(transport, layers)
        for reaction in reactions:
            form += reaction.residuals(self.level, self.unknowns, self.measures)[0]
        return form

    # -- construction ---------------------------------------------------------------------

    def _kinetics(self, layer: str) -> Kinetics:
        if layer not in self.case.kinetics:
            raise CaseError(f"kinetics.{layer}", "missing", "the rate law of the reacting metal")
        return self.case.kinetics[layer]

    def _fields(self) -> tuple[Unknowns, list[Any]]:
        liquid = new_function(self.liquid.space, "liquid")
        tests = [ufl.TestFunction(self.liquid.space)]
        if self.solid is None:
            return Unknowns(liquid, tests[0], self.potential.function), tests
        solid = new_function(self.solid.space, "solid")
        tests.append(ufl.TestFunction(self.solid.space))
        unknowns = Unknowns(liquid, tests[0], self.potential.function, solid[0], tests[1][0])
        self._solid_field = solid
        return unknowns, tests

    @property
    def liquid_field(self) -> Function:
        """The liquid's unknowns."""
        return self.unknowns.liquid

    @property
    def solid_field(self) -> Function | None:
        """The electronic potential's deviation from the electrode potential."""
        return None if self.solid is None else self._solid_field

    def _law(self, kinetics: Kinetics) -> RateLaw:
        charge = self.bulk.ion(kinetics.reactant).charge
        return RateLaw(
            self.domain.mesh,
            kinetics,
            charge,
            self.bulk.equilibrium(kinetics),
            self._reference,
            self.bulk.thermal_voltage,
        )

    def _working_surface(self, kinetics: Kinetics) -> Surface:
        return Surface(
            self.stack.metal,
            self._law(kinetics),
            ELECTRODE,
            bool(self.stack.dense),
            self._wetted(kinetics),
            ln_factor_function(self.liquid.scalar, self.case, kinetics),
        )

    def _volumes(self) -> tuple[Volume, ...]:
        return tuple(
            Volume(
                name,
                self._law(self.case.kinetics[name]),
                self.media.specific_area,
                ln_factor_function(self.liquid.scalar, self.case, self.case.kinetics[name]),
            )
            for name in self.stack.porous
            if name in self.case.kinetics
        )

    def _wetted(self, kinetics: Kinetics) -> Constant:
        """Reacting over geometric area."""
        wetted = kinetics.contact_fraction * (1 - kinetics.blocked_fraction)
        return constant(self.domain.mesh, wetted)

    def _counter_surface(self) -> Surface | None:
        """An identical flat electrode with uniform exchange current density.

        At level `primary` an electrode at zero overpotential is the boundary of a reservoir.
        """
        if self.case.counter.type == "reservoir" or self.equipotential:
            return None
        kinetics = self._kinetics(self.case.counter.like or self.stack.metal)
        return Surface(
            "counter",
            self._law(kinetics),
            COUNTER,
            False,
            self._wetted(kinetics),
            new_function(self.liquid.scalar),
        )

    @property
    def counter_unknowns(self) -> Unknowns:
        """The liquid's unknowns with the counter electrode's potential."""
        return Unknowns(
            self.unknowns.liquid, self.unknowns.liquid_test, self._counter_potential.function
        )

    def _charged_faces(self) -> dict[str, float]:
        """Surface charge [C/m2] of the interior faces that carry one, by their facets' name."""
        layers = [layer for layer in self.case.layers if layer.name in self.stack.liquid]
        return {
            f"{lower.name}|{upper.name}": lower.surface_charge
            for lower, upper in pairwise(layers)
            if lower.surface_charge != 0.0
        }

    def _projected_area(self) -> float:
        """Area of the reacting surface projected on the electrode plane [m2]."""
        normal = ufl.FacetNormal(self.domain.mesh)
        last = abs(normal[self.domain.mesh.geometry.dim - 1])
        return self.integrate(self.surface.integral(self.measures, last))

    def _system(self) -> System:
        form = self.liquid_form(self.stack.liquid, self.reactions)
        if self.counter is not None:
            sources = self.counter.residuals(self.level, self.counter_unknowns, self.measures)
            form += sources[0]
        for face, charge in self.face_charges.items():
            rows = self.level.metal_charge(charge, self.unknowns.liquid_test)
            form += self.measures.over_facets(rows, face)
        blocks = [Block("liquid", self.unknowns.liquid, self._tests[LIQUID], form)]
        if self.solid is not None:
            blocks.append(Block("solid", self._solid_field, self._tests[SOLID], self._solid_form()))
        return System(
            self.domain.mesh.comm,
            blocks,
            self._constraints(),
            self._fixed_dofs(),
            self.measures.entity_maps,
        )

    def _solid_form(self) -> ufl.Form:
        """div(sigma grad phi_s) = + a_v i_F (oxidation feeds electrons into the solid)."""
        potential, test = self.unknowns.solid, self.unknowns.solid_test
        conductance = self.media.electronic_conductivity * self.bulk.thermal_voltage
        integrand = conductance * ufl.inner(ufl.grad(potential), ufl.grad(test))
        form = self.measures.over_layers(integrand, self.stack.solid)
        for reaction in self.reactions:
            row = reaction.residuals(self.level, self.unknowns, self.measures)[1]
            form = form if row is None else form + row
        return form

    def solid_dissipation(self) -> ufl.Form:
        """Dissipation of electronic conduction [A RT/F]."""
        gradient = ufl.grad(self.unknowns.solid)
        conductance = self.media.electronic_conductivity * self.bulk.thermal_voltage
        integrand = conductance * ufl.inner(gradient, gradient)
        return self.measures.over_layers(integrand, self.stack.solid)

    def working_current(self) -> ufl.Form:
        """Integral of the Faradaic current over the working electrode [A]."""
        forms = [r.total_current(self.level, self.unknowns, self.measures) for r in self.reactions]
        return sum(forms[1:], forms[0])

    @property
    def reactions_on_solid(self) -> tuple[Reaction, ...]:
        """Reactions that feed the resolved solid."""
        return (*((self.surface,) if self.stack.dense else ()), *self.volumes)

    def surface_charges(self) -> list[ufl.Form]:
        """Charge of every metal behind its compact layer and of every charged face [C]."""
        forms = [r.total_charge(self.level, self.unknowns, self.measures) for r in self.reactions]
        forms += [self.measures.over_facets(q, face) for face, q in self.face_charges.items()]
        if self.counter is not None:
            unknowns = self.counter_unknowns
            forms.append(self.counter.total_charge(self.level, unknowns, self.measures))
        return forms

    def _constraints(self) -> list[Constraint]:
        constraints = []
        if self.case.control.current_density is not None and not self.equipotential:
            constraints.append(Constraint(self.potential, self.working_current(), self._target))
        self.inventories = {n: self._inventory(n, shift) for n, shift in self.level_shifts.items()}
        return [*constraints, *self.inventories.values()]

    def _inventory(self, name: str, shift: GlobalScalar) -> Constraint:
        """The amount of an enclosed ion is that of the bulk filling all pores."""
        k = [s.name for s in self.bulk.species].index(name)
        porosity = self.media.liquid.porosity
        found = self.level.concentrations(self.unknowns.liquid, self.media.liquid)
        amount = found[k] * porosity
        pores = self.integrate(self.measures.over_layers(porosity, self.stack.liquid))
        total = self.bulk.species[k].concentration * pores
        form = self.measures.over_layers(amount, self.stack.liquid)
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
        for component, name in self.level.conserved.items():
            if name in self.level_shifts:
                fixed.append(FixedDofs(LIQUID, component, disc.pinned_dof(self.liquid)))
        if self.solid is not None:
            terminal = self.solid.dofs_on(self.domain.boundary("base").reshape(-1, 2))
            fixed.append(FixedDofs(SOLID, 0, terminal))
        return fixed

    def _imposed_potential(self) -> float:
        potential = self.case.control.potential
        if potential is None:
            return self._scaled_potential
        return float((potential - self._reference) / self.bulk.thermal_voltage)

    def _require_surface_only(self) -> None:
        if self.equipotential and self.stack.solid:
            field = f"layers.{self.stack.solid[0]}.potential"
            raise CaseError(field, "solved", "equipotential metals at level primary")

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

    def _scales(self) -> ResidualScales:
        """Currents against which residuals are judged."""
        exchange = self.surface.law.bulk.exchange_current_density
        imposed = abs(self.case.control.current_density or 0.0)
        current = max(exchange, imposed) * self.projected_area
        liquid = [current for _ in self.level.component_names]
        if self.level.has_double_layer:
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
