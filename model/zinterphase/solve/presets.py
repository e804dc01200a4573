"""Linear-solver presets by name, as nested PETSc options."""

from collections.abc import Mapping
from typing import Any

Options = dict[str, Any]

DIRECT: Options = {
    "ksp": {"type": "preonly"},
    "pc": {"type": "lu", "factor_mat_solver_type": "mumps"},
}
"""MUMPS; in 2D up to about a million unknowns, in 3D up to about 6e4."""


def _multigrid(serial: bool) -> Options:
    """Unsmoothed aggregation with W cycles: what kept its iteration counts on graded meshes."""
    return {
        "ksp": {"type": "preonly"},
        "pc": {
            "type": "gamg",
            "gamg": {"agg_nsmooths": 0, "threshold": 0.12, "coarse_eq_limit": 500},
            "mg_cycle_type": "w",
        },
        "mg": {
            "levels": {"ksp": {"type": "chebyshev", "max_it": 2}, "pc": {"type": "sor"}},
            "coarse": {"pc": {"type": "lu" if serial else "redundant"}},
        },
    }


def _local_factorisation(serial: bool) -> Options:
    """Incomplete factorisation on each rank; a few Krylov steps join the ranks."""
    inner: Options = {"pc": {"type": "bjacobi"}, "sub": {"pc": {"type": "ilu"}}}
    if serial:
        return {"ksp": {"type": "preonly"}, **inner}
    return {"ksp": {"type": "gmres", "max_it": 6, "convergence_test": "skip"}, **inner}


def liquid_options(components: int, has_poisson: bool, serial: bool) -> Options:
    """Multiplicative field split over the components of the liquid, Poisson's equation last."""
    if components == 1:
        return _multigrid(serial)
    fields = {
        str(k): _local_factorisation(serial)
        if has_poisson and k == components - 1
        else _multigrid(serial)
        for k in range(components)
    }
    return {"pc": {"type": "fieldsplit", "fieldsplit_type": "multiplicative"}, "fieldsplit": fields}


def iterative_options(components: int, has_poisson: bool, has_solid: bool, serial: bool) -> Options:
    """Flexible GMRES; liquid | solid outside where both exist, the split of the liquid inside."""
    liquid = liquid_options(components, has_poisson, serial)
    krylov: Options = {"ksp": {"type": "fgmres", "gmres_restart": 100, "rtol": 1e-4, "max_it": 400}}
    if not has_solid:
        return {**liquid, **krylov}
    inner = {"ksp": {"type": "preonly"}, **liquid} if components > 1 else liquid
    return {
        **krylov,
        "pc": {"type": "fieldsplit", "fieldsplit_type": "multiplicative"},
        "fieldsplit": {"solid": _multigrid(serial), "liquid": inner},
    }


def flatten(options: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested options as PETSc names: {"pc": {"type": "lu"}} -> {"pc_type": "lu"}."""
    flat: dict[str, Any] = {}
    for key, value in options.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{prefix}{key}_")
        else:
            flat[prefix + key] = value
    return flat
