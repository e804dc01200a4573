"""Linear-solver presets by name, as nested PETSc options."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zinterphase.errors import CaseError

Options = dict[str, Any]
SOLID, LIQUID = "solid", "liquid"
"""Names of the outer splits."""


@dataclass(frozen=True)
class Fields:
    """What a preset depends on: ``liquid`` is the number of the liquid's components, the last of
    which is the electrostatic potential if ``has_poisson``; ``serial`` means one rank, ``quick``
    that a direct solver's ordering is to be quick.
    """

    liquid: int
    has_poisson: bool
    has_solid: bool
    serial: bool
    quick: bool = False


DIRECT: Options = {
    "ksp": {"type": "preonly"},
    "pc": {"type": "lu", "factor_mat_solver_type": "mumps"},
}
"""MUMPS with its own ordering."""
QUICK = {"mat_mumps_icntl_7": 0}
"""Approximate minimum degree."""


# Graded layers make cells a thousand times longer than thick: point smoothers double iterations,
# smoothed aggregation fills the coarse matrices. Columns of thin cells couple strongly, so ranks
# take the rows next to theirs too. Pivots may be negative, far from the solution and where angles
# are obtuse: PETSc 3.25 crashes when it shifts dense rows of incomplete LU; incomplete Cholesky
# shifts safely, and does no worse without the small unsymmetric part. One shift for all rows is
# right where their diagonals are equal (Manteuffel (1980), Math. Comput. 34, 473): else it drowns
# the rows of thin cells. Scaling changes the matrix, of which Schwarz's blocks are copies.
SCALED = "sub_ksp_diagonal_scale"
_INCOMPLETE_FACTORS: Options = {
    "pc": {"type": "asm", "asm": {"overlap": 1, "type": "basic"}},
    "sub": {
        "ksp": {"type": "preonly", "diagonal_scale": True},
        "pc": {"type": "icc", "factor": {"levels": 3, "mat_ordering_type": "rcm"}},
    },
}


def _multigrid(serial: bool) -> Options:
    """One V cycle of unsmoothed aggregation."""
    smoother = {"ksp": {"type": "chebyshev", "max_it": 2}, **_INCOMPLETE_FACTORS}
    return {
        "ksp": {"type": "preonly"},
        "pc": {
            "type": "gamg",
            "gamg": {"agg_nsmooths": 0, "threshold": 0.0, "coarse_eq_limit": 2000},
            "mg_cycle_type": "v",
        },
        "mg": {"levels": smoother, "coarse": {"pc": {"type": "lu" if serial else "redundant"}}},
    }


def _local_factorisation(serial: bool) -> Options:
    """Incomplete factors on each rank; a few Krylov steps join the ranks. Of what two leave, the
    outer method makes up to half more iterations, which cost more."""
    if serial:
        return {"ksp": {"type": "preonly"}, **_INCOMPLETE_FACTORS}
    krylov: Options = {"type": "gmres", "max_it": 4, "convergence_test": "skip"}
    return {"ksp": krylov, **_INCOMPLETE_FACTORS}


def liquid_options(fields: Fields) -> Options:
    """Multiplicative field split over the components of the liquid, Poisson's equation last."""
    if fields.liquid == 1:
        return _multigrid(fields.serial)
    last = fields.liquid - 1
    splits = {
        str(k): _local_factorisation(fields.serial)
        if fields.has_poisson and k == last
        else _multigrid(fields.serial)
        for k in range(fields.liquid)
    }
    return {
        "ksp": {"type": "preonly"},
        "pc": {"type": "fieldsplit", "fieldsplit_type": "multiplicative"},
        "fieldsplit": splits,
    }


def fieldsplit_options(fields: Fields) -> Options:
    """Flexible GMRES; solid | liquid outside where both exist, the split of the liquid inside."""
    krylov: Options = {"ksp": {"type": "fgmres", "gmres_restart": 100, "rtol": 1e-6, "max_it": 400}}
    liquid = liquid_options(fields)
    if not fields.has_solid:
        return {**liquid, **krylov}
    return {
        **krylov,
        "pc": {"type": "fieldsplit", "fieldsplit_type": "multiplicative"},
        "fieldsplit": {SOLID: _multigrid(fields.serial), LIQUID: liquid},
    }


def preset_options(preset: str, fields: Fields) -> dict[str, Any]:
    """Options of a preset by their PETSc names; raises :class:`CaseError` for an unknown one."""
    if preset == "direct":
        return flatten(DIRECT) | (QUICK if fields.quick else {})
    if preset == "fieldsplit":
        return flatten(fieldsplit_options(fields))
    raise CaseError("solver.preset", preset, "auto, direct or fieldsplit")


def flatten(options: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested options as PETSc names: {"pc": {"type": "lu"}} -> {"pc_type": "lu"}."""
    flat: dict[str, Any] = {}
    for key, value in options.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{prefix}{key}_")
        else:
            flat[prefix + key] = value
    return flat
