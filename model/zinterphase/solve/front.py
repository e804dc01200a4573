"""The front: surfaces that move with their deposit, and the mesh with them.

The rise of a surface is a state of its own: its rate is the L2 projection of the metal's own
current onto nodal functions of the electrode plane, so that the volume under the surface is that
of the charge. It is brought to the end of a step of time by the step's formula whenever a residual
is asked for, and the nodes with it: the equations then hold on the mesh where they are solved. What
is left out of the Jacobian, the shape's derivative, is small by growth rate times step.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from math import inf, isclose

import numpy as np
import ufl
from mpi4py import MPI
from scipy.sparse import csc_array, csr_array
from scipy.sparse.linalg import SuperLU, splu

from zinterphase.case.front import Front as FrontCase
from zinterphase.case.front import film_layers
from zinterphase.cell.deposit import volume_per_charge
from zinterphase.cell.waves import swept_share
from zinterphase.errors import MeshError
from zinterphase.fem_types import Form, new_function
from zinterphase.forms import compiled_form, owned_vector
from zinterphase.mesh.kinks import NormalGrowth
from zinterphase.mesh.lateral import Clearance, LateralMesh
from zinterphase.mesh.riding import Faces, Riding
from zinterphase.solve.electrode import Electrode
from zinterphase.solve.measures import COUNTER, ELECTRODE
from zinterphase.solve.model import Model
from zinterphase.solve.room import Room
from zinterphase.solve.system import Array
from zinterphase.solve.terms import Rows, Term

SAME = 1e-14
"""Relative difference of rates of formulas that is rounding."""
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
    rooms : What it may come to touch.
    foil : Thickness of the zinc that can be stripped [m].
    """

    def __init__(self, model: Model) -> None:
        """At rest. Raises :class:`MeshError` where a surface is no graph over the plane."""
        self._model, self._comm = model, model.domain.comm
        self._riding = Riding(model.domain, _faces(model), model.projected_area)
        self.faces: dict[str, LateralMesh] = {
            "working": self._riding.surface, "counter": self._riding.counter,
        }  # fmt: skip
        self._height = float(self.faces["counter"].height.max())
        over = {"working": self._riding.below, "counter": self._riding.above}
        self._gathers = {name: csr_array(weights.T) for name, weights in over.items()}
        self.velocity = new_function(self._riding.space, "velocity")
        self._test = ufl.TestFunction(self._riding.space)
        self._masses = {name: face.mass() for name, face in self.faces.items()}
        self._growths = {name: NormalGrowth(face) for name, face in self.faces.items()}
        self._currents = {e.name: self._current_form(e) for e in model.electrodes}
        self._volumes = {
            e.name: volume_per_charge(e.surface.main.reaction) for e in model.electrodes
        }
        self.fillings = {"working": swept_share(model.case), "counter": 1.0}
        self.foil = sum(layer.thickness for layer in model.case.layers if layer.material == "Zn")
        if not self.foil:
            self.foil = inf
        self.rises: dict[str, Array] = {n: np.zeros(len(f.height)) for n, f in self.faces.items()}
        self._rate, self._earlier = 0.0, dict[str, Array]()
        self._still = new_function(self._riding.space, "still")
        self._rate_of_factors, self._factors = 0.0, dict[str, SuperLU]()
        self.forget()
        self.term = Term("motion of the mesh", Rows(self._carried()))
        self.hold(self.rises)
        self._between = Clearance(self._riding.surface, self._riding.counter)
        self.rooms = tuple(self._rooms(model.case.front))

    def hold(self, rises: Mapping[str, Array]) -> None:
        """Put the surfaces there, and let them stay. Raises :class:`MeshError`."""
        self._go(0.0, {name: np.zeros_like(rises[name]) for name in self.faces})
        self._put({name: np.asarray(values) for name, values in rises.items()})
        for electrode in self._model.electrodes:
            face = self.faces[electrode.name]
            electrode.see(face.roughness(self._toward_liquid(electrode.name)))

    def follow(self, rate: float, earlier: Mapping[str, Array]) -> None:
        """Let the surfaces come to the end of a step: ``rate`` [1/s] times the rise there plus
        ``earlier`` [m/s] is its speed. They go there as :meth:`advance` is called."""
        if not isclose(rate, self._rate_of_factors, rel_tol=SAME):
            self.forget()
        self._rate_of_factors = rate
        self._go(rate, earlier)
        self._carry()

    def forget(self) -> None:
        """Begin with factors of the state that comes: what follows depends on it alone."""
        self._contraction, self._rate_of_factors, self._factors = 1.0, 0.0, {}

    def advance(self) -> None:
        """Take the surfaces to where the present currents bring them; raises :class:`MeshError`
        where a cell would be turned over.

        The area that reacts depends on the slope: Newton's iteration with the matrix of the first
        state with this rate, and the currents as they are at the nodes' places.
        """
        if self._rate == 0.0:
            return
        former = 0.0
        for _ in range(PASSES):
            loads = self._loads()
            moves = {name: self._move(name, load) for name, load in loads.items()}
            size = max(float(np.abs(m).max()) for m in moves.values())
            if size <= EXACT * self._height:
                return
            self._put({name: self.rises[name] + move for name, move in moves.items()})
            if former > 0.0:
                self._contraction = min(1.0, size / former)
            if self._contraction * size <= EXACT * self._height:  # what would be left to move
                return
            former = size

    def swept(self, name: str) -> float:
        """Volume of metal between a surface and where it was made [m3]."""
        whole = self._masses[name] @ self.rises[name]
        return self.fillings[name] * float(whole.sum())

    def gap(self) -> float:
        """Smallest distance between the electrodes along the stack [m]."""
        return self._between.least(self._toward_liquid("working"), -self._toward_liquid("counter"))

    def steepest(self, name: str) -> float:
        """Largest slope of a surface."""
        return self.faces[name].steepest(self._toward_liquid(name))

    # -- details --------------------------------------------------------------------------

    def _loads(self) -> dict[str, Array]:
        """Volume that each node's function gets of what is deposited now [m3/s], with the solid
        part of a film that it grows into."""
        found = {name: np.zeros(len(face.height)) for name, face in self.faces.items()}
        for name, form in self._currents.items():
            if form is not None:
                load = np.asarray(self._gathers[name] @ owned_vector(form))
                self._comm.Allreduce(MPI.IN_PLACE, load, MPI.SUM)
                found[name] = -self._volumes[name] / self.fillings[name] * load
        return found

    def _move(self, name: str, load: Array) -> Array:
        """From the present rise of a surface towards that at the end of the step."""
        growth, mass = self._growths[name], self._masses[name]
        height = self._toward_liquid(name)
        damping = growth.damping(height, float(load.sum()))
        grown = mass @ (self._rate * self.rises[name] + self._earlier[name])
        if name not in self._factors:
            matrix = self._rate * mass + damping.matrix - growth.transport(height, damping.speed)
            self._factors[name] = splu(csc_array(matrix))
        return np.asarray(self._factors[name].solve(load - grown - damping.of(height)))

    def _rooms(self, front: FrontCase | None) -> Iterator[Room]:
        """The first is what the deposit meets first, or what rides on it."""
        assert front is not None
        riding = self._riding
        ceiling, counter, surface = riding.ceiling, riding.counter, riding.surface
        here, there = (
            partial(self._toward_liquid, "working"),
            lambda: -self._toward_liquid("counter"),
        )
        if front.film == "rigid":
            met = "the deposit has grown through the pores that it fills"
            yield Room(met, surface, ceiling, here, lambda: ceiling.height)
            return
        film = "" if ceiling is surface else "the film upon "
        met = f"{film}the working electrode comes to the counter electrode"
        yield Room(met, ceiling, counter, lambda: riding.carried(self.rises["working"]), there)
        if riding.floor is not None:
            floor, met = riding.floor, "the deposit comes to the film that it has lifted"
            yield Room(met, surface, floor, here, lambda: floor.height + self._mean_rise())

    def _mean_rise(self) -> float:
        return self._riding.mean(self.rises["working"])

    def _toward_liquid(self, name: str) -> Array:
        """Heights of a surface, upwards into the liquid [m]."""
        height, rise = self.faces[name].height, self.rises[name]
        return (height if name == "working" else -height) + rise

    def _put(self, rises: dict[str, Array]) -> None:
        try:
            self._riding.move(rises["working"], -rises["counter"])
        except MeshError as error:
            text = f"front: the mesh between the surfaces cannot follow them further ({error})"
            raise MeshError(text) from None
        self.rises = rises
        self._carry()
        capillary = self._model.capillary
        if capillary is not None:
            self._riding.put(capillary.function, *(capillary.scale * c for c in self._curvatures()))

    def _go(self, rate: float, earlier: Mapping[str, Array]) -> None:
        """Take a formula over."""
        self._rate, self._earlier = rate, dict(earlier)
        self._riding.put(self._still, self._earlier["working"], -self._earlier["counter"])

    def _carry(self) -> None:
        """Tell the equations how fast nodes move, by the formula of the step."""
        still, risen = self._still.x.array, self._riding.rise.x.array
        self.velocity.x.array[:] = self._rate * risen + still

    def _curvatures(self) -> tuple[Array, Array]:
        below, above = (f.curvature(self._toward_liquid(n)) for n, f in self.faces.items())
        return below, above

    def _current_form(self, electrode: Electrode) -> Form | None:
        """Integrals of the metal's own current over its nodal functions."""
        level, measures = self._model.level, self._model.measures
        forms = [
            form
            for wall in electrode.walls
            if (form := wall.growth(self._test, level, electrode.unknowns, measures)) is not None
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
    mode, liquid = model.case.front.film, model.stack.liquid
    floor = ceiling = None
    if film:
        top = liquid.index(film[0] if mode == "rigid" else film[-1])
        ceiling = facets[f"{liquid[top]}|{liquid[top + 1]}"]
    if mode == "lifted":
        bottom = liquid.index(film[0])
        floor = facets[f"{liquid[bottom - 1]}|{liquid[bottom]}"]
    return Faces(facets[ELECTRODE], facets[COUNTER], floor, ceiling, stays=mode == "rigid")
