"""Which PETSc options a case may set: those that choose and tune solvers.

PETSc's own list also holds options that run Python files, load libraries and write files, so what
is not listed here is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

from zinterphase.case.quantities import PetscOption
from zinterphase.errors import CaseError


@dataclass(frozen=True)
class _Values:
    """Values an option takes, and how to say so."""

    text: str
    holds: Callable[[object], bool]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31


def _one_of(names: str) -> _Values:
    allowed = names.split()
    return _Values(f"one of {', '.join(allowed)}", lambda value: value in allowed)


_NUMBER = _Values("a finite number", _is_number)
_WHOLE = _Values("a whole number below 2^31", _is_whole)
_SWITCH = _Values("true or false", lambda value: isinstance(value, bool))

_OPTIONS: Mapping[str, _Values] = {
    "ksp_type": _one_of(
        "preonly richardson chebyshev cg fcg minres gmres fgmres lgmres gcr bcgs fbcgs tfqmr"
    ),
    "ksp_(rtol|atol|divtol|richardson_scale)": _NUMBER,
    "ksp_(max_it|gmres_restart)": _WHOLE,
    "ksp_gmres_modifiedgramschmidt": _SWITCH,
    "ksp_convergence_test": _one_of("default skip"),
    "ksp_norm_type": _one_of("none preconditioned unpreconditioned natural"),
    "ksp_pc_side": _one_of("left right symmetric"),
    "pc_type": _one_of(
        "none jacobi pbjacobi bjacobi sor ilu icc lu cholesky asm gamg fieldsplit redundant"
    ),
    "pc_factor_mat_solver_type": _one_of("petsc mumps superlu_dist"),
    "pc_factor_mat_ordering_type": _one_of("natural nd 1wd rcm qmd"),
    "pc_factor_shift_type": _one_of("none nonzero positive_definite inblocks"),
    "pc_factor_(fill|shift_amount)": _NUMBER,
    "pc_factor_levels": _WHOLE,
    "pc_factor_reuse_(fill|ordering)": _SWITCH,
    "pc_asm_type": _one_of("basic restrict interpolate none"),
    "pc_(asm_overlap|bjacobi_blocks|redundant_number)": _WHOLE,
    "pc_fieldsplit_type": _one_of("additive multiplicative symmetric_multiplicative schur"),
    "pc_fieldsplit_schur_fact_type": _one_of("diag lower upper full"),
    "pc_fieldsplit_schur_precondition": _one_of("self selfp a11 full"),
    "pc_gamg_type": _one_of("agg classical"),
    "pc_gamg_(threshold|threshold_scale)": _NUMBER,
    "pc_gamg_(agg_nsmooths|coarse_eq_limit|aggressive_coarsening|process_eq_limit)": _WHOLE,
    "pc_gamg_(repartition|reuse_interpolation)": _SWITCH,
    "pc_mg_cycle_type": _one_of("v w"),
    "pc_mg_type": _one_of("additive multiplicative full kaskade"),
    "pc_mg_levels": _WHOLE,
    "pc_sor_(its|lits)": _WHOLE,
    "pc_sor_omega": _NUMBER,
    "pc_jacobi_type": _one_of("diagonal rowl1 rowmax rowsum"),
    # Not 1 to 4 (output units, that is files named fort.N) nor 22 (factors on disk).
    "mat_mumps_icntl_(6|7|8|10|12|13|14|24|28|29|35|36)": _WHOLE,
    "mat_mumps_cntl_[1-57]": _NUMBER,
}
_INNER = "fieldsplit_(?:liquid|solid|[0-9]{1,3})|mg_levels(?:_[0-9]{1,3})?|mg_coarse|sub|redundant"
_PATTERNS = [(re.compile(f"(?:(?:{_INNER})_)*{name}"), values) for name, values in _OPTIONS.items()]
"""Sub-solvers carry the names of the solvers they are part of as prefixes."""


def require_allowed(options: Mapping[str, PetscOption]) -> Mapping[str, PetscOption]:
    """The options as they are; raises :class:`CaseError` for a name or value not listed."""
    for name, value in options.items():
        values = next((v for pattern, v in _PATTERNS if pattern.fullmatch(name)), None)
        if values is None:
            allowed = "the solver options listed in docs/case-file.md"
            raise CaseError(f"solver.options.{name}", value, allowed)
        if not values.holds(value):
            raise CaseError(f"solver.options.{name}", value, values.text)
    return options


PetscOptions = Annotated[Mapping[str, PetscOption], AfterValidator(require_allowed)]
