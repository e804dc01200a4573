"""A front in two dimensions whose surfaces need not be graphs: they may overhang, and fold.

The displacement of each surface's nodes is a state of its own, and so is the volume that it has
swept (:mod:`zinterphase.mesh.spreading`); the mesh follows harmonically. As :class:`Front` it is
brought to the end of a step of time whenever a residual is asked for.
"""

from collections.abc import Mapping
from math import inf

import numpy as np
import ufl
from dolfinx import fem

from zinterphase.cell.deposit import volume_per_charge
from zinterphase.errors import MeshError
from zinterphase.fem_types import new_function
from zinterphase.forms import owned_vector
from zinterphase.mesh.apart import between, from_itself
from zinterphase.mesh.chain import chain_of, numbers_on, summed
from zinterphase.mesh.extension import Distortion, Extension
from zinterphase.mesh.lines import lengths, normals, principal_sum
from zinterphase.mesh.spacing import stretch
from zinterphase.mesh.spreading import Growth, SpreadLine
from zinterphase.parallel import on_root
from zinterphase.solve.footing import Footing
from zinterphase.solve.front import SIDES
from zinterphase.solve.front_forms import carried_form, current_form
from zinterphase.solve.measures import COUNTER, ELECTRODE
from zinterphase.solve.model import Model
from zinterphase.solve.passes import Passes
from zinterphase.solve.system import Array
from zinterphase.solve.terms import Rows, Term


def mean_of(name: str) -> str:
    """Name among the rises of the mean one of a surface."""
    return f"{name} mean"


class FreeFront:
    """Both electrodes' surfaces in time, as lines; everything collective.

    Attributes
    ----------
    lines : Of each electrode's surface, as it was made.
    rises : By the name of each electrode the displacement of its surface's nodes (n, 2) [m] from
        where they were made, in order along it with the liquid on the left, the same on all ranks;
        by :func:`mean_of` its name the volume deposited over the surface as it was made (1,) [m].
    foil : Thickness of the zinc that can be stripped [m].
    first_gap : Between the electrodes as they were made [m].
    spacing : By the name of each electrode what its facets' lengths are measured against [m].
    slides : None, as nodes slide in time.
    remeshes, missed, worn : As of :class:`Front`.
    """

    slides = 0

    def __init__(self, model: Model) -> None:
        """At rest. Raises :class:`MeshError` where a surface is no single line between two planes
        along an axis."""
        self._model, self._comm = model, model.domain.comm
        faces = [model.measures.facets[name] for name in (ELECTRODE, COUNTER)]
        made = [chain_of(model.domain, f, name) for f, name in zip(faces, SIDES, strict=True)]
        self._extension = Extension(model.domain, made, faces)
        self._since_made = Distortion(model.domain)
        self.lines = {
            name: SpreadLine(line, planes, radial=model.measures.axisymmetric)
            for name, line, planes in zip(SIDES, made, self._extension.planes, strict=True)
        }
        self._require_the_same_area()
        space = fem.functionspace(model.domain.mesh, ("Lagrange", 1))
        places = space.tabulate_dof_coordinates()[:, :2]
        self._numbers = {n: numbers_on(line.made, places) for n, line in self.lines.items()}
        self._space, self._owned = space, space.dofmap.index_map.size_local
        self._currents = {
            e.name: current_form(model, e, ufl.TestFunction(space)) for e in model.electrodes
        }
        self._volumes = {
            e.name: volume_per_charge(e.surface.main.reaction) for e in model.electrodes
        }
        self.foil = sum(layer.thickness for layer in model.case.layers if layer.material == "Zn")
        self.foil = self.foil or inf
        self._passes = Passes(float(np.ptp(np.vstack(made), axis=0).max()))
        self.velocity = new_function(self._extension.space, "velocity")
        self._still = np.zeros_like(self.velocity.x.array)
        self._moved = new_function(self._extension.space, "displacement")
        self.term = Term("motion of the mesh", Rows(carried_form(model, self.velocity)))
        self._rate, self._earlier = 0.0, dict[str, Array]()
        self.rises = {name: np.zeros_like(line.made) for name, line in self.lines.items()}
        self.rises |= {mean_of(name): np.zeros(1) for name in SIDES}
        self.first_gap = self.gap()
        self.spacing = {name: lengths(line.made) for name, line in self.lines.items()}
        self.remeshes, self.missed, self.worn = 0, 0.0, 0.0
        self._measured = False
        self._measure()

    def hold(self, rises: Mapping[str, Array]) -> None:
        """Put the surfaces there, and let them stay. Raises :class:`MeshError`."""
        self._go(0.0, {name: np.zeros_like(values) for name, values in rises.items()})
        self._put({name: np.asarray(values) for name, values in rises.items()})

    def follow(self, rate: float, earlier: Mapping[str, Array]) -> None:
        """Let the surfaces come to the end of a step: ``rate`` [1/s] times the rises there plus
        ``earlier`` [m/s] is their speed. They go there as :meth:`advance` is called."""
        self._go(rate, earlier)
        self._carry()

    def forget(self) -> None:
        """Take nothing over from earlier states."""
        self._passes.forget()

    def advance(self) -> None:
        """Take the surfaces to where the present currents bring them; raises :class:`MeshError`
        where a cell would be turned over.

        Each pass solves for the nodes with the present current densities; the areas that react are
        those where it leads to.
        """
        if self._rate != 0.0:
            self._passes.run(self._target, self._ways, self._put)

    def line(self, name: str) -> Array:
        """Nodes of a surface now, in order (n, 2) [m]."""
        return self.lines[name].made + self.rises[name]

    def swept(self, name: str) -> float:
        """Volume of metal between a surface and where it was made [m3]."""
        return self.lines[name].volume(self.rises[name])

    def gap(self) -> float:
        """Smallest distance between the electrodes [m]."""
        return between(*(self.line(name) for name in SIDES))

    def clearance(self, name: str) -> tuple[float, float]:
        """Smallest distance of a surface from itself across the liquid [m], and over its facets'
        length there; infinite where it faces itself nowhere."""
        return from_itself(self.line(name), self.lines[name].planes)

    @property
    def stretch(self) -> float:
        """Of the facets that have stretched most since they were made, whole."""
        return max(self.stretch_of(name) for name in SIDES)

    def stretch_of(self, name: str) -> float:
        """The same of one surface."""
        return stretch(lengths(self.line(name)), self.spacing[name])

    def distortion(self) -> float:
        """Of the cell that has kept its shape least, as of :class:`Distortion`."""
        return self._since_made.worst()

    @property
    def strained(self) -> float:
        """The same since the mesh was measured."""
        return self._since_measured.worst()

    def measure(self) -> None:
        """Let the mesh follow from where it is now; nothing moves."""
        self._extension.measure()
        self._measured = True
        self._measure()

    @property
    def is_elsewhere(self) -> bool:
        """Whether it moves from elsewhere than where it was made."""
        return self._measured or bool(self.remeshes or self.worn)

    @property
    def footing(self) -> Footing:
        """What the mesh moves from."""
        return Footing(
            self._extension.base,
            self._before,
            0,
            self.remeshes,
            self.missed,
            0.0,
            self.worn,
            tuple(np.concatenate([self.spacing[name] for name in SIDES]).tolist()),
            (self.first_gap,),
        )

    def stand_on(self, footing: Footing) -> None:
        """Be there, and move from there."""
        self._model.domain.move(footing.displacement)
        if footing.remeshes:
            self._count_from(footing.rises)
        self.rises = dict(footing.rises)
        self.remeshes, self.missed, self.worn = footing.remeshes, footing.missed, footing.worn
        assert footing.spacing is not None
        counts = np.cumsum([len(self.spacing[name]) for name in SIDES])
        parts = np.split(np.array(footing.spacing), counts[:-1])
        self.spacing = dict(zip(SIDES, parts, strict=True))
        (self.first_gap,) = footing.rooms
        self.measure()
        self.hold(self.rises)

    def close(self) -> None:
        """Free what takes the mesh along; collective."""
        self._extension.close()

    # -- details --------------------------------------------------------------------------

    def _require_the_same_area(self) -> None:
        """Currents are per area of the plane, which a mesh made anew must not change."""
        front = self._model.case.front
        if front is None or not front.remesh:
            return
        for name, line in self.lines.items():
            if line.planes != (0, 0):
                text = f"front.remesh: the {name} electrode ends on a plane across the stack:"
                raise MeshError(f"{text} allowed are planes along it")

    def _count_from(self, rises: Mapping[str, Array]) -> None:
        """Take for where surfaces were made what is so far below where they are now."""
        places = self._space.tabulate_dof_coordinates()[: self._owned, :2]
        for name, line in self.lines.items():
            own, count = self._numbers[name][: self._owned], len(line.made)
            now = np.column_stack([summed(self._comm, own, x, count) for x in places.T])
            self.lines[name] = SpreadLine(now - rises[name], line.planes, radial=line.radial)

    def _measure(self) -> None:
        self._before = dict(self.rises)
        self._since_measured = Distortion(self._model.domain)
        self._moved.x.array[:] = 0.0

    def _target(self) -> tuple[dict[str, Array], float]:
        """Where the present currents bring the surfaces, and the largest way there, across them
        [m]."""
        found: dict[str, Array] = {}
        for name in SIDES:
            found |= self._grown(name)
        return found, max(self._risen_by(name, found) for name in SIDES)

    def _ways(self) -> tuple[float, float]:
        """What the surfaces rise in this step, and have risen, at most [m]."""
        means = [mean_of(name) for name in SIDES]
        speed = max(abs(float((self._rate * self.rises[m] + self._earlier[m])[0])) for m in means)
        return speed / self._rate, max(float(np.abs(self.rises[name]).max()) for name in SIDES)

    def _risen_by(self, name: str, found: Mapping[str, Array]) -> float:
        """Largest way of a surface across itself to rises that were found [m]."""
        across = normals(self.line(name), self.lines[name].planes)
        return float(np.abs(np.einsum("kx,kx->k", found[name] - self.rises[name], across)).max())

    def _grown(self, name: str) -> dict[str, Array]:
        """Rises of a surface at the end of the step by the present current densities."""
        line, rise, mean = self.lines[name], self.rises[name], mean_of(name)
        loads = self._loads(name)
        earlier = self._earlier[mean] * line.area
        growth = Growth(
            self._rate, self._earlier[name], float(earlier[0]), loads / line.weights(rise)
        )
        # By one rank for all: decisions on rounding must not differ between them.
        found = on_root(self._comm, lambda: line.grown(rise, growth))
        volume = (growth.speed @ line.weights(found) - earlier) / self._rate
        return {name: found, mean: volume / line.area}

    def _loads(self, name: str) -> Array:
        """Volume that each node's function gets of what is deposited now [m3/s]."""
        form = self._currents.get(name)
        numbers, count = self._numbers[name], len(self.lines[name].made)
        if form is None:
            return np.zeros(count)
        current = owned_vector(form)
        return -self._volumes[name] * summed(self._comm, numbers[: self._owned], current, count)

    def _put(self, rises: dict[str, Array]) -> None:
        moved = self._extension.extend([rises[name] - self._before[name] for name in SIDES])
        try:
            self._extension.move(moved)
        except MeshError as error:
            text = f"front: the mesh between the surfaces cannot follow them further ({error})"
            raise MeshError(text) from None
        self.rises, self._moved = rises, moved
        self._carry()
        self._curve()

    def _curve(self) -> None:
        """Tell the metals' equilibria how curved surfaces are."""
        capillary = self._model.capillary
        if capillary is None:
            return
        values = capillary.function.x.array
        for name, line in self.lines.items():
            numbers = self._numbers[name]
            bent = principal_sum(self.line(name), line.planes, radial=line.radial)
            values[numbers >= 0] = capillary.scale * bent[numbers[numbers >= 0]]

    def _go(self, rate: float, earlier: Mapping[str, Array]) -> None:
        """Take a formula over."""
        self._rate, self._earlier = rate, dict(earlier)
        still = [self._earlier[name] + rate * self._before[name] for name in SIDES]
        self._still = self._extension.extend(still).x.array.copy()

    def _carry(self) -> None:
        """Tell the equations how fast nodes move, by the formula of the step."""
        self.velocity.x.array[:] = self._rate * self._moved.x.array + self._still
