"""Zinc hydroxide sulfate at a wall that evolves hydrogen, against independent finite volumes."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from mpi4py import MPI
from scipy.integrate import solve_ivp

from zinterphase.case import Case
from zinterphase.march.stepper import CURRENT as TERMINAL
from zinterphase.march.stepper import Stepper
from zinterphase.march.tolerance import Tolerances
from zinterphase.materials.electrolyte import activity, ln_water_activity
from zinterphase.observe.solids import SolidCourse
from zinterphase.run import mesh_case
from zinterphase.scales import FARADAY
from zinterphase.solve.control import Drive
from zinterphase.solve.model import Model
from zinterphase.solve.problem import Problem
from zinterphase.solve.terms import Rows, Term
from zinterphase.solve.unknowns import constant

from .marching import March, Passed, order_amid_solids, symmetric
from .test_saved_march import saved

Array = npt.NDArray[np.float64]
GAP, CELLS = 50e-6, 50
ZINC, SULFATE, PROTON, HYDROXIDE, BISULFATE = 0.71e-9, 1.07e-9, 9.31e-9, 5.27e-9, 1.33e-9
TOTAL, ACIDITY = 100.0, 4.0
LOG_WATER, LOG_BISULFATE, LOG_SOLID = -14.0, 1.99, -28.4
RATE, HYDROGEN, CURRENT, SECONDS = 1e-5, 7.0, 3.0, 4.0
H = 10.0 ** (3 - ACIDITY)
GONE = 1e-4
"""Time [s] in which the last of a solid dissolves in the independent computation."""


def cell(extra: str = "") -> str:
    """Zinc before a reservoir of acid zinc sulfate, and what plates nothing."""
    bisulfate, hydroxide = 10.0 ** (LOG_BISULFATE - 3), 10.0 ** (LOG_WATER + 6)
    sulfate = TOTAL / (1 + bisulfate * H)
    zinc = (2 * sulfate + bisulfate * H * sulfate + hydroxide / H - H) / 2
    ions = (("Zn2+", 2, ZINC, zinc), ("SO42-", -2, SULFATE, sulfate), ("H+", 1, PROTON, H))
    species = ", ".join(
        f'{{name = "{n}", charge = {z}, diffusivity = "{d} m^2/s", '
        f'concentration = "{c!r} mol/m^3"}}'
        for n, z, d, c in ions
    )
    return f"""
level = "electroneutral"
accept_invalid = true
geometry.dimension = 1
mesh.first_cell = "{GAP / CELLS!r} m"
mesh.far_size = "{GAP / CELLS!r} m"
counter.type = "reservoir"
[[layers]]
name = "zinc"
material = "Zn"
thickness = "50 um"
[[layers]]
name = "liquid"
material = "electrolyte"
thickness = "{GAP!r} m"
[electrolyte]
permittivity = 78.4
species = [{species}]
[[electrolyte.complexes]]
name = "OH-"
charge = -1
diffusivity = "{HYDROXIDE} m^2/s"
composition = {{"H+" = -1}}
log_K = {LOG_WATER}
[[electrolyte.complexes]]
name = "HSO4-"
charge = -1
diffusivity = "{BISULFATE} m^2/s"
composition = {{"H+" = 1, "SO42-" = 1}}
log_K = {LOG_BISULFATE}
[electrolyte.precipitates.zinc_hydroxide_sulfate]
equation = "4 Zn2+ + SO42- + 6 H2O -> Zn4SO4(OH)6(s) + 6 H+"
log_K = {LOG_SOLID}
rate_constant = "{RATE} mol/m^2/s"
[kinetics.zinc]
contact_fraction = 1.0
[[protocol]]
steps = ["rest for 1 s"]
"""


def hydrogen(time: float) -> float:
    """What takes acid from the wall [A/m2]; begins and ends smoothly, largest at SECONDS."""
    share = np.sin(0.5 * np.pi * time / SECONDS) ** 2 if time < 2 * SECONDS else 0.0
    return float(HYDROGEN * share)


class Drawn:
    """The wall of zinc, plated at an even current, from which hydrogen takes protons."""

    def __init__(self) -> None:
        self.case = Case.from_dict(tomllib.loads(cell()))
        self.problem = Problem(
            self.case, mesh_case(self.case, MPI.COMM_SELF).domain, self.equations
        )
        self.problem.solve()
        self.begin = (self.problem.state(), self.problem.storage.amounts())
        self.course = SolidCourse(self.problem)

    def equations(self, model: Model) -> list[Term]:
        self.taken = constant(model.domain.mesh, 0.0)
        rows = model.level.source({"H+": -self.taken}, model.unknowns.liquid_test)
        return [
            *model.terms(),
            Term("hydrogen", Rows(model.measures.over_facets(rows, "electrode"))),
        ]

    def marched(self, count: int, end: float = SECONDS) -> list[dict[str, float]]:
        """After each of equal steps."""
        problem = self.problem
        self.taken.value[...] = 0.0
        problem.stand(*self.begin)
        rates = lambda: {TERMINAL: np.array([problem.terminal_current])}  # noqa: E731
        stepper = Stepper(problem, rates, Tolerances(problem, 1e-3))
        stepper.switch(self.drive, end / count, 1)
        found = []
        for _ in range(count):
            trial = stepper.attempt(end / count)
            assert trial.solved, trial.reason
            stepper.accept(trial)
            found.append(self.course.now())
        return found

    def drive(self, time: float) -> Drive:
        self.taken.value[...] = hydrogen(time)
        return Drive.by_current(-CURRENT * self.problem.projected_area)


@dataclass(frozen=True)
class Line:
    """Vertex-centred finite volumes: totals of sulfate and acid at nodes, the reservoir left out.

    The electric field follows from the current, zinc from neutrality of the totals.
    """

    x: Array
    charges: Array
    mobile: Array

    @classmethod
    def graded(cls, count: int) -> Line:
        steps = np.geomspace(1.0, 40.0, count)
        x = np.concatenate([[0.0], np.cumsum(steps)])
        charges = np.array([2.0, -2.0, 1.0, -1.0, -1.0])
        mobile = np.array([ZINC, SULFATE, PROTON, HYDROXIDE, BISULFATE])
        return cls(x / x[-1] * GAP, charges, mobile)

    def species(self, sulfur: Array, acid: Array) -> Array:
        """Zn2+, SO42-, H+, OH-, HSO4- from totals; ln h by Newton's method."""
        water, bound = 10.0 ** (LOG_WATER + 6), 10.0 ** (LOG_BISULFATE - 3)
        ln_h = np.arcsinh(acid / (1 + bound * sulfur) / (2 * np.sqrt(water))) + np.log(water) / 2
        for _ in range(60):
            h = np.exp(ln_h)
            excess = h - water / h + bound * h * sulfur / (1 + bound * h) - acid
            slope = h + water / h + bound * h * sulfur / (1 + bound * h) ** 2
            ln_h -= np.clip(excess / slope, -1.0, 1.0)
        h = np.exp(ln_h)
        sulfate = sulfur / (1 + bound * h)
        return np.array([sulfur - acid / 2, sulfate, h, water / h, bound * h * sulfate])

    def rates(self, time: float, state: Array) -> Array:
        sulfur, acid = (np.append(part, far) for part, far in zip(
            np.split(state[:-1], 2), self.bulk(), strict=True))  # fmt: skip
        c = self.species(sulfur, acid)
        width = np.diff(self.x)
        mean, slope = (c[:, 1:] + c[:, :-1]) / 2, np.diff(c) / width
        z, d = self.charges[:, None], self.mobile[:, None]
        drawn = hydrogen(time)
        field = -(-(CURRENT + drawn) / FARADAY + (z * d * slope).sum(0)) / (z**2 * d * mean).sum(0)
        flux = -d * (slope + z * mean * field)
        through = np.array([flux[1] + flux[4], flux[2] - flux[3] + flux[4]])
        formed = self.formed(c[:, 0], float(state[-1]))
        made = np.array([-formed, -drawn / FARADAY + 6 * formed])
        entering = np.column_stack([made, through])
        size = np.concatenate([[width[0] / 2], (width[1:] + width[:-1]) / 2])
        return np.append((-np.diff(entering) / size).ravel(), formed)

    @staticmethod
    def formed(c: Array, amount: float) -> float:
        omega = (c[0] / 1e3) ** 4 * (c[1] / 1e3) / (c[2] / 1e3) ** 6 * 10.0**LOG_SOLID
        rate = RATE * (omega ** (1 / 6) - 1)
        return float(max(rate, -amount / GONE))

    @staticmethod
    def bulk() -> tuple[float, float]:
        bound, water = 10.0 ** (LOG_BISULFATE - 3), 10.0 ** (LOG_WATER + 6)
        return TOTAL, H - water / H + bound * H * TOTAL / (1 + bound * H)

    def course(self, times: Array) -> tuple[Array, Array]:
        """pH at the wall and amount of the solid."""
        start = np.append(np.repeat(self.bulk(), len(self.x) - 1), 0.0)
        found = solve_ivp(
            self.rates, (0.0, times[-1]), start, "BDF", times, rtol=1e-7,
            atol=np.append(np.full(len(start) - 1, 1e-8), 1e-14),
        )  # fmt: skip
        assert found.success, found.message
        count = len(self.x) - 1
        wall = self.species(found.y[0], found.y[count])
        return 3 - np.log10(wall[2]), np.asarray(found.y[-1])


@cache
def drawn() -> Drawn:
    return Drawn()


def test_wall_acidity_onset_and_amount_follow_the_independent_computation() -> None:
    """The solid begins where it saturates, pH 5.57 here, and holds the pH near it."""
    count, end = 128, SECONDS
    samples = drawn().marched(count)
    times = end / count * np.arange(1, count + 1)
    acidity, amount = Line.graded(30).course(times)
    assert [s["wall_pH"] for s in samples] == pytest.approx(list(acidity), abs=0.01)
    found = np.array([s["precipitated"] for s in samples])
    assert np.abs(found - amount).max() < 5e-3 * amount.max()
    begun, expected = (int(np.argmax(m > 1e-10)) for m in (found, amount))
    assert abs(begun - expected) <= 1


def test_second_order_in_time() -> None:
    """Of either sign, by where within a step the solid begins: n^2 times the error is bounded,
    which by a first-order error would grow tenfold."""
    fine = drawn().marched(768)[-1]["precipitated"]
    for count in (24, 64, 256):
        error = drawn().marched(count)[-1]["precipitated"] / fine - 1
        assert abs(error) * count**2 < 0.4, count


def test_no_more_dissolves_than_there_is() -> None:
    """Then acid comes back to what it was."""
    samples = drawn().marched(120, 3 * SECONDS)
    found = [s["precipitated"] for s in samples]
    assert max(found) > 1e-5
    assert min(found) >= 0.0
    assert found[-1] == 0.0
    assert samples[-1]["wall_pH"] == pytest.approx(ACIDITY, abs=2e-3)


CLOSED = symmetric(
    "concentrated",
    100e-6,
    ["plate at 2 mA/cm^2 for 20 s", "rest for 10 s"],
    cells=40,
    electrolyte='salt = "ZnSO4"\npH = 5.4',
    medium='material = "separator"\nspecific_area = "1e6 1/m"',
    more='reference = "Zn"',
    kinetics=f"""
[kinetics.zinc.reactions.hydrogen]
equation = "2 H+ + 2 e- -> H2(g)"
formal_potential = "0 V"
reference_concentration = "{10.0**-2.4!r} mol/m^3"
exchange_current_density = "2 A/m^2"
alpha_a = 1.0
alpha_c = 1.0
[electrolyte.precipitates.zinc_hydroxide_sulfate]
rate_constant = "1e-4 mol/m^2/s"
blocking_thickness = "10 nm"
""",
)


@cache
def closed() -> list[Passed]:
    return March(CLOSED).run()


def test_a_closed_cell_keeps_every_element_and_caps_the_acidity() -> None:
    """Sulfate, whose amount no boundary fixes, and acid, in liquid and solid together."""
    plating, resting = closed()
    samples = [*plating.samples, *resting.samples]
    assert max(sample.mismatch for sample in samples) < 1e-10
    assert resting.last.precipitated > 0.0
    assert resting.last.bound == pytest.approx(8 * FARADAY * resting.last.precipitated, rel=1e-12)
    product = 5 * np.log10(activity(2000.0)) + 6 * ln_water_activity(2000.0) / np.log(10)
    assert resting.last.wall_pH == pytest.approx((28.4 - product) / 6, abs=0.005)
    assert max(sample.wall_pH for sample in plating.samples) < 5.85


def test_solids_close_pores_and_cover_the_metal() -> None:
    plating, _ = closed()
    assert [s.blocked for s in plating.samples] == sorted(s.blocked for s in plating.samples)
    assert 0.9 < plating.last.blocked < 1.0
    assert plating.last.voltage < 2 * plating.samples[5].voltage < 0.0
    assert 0.99 < plating.last.open_pores < 0.999


def test_steps_of_time_do_not_collapse_where_solids_begin() -> None:
    assert sum(len(passed.samples) for passed in closed()) < 500


def test_the_derivative_by_the_unknowns_is_exact_where_solids_dissolve() -> None:
    """Rate, covered area and closed pores at the end of a step."""
    assert order_amid_solids(March(CLOSED).problem) == pytest.approx(2.0, abs=0.1)


def test_solids_come_back_from_a_file(tmp_path: Path) -> None:
    march = March(CLOSED)
    march.run()
    points = saved(march, tmp_path / "march.npz").points
    for found, was in zip(points, march.stepper.points, strict=True):
        assert was.stored.surfaces["working.zinc.zinc_hydroxide_sulfate"].max() > 0.0
        for name, values in was.stored.surfaces.items():
            assert np.array_equal(found.stored.surfaces[name], values)
