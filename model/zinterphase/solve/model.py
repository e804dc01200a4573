"""The equations of a case on a domain: fields, laws and forms."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import ufl
from dolfinx import fem
from mpi4py import MPI

from zinterphase.case import Case, Kinetics
from zinterphase.errors import CaseError
from zinterphase.fem_types import Constant, Function, new_function
from zinterphase.forms import compiled_form
from zinterphase.mesh import Domain
from zinterphase.scales import VACUUM_PERMITTIVITY
from zinterphase.solve import discretisation as disc
from zinterphase.solve.bulk import bulk_of
from zinterphase.solve.electrode import Reaction, Surface, Unknowns, Volume
from zinterphase.solve.gating import Gate
from zinterphase.solve.heterogeneity import uniform, variation
from zinterphase.solve.measures import COUNTER, ELECTRODE, Measures
from zinterphase.solve.media import media_fields
from zinterphase.solve.ratelaw import RateLaw
from zinterphase.solve.stack import stack_of
from zinterphase.solve.unknowns import GlobalScalar, constant


class Model:
    """Unknown fields, laws and weak forms of one steady case; everything collective.

    The liquid's unknowns are deviations from the bulk, the solid's potential is the deviation
    from its electrode's, all in units of RT/F. ``potential`` is the working electrode's, against
    its equilibrium with the bulk.
    """

    def __init__(self, case: Case, domain: Domain) -> None:
        """Make the fields of ``case`` on ``domain``; raises :class:`CaseError`."""
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
        self.unknowns = self._fields()
        self.equipotential = case.level == "primary"
        self.surface = self._working_surface(kinetics)
        self.volumes = self._volumes()
        self._require_surface_only()
        self.counter = self._counter_surface()
        self.gates = self._gates()
        self.projected_area = self._projected_area()
        self._full_face_charges = self._charged_faces()
        self.face_charges = {face: constant(domain.mesh, 0.0) for face in self._full_face_charges}

    # -- what the parts are ---------------------------------------------------------------

    @property
    def liquid_field(self) -> Function:
        """The liquid's unknowns."""
        return self._liquid_field

    @property
    def solid_field(self) -> Function | None:
        """The electronic potential's deviation from the electrode potential."""
        return self._solid_field

    @property
    def counter_unknowns(self) -> Unknowns:
        """The liquid's unknowns with the counter electrode's potential."""
        own = self.unknowns
        potential = self._counter_potential.function
        return Unknowns(own.liquid, own.liquid_test, own.media, potential)

    @property
    def reactions(self) -> tuple[Reaction, ...]:
        """Reactions of the working electrode; none where its surface is equipotential."""
        return () if self.equipotential else (self.surface, *self.volumes)

    @property
    def reactions_on_solid(self) -> tuple[Reaction, ...]:
        """Reactions that feed the resolved solid."""
        return (*((self.surface,) if self.stack.dense else ()), *self.volumes)

    def integrate(self, form: ufl.Form) -> float:
        """Value of a scalar form over all ranks."""
        compiled = compiled_form(form, self.measures.entity_maps)
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

    def whole_liquid_form(self) -> ufl.Form:
        """Residual of the liquid with both electrodes and every charged face."""
        form = self.liquid_form(self.stack.liquid, self.reactions)
        if self.counter is not None:
            form += self.counter.residuals(self.level, self.counter_unknowns, self.measures)[0]
        for face, charge in self.face_charges.items():
            rows = self.level.metal_charge(charge, self.unknowns.liquid_test)
            form += self.measures.over_facets(rows, face)
        return form

    def solid_form(self) -> ufl.Form:
        """div(sigma grad phi_s) = + a_v i_F (oxidation feeds electrons into the solid)."""
        potential, test = self.unknowns.solid, self.unknowns.solid_test
        conductance = self.media.electronic_conductivity * self.bulk.thermal_voltage
        integrand = conductance * ufl.inner(ufl.grad(potential), ufl.grad(test))
        form = self._with_gates(self.measures.over_layers(integrand, self.stack.solid), test)
        for reaction in self.reactions:
            row = reaction.residuals(self.level, self.unknowns, self.measures)[1]
            form = form if row is None else form + row
        return form

    def solid_dissipation(self) -> ufl.Form:
        """Dissipation of electronic conduction [A RT/F]."""
        gradient = ufl.grad(self.unknowns.solid)
        conductance = self.media.electronic_conductivity * self.bulk.thermal_voltage
        integrand = conductance * ufl.inner(gradient, gradient)
        form = self.measures.over_layers(integrand, self.stack.solid)
        return self._with_gates(form, self.unknowns.solid)

    def _with_gates(self, form: ufl.Form, test: Any) -> ufl.Form:
        """``form`` with conduction by accumulated electrons against ``test``."""
        gradients = ufl.inner(ufl.grad(self.unknowns.solid), ufl.grad(test))
        for gate in self.gates:
            added = gate.conductivity(self.level, self.unknowns) * self.bulk.thermal_voltage
            form += self.measures.over_layers(added * gradients, (gate.layer,))
        return form

    def working_current(self) -> ufl.Form:
        """Integral of the Faradaic current over the working electrode [A]."""
        forms = [r.total_current(self.level, self.unknowns, self.measures) for r in self.reactions]
        return sum(forms[1:], forms[0])

    def surface_charges(self) -> list[ufl.Form]:
        """Charge of every metal behind its compact layer and of every charged face [C]."""
        forms = [r.total_charge(self.level, self.unknowns, self.measures) for r in self.reactions]
        forms += [self.measures.over_facets(q, face) for face, q in self.face_charges.items()]
        if self.counter is not None:
            unknowns = self.counter_unknowns
            forms.append(self.counter.total_charge(self.level, unknowns, self.measures))
        return forms

    # -- construction ---------------------------------------------------------------------

    def _kinetics(self, layer: str) -> Kinetics:
        if layer not in self.case.kinetics:
            raise CaseError(f"kinetics.{layer}", "missing", "the rate law of the reacting metal")
        return self.case.kinetics[layer]

    def _fields(self) -> Unknowns:
        self._liquid_field = new_function(self.liquid.space, "liquid")
        self.tests = [ufl.TestFunction(self.liquid.space)]
        self._solid_field: Function | None = None
        if self.solid is None:
            media = self.media.liquid
            return Unknowns(self._liquid_field, self.tests[0], media, self.potential.function)
        self._solid_field = new_function(self.solid.space, "solid")
        self.tests.append(ufl.TestFunction(self.solid.space))
        return Unknowns(
            self._liquid_field,
            self.tests[0],
            self.media.liquid,
            self.potential.function,
            self._solid_field[0],
            self.tests[1][0],
        )

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
            variation(self.liquid.scalar, self.case, kinetics),
        )

    def _volumes(self) -> tuple[Volume, ...]:
        permittivity = constant(self.domain.mesh, VACUUM_PERMITTIVITY * self.bulk.permittivity)
        return tuple(
            Volume(
                name,
                self._law(self.case.kinetics[name]),
                self.media.specific_area,
                variation(self.liquid.scalar, self.case, self.case.kinetics[name]),
                permittivity,
            )
            for name in self.stack.porous
            if name in self.case.kinetics
        )

    def _gates(self) -> tuple[Gate, ...]:
        voltage = self.bulk.thermal_voltage
        return tuple(
            Gate.of(self.domain.mesh, layer.name, layer.accumulation, self._reference, voltage)
            for layer in self.case.layers
            if layer.accumulation is not None and layer.name in self.stack.porous
        )

    def _wetted(self, kinetics: Kinetics) -> Constant:
        """Reacting over geometric area."""
        wetted = kinetics.contact_fraction * (1 - kinetics.blocked_fraction)
        return constant(self.domain.mesh, wetted)

    def _counter_surface(self) -> Surface | None:
        """An identical flat electrode with uniform exchange current density and no barrier.

        At level `primary` an electrode at zero overpotential is the boundary of a reservoir.
        """
        if self.case.counter.type == "reservoir" or self.equipotential:
            return None
        kinetics = self._kinetics(self.case.counter.like or self.stack.metal)
        return Surface(
            "counter",
            self._law(kinetics.model_copy(update={"nucleation": None, "patches": None})),
            COUNTER,
            False,
            self._wetted(kinetics),
            uniform(self.liquid.scalar),
        )

    def _charged_faces(self) -> dict[str, float]:
        """Surface charge [C/m2] of the interior faces that carry one, by their facets' name; none
        at levels without space charge."""
        if not self.level.has_double_layer:
            return {}
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

    def _require_surface_only(self) -> None:
        if self.equipotential and self.stack.solid:
            field = f"layers.{self.stack.solid[0]}.potential"
            raise CaseError(field, "solved", "equipotential metals at level primary")
