"""A front that moves freely: circles by Faraday's law, waves upon them, folds, and what ends it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from zinterphase.errors import CaseError, MeshError, SolveError
from zinterphase.march.obstacle import RESOLVED, obstacle
from zinterphase.march.stepper import CURRENT, Stepper
from zinterphase.march.tolerance import Tolerances
from zinterphase.solve.control import Drive
from zinterphase.solve.free_front import mean_of

from .free import (
    HIGH,
    INNER,
    OUTER,
    TALL,
    UM,
    WIDE,
    Free,
    case_on,
    mouth,
    mushroom,
    ring,
    ring_case,
    written,
)
from .test_front_growth import COARSE, Wave, front_of
from .test_front_growth import March as OnColumns

METAL = -2.0
"""Potential of the working electrode [RT/F] where it is imposed."""
REST = ("rest for 1 s",)


def held_at(march: Free, duration: float, steps: int) -> None:
    """March at that potential with steps of one length [s]."""
    problem = march.problem
    stepper = Stepper(
        problem, lambda: {CURRENT: np.array([problem.terminal_current])},
        Tolerances(problem, 1e-3),
    )  # fmt: skip
    stepper.switch(lambda time: Drive.by_potential(METAL), duration / steps, 1)
    for _ in range(steps):
        trial = stepper.attempt(duration / steps)
        assert trial.solved, trial.reason
        stepper.accept(trial)
    march.charge = -float(stepper.now.sums[CURRENT][0])


def speed(march: Free, current: float) -> float:
    return march.probe.deposits["working"].volume * current


def plating(march: Free, radius: float, *, ball: bool) -> float:
    """Current density [A/m2] onto a cylinder or ball of a radius [m] at METAL, the liquid at rest
    at OUTER: Ohm's law from there in closed form."""
    kinetics, voltage = march.case.kinetics["zinc"], march.problem.bulk.thermal_voltage
    i0 = march.problem.cell.working.surface.main.equilibrium.exchange_current_density
    way = radius**2 * (1 / radius - 1 / OUTER) if ball else radius * np.log(OUTER / radius)

    def left(i: float) -> float:
        eta = METAL + i * way / march.problem.bulk.conductivity / voltage
        return i + i0 * (np.exp(kinetics.alpha_a * eta) - np.exp(-kinetics.alpha_c * eta))

    return float(brentq(left, 0.0, 1e6))


def radii(march: Free) -> np.ndarray:
    return np.hypot(*march.front.line("working").T)


@pytest.mark.parametrize("coordinates", ["planar", "axisymmetric"])
def test_cylinder_and_ball_grow_by_faradays_law(tmp_path: Path, coordinates: str) -> None:
    """At a potential, so that the current follows the radius: second order in cells and steps
    together, round to the mesh's own error, and the volume that of the charge."""
    ball, duration, errors = coordinates == "axisymmetric", 60.0, []
    for cells in (8, 16, 32):
        march = Free(ring_case(ring(tmp_path / f"{cells}.msh", cells), cells, REST, coordinates))
        held_at(march, duration, cells // 2)
        exact = solve_ivp(
            lambda _, r, m=march: speed(m, plating(m, float(r[0]), ball=ball)),
            (0.0, duration), [INNER], rtol=1e-10, atol=1e-16,
        ).y[0, -1]  # fmt: skip
        assert exact > 1.1 * INNER
        errors.append(np.abs(radii(march) - exact).max() / (exact - INNER))
        swept = march.front.swept("working")
        assert swept == pytest.approx(speed(march, march.charge), rel=1e-9)
    orders = np.log2([a / b for a, b in pairwise(errors)])
    assert orders == pytest.approx(2.0, abs=0.25), errors


def wavy(file: Path, cells: int, order: int, size: float, duration: float) -> Free:
    """The mesh of a round cylinder whose nodes are moved by a wave, marched for a time [s]."""
    march = Free(ring_case(file, cells, REST, exchange=2e4))
    front = march.front
    line = front.line("working")
    wave = np.cos(order * np.arctan2(line[:, 1], line[:, 0]))
    moved = size * wave[:, None] * line / INNER
    mean = front.lines["working"].volume(moved) / front.lines["working"].area
    front.hold({**front.rises, "working": moved, mean_of("working"): np.array([mean])})
    held_at(march, duration, 2)
    return march


def test_waves_on_a_cylinder_grow_as_linear_theory_says(tmp_path: Path) -> None:
    """sigma = v' (i/kappa)(1 - T/n)/(R_ct + r T/(n kappa)), T = tanh(n ln(OUTER/r))."""
    size, duration, cells = 1e-3 * INNER, 1e-3, 64
    file = ring(tmp_path / "ring.msh", cells)
    for n in (2, 4, 8):
        one, other = (wavy(file, cells, n, sign * size, duration) for sign in (1, -1))
        angles = np.arctan2(*one.front.line("working").T[::-1])
        wave = np.cos(n * angles)
        mode = np.trapezoid((radii(one) - radii(other)) / 2 * wave, angles)
        rate = (mode / np.trapezoid(size * wave**2, angles) - 1) / duration
        problem, kinetics = one.problem, one.case.kinetics["zinc"]
        current, kappa = plating(one, INNER, ball=False), problem.bulk.conductivity
        i0 = problem.cell.working.surface.main.equilibrium.exchange_current_density
        a, c, voltage = kinetics.alpha_a, kinetics.alpha_c, problem.bulk.thermal_voltage
        eta = METAL + current * INNER * np.log(OUTER / INNER) / kappa / voltage
        resistance = voltage / (i0 * (a * np.exp(a * eta) + c * np.exp(-c * eta)))
        t = np.tanh(n * np.log(OUTER / INNER)) / n
        expected = speed(one, current / kappa) * (1 - t) / (resistance + INNER * t / kappa)
        assert rate == pytest.approx(expected, rel=0.01), n


def test_a_wave_moves_as_on_columns() -> None:
    """Before it folds; nodes that slide are the same surface, to what the mesh leaves."""
    found = []
    for cells in ("0.5 um", "0.25 um"):
        mesh = f'lateral_size = "{cells}"\nfirst_cell = "0.5 um"\nfar_size = "5 um"'
        wave = {"amplitude": 1e-6, "exchange": 500.0, "mesh": mesh,
                "steps": ("plate at 10 A/m^2 for 2 h",)}  # fmt: skip
        energy = 'surface_energy = "0.9 J/m^2"'
        free = OnColumns(Wave(f'{{motion = "free", {energy}}}', **wave).text)
        columns = OnColumns(Wave(f"{{{energy}}}", **wave).text)
        (one,), (other,) = free.run(), columns.run()
        assert one.last.thickness == pytest.approx(other.last.thickness, rel=1e-9)
        assert max(sample.mismatch for sample in one.samples) < 1e-9
        face = front_of(columns).faces["working"]
        line = front_of(free).line("working")
        heights = np.interp(line[:, 0], face.position[:, 0], front_of(columns).heights("working"))
        found.append(np.abs(line[:, 1] - heights).max())
        assert one.last.sq == pytest.approx(other.last.sq, rel=1e-3)
    assert found[1] < 0.4 * found[0]
    assert found[1] < 1e-3 * one.last.thickness


def bump(tmp_path: Path, cell: float, steps: Sequence[str], **more: object) -> Free:
    file = mushroom(tmp_path / "mushroom.msh", cell)
    return Free(case_on(file, WIDE, HIGH - TALL, steps, **more))  # type: ignore[arg-type]


def test_a_mouth_that_closes_ends_the_run(tmp_path: Path) -> None:
    """With slow kinetics the surface grows as fast everywhere, and lies parallel to what it was:
    the mouth is as much narrower as the deposit is thick on both sides."""
    march = bump(tmp_path, 0.2 * UM, ("plate at 1 mA/cm^2 for 10 h",), exchange=1e-3)
    with pytest.raises(SolveError, match=r"surface meets itself, .* um from touching") as caught:
        march.run()
    assert "\n" not in str(caught.value)
    samples = march.journal.passed[-1].samples
    first, last = samples[0], samples[-1]
    assert first.clearance == pytest.approx(2 * mouth(), rel=0.01)
    assert np.isnan(last.sq)
    arcs, areas = ([getattr(s, n) for s in samples] for n in ("arc", "thickness"))
    grown = np.sum(np.diff(areas) * first.arc / ((np.array(arcs[1:]) + arcs[:-1]) / 2))
    assert (first.clearance - last.clearance) / 2 == pytest.approx(grown, rel=0.02)
    facets = np.linalg.norm(np.diff(march.front.line("working"), axis=0), axis=1)
    assert last.clearance < RESOLVED * facets.max()
    assert max(sample.mismatch for sample in samples) < 1e-9
    assert march.front.footing is not None  # the mesh was measured anew on the way


def test_second_order_in_time_of_a_fold(tmp_path: Path) -> None:
    """On one mesh: what is left of a halved step is a quarter; the volume is always that of the
    charge."""
    file, found = mushroom(tmp_path / "mushroom.msh", 0.4 * UM), []
    for steps in (4, 8, 16):
        march = Free(case_on(file, WIDE, HIGH - TALL, REST, exchange=300.0))
        held_at(march, 8.0, steps)
        swept = march.front.swept("working")
        assert swept == pytest.approx(speed(march, march.charge), rel=1e-9)
        found.append(march.front.line("working"))
    assert np.abs(found[0] - march.front.lines["working"].made).max() > 0.1 * UM
    changes = [np.abs(b - a).max() for a, b in pairwise(found)]
    assert np.log2(changes[0] / changes[1]) == pytest.approx(2.0, abs=0.25), changes


def test_salt_is_conserved_around_a_fold(tmp_path: Path) -> None:
    steps = ("plate at 2 mA/cm^2 for 300 s", "rest for 10 s", "strip at 2 mA/cm^2 for 200 s")
    more = 'counter.type = "electrode"'
    march = bump(tmp_path, 0.4 * UM, steps, level="concentrated", exchange=30.0, more=more)
    passed = march.run()
    assert max(s.mismatch for each in passed for s in each.samples) < 1e-9
    assert len(passed) == 3


def test_a_fold_that_comes_to_the_counter_electrode(tmp_path: Path) -> None:
    march = bump(tmp_path, 0.4 * UM, ("plate at 1 mA/cm^2 for 10 s",))
    front = march.front
    tip = front.line("working")[0, 1]
    for part in 1 - 0.96 ** np.arange(0.0, 80.0, 4.0):
        assert obstacle(march.problem) == ""
        up = np.tile([0.0, part * (HIGH - tip)], (len(front.line("working")), 1))
        front.hold({**front.rises, "working": up})
        front.measure()
        assert front.gap() == pytest.approx((1 - part) * (HIGH - tip), rel=1e-9)
    assert obstacle(march.problem).startswith("the working electrode comes to the counter")


def test_surfaces_that_are_no_single_line_are_refused(tmp_path: Path) -> None:
    edges = ["base", "sides", "base", "sides", "counter", "sides"]
    corners = [(0, 0), (1, 0), (3, 0), (4, 0), (4, 3), (0, 3)]
    placed = [(x * UM, y * UM) for x, y in corners]
    file = written(tmp_path / "two.msh", placed, edges, lambda x, y: 0.5 * UM)
    with pytest.raises(MeshError, match="working electrode is no single line"):
        Free(case_on(file, 4 * UM, 3 * UM, REST))


def test_walls_that_lean_are_refused(tmp_path: Path) -> None:
    edges = ["base", "sides", "sides", "counter", "sides"]
    corners = [(0, 0), (3.5, 0), (4, 1), (4, 3), (0, 3)]
    placed = [(x * UM, y * UM) for x, y in corners]
    file = written(tmp_path / "lean.msh", placed, edges, lambda x, y: 0.5 * UM)
    with pytest.raises(MeshError, match="not on a plane along an axis"):
        Free(case_on(file, 4 * UM, 3 * UM, REST))


@pytest.mark.parametrize(
    ("wave", "field"),
    [
        (Wave('{motion = "free"}', 'top = "conformal"'), "electrolyte upon the metal"),
        (Wave('{motion = "free"}', mesh="order = 2\n" + COARSE), "mesh.order 1"),
        (Wave('{motion = "free", even_nodes = true}'), "even_nodes false"),
        (Wave('{motion = "loose"}'), "front.motion"),
    ],
)
def test_what_cannot_move_freely_is_refused(wave: Wave, field: str) -> None:
    with pytest.raises(CaseError, match=field):
        OnColumns(wave.text)


def test_patches_are_refused() -> None:
    """Nodes slide along the surface, and would take them along."""
    patches = 'patches = {fraction = 0.2, factor = 3.0, correlation_length = "1 um"}'
    text = Wave('{motion = "free"}').text
    assert text.count("exchange_current_density") == 1
    text = text.replace("exchange_current_density", f"{patches}\nexchange_current_density")
    with pytest.raises(CaseError, match="the same all along the surface"):
        OnColumns(text)
