"""Lateral variation of the exchange current density."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from zinterphase.case import Case, Kinetics
from zinterphase.errors import CaseError
from zinterphase.fem_types import Function, FunctionSpace, new_function
from zinterphase.geometry.fields import KINETICS_STREAM, CosineField
from zinterphase.geometry.tables import LateralTable
from zinterphase.solve.system import Array

Factor = Callable[[Array], Array]
NORMALISATION_POINTS = 4096
"""Regular lateral points in all on which the mean of the factor is made one."""


def ln_factor_function(space: FunctionSpace, case: Case, kinetics: Kinetics) -> Function:
    """ln(i0/<i0>) interpolated into the scalar space of the liquid. Not collective."""
    function = new_function(space, "ln_i0_factor")
    factor = ln_factor(case, kinetics)
    if factor is not None:
        lateral = space.tabulate_dof_coordinates()[:, : case.geometry.dimension - 1]
        function.x.array[:] = factor(lateral)
    return function


def ln_factor(case: Case, kinetics: Kinetics) -> Factor | None:
    """ln(i0/<i0>) as a function of lateral positions (n, dimension-1); None where i0 is uniform.

    A log-normal field keeps the mean of i0 over the surface, realisation by realisation, so that
    anodes and seeds differ in how i0 is spread and not in how much of it there is.
    """
    if kinetics.map is not None:
        field_name = "kinetics.map.file"
        widths = case.geometry.extents
        table = LateralTable.read(kinetics.map.file, "factor", len(widths), field_name)
        table.require_cover(widths, field_name)
        if min(table.values) <= 0.0:
            allowed = "factors above 0 (a small one where the surface is blocked)"
            raise CaseError(field_name, min(table.values), allowed)
        return lambda lateral: np.log(table(lateral))
    if kinetics.spread is None:
        return None
    spread = kinetics.spread
    field = CosineField(
        case.geometry.extents,
        spread.sigma_ln,
        spread.correlation_length,
        spread.covariance,
        spread.seed,
        KINETICS_STREAM,
    )
    points, weights = _regular_points(case)
    mean = np.log(np.average(np.exp(field(points)), weights=weights))
    return lambda lateral: field(lateral) - mean


def _regular_points(case: Case) -> tuple[Array, npt.NDArray[np.float64] | None]:
    """Midpoints of a regular lateral grid and their weights (the radius if axisymmetric)."""
    widths = case.geometry.extents
    count = round(NORMALISATION_POINTS ** (1 / len(widths)))
    axes = [width * (np.arange(count) + 0.5) / count for width in widths]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(widths))
    axisymmetric = case.geometry.coordinates == "axisymmetric"
    return points, points[:, 0] if axisymmetric else None
