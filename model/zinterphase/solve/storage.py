"""What a cell stores: amounts of ions in the liquid, charge at its metals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import ufl

from zinterphase.fem_types import Form
from zinterphase.forms import compiled_form, owned_vector, value
from zinterphase.solve.free_front import FreeFront
from zinterphase.solve.front import Front
from zinterphase.solve.model import Model
from zinterphase.solve.solid_states import solid_states
from zinterphase.solve.state import mixed
from zinterphase.solve.surface_states import SurfaceState, surface_states
from zinterphase.solve.system import Array
from zinterphase.solve.terms import Rows, Term, added
from zinterphase.solve.unknowns import constant


@dataclass(frozen=True, eq=False)
class Stored:
    """What a state holds, in the rows of its balances [A s], owned values of this rank.

    ``liquid`` is what the liquid's volume holds; ``walls`` are what the metals' charge adds, by
    block; ``charges`` [C] are those of the electrodes' metals by name, the same on all ranks;
    ``surfaces`` are states of walls by name, of this rank's cells (:mod:`surface_states`);
    ``rises`` those of moving surfaces [m], the same on all ranks (:mod:`front`).
    """

    liquid: Array
    walls: tuple[Array, ...]
    charges: Mapping[str, float]
    surfaces: Mapping[str, Array] = field(default_factory=dict)
    rises: Mapping[str, Array] = field(default_factory=dict)

    @property
    def rows(self) -> list[Array]:
        """Both together, by block."""
        first, *others = self.walls
        return [self.liquid + first, *others]


def combined(weights: Sequence[float], stored: Sequence[Stored]) -> Stored:
    """The sum of some states' amounts, each times its weight."""
    pairs = list(zip(weights, stored, strict=True))
    blocks = range(len(stored[0].walls))
    return Stored(
        np.asarray(sum(w * s.liquid for w, s in pairs)),
        tuple(np.asarray(sum(w * s.walls[k] for w, s in pairs)) for k in blocks),
        {name: sum(w * s.charges[name] for w, s in pairs) for name in stored[0].charges},
        mixed(weights, [s.surfaces for s in stored]),
        mixed(weights, [s.rises for s in stored]),
    )


def _front_of(model: Model) -> Front | FreeFront | None:
    """What moves, by the case."""
    if model.case.front is None:
        return None
    return FreeFront(model) if model.case.front.motion == "free" else Front(model)


class Storage:
    """The amounts of a model: as rows of its equations and as numbers; everything collective.

    ``rate`` [1/s] multiplies the amounts of the present state in the equations; those of earlier
    states are numbers there.
    """

    def __init__(self, model: Model) -> None:
        """Compile what evaluates the amounts of ``model``."""
        self.rate = constant(model.domain.mesh, 0.0)
        self._comm = model.domain.comm
        self._maps = model.measures.entity_maps
        self._spaces = [field.function_space for field in model.fields.values()]
        unknowns, media = model.unknowns, model.media.liquid
        held = model.level.stored(unknowns.liquid, unknowns.liquid_test, media)
        layers = model.stack.liquid
        liquid = None if held is None else model.measures.over_layers(held, layers)
        liquid = added(liquid, added(model.adsorption.row(), model.charged_faces.row()))
        walls = sum((e.stored(model.level, model.measures) for e in model.electrodes), Rows())
        self._charges = {
            e.name: e.stored_charge(model.level, model.measures) for e in model.electrodes
        }
        total = Rows(liquid) + walls
        self.term = Term("storage", Rows(self._changing(total.liquid), self._changing(total.solid)))
        blocks = (walls.liquid, walls.solid)[: len(self._spaces)]
        self._liquid_form = self._compiled(liquid)
        self._wall_forms = [self._compiled(form) for form in blocks]
        self._charge_forms = {name: self._compiled(q) for name, q in self._charges.items()}
        of_rates = surface_states(model)
        self.has_plateaus = bool(of_rates)
        """Whether rate laws have states: then they have barriers."""
        self.surfaces: dict[str, SurfaceState] = {**of_rates, **solid_states(model)}
        for state in self.surfaces.values():
            state.hold(state.initial())
        self.front = _front_of(model)
        self._formula: tuple[float, Stored | None] = (0.0, None)

    def close(self) -> None:
        """Free what takes the mesh along with surfaces; collective."""
        if isinstance(self.front, FreeFront):
            self.front.close()

    def begin(self, rate: float, earlier: Stored) -> None:
        """Let states of walls change by the formula of a step of time; ``rate`` and ``earlier``
        [per s] as at :meth:`Problem.remember`."""
        self._formula = rate, earlier
        self.follow()

    def follow(self, more: Stored | None = None) -> None:
        """The same by the last formula, as if so much ``more`` had been held before."""
        rate, earlier = self._formula
        assert earlier is not None
        given = earlier if more is None else combined([1.0, -rate], [earlier, more])
        for name, state in self.surfaces.items():
            state.follow(rate, given.surfaces[name])
        if self.front is not None:
            self.front.follow(rate, given.rises)

    def hold(self, stored: Stored | None = None) -> None:
        """Let states of walls be those of ``stored``, or stay as they are."""
        for name, state in self.surfaces.items():
            state.hold(state.values() if stored is None else stored.surfaces[name])
        if self.front is not None:
            self.front.hold(self.front.rises if stored is None else stored.rises)

    @property
    def terms(self) -> tuple[Term, ...]:
        """What storage adds to the equations."""
        return (self.term,) if self.front is None else (self.term, self.front.term)

    @property
    def follows(self) -> bool:
        """Whether anything beside the unknowns follows from them."""
        return bool(self.surfaces) or self.front is not None

    def advance(self) -> None:
        """Take moving surfaces to where the present state brings them."""
        if self.front is not None:
            self.front.advance()

    def forget(self) -> None:
        """Take nothing over from how earlier states were found."""
        if self.front is not None:
            self.front.forget()

    def charging(self, electrode: str) -> ufl.Form | None:
        """Current [A] of the present charge of an electrode's metal; None where it stores none."""
        return self._changing(self._charges[electrode])

    def amounts(self) -> Stored:
        """Of the present state."""
        return Stored(
            self._vector(self._liquid_form, 0),
            tuple(self._vector(form, k) for k, form in enumerate(self._wall_forms)),
            {name: self._number(form) for name, form in self._charge_forms.items()},
            {name: state.values() for name, state in self.surfaces.items()},
            {} if self.front is None else dict(self.front.rises),
        )

    def _changing(self, form: ufl.Form | None) -> ufl.Form | None:
        return None if form is None else self.rate * form

    def _compiled(self, form: ufl.Form | None) -> Form | None:
        return None if form is None else compiled_form(form, self._maps)

    def _number(self, form: Form | None) -> float:
        return 0.0 if form is None else value(self._comm, form)

    def _vector(self, form: Form | None, block: int) -> Array:
        if form is not None:
            return owned_vector(form)
        dofmap = self._spaces[block].dofmap
        return np.zeros(dofmap.index_map.size_local * dofmap.index_map_bs)
