"""Chemical steps on a wall: what they make of the liquid's ions, and how fast."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log

from zinterphase.case.chemical import ChemicalStep
from zinterphase.cell.bulk import Bulk
from zinterphase.cell.reaction import Reaction
from zinterphase.expressions import Expr
from zinterphase.materials.formula import metal_of_ion
from zinterphase.physics.functions import exp
from zinterphase.scales import FARADAY


@dataclass(frozen=True)
class Step:
    """A reaction without electrons, left to right.

    ``ions`` is what one turn makes of ions that have an unknown each, ``metal`` of the metal that
    the wall's own reaction plates. ``forward`` and ``backward`` are rates [mol/m2/s] at the
    liquid's reference composition (`Bulk.reference`).
    """

    name: str
    table: ChemicalStep
    ions: Mapping[str, float]
    metal: float
    forward: float
    backward: float

    @property
    def gas(self) -> Mapping[str, float]:
        """Molecules of each gas that one turn makes."""
        return self.table.gas or {}

    @property
    def affinity(self) -> float:
        """ln of forward over backward rate at the reference composition."""
        return log(self.forward / self.backward)


def step_of(name: str, table: ChemicalStep, reactant: str, bulk: Bulk) -> Step:
    """The step of a table of the case; ``reactant`` is what the wall's own reaction plates."""
    metal = (table.solids or {}).get(metal_of_ion(reactant), 0.0)
    forward = table.rate_constant * _at_reference(table, table.orders, bulk)
    backward = table.backward_rate_constant or 0.0
    backward *= _at_reference(table, table.backward_orders, bulk)
    return Step(name, table, bulk.in_ions(table.stoichiometry), metal, forward, backward)


def metal_current(turns: Iterable[tuple[Step, Expr]], main: Reaction) -> Expr:
    """What steps with their ``turns`` [mol per time] take of the metal that ``main`` plates, as a
    current of that reaction; numbers or expressions."""
    taken = sum(step.metal * turned for step, turned in turns if step.metal)
    return -FARADAY / main.production(main.ion) * taken


def _at_reference(table: ChemicalStep, orders: Mapping[str, float], bulk: Bulk) -> float:
    """Powers of the liquid's reference composition over that of the table."""
    powers = (
        order * log(bulk.activity_ratio(name, bulk.reference(name), table.reference_concentration))
        for name, order in orders.items()
    )
    return float(exp(sum(powers)))
