"""The front: surfaces that move with their deposit, and the mesh with them.

The rise of a surface is a state of its own: its rate is the L2 projection of the metal's own
current onto nodal functions of the electrode plane, so that the volume under the surface is that
of the charge. It is brought to the end of a step of time by the step's formula whenever a residual
is asked for, and the nodes with it: the equations then hold on the mesh where they are solved. What
is left out of the Jacobian, the shape's derivative, is small by growth rate times step.
"""

from collections.abc import Mapping

import numpy as np
import ufl
from dolfinx import fem
from dolfinx.la import InsertMode
from scipy.sparse.linalg import splu

from zinterphase.case.front import film_layers
from zinterphase.cell.deposit import volume_per_charge
from zinterphase.fem_types import Form, new_function
from zinterphase.forms import compiled_form
from zinterphase.mesh.lateral import LateralMesh
from zinterphase.mesh.riding import Faces, Riding
from zinterphase.solve.electrode import Electrode
from zinterphase.solve.measures import COUNTER, ELECTRODE
from zinterphase.solve.model import Model
from zinterphase.solve.system import Array
from zinterphase.solve.terms import Rows, Term

EXACT = 1e-15
"""Of the cell's height: a change of the rise that is rounding."""
PASSES = 8


class Front:
    """Both electrodes' surfaces in time; everything collective.

    Attributes
    ----------
    rises : Of each electrode's surface into the liquid, by its name: at the nodes of ``faces``, in
        lateral order, the same on all ranks [m].
    fillings : Share of the swept volume that metal takes: less than one in the pores of a film.
    """

    def __init__(self, model: Model) -> None:
        """At rest."""
        self._model, self._comm = model, model.domain.comm
        self._riding = Riding(model.domain, _faces(model))
        self.faces: dict[str, LateralMesh] = {
            "working": self._riding.surface, "counter": self._riding.counter,
        }  # fmt: skip
        self._height = float(self.faces["counter"].height.max())
        self._over = {"working": self._riding.below, "counter": self._riding.above}
        self.velocity = new_function(self._riding.space, "velocity")
        self._test = ufl.TestFunction(self._riding.space)
        self._masses = {name: splu(face.mass()) for name, face in self.faces.items()}
        self._currents = {e.name: self._current_form(e) for e in model.electrodes}
        self._volumes = {
            e.name: volume_per_charge(e.surface.main.reaction) for e in model.electrodes
        }
        self.fillings = {"working": _filling(model), "counter": 1.0}
        self.rises: dict[str, Array] = {n: np.zeros(len(f.height)) for n, f in self.faces.items()}
        self._rate, self._earlier = 0.0, dict[str, Array]()
        self.term = Term("motion of the mesh", Rows(self._carried()))
        self.hold(self.rises)

    def initial(self) -> dict[str, Array]:
        """Where surfaces were made."""
        return {name: np.zeros(len(face.height)) for name, face in self.faces.items()}

    def hold(self, rises: Mapping[str, Array]) -> None:
        """Put the surfaces there, and let them stay. Raises :class:`MeshError`."""
        self._rate = 0.0
        self.velocity.x.array[:] = 0.0
        self._put({name: np.asarray(values) for name, values in rises.items()})

    def follow(self, rate: float, earlier: Mapping[str, Array]) -> None:
        """Let the surfaces come to the end of a step: ``rate`` [1/s] times the rise there plus
        ``earlier`` [m/s] is its speed. They go there as :meth:`advance` is called."""
        self._rate, self._earlier = rate, dict(earlier)

    def advance(self) -> None:
        """Take the surfaces to where the present currents bring them; raises :class:`MeshError`
        where a cell would be turned over.

        The area that reacts depends on the slope, but little: the passes converge at once.
        """
        if self._rate == 0.0:
            return
        for _ in range(PASSES):
            speeds = self.speeds()
            rises = {n: (v - self._earlier[n]) / self._rate for n, v in speeds.items()}
            moved = max(float(np.abs(rises[n] - self.rises[n]).max()) for n in rises)
            if moved <= EXACT * self._height:
                return
            self._put(rises)
            self._riding.put(self.velocity, speeds["working"], -speeds["counter"])

    def speeds(self) -> dict[str, Array]:
        """Of each surface into the liquid at the present state, as ``rises`` [m/s]."""
        found = {name: np.zeros(len(face.height)) for name, face in self.faces.items()}
        for name, form in self._currents.items():
            if form is None:
                continue
            vector = fem.assemble_vector(form)
            vector.scatter_reverse(InsertMode.add)
            count = self._riding.space.dofmap.index_map.size_local
            load = self._comm.allreduce(self._over[name].T @ vector.array[:count])
            scale = -self._volumes[name] / self.fillings[name]
            found[name] = scale * self._masses[name].solve(load)
        return found

    def swept(self, name: str) -> float:
        """Volume of metal between a surface and where it was made [m3]."""
        whole = self.faces[name].mass() @ self.rises[name]
        return self.fillings[name] * float(whole.sum())

    def gap(self) -> float:
        """Smallest distance between the electrodes along the stack [m]."""
        below, above = self.faces["working"], self.faces["counter"]
        lower, upper = below.height + self.rises["working"], above.height - self.rises["counter"]
        first = (above.at(below.position) @ upper - lower).min()
        second = (upper - below.at(above.position) @ lower).min()
        return float(min(first, second))

    # -- details --------------------------------------------------------------------------

    def _put(self, rises: dict[str, Array]) -> None:
        self._riding.move(rises["working"], -rises["counter"])
        self.rises = rises
        capillary = self._model.capillary
        if capillary is not None:
            self._riding.put(capillary.function, *(capillary.scale * c for c in self._curvatures()))

    def _curvatures(self) -> tuple[Array, Array]:
        below, above = self.faces["working"], self.faces["counter"]
        return (
            below.curvature(below.height + self.rises["working"]),
            above.curvature(self.rises["counter"] - above.height),
        )

    def _current_form(self, electrode: Electrode) -> Form | None:
        """Integrals of the metal's own current over its nodal functions."""
        level, measures = self._model.level, self._model.measures
        forms = [
            form
            for wall in electrode.walls
            if (form := wall.own_current(self._test, level, electrode.unknowns, measures))
            is not None
        ]
        return compiled_form(sum(forms[1:], forms[0]), measures.entity_maps) if forms else None

    def _carried(self) -> ufl.Form | None:
        """What nodes carry along: fluxes are relative to them, N - c w."""
        model = self._model
        field, test = model.unknowns.liquid, model.unknowns.liquid_test
        last = model.domain.dimension - 1
        moved = [self.velocity * ufl.grad(test[k])[last] for k in range(len(test))]
        held = model.level.stored(field, ufl.as_vector(moved), model.media.liquid)
        return None if held is None else model.measures.over_layers(held, model.stack.liquid)


def _faces(model: Model) -> Faces:
    assert model.case.front is not None
    facets, film = model.measures.facets, film_layers(model.case)
    rides = model.case.front.film == "conformal" or not film
    ceiling = None
    if film:
        top = film[-1] if rides else film[0]
        above = model.stack.liquid[model.stack.liquid.index(top) + 1]
        ceiling = facets[f"{top}|{above}"]
    return Faces(facets[ELECTRODE], facets[COUNTER], ceiling, rides)


def _filling(model: Model) -> float:
    assert model.case.front is not None
    film = film_layers(model.case)
    if model.case.front.film == "conformal" or not film:
        return 1.0
    return model.case.layer(film[0]).porosity
