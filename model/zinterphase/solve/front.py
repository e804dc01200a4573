"""The front: surfaces that move with their deposit, and the mesh with them.

The rise of a surface is a state of its own: its rate is the L2 projection of the metal's own
current onto nodal functions of the electrode plane, so that the volume under the surface is that
of the charge. It is brought to the end of a step of time by the step's formula whenever a residual
is asked for, and the nodes with it: the equations then hold on the mesh where they are solved. What
is left out of the Jacobian, the shape's derivative, is small by growth rate times step.
"""

from collections.abc import Callable, Mapping
from functools import partial
from math import inf, isclose

import numpy as np
import ufl
from mpi4py import MPI
from scipy.sparse import csc_array, csr_array
from scipy.sparse.linalg import SuperLU, splu

from zinterphase.cell.deposit import volume_per_charge
from zinterphase.cell.waves import swept_share
from zinterphase.errors import MeshError
from zinterphase.fem_types import new_function
from zinterphase.forms import owned_vector
from zinterphase.mesh.kinks import NormalGrowth
from zinterphase.mesh.lateral import Clearance
from zinterphase.mesh.riding import Riding
from zinterphase.mesh.spacing import (
    distances,
    evened,
    interpolated,
    projected,
    refined,
    stretch,
    unevenness,
)
from zinterphase.solve.footing import Footing
from zinterphase.solve.front_faces import faces_of
from zinterphase.solve.front_forms import carried_form, current_form
from zinterphase.solve.model import Model
from zinterphase.solve.passes import Passes
from zinterphase.solve.room import Room, rooms_of
from zinterphase.solve.system import Array
from zinterphase.solve.terms import Rows, Term

SAME = 1e-14
"""Relative difference of rates of formulas that is rounding."""
SIDES = ("working", "counter")


class Front:
    """Both electrodes' surfaces in time; everything collective.

    Attributes
    ----------
    rises : Of each electrode's surface into the liquid, by its name: at the nodes of ``faces``, in
        lateral order, the same on all ranks [m].
    fillings : Share of the swept volume that metal takes: less than one in the pores of a film.
    rooms : What it may come to touch.
    foil : Thickness of the zinc that can be stripped [m].
    slides, remeshes : How often nodes have slid along the working surface, and the mesh has been
        made anew.
    missed : The largest share of an amount that interpolation missed then.
    refused, worn : Unevenness up to which they are not to slide again, as the mesh could not
        follow, and wear up to which none is made anew.
    """

    def __init__(self, model: Model) -> None:
        """At rest. Raises :class:`MeshError` where a surface is no graph over the plane."""
        self._model, self._comm = model, model.domain.comm
        self._riding = Riding(model.domain, faces_of(model), model.projected_area)
        self._passes = Passes(float(self._riding.counter.height.max()))
        self.velocity = new_function(self._riding.space, "velocity")
        self._currents = {
            e.name: current_form(model, e, ufl.TestFunction(self._riding.space))
            for e in model.electrodes
        }
        self._volumes = {
            e.name: volume_per_charge(e.surface.main.reaction) for e in model.electrodes
        }
        self.fillings = {"working": swept_share(model.case), "counter": 1.0}
        self.foil = sum(layer.thickness for layer in model.case.layers if layer.material == "Zn")
        if not self.foil:
            self.foil = inf
        self._rate, self._earlier = 0.0, dict[str, Array]()
        self._still = new_function(self._riding.space, "still")
        self._rate_of_factors, self._factors = 0.0, dict[str, SuperLU]()
        self.term = Term("motion of the mesh", Rows(carried_form(model, self.velocity)))
        self.rooms: tuple[Room, ...] = ()
        self.slides, self.missed, self.refused = 0, 0.0, 0.0
        self.remeshes, self.worn = 0, 0.0
        faces = self._riding.surface, self._riding.counter
        self._measure(dict(zip(SIDES, (np.zeros(len(f.height)) for f in faces), strict=True)))
        self._spacing: Array | None = self._distances()

    def hold(self, rises: Mapping[str, Array]) -> None:
        """Put the surfaces there, and let them stay. Raises :class:`MeshError`."""
        self._go(0.0, {name: np.zeros_like(rises[name]) for name in self.faces})
        self._put({name: np.asarray(values) for name, values in rises.items()})
        for electrode in self._model.electrodes:
            face = self.faces[electrode.name]
            electrode.see(face.roughness(self._toward_liquid(electrode.name)))

    @property
    def unevenness(self) -> float:
        """How much more the distance of two nodes of the working surface has stretched since it was
        made than that of two others; 1 where that is no line of straight facets."""
        first, now = self._spacing, self._distances()
        return 1.0 if first is None or now is None else unevenness(now, first)

    @property
    def stretch(self) -> float:
        """Of that distance of two nodes of the working surface that has stretched most since it was
        made; 1 where that is no line of straight facets."""
        first, now = self._spacing, self._distances()
        return 1.0 if first is None or now is None else stretch(now, first)

    def refined(self) -> tuple[Array, float]:
        """Lateral positions of more nodes of the working surface, of such distances as at first,
        and what part of these they are."""
        assert self._spacing is not None
        lateral = self.faces["working"].position[:, 0]
        return refined(lateral, self.heights("working"), self._spacing)

    def even_out(self, carry: Callable[[], None]) -> None:
        """Slide the nodes of the working surface along it until all distances have stretched alike,
        and the mesh with them; volumes stay to rounding.

        ``carry`` is called when all nodes lie in the mesh as it was, and takes fields over.
        Raises :class:`MeshError` where a cell would be turned over, or what ``carry`` raises;
        nothing moves then.
        """
        assert self._spacing is not None
        riding, domain = self._riding, self._model.domain
        self._measure(self.rises)
        face, rises = self.faces["working"], dict(self.rises)
        lateral = face.position[:, 0]
        there = evened(lateral, face.height, self._spacing)
        onto = partial(projected, radial=face.is_radial)
        try:
            domain.move(riding.slid(there, interpolated))
            carry()
            domain.move(riding.slid(there, onto))
        except MeshError:
            domain.move(riding.base)
            raise
        rises["working"] = onto(lateral, rises["working"], there)
        self._measure(rises)
        self.slides += 1

    @property
    def is_elsewhere(self) -> bool:
        """Whether it moves from elsewhere than where it was made, or was to."""
        return bool(self.slides or self.refused or self.remeshes or self.worn)

    @property
    def footing(self) -> Footing:
        """What the mesh moves along the stack from."""
        return Footing(
            self._riding.base,
            self._before,
            self.slides,
            self.remeshes,
            self.missed,
            self.refused,
            self.worn,
            None if self._spacing is None else tuple(self._spacing.tolist()),
            tuple(room.first for room in self.rooms),
        )

    def stand_on(self, footing: Footing) -> None:
        """Be there, and move along the stack from there."""
        self._model.domain.move(footing.displacement)
        self._measure(footing.rises)
        self.slides, self.remeshes = footing.slides, footing.remeshes
        self.missed, self.refused, self.worn = footing.missed, footing.refused, footing.worn
        self._spacing = None if footing.spacing is None else np.array(footing.spacing)
        for room, first in zip(self.rooms, footing.rooms, strict=True):
            room.first = first

    def heights(self, name: str) -> Array:
        """Of a surface at its nodes, along the stack [m]."""
        return self._toward_liquid(name) * (1.0 if name == "working" else -1.0)

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
        self._passes.forget()
        self._rate_of_factors, self._factors = 0.0, {}

    def advance(self) -> None:
        """Take the surfaces to where the present currents bring them; raises :class:`MeshError`
        where a cell would be turned over.

        The area that reacts depends on the slope: Newton's iteration with the matrix of the first
        state with this rate, and the currents as they are at the nodes' places.
        """
        if self._rate != 0.0:
            self._passes.run(self._target, self._ways, self._put)

    def swept(self, name: str) -> float:
        """Volume of metal between a surface and where it was made [m3]."""
        whole = self._masses[name] @ self.rises[name]
        return self.fillings[name] * float(whole.sum())

    def gap(self) -> float:
        """Smallest distance between the electrodes along the stack [m]."""
        return self._between.least(*(self.heights(name) for name in SIDES))

    def steepest(self, name: str) -> float:
        """Largest slope of a surface."""
        return self.faces[name].steepest(self._toward_liquid(name))

    # -- details --------------------------------------------------------------------------

    def _measure(self, rises: Mapping[str, Array]) -> None:
        """Take the mesh where it is for that of these rises, and let the surfaces stay."""
        riding = self._riding
        riding.measure()
        self.faces = dict(zip(SIDES, (riding.surface, riding.counter), strict=True))
        over = dict(zip(SIDES, (riding.below, riding.above), strict=True))
        self._gathers = {name: csr_array(weights.T) for name, weights in over.items()}
        self._masses = {name: face.mass() for name, face in self.faces.items()}
        self._growths = {name: NormalGrowth(face) for name, face in self.faces.items()}
        self._before = self.rises = dict(rises)
        self.forget()
        self.hold(rises)
        self._between = Clearance(riding.surface, riding.counter)
        here, there = (partial(self.heights, name) for name in SIDES)
        rooms = tuple(rooms_of(riding, here, there, lambda: self._gained))
        for room, former in zip(rooms, self.rooms or rooms, strict=True):
            room.first = former.first
        self.rooms = rooms

    def _distances(self) -> Array | None:
        face = self.faces["working"]
        if face.position.shape[1] != 1 or not face.is_linear:
            return None
        return distances(face.position[:, 0], self.heights("working"))

    def _target(self) -> tuple[dict[str, Array], float]:
        """Where the present currents bring the surfaces, and the largest way there [m]."""
        moves = {name: self._move(name, load) for name, load in self._loads().items()}
        size = max(float(np.abs(m).max()) for m in moves.values())
        return {name: self.rises[name] + move for name, move in moves.items()}, size

    def _ways(self) -> tuple[float, float]:
        """What the surfaces rise in this step, and have risen, at most [m]."""
        speed = max(
            float(np.abs(self._rate * self.rises[n] + self._earlier[n]).max()) for n in SIDES
        )
        return speed / self._rate, max(float(np.abs(r).max()) for r in self.rises.values())

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

    @property
    def _gained(self) -> Array:
        """Rise of the working surface since the mesh was measured [m]."""
        return self.rises["working"] - self._before["working"]

    def _toward_liquid(self, name: str) -> Array:
        """Heights of a surface, upwards into the liquid [m]."""
        height, rise = self.faces[name].height, self.rises[name] - self._before[name]
        return (height if name == "working" else -height) + rise

    def _put(self, rises: dict[str, Array]) -> None:
        try:
            self._riding.move(*self._upwards({n: rises[n] - self._before[n] for n in SIDES}))
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
        still = {n: self._earlier[n] + rate * self._before[n] for n in SIDES}
        self._riding.put(self._still, *self._upwards(still))

    def _upwards(self, values: Mapping[str, Array]) -> tuple[Array, Array]:
        return values["working"], -values["counter"]

    def _carry(self) -> None:
        """Tell the equations how fast nodes move, by the formula of the step."""
        still, risen = self._still.x.array, self._riding.rise.x.array
        self.velocity.x.array[:] = self._rate * risen + still

    def _curvatures(self) -> tuple[Array, Array]:
        below, above = (f.curvature(self._toward_liquid(n)) for n, f in self.faces.items())
        return below, above
