"""Charged faces of layers and of particles that do not conduct, and the protons they hold."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import ufl

from zinterphase.case import Case
from zinterphase.case.layers import Layer
from zinterphase.cell.bulk import Bulk
from zinterphase.cell.stack import Stack
from zinterphase.expressions import Expr
from zinterphase.geometry.raw import PARTICLES
from zinterphase.levels.base import Level
from zinterphase.materials.aqueous import LITRE, PROTON
from zinterphase.physics.regulation import protonated_share
from zinterphase.scales import AVOGADRO, FARADAY, LN10
from zinterphase.solve.measures import Measures
from zinterphase.solve.terms import Rows, added
from zinterphase.solve.unknowns import constant
from zinterphase.solve.walls import Unknowns


@dataclass(frozen=True)
class _Face:
    """Facets with a fixed ``charge`` [C/m2], ``sites`` [mol/m2] for protons, none where None, and
    the ``protonated`` share of them."""

    facets: str
    charge: Expr
    sites: Expr | None = None
    protonated: Expr = 0.0


class ChargedFaces:
    """Of a cell; none at levels without space charge. Nothing here is collective."""

    def __init__(
        self,
        case: Case,
        stack: Stack,
        bulk: Bulk,
        level: Level,
        unknowns: Unknowns,
        measures: Measures,
    ) -> None:
        """``unknowns`` are those of the liquid."""
        self._bulk, self._level, self._unknowns, self._measures = bulk, level, unknowns, measures
        self._load = constant(measures.domain.mesh, 0.0)
        layers = [layer for layer in case.layers if layer.name in stack.liquid]
        found = [*self._of_layers(layers), *self._of_particles(layers, stack)]
        self._faces = found if level.has_double_layer else []
        self._stores_protons = PROTON in level.conserved.values()

    def set_load(self, fraction: float) -> None:
        """Apply a fraction of the charges; the sites are there at every load."""
        self._load.value[...] = fraction

    def rows(self) -> Rows:
        """The charges in the liquid's rows."""
        test = self._unknowns.liquid_test
        forms = (
            Rows(self._over(face, self._level.metal_charge(self._density(face), test)))
            for face in self._faces
        )
        return sum(forms, Rows())

    def charges(self) -> list[ufl.Form]:
        """Charge of every face [C]."""
        return [self._over(face, self._density(face)) for face in self._faces]

    def density(self, facets: str) -> Expr | None:
        """Charge of the faces of that name [C/m2]; None where there is none."""
        found = [self._density(face) for face in self._faces if face.facets == facets]
        return sum(found[1:], found[0]) if found else None

    def row(self) -> ufl.Form | None:
        """F times the protons held, in the row of their balance in the liquid [A s]."""
        test = self._unknowns.liquid_test
        return self._summed(
            (face, self._level.source({PROTON: -FARADAY * amount}, test))
            for face, amount in self._protons()
        )

    def held(self, species: str) -> ufl.Form | None:
        """Amount of a species [mol]; None where no face takes it up."""
        return self._summed(self._protons()) if species == PROTON else None

    # -- details --------------------------------------------------------------------------

    def _of_layers(self, layers: list[Layer]) -> Iterator[_Face]:
        mesh = self._measures.domain.mesh
        for lower, upper in pairwise(layers):
            if lower.surface_charge != 0.0:
                yield _Face(f"{lower.name}|{upper.name}", constant(mesh, lower.surface_charge))

    def _of_particles(self, layers: list[Layer], stack: Stack) -> Iterator[_Face]:
        mesh = self._measures.domain.mesh
        for layer in layers:
            packing = layer.packing
            if packing is None or layer.name not in stack.insulating_particles:
                continue
            facets, charge = f"{PARTICLES}{layer.name}", constant(mesh, packing.surface_charge)
            walls = packing.regulation
            if walls is not None:
                sites = constant(mesh, walls.site_density / AVOGADRO)
                share = protonated_share(self._ln_proton(walls.pH), constant(mesh, walls.pH_pzc))
                yield _Face(facets, charge, sites, share)
            elif packing.surface_charge != 0.0:
                yield _Face(facets, charge)

    def _ln_proton(self, acidity: float | None) -> Expr:
        """ln of the protons' activity at a surface: of the liquid that is solved, or in equilibrium
        with a bulk of this pH."""
        plane = self._level.plane(self._unknowns.liquid)
        if acidity is not None:
            return -LN10 * constant(self._measures.domain.mesh, acidity) - plane.potential
        bulk = self._bulk.reference(PROTON) / LITRE
        return plane.ln_activity[PROTON] + ufl.ln(constant(self._measures.domain.mesh, bulk))

    def _density(self, face: _Face) -> Expr:
        """Charge [C/m2]: half an elementary charge more or less by site."""
        if face.sites is None:
            return self._load * face.charge
        return self._load * (face.charge + FARADAY * face.sites * (face.protonated - 0.5))

    def _protons(self) -> Iterator[tuple[_Face, Expr]]:
        for face in self._faces:
            if self._stores_protons and face.sites is not None:
                yield face, face.sites * face.protonated

    def _summed(self, densities: Iterable[tuple[_Face, Expr]]) -> ufl.Form | None:
        return reduce(added, (self._over(face, found) for face, found in densities), None)

    def _over(self, face: _Face, integrand: Expr) -> ufl.Form:
        return self._measures.over_facets(integrand, face.facets)
