"""A mesh that resolves what a high frequency does beside electrodes."""

from dataclasses import replace
from functools import partial

import numpy as np
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.case.levels import LEVELS
from zinterphase.cell.electrodes import cell_of
from zinterphase.geometry.cache import cached_build
from zinterphase.geometry.recipe import Recipe, recipe_from_case
from zinterphase.run import Meshed, mesh_case

CELLS_PER_WAVE = 2.0
"""In the length sqrt(D/w) over which composition follows the highest frequency."""


def mesh_for(case: Case, highest: float, comm: MPI.Intracomm) -> Meshed:
    """The mesh of ``case`` for frequencies up to ``highest`` [Hz]; collective.

    Cells at electrodes are ``mesh.first_cell``, or follow from the frequency; a counter electrode
    has the same as the working one. Meshes from files stay, and those of resolved double layers.
    """
    facts = LEVELS[case.level]
    if case.mesh.file is not None or facts.double_layer or not facts.concentrations:
        return mesh_case(case, comm)
    recipe = partial(_recipe, highest=highest)
    return mesh_case(case, comm, lambda of: cached_build(recipe(of)), recipe)


def _recipe(case: Case, highest: float) -> Recipe:
    recipe = recipe_from_case(case)
    *lower, last = recipe.layers
    first = recipe.layers[recipe.solid_layers]
    size = first.first_lower
    if case.mesh.first_cell is None:
        slowest = min(species.diffusivity for species in cell_of(case).bulk.species)
        wave = float(np.sqrt(slowest / (2 * np.pi * highest)))
        size = min(size, wave / CELLS_PER_WAVE)
    layers = [*lower, last]
    layers[recipe.solid_layers] = replace(layers[recipe.solid_layers], first_lower=size)
    if case.counter.type == "electrode":
        layers[-1] = replace(layers[-1], first_upper=size)
    return replace(recipe, layers=tuple(layers))
