"""The faces of a mesh that a front takes along or comes to."""

from zinterphase.case.front import film_layers
from zinterphase.mesh.riding import Faces
from zinterphase.solve.measures import COUNTER, ELECTRODE
from zinterphase.solve.model import Model


def faces_of(model: Model) -> Faces:
    """Of this rank, by what the case says of films."""
    assert model.case.front is not None
    facets, film = model.measures.facets, film_layers(model.case)
    mode, liquid = model.case.front.film, model.stack.liquid
    floor = ceiling = None
    if film:
        top = liquid.index(film[0] if mode == "rigid" else film[-1])
        ceiling = facets[f"{liquid[top]}|{liquid[top + 1]}"]
    if mode == "lifted":
        bottom = liquid.index(film[0])
        floor = facets[f"{liquid[bottom - 1]}|{liquid[bottom]}"]
    return Faces(facets[ELECTRODE], facets[COUNTER], floor, ceiling, stays=mode == "rigid")
