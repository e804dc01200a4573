"""What a row of the balances of ions holds at a concentration of one."""

import numpy as np
import ufl
from dolfinx.fem import petsc as fem_petsc

from zinterphase.forms import compiled_form
from zinterphase.scales import FARADAY
from zinterphase.solve.problem import Problem
from zinterphase.solve.system import LIQUID, Array


def row_sizes(problem: Problem) -> Array:
    """F times what a row holds at 1 mol/m3 [C m3/mol]: the diagonal of the matrix of amounts, which
    is positive for every element; infinite in particles, where nothing is. As columns by conserved
    ion, of this rank; collective."""
    held = list(problem.level.conserved)
    if not held:
        return np.zeros(0)
    field, test = problem.liquid_field, problem.unknowns.liquid_test
    trial = ufl.TrialFunction(field.function_space)
    mass = FARADAY * problem.media.liquid.porosity * ufl.inner(trial, test)
    form = problem.measures.over_layers(mass, problem.stack.liquid)
    matrix = fem_petsc.assemble_matrix(compiled_form(form, problem.measures.entity_maps))
    matrix.assemble()
    diagonal = matrix.getDiagonal()
    found = diagonal.array.reshape(-1, problem.system.components(LIQUID))[:, held].copy()
    diagonal.destroy()
    matrix.destroy()
    return np.where(found > 0.0, found, np.inf)
