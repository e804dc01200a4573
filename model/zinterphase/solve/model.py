"""The equations of a case on a domain: fields, laws, and the terms they add up to."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import cached_property, reduce
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt
import ufl

from zinterphase.case import Case
from zinterphase.cell.electrodes import ElectrodeParts, cell_of
from zinterphase.cell.precipitation import precipitating
from zinterphase.cell.unknowns import liquid_components
from zinterphase.errors import CaseError
from zinterphase.expressions import Expr
from zinterphase.fem_types import Form, Function, new_function
from zinterphase.forms import compiled_form, value
from zinterphase.geometry.raw import PARTICLES
from zinterphase.levels.base import LiquidMedia
from zinterphase.mesh import Domain
from zinterphase.scales import VACUUM_PERMITTIVITY
from zinterphase.solve import discretisation as disc
from zinterphase.solve.adsorption import Adsorption
from zinterphase.solve.beside import at_electrodes, averaged
from zinterphase.solve.capillary import capillary_of
from zinterphase.solve.charged_faces import ChargedFaces
from zinterphase.solve.electrode import Electrode
from zinterphase.solve.gating import Gate
from zinterphase.solve.homogeneous import HomogeneousReactions
from zinterphase.solve.measures import CENTROID, COUNTER, ELECTRODE, Measures
from zinterphase.solve.media import media_fields
from zinterphase.solve.pores import Pores
from zinterphase.solve.precipitation import Precipitation, pore_walls, surface_solids
from zinterphase.solve.solid_reaction import SolidReactionLaw
from zinterphase.solve.terms import Rows, Term, added
from zinterphase.solve.unknowns import GlobalScalar, constant
from zinterphase.solve.wall_laws import WallLaws
from zinterphase.solve.walls import Surface, Unknowns, Wall

_LEAST_FOOTPRINT = 1e-9
"""Area of a reacting surface seen along the stack, relative to the width or its square."""


class Model:
    """Unknown fields, laws and terms of one steady case; everything collective.

    The liquid's unknowns are deviations from its reference composition, the solid's potential is
    the deviation from its electrode's, all in units of RT/F. The gauge of an electrode is its
    equilibrium with the bulk, ``gauge`` [V, scale of the case] that of the working one.
    """

    def __init__(self, case: Case, domain: Domain) -> None:
        """Make the fields of ``case`` on ``domain``; raises :class:`CaseError`."""
        self.case, self.domain = case, domain
        self._made: dict[Hashable, Any] = {}
        self.cell = cell_of(case)
        self.stack, self.bulk = self.cell.stack, self.cell.bulk
        self.gauge = self.cell.working.equilibrium_potential
        order = case.mesh.order
        size = liquid_components(case, self.bulk)
        self.liquid = disc.region_spaces(domain, self.stack.electrostatic, size, order)
        self.solid = disc.solid_spaces(domain, self.stack, order)
        media = {layer.name: layer.medium for layer in case.layers}
        self.media = media_fields(domain, media | case.particles)
        maps = [s.entity_map for s in (self.liquid, self.solid) if s is not None]
        self.measures = Measures(domain, self.stack, order, maps, at_electrodes(case, self.liquid))
        self.potential = GlobalScalar(domain.mesh, "potential")
        self.level_shifts = {
            name: GlobalScalar(domain.mesh, f"level_{name}")
            for name in disc.enclosed_ions(self.cell)
        }
        self.level = disc.build_level(self.cell, domain, self.level_shifts)
        self.liquid_field = new_function(self.liquid.space, "liquid")
        self.solid_field = None if self.solid is None else new_function(self.solid.space, "solid")
        self._solids = precipitating(case, self.bulk)
        self._pore_walls = pore_walls(domain, self.media, self.stack.liquid, self._solids)
        self.unknowns = self._fields()
        if self._pore_walls is not None:
            self.media.liquid = self._pore_walls.closed(self.level, self.unknowns)
            self.unknowns = replace(self.unknowns, media=self.media.liquid)
        self.capillary = capillary_of(case, self.cell, domain)
        self._on_particles = {
            name: self.liquid.dofs_on(domain.seen_from(name, f"{PARTICLES}{name}"))
            for name in self.stack.particles
        }
        self._wall_laws: list[WallLaws] = []
        self.equipotential = case.level == "primary"
        self.working = self._electrode(self.cell.working, self.potential, self.unknowns, ELECTRODE)
        self.counter = self._counter()
        if self.equipotential:
            self.electrode_dofs = self.liquid.dofs_on(self.measures.facets[ELECTRODE])
        if self.counter is None:
            self.reservoir_dofs = self.liquid.dofs_on(self.measures.facets[COUNTER])
        self.precipitation = Precipitation(
            self.electrodes, self._pore_walls, self.unknowns, self.level, self.measures
        )
        self.adsorption = Adsorption(case, self.bulk, self.level, self.unknowns, self.measures)
        self.charged_faces = ChargedFaces(
            case, self.stack, self.bulk, self.level, self.unknowns, self.measures
        )
        self.homogeneous = HomogeneousReactions(
            domain.mesh, self.bulk, self.level, self.unknowns, self.measures, self.stack.liquid
        )
        self.gates = self._gates()
        self._require_surface_only()
        self._seen_from_above = self._footprint()
        self.projected_area = self._projected_area()

    # -- what the parts are ---------------------------------------------------------------

    @property
    def electrodes(self) -> tuple[Electrode, ...]:
        """Those with rate laws, the working electrode first."""
        working = () if self.equipotential else (self.working,)
        return working if self.counter is None else (*working, self.counter)

    @property
    def fields(self) -> dict[str, Function]:
        """Unknown fields by name, in the order of the blocks."""
        found = {"liquid": self.liquid_field}
        return found if self.solid_field is None else {**found, "solid": self.solid_field}

    @property
    def spaces(self) -> dict[str, disc.RegionSpaces]:
        """Spaces of the unknown fields by name."""
        return {"liquid": self.liquid} | ({} if self.solid is None else {"solid": self.solid})

    @cached_property
    def liquid_cells(self) -> npt.NDArray[np.int32]:
        """Cells of the liquid's mesh, ghosts included, that are no particle's."""
        tags = [self.domain.cell_tags.find(self.domain.layer_ids[x]) for x in self.stack.liquid]
        parents = np.sort(np.concatenate(tags))
        return np.asarray(self.liquid.entity_map.sub_topology_to_topology(parents, True))

    @property
    def transport_degree(self) -> int | None:
        """Degree of the quadrature of transport; None for the usual one."""
        return CENTROID if self.level.averages_everywhere else None

    def once[T](self, make: Callable[..., T], *of: Hashable) -> T:
        """What ``make`` of this model and of what follows gives, made when it is first asked for.

        For what holds at every state: forms over the unknowns, written and compiled once, are
        evaluated at every current and step of time. Collective where ``make`` is.
        """
        key = (make, of)
        if key not in self._made:
            self._made[key] = make(self, *of)
        found: T = self._made[key]
        return found

    def integrate(self, form: ufl.Form) -> float:
        """Value of a scalar form over all ranks."""
        return self.value(self.compiled(form))

    def compiled(self, form: ufl.Form) -> Form:
        """A form over this model's fields ready to be assembled; collective."""
        return compiled_form(form, self.measures.entity_maps)

    def value(self, form: Form) -> float:
        """Value of a compiled scalar form over all ranks."""
        return value(self.domain.comm, form)

    def held_beside(self, species: str) -> ufl.Form | None:
        """Amount of a species in solids, micro pores and on faces [mol]; None where none is."""
        parts = (self.precipitation, self.adsorption, self.charged_faces)
        return reduce(added, (part.held(species) for part in parts), None)

    def follow_mesh(self) -> None:
        """Take over where the mesh's nodes are; compiles nothing."""
        for laws in self._wall_laws:
            laws.follow_mesh()
        self.projected_area = self._projected_area()

    def redraw(self, case: Case) -> None:
        """Take over the random kinetics of ``case``, which differs in their seeds alone; compiles
        nothing. Raises :class:`CaseError`."""
        for laws, electrode in zip(self._wall_laws, cell_of(case).electrodes, strict=True):
            laws.redraw(case, electrode.walls)

    def set_model_load(self, fraction: float) -> None:
        """Apply a fraction of what drives the liquid at rest: fixed charge, potentials of zero
        charge, and differences between the reactions' equilibria."""
        for electrode in self.electrodes:
            electrode.set_load(fraction)
        self.media.set_load(fraction)
        self.charged_faces.set_load(fraction)

    # -- terms ----------------------------------------------------------------------------

    def terms(self, media: LiquidMedia | None = None) -> tuple[Term, ...]:
        """The equations of the case; the problem may leave some out and add others.

        ``media`` are other effective properties than the layers'.
        """
        found = [
            *self.liquid_terms(self.stack.liquid, media),
            *(
                Term(f"{e.name} electrode", e.rows(self.level, self.measures))
                for e in self.electrodes
            ),
            Term("charged faces", self.charged_faces.rows()),
            Term("precipitation", self.precipitation.rows()),
            Term("homogeneous reactions", self.homogeneous.rows()),
        ]
        if self.stack.insides:
            found.append(Term("field in particles", self._field_in_particles()))
        if self.solid is not None:
            found.append(Term("electronic conduction", Rows(solid=self._conduction())))
        return tuple(found)

    def liquid_terms(
        self, layers: tuple[str, ...], media: LiquidMedia | None = None
    ) -> tuple[Term, ...]:
        """Transport and space charge of the liquid over ``layers``."""
        field, test = self.unknowns.liquid, self.unknowns.liquid_test
        media = self.media.liquid if media is None else media
        transport = self.level.transport(field, test, media)
        form = self.measures.over_layers(transport, layers, self.transport_degree)
        found = [Term("transport", Rows(form))]
        added = averaged(
            self.measures, self.level, layers, lambda level: level.transport(field, test, media)
        )
        if added is not None:
            found.append(Term("averages beside electrodes", Rows(added)))
        charge = self.level.space_charge(field, test, media)
        if charge is not None:
            found.append(Term("space charge", Rows(self.measures.over_layers(charge, layers))))
        return tuple(found)

    def wall_terms(self, walls: Sequence[Wall]) -> tuple[Term, ...]:
        """Reactions and charge of some walls of the working electrode."""
        return tuple(
            Term(wall.layer, wall.rows(self.level, self.unknowns, self.measures)) for wall in walls
        )

    def _field_in_particles(self) -> Rows:
        """Poisson's equation where nothing is dissolved."""
        medium = replace(self.media.liquid, porosity=0.0, fixed_charge=0.0)
        field = self.level.space_charge(self.unknowns.liquid, self.unknowns.liquid_test, medium)
        return Rows(self.measures.over_layers(field, self.stack.insides))

    def _conduction(self) -> ufl.Form:
        """div(sigma grad phi_s) = + a_v i_F (oxidation feeds electrons into the solid)."""
        return self._dissipated(self.unknowns.solid_test)

    def solid_dissipation(self) -> ufl.Form:
        """Dissipation of electronic conduction [A RT/F]."""
        return self._dissipated(self.unknowns.solid)

    def _dissipated(self, against: Expr) -> ufl.Form:
        """sigma grad phi_s . grad ``against`` RT/F, with conduction by accumulated electrons."""
        gradients = ufl.inner(ufl.grad(self.unknowns.solid), ufl.grad(against))
        conductance = self.media.electronic_conductivity * self.bulk.thermal_voltage
        form = self.measures.over_layers(conductance * gradients, self.stack.solid)
        for gate in self.gates:
            added = gate.conductivity(self.level, self.unknowns) * self.bulk.thermal_voltage
            form += self.measures.over_layers(added * gradients, (gate.layer,))
        return form

    def surface_charges(self) -> list[ufl.Form]:
        """Charge of every metal behind its compact layer and of every charged face [C]."""
        forms = [
            wall.charge(self.level, electrode.unknowns, self.measures)
            for electrode in self.electrodes
            for wall in electrode.walls
        ]
        return forms + self.charged_faces.charges()

    # -- construction ---------------------------------------------------------------------

    def _fields(self) -> Unknowns:
        test = ufl.TestFunction(self.liquid.space)
        self.tests = [test]
        own = (self.liquid_field, test, self.media.liquid, self.potential.function)
        if self.solid is None or self.solid_field is None:
            return Unknowns(*own)
        self.tests.append(ufl.TestFunction(self.solid.space))
        return Unknowns(*own, self.solid_field[0], self.tests[1][0])

    def _electrode(
        self, parts: ElectrodeParts, potential: GlobalScalar, unknowns: Unknowns, facets: str
    ) -> Electrode:
        mesh, gauge = self.domain.mesh, parts.equilibrium_potential
        of_walls = WallLaws(
            self.case,
            self.bulk,
            gauge,
            mesh,
            self.liquid.scalar,
            self._on_particles,
            () if self._pore_walls is None else self._pore_walls.solids,
        )
        self._wall_laws.append(of_walls)
        permittivity = constant(mesh, VACUUM_PERMITTIVITY * self.bulk.permittivity)
        meshed = facets == ELECTRODE and bool(self.stack.dense)
        share = constant(mesh, parts.surface.wetted)
        laws = of_walls.of(parts.surface, self.capillary)
        surface = Surface(
            *laws,
            share,
            facets,
            meshed,
            solids=surface_solids(mesh, self._solids),
            steps=of_walls.steps(parts.surface, laws[1]),
        )
        pores = (
            Pores(
                *laws,
                self.media.specific_area,
                permittivity,
                solids=() if self._pore_walls is None else self._pore_walls.solids,
                steps=of_walls.steps(wall, laws[1]),
            )
            for wall, laws in ((wall, of_walls.of(wall)) for wall in parts.pores)
        )
        found = Electrode(parts, potential, surface, tuple(pores), unknowns)
        for wall in found.pores:
            for law in wall.reactions:
                if isinstance(law, SolidReactionLaw):
                    law.settle(wall, self.level, unknowns, self.measures)
        return found

    def _counter(self) -> Electrode | None:
        """Its metal is at the gauge of its own, its equilibrium with the bulk."""
        if self.cell.counter is None:
            return None
        potential = GlobalScalar(self.domain.mesh, "counter_potential")
        unknowns = replace(self.unknowns, metal=potential.function)
        if not self.stack.opposite:
            unknowns = replace(unknowns, solid=None, solid_test=None)
        return self._electrode(self.cell.counter, potential, unknowns, COUNTER)

    def _gates(self) -> tuple[Gate, ...]:
        voltage = self.bulk.thermal_voltage
        return tuple(
            Gate.of(self.domain.mesh, layer.name, layer.accumulation, self.gauge, voltage)
            for layer in self.case.layers
            if layer.accumulation is not None and layer.name in self.stack.porous
        )

    def _footprint(self) -> Form:
        """The reacting surface projected on the electrode plane [m2].

        What lies in the shadow of an overhang counts once: its lower and upper side cancel.
        """
        last = ufl.FacetNormal(self.domain.mesh)[self.domain.dimension - 1]
        return self.compiled(self.measures.over_facets(last, ELECTRODE))

    def _projected_area(self) -> float:
        area = abs(self.value(self._seen_from_above))
        size = prod(self.case.geometry.extents) ** (2 if self.measures.axisymmetric else 1)
        if area <= _LEAST_FOOTPRINT * size:
            found = "a reacting surface along the stack"
            allowed = "one that faces it: currents are per area seen along the stack"
            raise CaseError("mesh.file", found, allowed)
        return area

    def _require_surface_only(self) -> None:
        if self.equipotential and self.stack.solid:
            field = f"layers.{self.stack.solid[0]}.potential"
            raise CaseError(field, "solved", "equipotential metals at level primary")
