"""A front's mesh made anew while time goes on, earlier than in a run."""

from __future__ import annotations

import tomllib
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest

from zinterphase.case import Case
from zinterphase.errors import CaseError, MeshError, SolveError
from zinterphase.geometry.raw import RawMesh
from zinterphase.march import remeshing
from zinterphase.mesh.spacing import distances, refined
from zinterphase.observe.relief import Relief
from zinterphase.output.march_state import MarchState, load_march, load_mesh, save_march
from zinterphase.solve import columns_anew

from .marching import March
from .test_front_growth import LENGTH, Wave, front_of
from .test_sliding_nodes import rough, roughness

EARLY = 1.1
REMESHED = '{remesh = true, surface_energy = "0.9 J/m^2"}'
STAYS = REMESHED.replace("true", "false")


@pytest.fixture
def early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remeshing, "STRETCH", EARLY)


def growing(front: str, time: str) -> str:
    """A wave that the potential of the liquid makes many times higher and steeper."""
    return Wave(
        front, amplitude=1e-6, exchange=2e5, steps=(f"plate at 1000 A/m^2 for {time}",),
        mesh='lateral_size = "1 um"\nfirst_cell = "1 um"\nfar_size = "20 um"',
    ).text  # fmt: skip


def saved(march: March, path: Path) -> Path:
    stepper = march.stepper
    state = MarchState(
        stepper.points, march.driver.progress, {}, stepper.memory(), footing=stepper.footing(),
        mesh=march.mesh, origins=march.probe.origins(),
    )  # fmt: skip
    save_march(march.problem, state, path)
    return path


def test_no_distance_is_larger_than_it_was_at_first() -> None:
    x = np.concatenate([np.linspace(0.0, 0.3, 20), np.linspace(0.35, 1.0, 10)])
    first = distances(x, np.zeros_like(x))
    height = 0.5 * np.cos(np.pi * x)
    there, share = refined(x, height, first)
    middles = (there[1:] + there[:-1]) / 2
    wanted = np.interp(middles, (x[1:] + x[:-1]) / 2, first)
    on_it = distances(there, np.interp(there, x, height))
    # Where the first distances change from one to the other there is some of both.
    even = np.abs(middles - 0.32) > 0.1
    assert on_it[even] == pytest.approx(share * wanted[even], rel=2e-2)
    assert 0.97 < share <= 1.0
    assert refined(x, np.zeros_like(x), first)[0] == pytest.approx(x, abs=1e-15)


@pytest.mark.usefixtures("early")
@pytest.mark.parametrize("level", ["secondary", "concentrated"])
def test_a_new_mesh_conserves_metal_and_salt(level: str) -> None:
    march = March(rough(REMESHED, level=level))
    before = march.probe.amounts()
    plated, stripped = march.run()
    front = front_of(march)
    assert front.remeshes > 0
    assert front.stretch < EARLY
    assert front.missed < 1e-6
    assert (front.missed > 0.0) == (level == "concentrated")
    assert max(s.mismatch for each in (plated, stripped) for s in each.samples) < 1e-9
    assert march.probe.amounts() == pytest.approx(before, rel=1e-9)
    rows = {row.name: row for row in march.probe.balances(march.stepper.now)}
    for name in ("front working", "front counter"):
        assert rows[name].right == pytest.approx(rows[name].left, rel=1e-10)
    # The map stays where the surface was first made, with all of the metal on it.
    assert rows["deposit working"].mismatch < 1e-12
    area = march.probe.deposits["working"].area
    assert area == pytest.approx(LENGTH / 2 / len(area))
    assert march.probe.front.maps()["front"].shape == area.shape
    assert march.probe.front.first_relief().peak == pytest.approx(2e-6, rel=0.02)


@pytest.mark.usefixtures("early")
def test_nothing_jumps_where_the_mesh_is_made_anew() -> None:
    """But what meshes differ in; and the error of time goes on to be counted."""
    march = March(rough(REMESHED))
    seen: list[tuple[float, float, float]] = []

    def remesh(stepper, step):  # type: ignore[no-untyped-def]
        told = []
        for _ in range(2):
            sample = march.probe.sample(march.stepper.now)
            told.append((sample.voltage, sample.sq, sample.thickness_error))
            if len(told) == 1:
                other = march._remesh(stepper, step)
        seen.extend(told)
        return other

    march.driver._remesh = remesh
    march.run()
    before, after = seen[:2]
    assert after[0] == pytest.approx(before[0], rel=2e-3)
    assert after[1] == pytest.approx(before[1], rel=1e-4)
    assert after[2] == before[2] > 0.0


def test_ten_new_meshes_change_less_than_the_mesh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Than Richardson's estimate of its error, of second order."""
    meshes = []
    for size in (1.0, 0.5):
        march = March(rough(STAYS, size))
        march.run()
        meshes.append(march)
    asked = count(1)
    monkeypatch.setattr(remeshing, "wear", lambda problem: float(2 * (next(asked) % 2 == 0)))
    march = March(rough(REMESHED))
    march.run()
    assert front_of(march).remeshes >= 10
    for number in (roughness, voltage):
        coarse, fine = map(number, meshes)
        assert abs(number(march) - coarse) < 4 * abs(fine - coarse) / 3, number
    # Of maps on the first facets: what is handed on to them is averaged over parts of others.
    assert unevenness(march) == pytest.approx(unevenness(meshes[0]), rel=0.04)


def voltage(march: March) -> float:
    return march.driver.progress.last.voltage


def unevenness(march: March) -> float:
    """Coefficient of variation of the deposit's thickness."""
    return march.driver.progress.last.thickness_cv


def test_a_run_goes_on_where_a_mesh_that_stays_cannot_follow() -> None:
    march = March(growing(STAYS, "300 s"))
    with pytest.raises(SolveError, match="the mesh between the surfaces cannot follow"):
        march.run()
    end = march.driver.progress.last.time
    march = March(growing(REMESHED, f"{1.04 * end!r} s"))
    cells = march.problem.domain.cell_count
    (plated,) = march.run()
    assert plated.why == "time"
    assert front_of(march).remeshes > 1
    assert march.problem.domain.cell_count > cells
    assert plated.last.mismatch < 1e-9


@pytest.mark.usefixtures("early")
def test_a_march_with_a_new_mesh_is_saved_and_goes_on(tmp_path: Path) -> None:
    march = March(rough(REMESHED))
    march.run()
    path = saved(march, tmp_path / "march.npz")
    is_remade, mesh = load_mesh(march.problem.domain.comm, path)
    assert is_remade
    other = March(rough(REMESHED), mesh=mesh)
    state = load_march(other.problem, path)
    other.stepper.resume(state.points, state.reached, state.footing)
    other.probe.recall(state.origins)
    assert front_of(other).remeshes == front_of(march).remeshes > 0
    assert front_of(other).stretch == pytest.approx(front_of(march).stretch, rel=1e-12)
    assert [r.first for r in front_of(other).rooms] == [r.first for r in front_of(march).rooms]
    for each in (march, other):
        each.stepper.go_on(march.stepper.drive, 2)
        each.stepper.accept(each.stepper.attempt(60.0))
    rises = (front_of(each).rises["working"] for each in (march, other))
    assert np.abs(np.subtract(*rises)).max() < 1e-18
    assert roughness(other) == pytest.approx(roughness(march), rel=1e-12)
    one, two = ([b.right for b in m.probe.balances(m.stepper.now)] for m in (march, other))
    assert two == pytest.approx(one, rel=1e-12, abs=1e-12)


@pytest.mark.usefixtures("early")
def test_the_mesh_stays_where_none_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """And that is not tried at every step."""
    tried = []

    def fails(*_: object) -> NoReturn:
        tried.append(True)
        raise MeshError("a cell turned over")

    monkeypatch.setattr(columns_anew, "mesh_between", fails)
    march = March(rough(REMESHED))
    plated, _ = march.run()
    front = front_of(march)
    assert front.remeshes == 0
    assert 0 < len(tried) < len(plated.samples) / 3
    footing = march.stepper.footing()
    assert footing is not None
    assert footing.worn == front.worn > 1.0
    kept = March(rough(STAYS))
    kept.run()
    assert roughness(march) == roughness(kept)


@pytest.mark.usefixtures("early")
def test_a_failure_is_forgotten_on_the_next_mesh(monkeypatch: pytest.MonkeyPatch) -> None:
    made, tried = columns_anew.mesh_between, []

    def fails_once(*of: Any) -> RawMesh:
        tried.append(True)
        if len(tried) == 1:
            raise MeshError("a cell turned over")
        return made(*of)

    monkeypatch.setattr(columns_anew, "mesh_between", fails_once)
    march = March(rough(REMESHED))
    march.run()
    assert front_of(march).remeshes > 0
    assert front_of(march).worn == 0.0


@pytest.mark.usefixtures("early")
def test_a_film_keeps_its_volume_on_a_new_mesh() -> None:
    text = Wave(
        REMESHED, 'top = "conformal"', level="concentrated", amplitude=2e-6, exchange=50.0,
        steps=("plate at 20 A/m^2 for 3 h",),
        mesh='lateral_size = "1 um"\nfirst_cell = "1 um"\nfar_size = "10 um"',
    ).text  # fmt: skip
    march = March(text)
    pores = volume(march)
    (plated,) = march.run()
    assert front_of(march).remeshes > 0
    assert volume(march) == pytest.approx(pores, rel=1e-12)
    assert max(s.mismatch for s in plated.samples) < 1e-9


def volume(march: March) -> float:
    problem = march.problem
    one = problem.measures.over_layers(1.0 + 0 * problem.media.liquid.porosity, ("titania",))
    return problem.integrate(one)


@pytest.mark.usefixtures("early")
def test_nodes_slide_on_meshes_that_are_made_anew() -> None:
    march = March(rough('{remesh = true, even_nodes = true, surface_energy = "0.9 J/m^2"}'))
    march.run()
    assert front_of(march).remeshes > 0
    assert march.driver.progress.last.mismatch < 1e-9


def test_the_mesh_of_a_cell_of_revolution_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remeshing, "STRETCH", 1.02)
    text = rough(REMESHED, level="concentrated").replace(
        "dimension = 2", 'dimension = 2\ncoordinates = "axisymmetric"'
    )
    march = March(text)
    march.run()
    front = front_of(march)
    assert front.remeshes > 0
    rows = {row.name: row for row in march.probe.balances(march.stepper.now)}
    assert rows["front working"].right == pytest.approx(rows["front working"].left, rel=1e-10)
    assert rows["ion SO42-"].mismatch < 1e-9
    relief = march.probe.front.relief()
    assert isinstance(relief, Relief)
    assert relief.radial


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        (("dimension = 2", 'dimension = 3\ndepth = "10 um"'), "geometry.dimension 2"),
        (("[mesh]\n", "[mesh]\norder = 2\n"), "mesh.order 1"),
        (("remesh = true", 'remesh = true, film = "rigid"'), "film"),
        (('level = "secondary"', 'level = "pnp"'), "double layers"),
        (("[mesh]\n", '[mesh]\nfile = "cell.msh"\n'), "mesh.file"),
    ],
)
def test_what_does_not_go_together_is_refused(change: tuple[str, str], allowed: str) -> None:
    text = Wave(REMESHED).text.replace(*change)
    with pytest.raises(CaseError, match=allowed):
        Case.from_dict(tomllib.loads(text))
