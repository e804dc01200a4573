"""The DOLFINx types of this package: real numbers in double precision."""

import zinterphase.startup  # noqa: F401  # isort: skip  # before DOLFINx

from typing import cast

import numpy as np
from dolfinx import fem, mesh

type Mesh = mesh.Mesh[np.float64]
type Function = fem.Function[np.float64]
type FunctionSpace = fem.FunctionSpace[np.float64]
type Constant = fem.Constant[np.float64]
type Form = fem.Form[np.float64]
type DirichletBC = fem.DirichletBC[np.float64]


def new_function(space: FunctionSpace, name: str = "f") -> Function:
    """A zero function in double precision."""
    return cast("Function", fem.Function(space, name=name, dtype=np.float64))
