"""Lateral variation of a reacting surface: spread of i0 and islands of another surface."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy
from scipy.special import expit

from zinterphase.case import DEPOSITION, Case, Patches, Rate
from zinterphase.cell.electrodes import ReactingWall
from zinterphase.errors import CaseError
from zinterphase.fem_types import Function, FunctionSpace, new_function
from zinterphase.geometry.random_fields import KINETICS_STREAM, PATCHES_STREAM, CosineField
from zinterphase.geometry.tables import LateralTable
from zinterphase.physics.nuclei import clustering, places
from zinterphase.solve.system import Array

Factor = Callable[[Array], Array]
Draw = Callable[[Case, ReactingWall], Factor | None]
"""What varies along a wall of a case; None where it is uniform."""
TRANSITION = 0.1
"""Width of an island's edge in standard deviations of the field it is cut from."""
NORMALISATION_POINTS = 4096
"""Regular lateral points in all on which the mean of the factor is made one."""


@dataclass(eq=False)
class LateralField:
    """A function of lateral position, interpolated where the nodes are; of ``lateral`` None it
    keeps the values it has. ``shift`` is what some nodes have besides."""

    function: Function
    draw: Draw
    lateral: Factor | None
    shift: Array | float = 0.0

    @classmethod
    def of(
        cls, space: FunctionSpace, name: str, draw: Draw, case: Case, wall: ReactingWall
    ) -> "LateralField":
        """What ``draw`` gives for a wall, in a scalar space. Not collective.

        Raises
        ------
        CaseError
            For data that do not cover the cell.
        """
        found = cls(new_function(space, name), draw, draw(case, wall))
        found.follow()
        return found

    def take(self, case: Case, wall: ReactingWall) -> None:
        """Draw again for the same wall with other seeds; not collective."""
        self.lateral = self.draw(case, wall)
        self.follow()

    def follow(self) -> None:
        """Interpolate again, after nodes have moved; not collective."""
        if self.lateral is not None:
            space = self.function.function_space
            points = space.tabulate_dof_coordinates()[:, : space.mesh.geometry.dim - 1]
            self.function.x.array[:] = self.lateral(points) + self.shift


def wall_ln_factor(case: Case, wall: ReactingWall, name: str) -> Factor | None:
    """ln(i0/<i0>) of a reaction by its name, with the islands of its wall."""
    rate, patches = _rate(wall, name), wall.kinetics.patches
    if name == DEPOSITION:
        return ln_factor(case, rate, patches)
    return further_ln_factor(case, name, rate, patches)


def wall_islands(case: Case, wall: ReactingWall) -> Factor | None:
    """The share of islands, 0 to 1."""
    return island_share(case, wall.kinetics.patches)


def wall_sites(case: Case, wall: ReactingWall, name: str) -> Factor | None:
    """Density of the sites of nuclei of a reaction over its mean, smoothed over half their mean
    distance; None on a line, where nothing varies laterally."""
    nuclei, extents = _rate(wall, name).nuclei, case.geometry.extents
    if nuclei is None or case.geometry.dimension == 1:
        return None
    points = places(extents, nuclei.density, nuclei.exclusion or 0.0, nuclei.seed)
    radius = 0.5 * nuclei.density**-0.5
    return lambda lateral: clustering(lateral, points, extents, radius)


def _rate(wall: ReactingWall, name: str) -> Rate:
    return next(r.rate for r in (wall.main, *wall.reactions) if r.name == name)


def ln_factor(case: Case, rate: Rate, patches: Patches | None = None) -> Factor | None:
    """ln(i0/<i0>) as a function of lateral positions (n, dimension-1); None where i0 is uniform.

    Random variation keeps the mean of i0 over the surface, realisation by realisation, so that
    anodes and seeds differ in how i0 is spread and not in how much of it there is.
    """
    if rate.map is not None:
        return _measured_factor(case, rate.map.file)
    spread, islands = _spread_field(case, rate), island_share(case, patches)
    if spread is None and islands is None:
        return None
    contrast = np.log(patches.factor) if patches else 0.0

    def raw(lateral: Array) -> Array:
        value = np.zeros(len(lateral)) if spread is None else spread(lateral)
        return value if islands is None else value + contrast * islands(lateral)

    points, weights = _regular_points(case)
    mean = np.log(np.average(np.exp(raw(points)), weights=weights))
    return lambda lateral: raw(lateral) - mean


def further_ln_factor(case: Case, name: str, rate: Rate, patches: Patches | None) -> Factor | None:
    """As :func:`ln_factor` of a reaction beside the metal's own, whose i0 is that off the islands:
    they are another material, and add 1 + (factor - 1) share to it."""
    own = ln_factor(case, rate)
    factor = 1.0 if patches is None else patches.factors.get(name, 1.0)
    islands = island_share(case, patches)
    if islands is None or factor == 1.0:
        return own

    def both(lateral: Array) -> Array:
        value = np.log1p((factor - 1.0) * islands(lateral))
        return value if own is None else value + own(lateral)

    return both


def island_share(case: Case, patches: Patches | None) -> Factor | None:
    """1 on islands and 0 elsewhere as a function of lateral positions; None without islands.

    Islands are where a random field is above the level that gives them their share of the area in
    this realisation; the step is a logistic one over ``TRANSITION`` standard deviations of the
    field, so that it does not depend on a mesh that resolves the correlation length.
    """
    if patches is None:
        return None
    field = CosineField(
        case.geometry.extents,
        1.0,
        patches.correlation_length,
        patches.covariance,
        patches.seed,
        PATCHES_STREAM,
    )
    points, weights = _regular_points(case)
    values = field(points)
    width = TRANSITION * float(np.std(values))

    def excess(level: float) -> float:
        share = np.average(expit((values - level) / width), weights=weights)
        return float(share) - patches.fraction

    reach = float(np.ptp(values)) + 50 * width
    level = scipy.optimize.brentq(excess, values.min() - reach, values.max() + reach)
    return lambda lateral: expit((field(lateral) - level) / width)


def _measured_factor(case: Case, file: Path) -> Factor:
    field_name = "kinetics.map.file"
    widths = case.geometry.extents
    table = LateralTable.read(file, "factor", len(widths), field_name)
    table.require_cover(widths, field_name)
    if min(table.values) <= 0.0:
        allowed = "factors above 0 (a small one where the surface is blocked)"
        raise CaseError(field_name, min(table.values), allowed)
    return lambda lateral: np.log(table(lateral))


def _spread_field(case: Case, rate: Rate) -> Factor | None:
    spread = rate.spread
    if spread is None:
        return None
    return CosineField(
        case.geometry.extents,
        spread.sigma_ln,
        spread.correlation_length,
        spread.covariance,
        spread.seed,
        KINETICS_STREAM,
    )


def _regular_points(case: Case) -> tuple[Array, npt.NDArray[np.float64] | None]:
    """Midpoints of a regular lateral grid and their weights (the radius if axisymmetric)."""
    widths = case.geometry.extents
    count = round(NORMALISATION_POINTS ** (1 / len(widths)))
    axes = [width * (np.arange(count) + 0.5) / count for width in widths]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(widths))
    axisymmetric = case.geometry.coordinates == "axisymmetric"
    return points, points[:, 0] if axisymmetric else None
