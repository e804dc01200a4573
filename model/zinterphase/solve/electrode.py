"""An electrode of the discrete cell: a potential, its reacting walls, and the fields they see."""

from dataclasses import dataclass
from functools import reduce

import ufl

from zinterphase.cell.electrodes import ElectrodeParts
from zinterphase.levels.base import Level
from zinterphase.solve.measures import Measures
from zinterphase.solve.pores import Pores
from zinterphase.solve.terms import Rows, added
from zinterphase.solve.unknowns import GlobalScalar
from zinterphase.solve.walls import Surface, Unknowns, Wall


@dataclass(frozen=True, eq=False)
class Electrode:
    """Walls with one terminal; ``potential`` is the terminal's, against the gauge [RT/F]."""

    parts: ElectrodeParts
    potential: GlobalScalar
    surface: Surface
    pores: tuple[Pores, ...]
    unknowns: Unknowns

    @property
    def name(self) -> str:
        """ "working" or "counter"."""
        return self.parts.name

    @property
    def walls(self) -> tuple[Wall, ...]:
        """The surface first."""
        return (self.surface, *self.pores)

    def set_load(self, fraction: float) -> None:
        """Apply a fraction of what drives its walls at rest."""
        for wall in self.walls:
            wall.set_load(fraction)

    def rows(self, level: Level, measures: Measures) -> Rows:
        """What its reactions and its charge add to the residual."""
        return sum((wall.rows(level, self.unknowns, measures) for wall in self.walls), Rows())

    def stored(self, level: Level, measures: Measures) -> Rows:
        """The charge of its metal in the rows of what carries it."""
        return sum((wall.stored(level, self.unknowns, measures) for wall in self.walls), Rows())

    def stored_charge(self, level: Level, measures: Measures) -> ufl.Form | None:
        """Integral of the charge of its metal that a change of time has to bring [C]."""
        forms = (wall.stored_charge(level, self.unknowns, measures) for wall in self.walls)
        return reduce(added, forms)

    def given(self, ion: str, level: Level, measures: Measures) -> ufl.Form | None:
        """F times what its lumped double layers have given of an ion [A s], by their charge; None
        where they are charged by others."""
        forms = (wall.given(ion, level, self.unknowns, measures) for wall in self.walls)
        return reduce(added, forms)

    def currents(self, level: Level, measures: Measures) -> dict[tuple[str, str], ufl.Form]:
        """Integral of the Faradaic current by layer and reaction [A]."""
        return {
            (wall.layer, reaction): form
            for wall in self.walls
            for reaction, form in wall.currents(level, self.unknowns, measures).items()
        }

    def turns(self, level: Level, measures: Measures) -> dict[tuple[str, str], ufl.Form]:
        """Integral of the turns of each chemical step by layer and name [mol/s]."""
        return {
            (wall.layer, step): form
            for wall in self.walls
            for step, form in wall.turns(level, self.unknowns, measures).items()
        }

    def isolation(self, level: Level, measures: Measures) -> ufl.Form | None:
        """Integral of the metal that loses contact, as a current that strips [A]; None where none
        does."""
        forms = (wall.isolation(level, self.unknowns, measures) for wall in self.walls)
        return reduce(added, forms)

    def see(self, roughness: float) -> None:
        """Take over Sa of the surface [m]."""
        for wall in self.walls:
            if wall.main.isolation is not None:
                wall.main.isolation.see(roughness)

    def current(self, level: Level, measures: Measures) -> ufl.Form | None:
        """Integral of the Faradaic current of all reactions [A]; None where nothing reacts."""
        return reduce(added, self.currents(level, measures).values(), None)
