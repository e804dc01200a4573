"""The same case on a finer mesh."""

from math import sqrt

from zinterphase.case import Case
from zinterphase.geometry.recipe import recipe_from_case


def halved(case: Case) -> Case | None:
    """The case on a mesh with every cell halved, which is graded half as steeply.

    None where the mesh comes from a file. Raises :class:`CaseError` as ``recipe_from_case`` does.
    """
    if case.mesh.file is not None:
        return None
    recipe = recipe_from_case(case)
    reacting = recipe.layers[recipe.solid_layers]
    sizes = {
        "lateral_size": 0.5 * recipe.lateral_size,
        "first_cell": 0.5 * reacting.first_lower,
        "far_size": 0.5 * recipe.far_size,
        "growth": sqrt(recipe.growth),
    }
    return case.model_copy(update={"mesh": case.mesh.model_copy(update=sizes)})
