"""A front with a solution that is known: fields and surface are given, sources make them exact.

The metal's own law moves the surface: the potential at the wall is that at which it does so as
given. Cells and steps of time are halved together, then steps alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
import ufl
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.cell.deposit import volume_per_charge
from zinterphase.expressions import Expr
from zinterphase.march.stepper import CURRENT, Stepper
from zinterphase.march.tolerance import Tolerances
from zinterphase.mesh import Domain
from zinterphase.scales import FARADAY
from zinterphase.solve.control import Drive
from zinterphase.solve.measures import ELECTRODE
from zinterphase.solve.model import Model
from zinterphase.solve.problem import Problem
from zinterphase.solve.terms import Rows, Term
from zinterphase.solve.unknowns import constant
from zinterphase.verification.cells import Metal, SampleIon, si, tables
from zinterphase.verification.grids import grid
from zinterphase.verification.manufactured.laws import ElectrodeLaw, Salt

LENGTH, BULK, EXCHANGE, DURATION = 20e-6, 1400.0, 2e4, 2.0
METAL = -0.5
"""Potential of the working electrode [RT/F]."""
RISE = 3e-6
"""Of the surface at its highest [m]."""
DEGREE = 6


def cell() -> Case:
    ions = [SampleIon(name, z, 1e-9, BULK) for name, z in (("Zn2+", 2), ("SO42-", -2))]
    metal = Metal(EXCHANGE, 1.0, 1.0)
    steps = [{"steps": ["rest for 1 s"]}]
    data = tables("concentrated", LENGTH, ions, metal, control={}, width=LENGTH, protocol=steps)
    del data["control"]
    amount = si(BULK, "mol/m^3")
    return Case.from_dict(
        {**data, "front": {}, "electrolyte": {"salt": "ZnSO4", "concentration": amount}}
    )


@dataclass(frozen=True)
class Exact:
    """Height [m], unknowns [RT/F] and what makes the equations hold, by row [A]."""

    height: Expr
    fields: list[Expr]
    inside: list[Expr]
    wall: list[Expr]


def exact_at(model: Model, now: Expr) -> Exact:
    """For ions d(F c)/dt + div J = S inside, and F c w.n - J.n + A = S at the metal, where its
    law adds A and n points out of the liquid."""
    time = ufl.variable(now)
    x, y = ufl.SpatialCoordinate(model.domain.mesh)
    turn, wave = 1.3 * time / DURATION, ufl.cos(np.pi * x / LENGTH)
    height = RISE * (0.6 + 0.4 * wave) * (1.0 - ufl.cos(turn))
    rising = ufl.diff(height, time)
    slope = ufl.grad(height)[0]
    stretch = ufl.sqrt(1 + slope**2)

    def composition(level: Expr) -> Expr:
        return 0.2 * ufl.sin(turn) ** 2 * (0.7 + 0.3 * wave) * (1 - (level / LENGTH) ** 2)

    law = Salt(BULK, ElectrodeLaw(EXCHANGE, 1.0, 1.0, 0.0, 0.0))
    share = rising / stretch / volume_per_charge(model.working.surface.main.reaction) / EXCHANGE
    activity = law.ln_activity(composition(height))
    overpotential = ufl.ln((ufl.sqrt(share**2 + 4 * ufl.exp(activity)) - share) / 2)
    at_wall = METAL + activity / 2 - overpotential
    fields = [composition(y), at_wall * (LENGTH - y) / (LENGTH - height)]
    layer = model.case.layer("liquid")
    fluxes, (_, added) = law.fluxes(fields, layer), law.reaction(fields, METAL)
    held = FARADAY * BULK * ufl.exp(fields[0])
    gained = [ufl.diff(held, time), 0]
    carried = [-held * rising / stretch, 0]
    return Exact(
        height,
        fields,
        [s + ufl.div(j) for s, j in zip(gained, fluxes, strict=True)],
        [
            c + (j[1] - slope * j[0]) / stretch + a
            for c, j, a in zip(carried, fluxes, added, strict=True)
        ],
    )


class Moving:
    """The problem on ``n`` by ``n`` squares, at rest at first."""

    def __init__(self, n: int) -> None:
        even = np.linspace(0.0, LENGTH, n + 1)
        domain = Domain.create(MPI.COMM_SELF, grid(even, [("liquid", even)], all_around=False))
        self.time = constant(domain.mesh, 0.0)
        self.problem = Problem(cell(), domain, self._equations)
        self.problem.set_load(1.0)
        self.problem.steer(Drive.by_potential(METAL))
        self.problem.solve_here()

    def _equations(self, model: Model) -> list[Term]:
        self.exact = exact_at(model, self.time)
        test, measures = model.unknowns.liquid_test, model.measures
        inside = sum(row * test[k] for k, row in enumerate(self.exact.inside))
        wall = sum(row * test[k] for k, row in enumerate(self.exact.wall))
        data = measures.over_layers(inside, ("liquid",), DEGREE)
        data += measures.over_facets(wall, ELECTRODE)
        return [*model.terms(), Term("exact data", Rows(-data))]

    def march(self, steps: int) -> None:
        """To the end, by steps of equal length."""

        def drive(time: float) -> Drive:
            self.time.value = time
            return Drive.by_potential(METAL)

        problem = self.problem
        stepper = Stepper(
            problem, lambda: {CURRENT: np.array([problem.terminal_current])},
            Tolerances(problem, 1e-3),
        )  # fmt: skip
        stepper.switch(drive, DURATION / steps, 1)
        for _ in range(steps):
            trial = stepper.attempt(DURATION / steps)
            assert trial.solved, trial.reason
            stepper.accept(trial)

    @property
    def surface(self) -> np.ndarray:
        """Height at the nodes [m]."""
        assert self.problem.front is not None
        return self.problem.front.rises["working"]

    def errors(self) -> np.ndarray:
        """Of both unknowns in L2, of the height over the plane at most, over their sizes."""
        problem = self.problem
        found = []
        for field, exact in zip(problem.liquid_field, self.exact.fields, strict=True):
            squares = [
                problem.integrate(problem.measures.over_layers(each**2, ("liquid",), DEGREE))
                for each in (field - exact, exact)
            ]
            found.append(np.sqrt(squares[0] / squares[1]))
        assert problem.front is not None
        x = problem.front.faces["working"].position[:, 0]
        height = RISE * (0.6 + 0.4 * np.cos(np.pi * x / LENGTH)) * (1 - np.cos(1.3))
        return np.array([*found, np.abs(self.surface - height).max() / RISE])


def test_second_order_in_cells_and_steps_together() -> None:
    errors = []
    for n in (8, 16, 32):
        moving = Moving(n)
        moving.march(n)
        errors.append(moving.errors())
    orders = np.log2(np.array(errors[:-1]) / np.array(errors[1:]))
    assert np.all(np.abs(orders - 2.0) < 0.06), orders


def test_second_order_in_time() -> None:
    """On one mesh: what is left of a halved step is a quarter."""
    found = []
    for steps in (8, 16, 32):
        moving = Moving(8)
        moving.march(steps)
        stored = moving.problem.storage
        assert stored is not None
        found.append((moving.surface.copy(), stored.amounts().liquid))
    for values in zip(*found, strict=True):
        changes = [np.abs(b - a).max() for a, b in pairwise(values)]
        assert np.log2(changes[0] / changes[1]) == pytest.approx(2.0, abs=0.03)
