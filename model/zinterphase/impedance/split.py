"""What an impedance is made of.

The disturbed current density J, displacement and charging included, has no source. So the drops of
potential along its lines, weighted with J itself, add up to the terminal's voltage (Tellegen):
V I = int J . (-grad phi) dV + int J (phi_M - phi) dS, and Z = V/I is the sum of what each part of
the cell takes of it. In the liquid J . J/kappa is ohm's part; at a wall J^2/(g + i w C) is that of
charge transfer beside its double layer, with g = di_F/dphi_M and C = dq/dphi_M at a composition
that stays. What is left is what moving compositions do: diffusion. docs/theory.md derives it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import ufl

from zinterphase.expressions import Expr
from zinterphase.fem_types import Form, Function, new_function
from zinterphase.forms import compiled_form, value
from zinterphase.impedance.arrays import Complex
from zinterphase.solve.electrode import Electrode
from zinterphase.solve.problem import Problem
from zinterphase.solve.storage import Storage
from zinterphase.solve.unknowns import constant
from zinterphase.solve.walls import Wall

LIQUID, FILM, SOLID = "liquid", "film", "solid"
DIFFUSION, SURFACES, SERIES = "diffusion", "surfaces", "series"
TRANSFER = "charge_transfer"
INFINITE = 1e12
"""Angular frequency at which a wall is a capacitor."""


@dataclass(frozen=True)
class Phasor:
    """An expression with a real and an imaginary part."""

    real: Expr
    imaginary: Expr


@dataclass(frozen=True, eq=False)
class Pair:
    """Compiled integrals of the two parts of an expression."""

    real: Form
    imaginary: Form


class Disturbance:
    """The unknowns' answer as coefficients of forms."""

    def __init__(self, problem: Problem) -> None:
        """At rest."""
        self.problem = problem
        self._parts = [
            [new_function(f.function_space, f"{name}_{part}") for f in problem.fields.values()]
            for name, part in (("disturbed", "re"), ("disturbed", "im"))
        ]

    def put(self, fields: Complex) -> None:
        """Owned values per RT/F of the terminal; collective."""
        system = self.problem.system
        for functions, values in zip(self._parts, (fields.real, fields.imag), strict=True):
            for function, own in zip(
                functions, system.split(np.ascontiguousarray(values)), strict=True
            ):
                function.x.array[: len(own)] = own
                function.x.scatter_forward()

    def of(self, expression: Expr) -> Phasor:
        """The change of an expression of the fields and of the terminal's potential."""
        real, imaginary = (self._along(expression, functions) for functions in self._parts)
        terminal = ufl.derivative(expression, self.problem.potential.function, ufl.as_ufl(1.0))
        return Phasor(real + terminal, imaginary)

    def field(self, name: str) -> Phasor:
        """One of the fields itself."""
        k = list(self.problem.fields).index(name)
        return Phasor(self._parts[0][k], self._parts[1][k])

    def _along(self, expression: Expr, functions: list[Function]) -> Expr:
        pairs = zip(self.problem.fields.values(), functions, strict=True)
        return sum(ufl.derivative(expression, field, way) for field, way in pairs)


class Split:
    """Integrals that tell the parts of an impedance apart; compiled once, collective."""

    def __init__(self, problem: Problem, storage: Storage) -> None:
        """Of the case's layers and walls."""
        self._problem = problem
        mesh = problem.domain.mesh
        self.disturbance = Disturbance(problem)
        self._omega, self._at_wall = constant(mesh, 0.0), constant(mesh, 0.0)
        films = {x.name for x in problem.case.layers if x.medium.kind.startswith("porous")}
        self._layers: dict[str, list[Pair]] = {}
        for layer in problem.stack.liquid:
            part = FILM if layer in films and not _separator(problem, layer) else LIQUID
            self._layers.setdefault(part, []).append(self._ohmic(layer))
        if problem.solid is not None:
            self._layers[SOLID] = [self._electronic()]
        self._walls = {
            f"{TRANSFER}_{e.name}": [
                pair for wall in e.walls if (pair := self._transfer(e, wall)) is not None
            ]
            for e in problem.electrodes
        }

    def parts(self, omega: float, fields: Complex, current: complex) -> dict[str, complex]:
        """By name [ohm m2], but for what compositions do; ``current`` [A] is the terminal's."""
        self.disturbance.put(fields)
        self._omega.value[...] = self._at_wall.value[...] = omega
        found = {name: self._sum(pairs) for name, pairs in {**self._layers, **self._walls}.items()}
        return {name: part * self._scale / current**2 for name, part in found.items()}

    def closed(self, omega: float, fields: Complex, current: complex) -> tuple[float, float]:
        """Charge-transfer resistance [ohm m2] and double-layer capacitance [F/m2] of the walls one
        after the other, by their slopes, weighted as the current is spread at this frequency;
        infinite where nothing reacts, zero where nothing is stored."""
        self.disturbance.put(fields)
        self._omega.value[...] = omega
        found = []
        for at_wall in (0.0, INFINITE):
            self._at_wall.value[...] = at_wall
            total = sum(self._sum(pairs) for pairs in self._walls.values())
            found.append(total * self._scale / current**2)
        resistance, elastance = found[0].real, (1j * INFINITE * found[1]).real
        return resistance, 1 / elastance if elastance else 0.0

    # -- details --------------------------------------------------------------------------

    @property
    def _scale(self) -> float:
        return self._problem.bulk.thermal_voltage * self._problem.projected_area

    def _sum(self, pairs: list[Pair]) -> complex:
        comm = self._problem.domain.comm
        return sum(
            (complex(value(comm, p.real), value(comm, p.imaginary)) for p in pairs), start=0j
        )

    def _ohmic(self, layer: str) -> Pair:
        """J . J over the conductance of a composition that stays, with that of the field."""
        problem = self._problem
        level, media, u = problem.level, problem.media.liquid, problem.liquid_field
        j = self.disturbance.of(level.current_density(u, media))
        along = [_directional(problem, k) for k in range(problem.domain.dimension)]
        conductance = [
            -ufl.derivative(level.current_density(u, media), u, way)[k]
            for k, way in enumerate(along)
        ]
        dielectric: Expr = 0.0
        if level.has_double_layer:
            dielectric = self._omega * problem.bulk.thermal_voltage * media.permittivity
            phi = self.disturbance.of(level.potential(u))
            j = Phasor(
                j.real + dielectric * ufl.grad(phi.imaginary),
                j.imaginary - dielectric * ufl.grad(phi.real),
            )
        terms = [
            _over(Phasor(j.real[k], j.imaginary[k]), conductance[k], dielectric)
            for k in range(problem.domain.dimension)
        ]
        whole = Phasor(sum(t.real for t in terms), sum(t.imaginary for t in terms))
        return self._compiled(whole, lambda x: problem.measures.over_layers(x, (layer,)))

    def _electronic(self) -> Pair:
        """J . J over the conductance of solids."""
        problem = self._problem
        change = self.disturbance.field("solid")
        conductance = problem.media.electronic_conductivity * problem.bulk.thermal_voltage
        real, imaginary = ufl.grad(change.real[0]), ufl.grad(change.imaginary[0])
        whole = Phasor(
            conductance * (ufl.inner(real, real) - ufl.inner(imaginary, imaginary)),
            2 * conductance * ufl.inner(real, imaginary),
        )
        layers = problem.stack.solid
        return self._compiled(whole, lambda x: problem.measures.over_layers(x, layers))

    def _transfer(self, electrode: Electrode, wall: Wall) -> Pair | None:
        """J^2 over what the wall lets through at a composition that stays."""
        problem = self._problem
        found = wall_currents(problem, electrode, wall)
        if not found:
            return None
        j = self._passed(found)
        nothing = ufl.as_ufl(0.0)
        slope = {name: _by_metal(electrode, i) for name, i in found.items()}
        conductance = slope.get(FARADAIC, nothing)
        stored = self._at_wall * slope[STORED] if STORED in slope else nothing
        whole = _over(j, conductance, stored)
        return self._compiled(whole, lambda x: wall.integrated(x / wall.share, problem.measures))

    def _passed(self, found: Mapping[str, Expr]) -> Phasor:
        return passed(self.disturbance, found, self._omega)

    def _compiled(self, whole: Phasor, integral: Callable[[Expr], ufl.Form]) -> Pair:
        maps = self._problem.measures.entity_maps
        return Pair(
            compiled_form(integral(whole.real), maps),
            compiled_form(integral(whole.imaginary), maps),
        )


FARADAIC, STORED = "faradaic", "stored"


def wall_currents(problem: Problem, electrode: Electrode, wall: Wall) -> dict[str, Expr]:
    """Current of the reactions and charge of a wall, per area or volume of the layer."""
    found = {}
    if wall.reactions:
        found[FARADAIC] = wall.current_density(wall.state(problem.level, electrode.unknowns))
    charge = wall.stored_charge_density(problem.level, electrode.unknowns)
    if charge is not None:
        found[STORED] = charge
    return found


def passed(disturbance: Disturbance, found: Mapping[str, Expr], omega: Expr) -> Phasor:
    """di_F + i w dq."""
    zero = ufl.as_ufl(0.0)
    i = disturbance.of(found[FARADAIC]) if FARADAIC in found else Phasor(zero, zero)
    if STORED not in found:
        return i
    q = disturbance.of(found[STORED])
    return Phasor(i.real - omega * q.imaginary, i.imaginary + omega * q.real)


def _over(j: Phasor, p: Expr, q: Expr) -> Phasor:
    """j^2/(p + i q)."""
    real, imaginary = j.real**2 - j.imaginary**2, 2 * j.real * j.imaginary
    size = p**2 + q**2
    return Phasor((real * p + imaginary * q) / size, (imaginary * p - real * q) / size)


def _by_metal(electrode: Electrode, expression: Expr) -> Expr:
    return ufl.derivative(expression, electrode.potential.function, ufl.as_ufl(1.0))


def _separator(problem: Problem, layer: str) -> bool:
    return problem.stack.liquid[-1] == layer


def _directional(problem: Problem, axis: int) -> Function:
    """A rise of the potential along an axis that leaves every concentration as it is."""
    way = new_function(problem.liquid.space, f"along_{axis}")
    height = problem.liquid.scalar.tabulate_dof_coordinates()[:, axis]
    values = way.x.array.reshape(len(height), -1)
    charges = problem.bulk.charges
    for k, name in enumerate(problem.level.component_names):
        share = 1.0 if name in ("phi", "potential") else charges.get(name.removeprefix("mu_"), 0)
        values[:, k] = share * height
    return way
