"""The equations of a case as one system, with the states of its unknowns."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from zinterphase.case import Case
from zinterphase.errors import CaseError
from zinterphase.mesh import Domain
from zinterphase.solve.asked import resting_potential
from zinterphase.solve.boundary import fixed_dofs, pins, value_at_rest
from zinterphase.solve.control import Control
from zinterphase.solve.filling import Filling, inventory
from zinterphase.solve.free_front import FreeFront
from zinterphase.solve.front import Front
from zinterphase.solve.model import Model
from zinterphase.solve.state import State
from zinterphase.solve.storage import Storage, Stored
from zinterphase.solve.system import LIQUID, SOLID, Array, FieldBlock, FixedDofs, System
from zinterphase.solve.terms import Term, added, total
from zinterphase.solve.unknowns import Amount, Constraint, GlobalScalar

Terms = Callable[[Model], Sequence[Term]]
Prescribed = Callable[[Model], Sequence[FixedDofs]]


class Equations(Model):
    """The model of a case with its control and the system of its unknowns; everything collective.

    ``terms`` are those of the equations, the case's own by default; ``prescribed`` are dofs that
    keep their values besides those of its boundaries.
    """

    def __init__(self, case: Case, domain: Domain, terms: Terms, prescribed: Prescribed) -> None:
        """Compile the forms of ``case`` on ``domain``; raises :class:`CaseError`."""
        super().__init__(case, domain)
        self.storage = Storage(self) if case.protocol else None
        self.control = self._control()
        self._filling = Filling(self)
        filled, in_time = self._filling.amounts(0.0), self.storage is not None
        self.inventories = {
            name: Amount(shift, inventory(self, name, in_time=in_time), filled[name])
            for name, shift in self.level_shifts.items()
        }
        storage = () if self.storage is None else self.storage.terms
        self.system = self._system([*terms(self), *storage], prescribed(self))
        if self.storage is not None:
            self.system.follow = self.storage.advance
        self._load = 0.0

    @property
    def front(self) -> Front | FreeFront | None:
        """The surfaces that move; None where they stay."""
        return None if self.storage is None else self.storage.front

    @property
    def scalars(self) -> dict[str, GlobalScalar]:
        """Global unknowns by name."""
        return {"potential": self.potential} | {
            f"level_{name}": shift for name, shift in self.level_shifts.items()
        }

    def state(self) -> State:
        """Copy of the unknowns."""
        fields = self.system.split(self.system.unknowns()[: self.system.local_size])
        return State(
            dict(zip(self.fields, fields, strict=True)),
            {name: scalar.value for name, scalar in self.scalars.items()},
            self._load,
            displacement=self.domain.displacement,
        )

    def put(self, state: State) -> None:
        """Put the unknowns back; nodes and load stay."""
        for name, scalar in self.scalars.items():
            scalar.value = state.scalars[name]
        for name, field in self.fields.items():
            values = state.fields[name]
            field.x.array[: len(values)] = values
            field.x.scatter_forward()

    def stand(self, state: State, stored: Stored) -> None:
        """Put the unknowns back, and what walls hold with them; nodes and load stay."""
        assert self.storage is not None
        self.put(state)
        self.storage.hold(stored)

    def distance(self, state: State) -> float:
        """Of the present unknowns from a state's, the largest of all [RT/F]."""
        now = self.state()
        fields = [now.fields[name] - values for name, values in state.fields.items()]
        scalars = [now.scalars[name] - value for name, value in state.scalars.items()]
        return self.system.max_abs(np.concatenate([*fields, scalars]))

    def rest(self) -> None:
        """Go to equilibrium without current, where a new problem starts."""
        self._load = 0.0
        for scalar in self.scalars.values():
            scalar.value = 0.0
        self.potential.value = resting_potential(self)
        for field in self.fields.values():
            field.x.array[:] = 0.0
        values = self.liquid_field.x.array.reshape(-1, self.system.components(LIQUID))
        values[:] = value_at_rest(self)

    @property
    def terminal_current(self) -> float:
        """Current [A] of the working electrode, with that which charges its metal; collective."""
        assert self.control is not None
        return self.system.constraint_integral(0) + self.control.given

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

    # -- details --------------------------------------------------------------------------

    def _system(self, terms: Sequence[Term], prescribed: Sequence[FixedDofs]) -> System:
        rows = total(terms)
        assert rows.liquid is not None
        blocks = [FieldBlock("liquid", self.liquid_field, self.tests[LIQUID], rows.liquid)]
        if self.solid_field is not None:
            assert rows.solid is not None
            blocks.append(FieldBlock("solid", self.solid_field, self.tests[SOLID], rows.solid))
        constraints: list[Constraint] = [] if self.control is None else [self.control]
        return System(
            self.domain.mesh.comm,
            blocks,
            [*constraints, *self.inventories.values()],
            [*fixed_dofs(self), *prescribed],
            self.measures.entity_maps,
            pins(self),
        )

    def _control(self) -> Control | None:
        """None where the electrode's potential is that of the liquid at it."""
        if self.equipotential:
            return None
        current = self.working.current(self.level, self.measures)
        charging = None if self.storage is None else self.storage.charging(self.working.name)
        whole = added(current, charging)
        if whole is None:
            name = self.stack.metal
            field, allowed = f"kinetics.{name}.reactions", "a reaction, or charge that is stored"
            raise CaseError(field, "none", allowed)
        return Control(self.potential, whole)

    def _fill(self, fraction: float) -> None:
        for name, amount in self._filling.amounts(fraction).items():
            self.inventories[name].target = amount
