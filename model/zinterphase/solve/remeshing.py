"""A state taken over by a problem on a mesh that was made anew: amounts stay, what holds them is
new.

Surfaces are projected onto their new nodes, or where they may fold cut at them, so that the metal
below them stays to rounding; fields are interpolated as where nodes slide (:mod:`sliding`), and
what that misses of an amount is shared out in proportion.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from zinterphase.errors import MeshError
from zinterphase.fem_types import new_function
from zinterphase.mesh.spacing import distances, projected
from zinterphase.solve.cells_anew import cut_footing, cut_rises
from zinterphase.solve.footing import Footing
from zinterphase.solve.free_front import FreeFront
from zinterphase.solve.front import Front
from zinterphase.solve.problem import Problem
from zinterphase.solve.row_sizes import row_sizes
from zinterphase.solve.sliding import kept
from zinterphase.solve.storage import Stored
from zinterphase.solve.system import LIQUID, Array
from zinterphase.solve.transfer import carried, mean_size, transfer


def take_over(old: Problem, new: Problem, held: Stored) -> Stored:
    """Put ``new`` at the fields and surfaces of ``old``, which is at rest in time and holds so
    much; collective. What ``new`` holds, with the same amounts of ions and charges of metals.

    Raises :class:`MeshError` where a node of the new mesh is outside the old one.
    """
    front = new.front
    assert front is not None
    front.stand_on(_footing(old, new))
    new.follow_mesh()
    if transfer(old, new) is None:
        raise MeshError("a node of the new mesh lies outside the old one")
    stored, missed = kept(new, held)
    front.missed = max(front.missed, missed)
    return stored


def error_there(old: Problem, new: Problem, error: Stored) -> Stored:
    """An error of amounts on the other mesh: the same error of concentrations and of rises.

    That of the charge of double layers is known by electrode alone: they forget it within the
    first step. Collective.
    """
    assert new.storage is not None
    none = new.storage.amounts()
    walls = tuple(np.zeros_like(wall) for wall in none.walls)
    liquid = _liquid_error_there(old, new, error.liquid)
    rises = _rises_there(old, new, error.rises)
    return replace(none, liquid=liquid, walls=walls, charges=error.charges, rises=rises)


def _liquid_error_there(old: Problem, new: Problem, rows: Array) -> Array:
    count, held = old.system.components(LIQUID), list(old.level.conserved)
    here, there = (new_function(p.liquid_field.function_space) for p in (old, new))
    own = len(rows)
    found = np.zeros(new.liquid.space.dofmap.index_map.size_local * count)
    if held:
        here.x.array[:own].reshape(-1, count)[:, held] = rows.reshape(-1, count)[
            :, held
        ] / row_sizes(old)
        here.x.scatter_forward()
        carried(here, there, mean_size(old))
        values = there.x.array[: len(found)].reshape(-1, count)[:, held]
        found.reshape(-1, count)[:, held] = values * row_sizes(new)
    return found


def _footing(old: Problem, new: Problem) -> Footing:
    """Of the surfaces as the former front has them, on the new mesh at rest."""
    former, front = old.front, new.front
    if isinstance(former, FreeFront) and isinstance(front, FreeFront):
        return cut_footing(former, front, new)
    assert isinstance(former, Front)
    assert isinstance(front, Front)
    nodes = new.domain.mesh.geometry.index_map().size_local
    face = front.faces["working"]
    _, share = former.refined()
    spacing = distances(face.position[:, 0], face.height) / share
    return replace(
        former.footing,
        displacement=np.zeros((nodes, new.domain.dimension)),
        rises=_rises_there(old, new, former.rises),
        remeshes=former.remeshes + 1,
        refused=0.0,
        worn=0.0,
        spacing=tuple(spacing.tolist()),
    )


def _rises_there(old: Problem, new: Problem, rises: Mapping[str, Array]) -> dict[str, Array]:
    """Of nodes of the surfaces [m], volumes below them staying to rounding."""
    former, front = old.front, new.front
    if isinstance(former, FreeFront) and isinstance(front, FreeFront):
        return cut_rises(former, front, rises)
    assert isinstance(former, Front)
    assert isinstance(front, Front)
    found = {}
    for name, values in rises.items():
        here, there = (each.faces[name] for each in (former, front))
        lateral, radial = there.position[:, 0], there.is_radial
        found[name] = projected(here.position[:, 0], values, lateral, radial=radial)
    return found
