"""Forms and expressions compiled: one place for every option of the form compiler."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import dolfinx.jit
import ffcx.options
import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem
from dolfinx.mesh import EntityMap

from zinterphase.fem_types import Form, Mesh

COMPILER_ARGUMENTS = ["-O2"]
PATIENCE = 300
"""Seconds to wait for another process that compiles the same form."""


@cache
def _no_option_files() -> tuple[dict[str, Any], dict[str, Any]]:
    return {}, {}


# Both compilers read option files of the working folder and of the home folder: arguments for a C
# compiler, that is code, and no part of a case.
dolfinx.jit._load_options = _no_option_files
ffcx.options._load_options = _no_option_files


def compiled_form(form: ufl.Form, entity_maps: Sequence[EntityMap] | None = None) -> Form:
    """A form ready to be assembled; collective."""
    maps = None if entity_maps is None else list(entity_maps)
    compiled: Form = fem.form(form, entity_maps=maps, jit_options=_jit_options())
    return compiled


def compiled_expression(
    expression: ufl.core.expr.Expr,
    points: npt.NDArray[np.float64],
    mesh: Mesh,
    entity_maps: Sequence[EntityMap] | None = None,
) -> fem.Expression[np.float64]:
    """An expression ready to be evaluated at ``points`` of a reference cell or facet of ``mesh``;
    collective."""
    maps = None if entity_maps is None else list(entity_maps)
    return fem.Expression(
        expression, points, comm=mesh.comm, entity_maps=maps, jit_options=_jit_options()
    )


def _jit_options() -> dict[str, Any]:
    return {"cffi_extra_compile_args": list(COMPILER_ARGUMENTS), "timeout": PATIENCE}
