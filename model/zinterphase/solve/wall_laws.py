"""The laws of a case's walls, and the lateral fields that they share."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from math import log

import numpy as np
import numpy.typing as npt

from zinterphase.case import DEPOSITION, Case
from zinterphase.case.alloying import ALLOYING
from zinterphase.cell.bulk import Bulk
from zinterphase.cell.electrodes import ReactingWall
from zinterphase.cell.reaction import Reaction
from zinterphase.cell.step import metal_current
from zinterphase.expressions import Expr
from zinterphase.fem_types import Function, FunctionSpace, Mesh
from zinterphase.levels.base import ElectrodePlane
from zinterphase.solve.capillary import Capillary
from zinterphase.solve.compact_layer import CompactLayer
from zinterphase.solve.heterogeneity import (
    Draw,
    LateralField,
    wall_islands,
    wall_ln_factor,
    wall_sites,
)
from zinterphase.solve.isolation import IsolationLaw
from zinterphase.solve.lumped_layer import LumpedLayer
from zinterphase.solve.ratelaw import Deposit, RateLaw, alloying_law
from zinterphase.solve.solid_law import SolidLaw
from zinterphase.solve.solid_reaction import SolidReactionLaw
from zinterphase.solve.step_law import StepLaw
from zinterphase.solve.unknowns import constant

type Dofs = npt.NDArray[np.int32]
type Laws = tuple[str, RateLaw, tuple[RateLaw, ...], CompactLayer, LumpedLayer | None]


class WallLaws:
    """Makes those of an electrode, on the whole mesh and a space of scalars of the liquid;
    everything collective."""

    def __init__(
        self,
        case: Case,
        bulk: Bulk,
        gauge: float,
        mesh: Mesh,
        space: FunctionSpace,
        on_particles: Mapping[str, Dofs],
        in_pores: Iterable[SolidLaw] = (),
    ) -> None:
        """``gauge`` [V, scale of the case] is the potential that counts as zero,
        ``on_particles`` are the dofs on the particles of each layer that belong to the metal,
        ``in_pores`` the solids on the walls of all pores."""
        self._case, self._bulk, self._gauge = case, bulk, gauge
        self._mesh, self._space = mesh, space
        self._on_particles = on_particles
        self._in_pores = {law.solid.name: law for law in in_pores}
        self._fields: list[tuple[str, LateralField]] = []

    def follow_mesh(self) -> None:
        """Take over where the mesh's nodes are."""
        for _, field in self._fields:
            field.follow()

    def redraw(self, case: Case, walls: Sequence[ReactingWall]) -> None:
        """Take over the random fields of the same walls in ``case``, where only seeds differ."""
        self._case = case
        by_layer = {wall.layer: wall for wall in walls}
        for layer, field in self._fields:
            field.take(case, by_layer[layer])

    def of(self, wall: ReactingWall, capillary: Capillary | None = None) -> Laws:
        """The wall's layer, its main law, those of all its reactions, its compact layer and its
        lumped one."""
        main = self._law(wall.main, wall, capillary, isolation=self._isolation(wall))
        laws = tuple(
            main if reaction is wall.main else self._further(reaction, wall, main)
            for reaction in wall.reactions
        )
        mesh, voltage = self._mesh, self._bulk.thermal_voltage
        islands = self._varying(wall, "islands", wall_islands).function
        compact = CompactLayer(mesh, wall.kinetics, self._gauge, voltage, islands)
        return wall.layer, main, laws, compact, self._lumped(wall)

    def steps(self, wall: ReactingWall, main: RateLaw) -> tuple[StepLaw, ...]:
        """Chemical steps of a wall, which take the deposit of ``main`` away."""
        laws = tuple(StepLaw(self._mesh, step, self._bulk) for step in wall.steps)

        def attack(plane: ElectrodePlane) -> Expr:
            return metal_current(((law.step, law.rate(plane)) for law in laws), wall.main)

        main.attack = attack
        return laws

    def _further(self, reaction: Reaction, wall: ReactingWall, main: RateLaw) -> RateLaw:
        table = wall.kinetics.alloying
        if table is None or reaction.name != ALLOYING:
            nucleation = wall.kinetics.nucleation
            factor = None if nucleation is None else nucleation.factors.get(reaction.name)
            above = None if factor is None else Deposit(main, constant(self._mesh, factor))
            return self._law(reaction, wall, deposit=above)
        return alloying_law(self._mesh, reaction, self._bulk, self._gauge, main, table)

    def _law(
        self,
        reaction: Reaction,
        wall: ReactingWall,
        capillary: Capillary | None = None,
        deposit: Deposit | None = None,
        isolation: IsolationLaw | None = None,
    ) -> RateLaw:
        varied = partial(wall_ln_factor, name=reaction.name)
        field = self._varying(wall, "ln_i0_factor", varied)
        if reaction.rate.precipitate is not None:
            solid = self._in_pores[reaction.rate.precipitate]
            factor = field.function
            return SolidReactionLaw(self._mesh, reaction, self._bulk, self._gauge, factor, solid)
        if reaction.name == DEPOSITION:
            self._shift_on_other_metals(field)
        return RateLaw(
            self._mesh,
            reaction,
            self._bulk,
            self._gauge,
            field.function,
            self._sites(reaction, wall),
            None if capillary is None else capillary.function,
            deposit,
            isolation,
        )

    def _isolation(self, wall: ReactingWall) -> IsolationLaw | None:
        table = wall.kinetics.isolation
        return None if table is None else IsolationLaw(self._mesh, table)

    def _lumped(self, wall: ReactingWall) -> LumpedLayer | None:
        capacitance = wall.kinetics.double_layer_capacitance
        if capacitance is None:
            return None
        ion = wall.kinetics.double_layer_ion or wall.main.ion
        scaled = constant(self._mesh, capacitance * self._bulk.thermal_voltage)
        return LumpedLayer(scaled, ion, self._bulk.ion(ion).charge)

    def _sites(self, reaction: Reaction, wall: ReactingWall) -> Function | None:
        if reaction.rate.nuclei is None:
            return None
        field = self._varying(wall, "sites", partial(wall_sites, name=reaction.name))
        if field.lateral is None:
            field.function.x.array[:] = 1.0
        return field.function

    def _varying(self, wall: ReactingWall, name: str, draw: Draw) -> LateralField:
        field = LateralField.of(self._space, name, draw, self._case, wall)
        self._fields.append((wall.layer, field))
        return field

    def _shift_on_other_metals(self, field: LateralField) -> None:
        """By the factor of each layer of particles, which do not move, on them."""
        shift = np.zeros_like(field.function.x.array)
        for name, dofs in self._on_particles.items():
            packing = self._case.layer(name).packing
            assert packing is not None
            shift[dofs] = log(packing.exchange_current_density_factor)
        field.function.x.array[:] += shift
        field.shift = shift
