"""What a wall holds and changes in time: numbers per cell beside it, no unknowns.

A law gives the state at the end of a step of time in closed form: of the unknowns there, of the
step's formula and of the states before. So the equations hold its exact derivative, and the state
is evaluated once they are solved.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem

from zinterphase.expressions import Expr
from zinterphase.fem_types import Form, Function
from zinterphase.forms import compiled_form, owned_vector
from zinterphase.levels.base import Level
from zinterphase.routes import ranked
from zinterphase.solve.alloy_layer import AlloyLayer
from zinterphase.solve.coverage import ChangingCoverage, NucleiCoverage
from zinterphase.solve.measures import Measures
from zinterphase.solve.model import Model
from zinterphase.solve.ratelaw import AlloyingLaw, RateLaw
from zinterphase.solve.walls import Unknowns, WallState

Array = npt.NDArray[np.float64]
Cells = npt.NDArray[np.int32]


class ReactingPlace(Protocol):
    """What reacts over an area: a wall of an electrode, or the walls of all pores."""

    @property
    def layer(self) -> str:
        """What it is called."""

    def state(self, level: Level, unknowns: Unknowns) -> WallState:
        """Of the liquid there."""

    def integrated(self, density: Expr, measures: Measures) -> ufl.Form:
        """Integral of what is told per reacting area."""


class WallCells:
    """The cells of the mesh beside a wall that this rank owns, and means over what reacts in each;
    everything collective."""

    def __init__(
        self, wall: ReactingPlace, level: Level, unknowns: Unknowns, measures: Measures
    ) -> None:
        """Find them."""
        self.wall, self.at = wall, wall.state(level, unknowns)
        self._measures = measures
        mesh = measures.domain.mesh
        self._test = ufl.TestFunction(fem.functionspace(mesh, ("DG", 0)))
        self._areas = self.compiled(ufl.as_ufl(1.0))
        self.cells: Cells = np.flatnonzero(self._summed(self._areas) > 0.0).astype(np.int32)
        self.follow_mesh()

    def follow_mesh(self) -> None:
        """Measure again where nodes have moved."""
        self.area = self._summed(self._areas)[self.cells]

    def compiled(self, density: Expr) -> Form:
        """A density per reacting area, for :meth:`mean`."""
        return compiled_form(self.integrated(density), self._measures.entity_maps)

    def integrated(self, density: Expr) -> ufl.Form:
        """The same as a form, against a test of each cell of the whole mesh."""
        return self.wall.integrated(density * self.at.trace(self._test), self._measures)

    def mean(self, form: Form) -> Array:
        """Of a density over the reacting area of each cell."""
        return np.asarray(self._summed(form)[self.cells] / self.area)

    def put(self, function: Function, values: Array) -> None:
        """Values of the cells into a coefficient."""
        function.x.array[self.cells] = values
        function.x.scatter_forward()

    @property
    def numbers(self) -> npt.NDArray[np.int64]:
        """Of the cells among those of all ranks, in an order that no distribution changes."""
        domain = self._measures.domain
        return ranked(domain.comm, domain.cell_numbers[self.cells])

    def _summed(self, form: Form) -> Array:
        return owned_vector(form)


class SurfaceState(ABC):
    """A state of one law on one wall: values of shape (cells, numbers); everything collective."""

    def __init__(self, name: str, cells: WallCells) -> None:
        self.name, self.cells = name, cells

    @property
    @abstractmethod
    def charge(self) -> float:
        """That changes it by its own size, per reacting area [C/m2]."""

    @abstractmethod
    def initial(self) -> Array:
        """Where a run begins."""

    @abstractmethod
    def hold(self, values: Array) -> None:
        """Let the law see a state that stays."""

    @abstractmethod
    def follow(self, rate: float, earlier: Array) -> None:
        """Let the law see the end of a step: ``rate`` [1/s] times the state there plus ``earlier``
        is its change."""

    @abstractmethod
    def values(self) -> Array:
        """At the end of the step, or what is held."""

    @abstractmethod
    def judged(self, values: Array) -> Array:
        """What the local error of time is judged by, of order one."""


class ClosedFormState(SurfaceState):
    """One that a law's coefficients tell the formula of a step, and that stays by a formula of rate
    1 with nothing that runs.

    ``earlier`` are the coefficients that hold what the formula takes from states before, one for
    each number, ``closed_forms`` the numbers at the end of a step.
    """

    def __init__(
        self,
        name: str,
        cells: WallCells,
        earlier: Sequence[Function],
        closed_forms: Sequence[Expr],
    ) -> None:
        super().__init__(name, cells)
        self.earlier, self.closed_forms = tuple(earlier), tuple(closed_forms)

    def hold(self, values: Array) -> None:
        """What changes it stands still."""
        self._put(1.0, 0.0, -values)

    def follow(self, rate: float, earlier: Array) -> None:
        """The formula itself."""
        self._put(rate, 1.0, earlier)

    @abstractmethod
    def _put(self, rate: float, runs: float, earlier: Array) -> None:
        """A formula into the law, whose processes run or not (1 or 0)."""


class CoverageState(ClosedFormState):
    """Coverage, metal in monolayers, and what else :class:`ChangingCoverage` holds."""

    def __init__(
        self, name: str, cells: WallCells, law: RateLaw, coverage: ChangingCoverage
    ) -> None:
        at = cells.at
        parts = law.parts(at.metal, at.plane, at.trace(law.ln_factor))
        super().__init__(name, cells, coverage.earlier, coverage.states(parts, at.trace))
        self._coverage = coverage
        self._forms = [cells.compiled(each) for each in self.closed_forms]

    @property
    def charge(self) -> float:
        """Of the metal that covers."""
        return self._coverage.charge

    def initial(self) -> Array:
        """A monolayer on the covered part."""
        return np.tile(self._coverage.initial, (len(self.cells.cells), 1))

    def nuclei(self, values: Array) -> Array | None:
        """Nuclei that were born where nothing covered the substrate [1/m2]."""
        if not isinstance(self._coverage, NucleiCoverage):
            return None
        return np.asarray(values[:, 5] * self._coverage.density)

    def values(self) -> Array:
        """Means of the closed forms."""
        return np.column_stack([self.cells.mean(form) for form in self._forms])

    def judged(self, values: Array) -> Array:
        """The coverage: the metal follows from the charge."""
        return values[:, :1]

    def _put(self, rate: float, runs: float, earlier: Array) -> None:
        self._coverage.rate.value[...] = rate
        self._coverage.runs.value[...] = runs
        for function, column in zip(self._coverage.earlier, earlier.T, strict=True):
            self.cells.put(function, column)


class AlloyState(SurfaceState):
    """Composition by depth of :class:`AlloyLayer`."""

    def __init__(self, name: str, cells: WallCells, law: AlloyingLaw) -> None:
        super().__init__(name, cells)
        self.layer: AlloyLayer = law.layer
        at = cells.at
        ln_factor = at.trace(law.ln_factor)
        share = law.plating.covered_share(at.metal, at.plane, ln_factor, at.trace)
        taken = share * law.layer.taken(at.trace)
        current = law.current_density(at.metal, at.plane, ln_factor, at.trace)
        self._taken = cells.compiled(taken)
        self._current = cells.compiled(current - taken)
        self._formula: tuple[float, Array] | None = None
        self._held = self.initial()

    @property
    def charge(self) -> float:
        """Of the full layer."""
        return self.layer.charge

    def initial(self) -> Array:
        """Even."""
        return np.full((len(self.cells.cells), self.layer.cells), self.layer.initial)

    def hold(self, values: Array) -> None:
        """Half a cell at the surface still lets through what the state allows."""
        self._formula, self._held = None, values
        self._put(*self.layer.stopped(values))

    def follow(self, rate: float, earlier: Array) -> None:
        """A step of diffusion, linear in the current at the surface."""
        self._formula = (rate, earlier)
        self._put(*self.layer.started(rate, earlier))

    def values(self) -> Array:
        """With the current that passes on the mean through each cell's wall."""
        if self._formula is None:
            return self._held
        return self.layer.profiles(*self._formula, self.cells.mean(self._current))

    def judged(self, values: Array) -> Array:
        """The whole profile."""
        return values

    def taken(self) -> tuple[float, float]:
        """Charge per time that the host takes from deposit, and from behind, this rank's [A]."""
        rates = self.cells.mean(self._taken), self.layer.from_behind(self.values())
        return float(rates[0] @ self.cells.area), float(rates[1] @ self.cells.area)

    def held(self, values: Array) -> float:
        """Charge of the metal in the host, this rank's [C]."""
        return float(self.layer.charge * (self.layer.content(values) @ self.cells.area))

    def _put(self, resting: Array, resistance: float) -> None:
        self.cells.put(self.layer.resting, resting)
        self.layer.resistance.value[...] = resistance


def surface_states(model: Model) -> dict[str, SurfaceState]:
    """Of all walls of a model, by electrode, layer and reaction; collective."""
    found: dict[str, SurfaceState] = {}
    for electrode in model.electrodes:
        for wall in electrode.walls:
            laws = [law for law in wall.reactions if _has_state(law)]
            if not laws:
                continue
            cells = WallCells(wall, model.level, electrode.unknowns, model.measures)
            for law in laws:
                name = f"{electrode.name}.{wall.layer}.{law.name}"
                found[name] = _state(name, cells, law)
    return found


def _has_state(law: RateLaw) -> bool:
    return isinstance(law, AlloyingLaw) or isinstance(law.coverage, ChangingCoverage)


def _state(name: str, cells: WallCells, law: RateLaw) -> SurfaceState:
    if isinstance(law, AlloyingLaw):
        return AlloyState(name, cells, law)
    assert isinstance(law.coverage, ChangingCoverage)
    return CoverageState(name, cells, law, law.coverage)
