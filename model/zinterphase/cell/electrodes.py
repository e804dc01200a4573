"""The cell of a case: two electrodes with their reacting walls, and the liquid between them."""

from dataclasses import dataclass, replace

from zinterphase.case import DEPOSITION, Case, Kinetics
from zinterphase.case.alloying import ALLOYING
from zinterphase.cell.bulk import Bulk, bulk_of
from zinterphase.cell.one_equilibrium import require_one_equilibrium
from zinterphase.cell.precipitation import Precipitating, precipitating
from zinterphase.cell.reaction import Reaction, reaction_of
from zinterphase.cell.stack import Stack, stack_of
from zinterphase.cell.step import Step, step_of
from zinterphase.errors import CaseError
from zinterphase.materials.formula import metal_of_ion


@dataclass(frozen=True)
class ReactingWall:
    """Metal in touch with the liquid: the surface of a dense layer, or the pores of another.

    ``layer`` names it, ``kinetics`` hold what belongs to the wall (compact layer, wetted area).
    ``main`` is the first of ``reactions``: the metal's own where it is not ``inert``, as it also is
    where nothing reacts; ``steps`` are those without electrons.
    """

    layer: str
    kinetics: Kinetics
    main: Reaction
    reactions: tuple[Reaction, ...]
    steps: tuple[Step, ...] = ()

    @property
    def inert(self) -> bool:
        """Whether the metal itself takes no part."""
        return self.kinetics.blocking

    @property
    def exchange_current_density(self) -> float:
        """Of the metal's own reaction [A/m2], the scale of currents; as the case has it where that
        does not run and irreversible ones of any size do."""
        if self.inert and self.reactions:
            return self.kinetics.exchange_current_density
        return self.main.equilibrium.exchange_current_density

    @property
    def wetted(self) -> float:
        """Reacting over geometric area of a dense metal."""
        return self.kinetics.contact_fraction * (1 - self.kinetics.blocked_fraction)


@dataclass(frozen=True)
class ElectrodeParts:
    """An electrode: the surface of its dense metal and the porous conductors upon it.

    Its equilibrium is that of its metal's own reaction at the liquid's reference composition.
    """

    name: str
    surface: ReactingWall
    pores: tuple[ReactingWall, ...]

    @property
    def walls(self) -> tuple[ReactingWall, ...]:
        """The surface first."""
        return (self.surface, *self.pores)

    @property
    def reactions(self) -> dict[tuple[str, str], Reaction]:
        """All by layer and name, as integrated rate laws go."""
        return {(wall.layer, r.name): r for wall in self.walls for r in wall.reactions}

    @property
    def steps(self) -> dict[tuple[str, str], Step]:
        """Chemical steps by layer and name."""
        return {(wall.layer, s.name): s for wall in self.walls for s in wall.steps}

    @property
    def reaction_names(self) -> tuple[str, ...]:
        """Each once, the metal's own first where it reacts."""
        return tuple(dict.fromkeys(name for _, name in self.reactions))

    @property
    def metal_reactions(self) -> tuple[str, ...]:
        """Names of those that plate the metal, onto itself first and into hosts."""
        own = () if self.surface.inert else (self.surface.main.name, ALLOYING)
        return tuple(name for name in own if name in self.reaction_names)

    @property
    def other_reactions(self) -> tuple[str, ...]:
        """Names of those beside the metal's."""
        return tuple(n for n in self.reaction_names if n not in self.metal_reactions)

    @property
    def equilibrium_potential(self) -> float:
        """Of the metal's own reaction [V, scale of the case]."""
        return self.surface.main.equilibrium.potential


@dataclass(frozen=True)
class Cell:
    """What a case describes: electrodes, liquid and layers; ``counter`` None is a reservoir."""

    case: Case
    stack: Stack
    bulk: Bulk
    working: ElectrodeParts
    counter: ElectrodeParts | None

    @property
    def electrodes(self) -> tuple[ElectrodeParts, ...]:
        """The working electrode first."""
        return (self.working,) if self.counter is None else (self.working, self.counter)

    @property
    def voltage_at_gauge(self) -> float:
        """Voltage [V] of a terminal whose working metal is in equilibrium with the bulk, against
        the counter electrode that is so too, or on the scale of the case."""
        far = 0.0 if self.counter is None else self.counter.equilibrium_potential
        return self.working.equilibrium_potential - far

    @property
    def is_full(self) -> bool:
        """Whether the counter electrode is another one than the working: a full cell."""
        return self.counter is not None and bool(self.counter.pores)

    @property
    def turned_over(self) -> frozenset[str]:
        """Ions that the counter electrode of a full cell makes or uses up with the whole current,
        however few there are."""
        if self.counter is None or not self.is_full:
            return frozenset()
        return frozenset(self.counter.surface.main.ions)

    @property
    def keeps_amounts(self) -> bool:
        """Whether every ion is fixed at rest without its amount: by an electrode at which it reacts
        as it does at the other, by a reservoir, or as one that is enclosed."""
        if self.counter is None:
            return True
        here, there = (self._made_by(each) for each in (self.working, self.counter))
        return here == there

    def _made_by(self, electrode: ElectrodeParts) -> frozenset[str]:
        made = (r.ions for wall in electrode.walls for r in wall.reactions)
        return frozenset(self.bulk.parts(ion for ions in made for ion in ions))

    @property
    def main_ion(self) -> str:
        """The ion that the working metal's own reaction plates."""
        return self.working.surface.main.ion

    @property
    def reacting_ions(self) -> frozenset[str]:
        """Ions that some reaction makes or uses up, by what decays into them too."""
        return frozenset(
            self.bulk.parts(
                ion
                for electrode in self.electrodes
                for wall in electrode.walls
                for made in (*(r.ions for r in wall.reactions), *(s.ions for s in wall.steps))
                for ion in made
            )
        )


def cell_of(case: Case) -> Cell:
    """Sort a case into electrodes and liquid.

    Raises
    ------
    CaseError
        Where currents have no path, or a metal has no rate law.
    """
    stack, bulk = stack_of(case), bulk_of(case)
    surface = _wall(case, bulk, stack.metal)
    pores = tuple(_wall(case, bulk, name) for name in stack.porous if name in case.kinetics)
    working = ElectrodeParts("working", surface, pores)
    return Cell(case, stack, bulk, working, _counter(case, bulk, stack))


def _wall(case: Case, bulk: Bulk, layer: str) -> ReactingWall:
    if layer not in case.kinetics:
        raise CaseError(f"kinetics.{layer}", "missing", "the rate law of the reacting metal")
    return _with_reactions(layer, case.kinetics[layer], bulk, precipitating(case, bulk))


def _with_reactions(
    name: str, kinetics: Kinetics, bulk: Bulk, solids: tuple[Precipitating, ...]
) -> ReactingWall:
    reactions = [reaction_of(k, rate, bulk, solids) for k, rate in kinetics.further.items()]
    steps = tuple(step_of(k, s, kinetics.reactant, bulk) for k, s in kinetics.steps.items())
    if kinetics.alloying is not None:
        reactions.append(reaction_of(ALLOYING, kinetics.into_host, bulk))
    if not kinetics.blocking or not reactions:
        own = reaction_of(DEPOSITION, kinetics, bulk)
        reactions = [] if kinetics.blocking else [own, *reactions]
    else:
        own = reactions[0]
    metal = metal_of_ion(kinetics.reactant)
    require_one_equilibrium(name, metal, tuple(reactions), steps, bulk.thermal_voltage, solids)
    return ReactingWall(name, kinetics, own, tuple(reactions), steps)


def _counter(case: Case, bulk: Bulk, stack: Stack) -> ElectrodeParts | None:
    """The conductors that the stack ends with; without any an identical flat electrode with uniform
    exchange current density and no barrier.

    At level `primary` an electrode at zero overpotential is the boundary of a reservoir.
    """
    if case.counter.type == "reservoir" or case.level == "primary":
        return None
    pores = tuple(_wall(case, bulk, name) for name in stack.opposite if name in case.kinetics)
    if pores:  # what they touch takes their electrons; nothing reacts on it
        surface = replace(pores[0], layer="counter", reactions=(), steps=())
        return ElectrodeParts("counter", surface, pores)
    wall = _wall(case, bulk, case.counter.like or stack.metal)
    even = wall.kinetics.evened()
    return ElectrodeParts("counter", _with_reactions("counter", even, bulk, ()), ())
