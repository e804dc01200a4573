"""Spaces, fields and levels of a case on a domain."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from dolfinx import fem
from dolfinx.la import InsertMode, vector
from dolfinx.mesh import EntityMap

from zinterphase.case import IDEAL_LEVELS, Case
from zinterphase.case.levels import LEVELS
from zinterphase.cell.bulk import Bulk
from zinterphase.cell.electrodes import Cell
from zinterphase.cell.stack import Stack
from zinterphase.cell.unknowns import donnan_layers
from zinterphase.fem_types import FunctionSpace, Mesh
from zinterphase.levels import (
    ConcentratedSalt,
    Conduction,
    Electroneutral,
    GouyChapmanStern,
    Level,
    PoissonNernstPlanck,
)
from zinterphase.levels.averaged import EdgeAveraged, EdgeAveragedTraces
from zinterphase.levels.solutes import DissolvedIon
from zinterphase.levels.traces import Traces
from zinterphase.materials.aqueous import Complex
from zinterphase.materials.electrolyte import Species
from zinterphase.mesh import Domain, Region
from zinterphase.solve.unknowns import GlobalScalar, constant


@dataclass(frozen=True, eq=False)
class RegionSpaces:
    """A region with the space of its unknowns and the scalar space of the same order."""

    region: Region
    space: FunctionSpace
    scalar: FunctionSpace

    @property
    def entity_map(self) -> EntityMap:
        """Map of the region's cells to the parent mesh."""
        return self.region.entity_map

    def cells(self, pairs: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """Cells of the region for rows (parent cell, local facet)."""
        parents = np.ascontiguousarray(pairs[:, 0])
        return np.asarray(self.entity_map.sub_topology_to_topology(parents, True))

    def dofs_on(self, pairs: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """Dofs (blocked, ghosts included) on facets given as owned rows; collective.

        Those of local facets by their cells: the region needs no facets of its own.
        """
        dofmap, dim = self.scalar.dofmap, self.region.mesh.topology.dim
        closure = [
            dofmap.dof_layout.entity_closure_dofs(dim - 1, facet) for facet in range(dim + 1)
        ]
        marks = vector(dofmap.index_map, 1)
        marks.array[dofmap.list[self.cells(pairs)[:, None], np.array(closure)[pairs[:, 1]]]] = 1.0
        # Other ranks may have dofs of these facets, and no facet.
        marks.scatter_reverse(InsertMode.add)
        marks.scatter_forward()
        return np.flatnonzero(marks.array).astype(np.int32)

    def dofs_in(self, parents: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """Dofs (blocked) of cells of the parent mesh that lie in the region."""
        cells = np.asarray(self.entity_map.sub_topology_to_topology(parents, True))
        return np.unique(self.scalar.dofmap.list[cells])

    def owned(self, dofs: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """The owned ones among ``dofs``."""
        return np.asarray(dofs[dofs < self.scalar.dofmap.index_map.size_local])


def region_spaces(
    domain: Domain, layers: tuple[str, ...], components: int, order: int
) -> RegionSpaces:
    """Lagrange spaces of ``order`` on the layers; collective."""
    region = domain.region(layers)
    space = fem.functionspace(region.mesh, ("Lagrange", order, (components,)))
    scalar = fem.functionspace(region.mesh, ("Lagrange", order))
    return RegionSpaces(region, space, scalar)


def build_level(cell: Cell, domain: Domain, shifts: Mapping[str, GlobalScalar]) -> Level:
    """The level of theory of a case with its wall law; ``shifts`` are the global unknowns of
    enclosed ions."""
    level, bulk = _neutral_or_resolved(cell, domain, shifts), cell.bulk
    if cell.case.wall_law == "none":
        return level
    voltage, rate = (constant(domain.mesh, x) for x in (bulk.thermal_voltage, bulk.charge_rate))
    return GouyChapmanStern(level, bulk.charges, voltage, rate)


def _neutral_or_resolved(cell: Cell, domain: Domain, shifts: Mapping[str, GlobalScalar]) -> Level:
    mesh, case, bulk, main = domain.mesh, cell.case, cell.bulk, cell.main_ion
    voltage = constant(mesh, bulk.thermal_voltage)
    if case.level == "concentrated":
        return _concentrated(cell, mesh, shifts)
    if case.level not in IDEAL_LEVELS:
        return Conduction(constant(mesh, bulk.conductivity), voltage, bulk.charges, main)
    ions, complexes = dissolved(bulk, mesh, shifts)
    meets = bool(complexes or bulk.formations)
    site = None if bulk.site_volume is None else constant(mesh, bulk.site_volume)
    rate = constant(mesh, charge_rate(case, bulk))
    if case.level == "pnp":
        return PoissonNernstPlanck(ions, main, voltage, rate, site, complexes)
    charged = bool(donnan_layers(case))
    averaged = None
    if case.mesh.order == 1 and site is None:
        averaged = EdgeAveraged(ions, main, voltage, rate, site, charged, None, complexes)
        if meets:  # acid and base meet in a front that is thinner than any cell
            return averaged
    return Electroneutral(ions, main, voltage, rate, site, charged, averaged, complexes)


def _concentrated(cell: Cell, mesh: Mesh, shifts: Mapping[str, GlobalScalar]) -> Level:
    bulk, (cation, anion) = cell.bulk, cell.bulk.species[:2]
    ions, complexes = dissolved(bulk, mesh, shifts)
    traces = Traces(ions[2:], complexes, {cation.name: cation.charge, anion.name: anion.charge})
    shift = shifts[anion.name].function if anion.name in shifts else 0.0
    concentration = constant(mesh, cation.concentration)
    voltage = constant(mesh, bulk.thermal_voltage)
    names = (cation.name, anion.name)
    assert bulk.salt is not None
    own = (bulk.salt.properties, names, bulk.salt.charges, concentration, voltage, shift, traces)
    if not traces.names or cell.case.mesh.order > 1:
        return ConcentratedSalt(*own)
    averaged = EdgeAveragedTraces(*own)
    meets = bool(complexes or bulk.formations)
    return averaged if meets else ConcentratedSalt(*own, averaged=averaged)


def dissolved(
    bulk: Bulk, mesh: Mesh, shifts: Mapping[str, GlobalScalar]
) -> tuple[list[DissolvedIon], list[DissolvedIon]]:
    """Ions with an unknown each, and complexes, as the equations see them."""

    def solute(found: Species | Complex, composition: Mapping[str, float]) -> DissolvedIon:
        return DissolvedIon(
            found.name,
            found.charge,
            constant(mesh, found.diffusivity),
            constant(mesh, bulk.reference(found.name)),
            constant(mesh, bulk.held(found.name)),
            shifts[found.name].function if found.name in shifts else 0.0,
            composition,
        )

    forming = {f.name: f.made.composition for f in bulk.formations}
    ions = [solute(ion, forming.get(ion.name, {})) for ion in bulk.species]
    return ions, [solute(made, made.composition) for made in bulk.complexes]


def charge_rate(case: Case, bulk: Bulk) -> float:
    """Rate [1/s] that turns a charge into a current of the size of the ion fluxes."""
    if case.level == "pnp":
        return bulk.charge_rate
    thickness = sum(layer.thickness for layer in case.layers if layer.medium.porosity > 0)
    return max(s.diffusivity for s in bulk.species) / thickness**2


def enclosed_ions(cell: Cell) -> tuple[str, ...]:
    """Ions whose amount no boundary fixes: the non-reacting ones of a closed cell, with what forms
    from them; of a salt the other ion's alone."""
    level = LEVELS[cell.case.level]
    if not level.concentrations or cell.counter is None:
        return ()
    formed = {f.name for f in cell.bulk.formations if f.balances}
    fixed = cell.reacting_ions | formed | ({cell.main_ion} if level.salt else set())
    return tuple(name for name in cell.bulk.names if name not in fixed)


def solid_spaces(domain: Domain, stack: Stack, order: int) -> RegionSpaces | None:
    """Space of the electronic potential, where one is solved."""
    return region_spaces(domain, stack.solid, 1, order) if stack.solid else None
