"""A front whose relief grows, against linear theory; volumes, reversibility and obstacles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

from zinterphase.errors import CaseError, MeshError, SolveError
from zinterphase.march.obstacle import obstacle

from .marching import March

LENGTH, CURRENT = 20e-6, 10.0
"""Of the wave [m]; magnitude of the current that plates [A/m2]."""
GAP, FILM = 60e-6, 1e-6
K = 2 * np.pi / LENGTH


@dataclass(frozen=True)
class Wave:
    """Zinc with a sinusoidal surface against even zinc; ``film`` are a layer's further keys."""

    front: str = "{}"
    film: str = ""
    amplitude: float = 5e-9
    exchange: float = 500.0
    steps: tuple[str, ...] = ("plate at 10 A/m^2 for 10 s",)
    level: str = "secondary"
    geometry: str = f'dimension = 2\nwidth = "{LENGTH / 2!r} m"'
    mesh: str = 'lateral_size = "0.25 um"\nfirst_cell = "0.3 um"\nfar_size = "3 um"'
    more: str = ""
    wavelength: float = field(default=LENGTH)

    @property
    def text(self) -> str:
        film = ""
        if self.film:
            film = f"""
[[layers]]
name = "titania"
material = "TiO2"
thickness = "{FILM!r} m"
porosity = 0.4
tortuosity_factor = 40.0
constrictivity = 1.0
{self.film}
"""
        steps = ", ".join(f'"{step}"' for step in self.steps)
        return f"""
level = "{self.level}"
accept_invalid = true
counter.type = "electrode"
front = {self.front}
{self.more}
[geometry]
{self.geometry}
surface = {{shape = "sinusoidal", amplitude = "{self.amplitude!r} m", wavelength = "{self.wavelength!r} m"}}
[mesh]
{self.mesh}
[[layers]]
name = "zinc"
material = "Zn"
thickness = "50 um"
{film}
[[layers]]
name = "liquid"
material = "electrolyte"
thickness = "{GAP!r} m"
[electrolyte]
salt = "ZnSO4"
concentration = "2 mol/L"
[kinetics.zinc]
contact_fraction = 1.0
exchange_current_density = "{self.exchange!r} A/m^2"
[[protocol]]
steps = [{steps}]
"""  # noqa: E501


def first_harmonic(march: March, height: np.ndarray) -> float:
    face = front_of(march).faces["working"]
    wave = np.cos(K * face.position[:, 0])
    weighted = face.mass() @ wave
    return float(weighted @ height / (weighted @ wave))


def front_of(march: March):  # type: ignore[no-untyped-def]
    front = march.problem.front
    assert front is not None
    return front


def rates(march: March, surface_energy: float, film: str) -> tuple[float, float]:
    """Growth of the first harmonic [1/s] in the run and by model.md (20), at level `secondary`."""
    front = front_of(march)
    before = front.faces["working"].height
    after = before + front.rises["working"]
    time = march.stepper.now.time
    grown = np.log(first_harmonic(march, after) / first_harmonic(march, before)) / time
    return float(grown), theory(march, surface_energy, film)


def theory(march: March, surface_energy: float, film: str) -> float:
    """Re-derived: i1 = kappa k (...) with Phi = A sinh + B cosh in film and liquid."""
    problem = march.problem
    kinetics, voltage = march.case.kinetics["zinc"], problem.bulk.thermal_voltage
    i0 = problem.cell.working.surface.main.equilibrium.exchange_current_density
    a, c = kinetics.alpha_a, kinetics.alpha_c
    eta = brentq(lambda x: i0 * (np.exp(a * x) - np.exp(-c * x)) + CURRENT, -50, 0)
    resistance = voltage / (i0 * (a * np.exp(a * eta) + c * np.exp(-c * eta)))
    per_charge = march.probe.deposits["working"].volume
    gamma, kappa = surface_energy * per_charge, problem.bulk.conductivity
    if not film:
        drive = CURRENT / kappa - gamma * K**2
        return float(per_charge * drive / (np.tanh(K * GAP) / (kappa * K) + resistance))
    inner = kappa * 0.4 / 40.0
    ratio, s, t = kappa / inner, np.sinh(K * FILM), np.cosh(K * FILM)
    rides = "flat" not in film
    above = CURRENT * (ratio - 1) * rides
    drive = (CURRENT - inner * gamma * K**2) * (s + ratio * t) - above
    resisted = t + ratio * s + resistance * inner * K * (s + ratio * t)
    return float(per_charge * K * drive / resisted / (1.0 if rides else 0.4))


FLAT = 'top = "flat"'
COARSE = 'lateral_size = "1.25 um"\nfirst_cell = "2 um"\nfar_size = "10 um"'
LIMITED = "limits.gap = '40 um'"
CASES = {
    "bare": ("conformal", 0.0, "", ""),
    "with surface energy": ("conformal", 0.9, "", ""),
    "conformal film": ("conformal", 0.0, 'top = "conformal"', ""),
    "conformal film with surface energy": ("conformal", 0.9, 'top = "conformal"', ""),
    "rigid film": ("rigid", 0.0, FLAT, ""),
    "bare, curved cells": ("conformal", 0.9, "", "order = 2\n"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_wave_grows_as_linear_theory_says(name: str) -> None:
    film_mode, energy, film, order = CASES[name]
    front = f'{{film = "{film_mode}", surface_energy = "{energy!r} J/m^2"}}'
    steps = ("plate at 10 A/m^2 for 1 s",)
    march = March(Wave(front, film, mesh=order + Wave.mesh, steps=steps).text)
    march.run()
    found, expected = rates(march, energy, film)
    assert found == pytest.approx(expected, rel=5e-6 if order else 1.5e-3)


BELOW = 2e-6
"""Electrolyte below a film that is lifted [m]."""


def lifted(change: tuple[str, str] = ("", ""), **wave: Any) -> March:
    text = Wave('{film = "lifted"}', FLAT, **wave).text
    gap = (
        f'[[layers]]\nname = "below"\nmaterial = "electrolyte"\nthickness = "{BELOW!r} m"\n{FLAT}\n'
    )
    text = text.replace('[[layers]]\nname = "titania"', f'{gap}[[layers]]\nname = "titania"')
    return March(text.replace(*change, 1))


def test_a_wave_below_a_film_that_is_lifted() -> None:
    """Planes above it: impedances in series, the liquid's, the film's and that of the gap."""
    march = lifted(steps=("plate at 10 A/m^2 for 1 s",))
    march.run()
    found, _ = rates(march, 0.0, "")
    kappa = march.problem.bulk.conductivity
    impedance = 0.0
    for thickness, own in ((GAP, kappa), (FILM, kappa * 0.4 / 40.0), (BELOW, kappa)):
        slope, share = np.tanh(K * thickness), own * K
        impedance = (slope / share + impedance) / (1 + impedance * share * slope)
    per_charge = march.probe.deposits["working"].volume
    bare = theory(march, 0.0, "")
    resistance = per_charge * CURRENT / kappa / bare - np.tanh(K * GAP) / (kappa * K)
    expected = per_charge * CURRENT / kappa / (impedance + resistance)
    assert found == pytest.approx(expected, rel=1.5e-3)
    assert abs(expected / bare - 1) > 0.01


def test_a_film_that_is_lifted_keeps_its_shape_and_may_be_met() -> None:
    march = lifted(amplitude=1e-6, steps=("plate at 10 A/m^2 for 60 s",), mesh=COARSE)
    geometry, front = march.problem.domain.mesh.geometry, front_of(march)
    faces = [np.flatnonzero(np.isclose(geometry.x[:, 1], y)) for y in (BELOW, BELOW + FILM)]
    before = [geometry.x[face, 1].copy() for face in faces]
    march.run()
    face, rise = front.faces["working"], front.rises["working"]
    mean = float((face.mass() @ rise).sum()) / (LENGTH / 2)
    assert mean == pytest.approx(march.driver.progress.last.thickness, rel=1e-9)
    for nodes, at_first in zip(faces, before, strict=True):
        assert len(nodes) > 3
        assert geometry.x[nodes, 1] - at_first == pytest.approx(mean, rel=1e-6)
    assert obstacle(march.problem) == ""
    higher = rise + 0.98e-6 * np.cos(K * face.position[:, 0])
    front.hold({"working": higher, "counter": front.rises["counter"]})
    assert obstacle(march.problem).startswith("the deposit comes to the film that it has lifted")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('name = "below"\nmaterial = "electrolyte"', 'name = "below"\nmaterial = "TiO2"'), "film"),
        (('top = "flat"', 'top = "conformal"'), "layers.below.top"),
    ],
)
def test_what_cannot_be_lifted_is_refused(change: tuple[str, str], message: str) -> None:
    with pytest.raises(CaseError, match=message):
        lifted(change=change)


def test_volumes_are_those_of_the_charge_at_every_step() -> None:
    steps = ("plate at 10 A/m^2 for 3600 s",)
    march = March(Wave(amplitude=1e-6, steps=steps, mesh=COARSE).text)
    (plated,) = march.run()
    assert max(sample.mismatch for sample in plated.samples) < 1e-10
    rows = {row.name: row for row in march.probe.balances(march.stepper.now)}
    grown = rows["front working"]
    assert grown.right == pytest.approx(grown.left, rel=1e-10)
    assert grown.left == pytest.approx(3600 * CURRENT * LENGTH / 2, rel=1e-9)
    assert plated.last.gap < GAP


def test_what_is_plated_and_stripped_leaves_the_mean_as_it_was() -> None:
    """And a relief that the asymmetric law has changed: it grows in one half and shrinks in the
    other."""
    steps = ("plate at 10 A/m^2 for 360 s", "strip at 10 A/m^2 for 360 s")
    march = March(Wave('{surface_energy = "0.9 J/m^2"}', steps=steps).text)
    plated, stripped = march.run()
    rise = front_of(march).rises["working"]
    mean = float(np.sum(front_of(march).faces["working"].mass() @ rise)) / (LENGTH / 2)
    assert abs(mean) < 1e-9 * plated.last.thickness
    assert stripped.last.sq < plated.last.sq


def test_rough_zinc_at_concentrated_solution_conserves_salt() -> None:
    wave = Wave(level="concentrated", amplitude=1e-6, exchange=50.0,
                steps=("plate at 100 A/m^2 for 60 s", "rest for 60 s"))  # fmt: skip
    march = March(wave.text)
    passed = march.run()
    assert max(s.mismatch for each in passed for s in each.samples) < 1e-9


def test_volumes_are_right_from_the_first_microsecond() -> None:
    """In which a double layer is charged, and surfaces move by less than places are rounded to."""
    text = Wave(amplitude=1e-6, exchange=50.0, mesh=COARSE).text
    layer = 'contact_fraction = 1.0\ndouble_layer_capacitance = "0.3 F/m^2"'
    march = March(text.replace("contact_fraction = 1.0", layer))
    (plated,) = march.run()
    assert plated.samples[1].time < 1e-5
    assert max(sample.mismatch for sample in plated.samples) < 1e-9


def test_a_front_that_comes_too_near_ends_the_run() -> None:
    """At the limit of the case, or at what it meets."""
    steps = ("plate at 1000 A/m^2 for 20 h",)
    text = Wave(amplitude=1e-7, steps=steps, more=LIMITED, mesh=COARSE).text
    text = text.replace('counter.type = "electrode"', "")
    with pytest.raises(SolveError, match=r"limits.gap: .* allowed 4e-05 to inf m"):
        March(text).run()
    march = March(text.replace(LIMITED, ""))
    with pytest.raises(SolveError, match=r"comes to the counter electrode, .* um from touching"):
        march.run()
    assert 0.0 < march.driver.progress.last.gap < 0.05 * GAP


def test_cells_that_would_turn_over_are_refused_and_stay() -> None:
    march = March(Wave(mesh=COARSE).text)
    front = front_of(march)
    before = march.problem.domain.mesh.geometry.x.copy()
    too_high = {name: np.full_like(rise, 1.1 * GAP) for name, rise in front.rises.items()}
    with pytest.raises(MeshError, match="front: the mesh between the surfaces cannot follow"):
        front.hold(too_high)
    assert np.array_equal(march.problem.domain.mesh.geometry.x, before)


def test_a_deposit_fills_the_pores_of_a_rigid_film() -> None:
    wave = Wave('{film = "rigid"}', FLAT, amplitude=1e-8, steps=("plate at 10 A/m^2 for 2 h",))
    march = March(wave.text)
    with pytest.raises(SolveError, match="grown through the pores that it fills"):
        march.run()
    filled = 0.4 * FILM / (march.probe.deposits["working"].volume * CURRENT)
    assert march.driver.progress.last.time == pytest.approx(filled, rel=0.05)


def test_zinc_runs_out() -> None:
    wave = Wave(amplitude=1e-8, steps=("strip at 1000 A/m^2 for 2 h",), mesh=COARSE)
    march = March(wave.text.replace('thickness = "50 um"', 'thickness = "1 um"'))
    with pytest.raises(SolveError, match="working electrode's zinc is used up"):
        march.run()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("front = {}", 'front = {film = "rigid"}'), "front.film"),
        (("front = {}", 'front = {surface_energy = "-1 J/m^2"}'), "front.surface_energy"),
        (("front = {}", 'front = {film = "loose"}'), "front.film"),
    ],
)
def test_nonsense_is_refused(change: tuple[str, str], message: str) -> None:
    with pytest.raises(CaseError, match=message):
        March(Wave().text.replace(*change))


@pytest.mark.parametrize(
    "change", [("front = {}", "limits.gap = '10 um'"), ("for 10 s", "until gap <= 10 um")]
)
def test_a_gap_belongs_to_a_front(change: tuple[str, str]) -> None:
    text = Wave(level="concentrated").text.replace(*change).replace("front = {}", "")
    with pytest.raises(CaseError, match=r"gap.*only with a front that moves"):
        March(text)
