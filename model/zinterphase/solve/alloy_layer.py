"""A host behind a reacting wall that takes up the metal plated there: diffusion by depth."""

import numpy as np
import numpy.typing as npt
from dolfinx import fem
from scipy.linalg import solve_banded

from zinterphase.case.alloying import Alloying
from zinterphase.expressions import Expr
from zinterphase.fem_types import Mesh, new_function
from zinterphase.materials.alloys import phases
from zinterphase.physics.alloying import activity_pieces, surface_composition
from zinterphase.physics.functions import below
from zinterphase.solve.coverage import Trace
from zinterphase.solve.unknowns import constant

Array = npt.NDArray[np.float64]
GRADING = 1.2
"""Ratio of neighbouring cells in depth, finest at both faces."""


class AlloyLayer:
    """Composition by depth in cells of finite volume, one profile per cell beside the wall.

    Diffusion is linear, and so is an implicit step of it: the surface has the composition
    ``resting`` - ``resistance`` i with the current density i that goes into the host. Balanced
    with the rate law at the surface that is a closed form of the potential there.
    Compositions are shares of the capacity.
    """

    def __init__(self, mesh: Mesh, table: Alloying, electrons: int, per_charge: float,
                 thermal_voltage: float) -> None:  # fmt: skip
        """``per_charge`` [mol/C] is metal that oxidation uses up, of ``electrons`` per turnover."""
        self.initial, self.cells = table.composition, table.cells
        self._diffusivity, self._closed = table.diffusivity, table.back == "none"
        self._speed = per_charge / table.capacity
        self.charge = table.capacity * table.thickness / per_charge
        """Of the full layer per area [C/m2]."""
        self.sizes = _graded(table.cells, table.thickness)
        potentials = (table.alpha, table.gamma, table.epsilon)
        self._pieces = activity_pieces(phases(potentials, thermal_voltage), electrons)
        self.resting = new_function(fem.functionspace(mesh, ("DG", 0)), "alloy")
        self.resting.x.array[:] = table.composition
        self.resistance = constant(mesh, self._speed * self._half)

    # -- as the rate laws see it ------------------------------------------------------------

    def current_density(self, dissolving: Expr, depositing: Expr, trace: Trace) -> Expr:
        """Into the host [A/m2] per area that no deposit covers, negative is uptake; both branches
        of the rate law at unit activity [A/m2]."""
        resting = trace(self.resting)
        surface = surface_composition(
            dissolving, depositing, resting, self.resistance, self._pieces
        )
        return (resting - surface) / self.resistance

    def taken(self, trace: Trace) -> Expr:
        """What the host takes from deposit upon it, of unit activity, per area [A/m2]."""
        short = 1 - trace(self.resting)
        return below(short, 0.0, 0.0, short) / self.resistance

    # -- numbers ------------------------------------------------------------------------------

    def stopped(self, profiles: Array) -> tuple[Array, float]:
        """Resting composition and resistance of profiles (n, cells) that stay as they are."""
        return profiles[:, 0], self._speed * self._half

    def started(self, rate: float, earlier: Array) -> tuple[Array, float]:
        """Resting composition and resistance at the end of a step of time: ``rate`` [1/s] times
        the profiles there plus ``earlier`` (n, cells) [1/s] is their change."""
        resting = self._solved(rate, self._known(earlier))[:, 0]
        unit = np.zeros((1, self.cells))
        unit[0, 0] = 1.0
        reach = self._solved(rate, unit)[0, 0] + self._half
        return resting, self._speed * float(reach)

    def profiles(self, rate: float, earlier: Array, current: Array) -> Array:
        """At the end of the step, with the mean current density into each [A/m2], uptake
        negative."""
        known = self._known(earlier)
        known[:, 0] -= self._speed * current
        return self._solved(rate, known)

    def from_behind(self, profiles: Array) -> Array:
        """Uptake from the back [A/m2 of charge], zero where nothing is there."""
        if self._closed:
            return np.zeros(len(profiles))
        return np.asarray((1.0 - profiles[:, -1]) / (self._half * self._speed))

    def content(self, profiles: Array) -> Array:
        """Mean composition over the depth."""
        return np.asarray(profiles @ (self.sizes / self.sizes.sum()))

    # -- details ------------------------------------------------------------------------------

    @property
    def _half(self) -> float:
        """Resistance of half a cell at either face [s/m]."""
        return float(self.sizes[0] / (2 * self._diffusivity))

    def _known(self, earlier: Array) -> Array:
        known = -self.sizes * earlier
        if not self._closed:
            known[:, -1] += 1.0 / self._half
        return known

    def _solved(self, rate: float, known: Array) -> Array:
        """Profiles whose storage and fluxes add up to ``known`` (n, cells) [m/s]."""
        between = 2 * self._diffusivity / (self.sizes[1:] + self.sizes[:-1])
        bands = np.zeros((3, self.cells))
        bands[0, 1:] = bands[2, :-1] = -between
        bands[1] = rate * self.sizes
        bands[1, 1:] += between
        bands[1, :-1] += between
        if not self._closed:
            bands[1, -1] += 1.0 / self._half
        return np.asarray(solve_banded((1, 1), bands, known.T).T)


def _graded(count: int, thickness: float) -> Array:
    steps = np.minimum(np.arange(count), np.arange(count)[::-1])
    sizes = GRADING ** steps.astype(np.float64)
    return np.asarray(sizes * (thickness / sizes.sum()))
