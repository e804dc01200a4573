"""What moves a front, and what it carries, as forms."""

import ufl

from zinterphase.expressions import Expr
from zinterphase.fem_types import Form, Function
from zinterphase.forms import compiled_form
from zinterphase.solve.electrode import Electrode
from zinterphase.solve.model import Model


def current_form(model: Model, electrode: Electrode, test: Expr) -> Form | None:
    """Integrals of the metal's own current over nodal functions of the whole mesh [A]; None where
    nothing grows. Collective."""
    level, measures = model.level, model.measures
    forms = [
        form
        for wall in electrode.walls
        if (form := wall.growth(test, level, electrode.unknowns, measures)) is not None
    ]
    return compiled_form(sum(forms[1:], forms[0]), measures.entity_maps) if forms else None


def carried_form(model: Model, velocity: Function) -> ufl.Form | None:
    """What nodes carry: fluxes are relative to them, N - c w; None where nothing is stored.

    ``velocity`` is a vector field, or a scalar one of nodes that move along the stack.
    """
    field, test = model.unknowns.liquid, model.unknowns.liquid_test
    last = model.domain.dimension - 1
    along = velocity if velocity.ufl_shape else ufl.as_vector([0.0] * last + [velocity])
    moved = [ufl.dot(along, ufl.grad(test[k])) for k in range(len(test))]
    held = model.level.stored(field, ufl.as_vector(moved), model.media.liquid)
    return None if held is None else model.measures.over_layers(held, model.stack.liquid)
