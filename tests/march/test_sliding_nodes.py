"""Nodes of a front that slide along it while its parts stretch unevenly, earlier than in a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest

from zinterphase.errors import CaseError, MeshError
from zinterphase.march import spacing
from zinterphase.mesh.spacing import distances, evened, footprints, interpolated, projected
from zinterphase.output.march_state import MarchState, load_march, save_march
from zinterphase.solve import sliding

from .marching import March
from .test_front_growth import LENGTH, Wave, front_of

ALLOWED = 1.1
SLIDING = '{even_nodes = true, surface_energy = "0.9 J/m^2"}'


@pytest.fixture(autouse=True)
def early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spacing, "ALLOWED", ALLOWED)


def rough(front: str = SLIDING, size: float = 1.0, level: str = "secondary") -> str:
    """A wave whose hills grow broad."""
    return Wave(
        front, level=level, amplitude=2e-6, exchange=50.0, more="time.rtol = 1e-5",
        steps=("plate at 20 A/m^2 for 2 h", "strip at 20 A/m^2 for 5 min"),
        mesh=f'lateral_size = "{size} um"\nfirst_cell = "1 um"\nfar_size = "10 um"',
    ).text  # fmt: skip


def roughness(march: March) -> float:
    return march.probe.front.relief().root_mean_square


@pytest.mark.parametrize("radial", [False, True])
def test_a_function_on_other_nodes_keeps_its_integral(radial: bool) -> None:
    x, there = np.linspace(0.0, 2.0, 12), np.linspace(0.0, 2.0**0.5, 9) ** 2
    values = np.cos(3 * x)
    around = (lambda at: at) if radial else np.ones_like
    fine = np.linspace(0.0, 2.0, 200_001)
    before, after = (
        np.trapezoid(np.interp(fine, at, v) * around(fine), fine)
        for at, v in ((x, values), (there, projected(x, values, there, radial=radial)))
    )
    assert after == pytest.approx(before, rel=1e-8)
    straight = projected(x, 3.0 - x, there, radial=radial)
    assert straight == pytest.approx(3.0 - there, rel=1e-12)


def test_nodes_of_a_surface_are_evened_out() -> None:
    x = np.linspace(0.0, 1.0, 20)
    height = 0.3 * np.cos(np.pi * x)
    there = evened(x, height, np.ones(19))
    on_it = distances(there, np.interp(there, x, height))
    assert np.ptp(on_it) < 0.02 * on_it.mean()
    assert (there[0], there[-1]) == (0.0, 1.0)


def test_what_intervals_hold_is_handed_on_whole() -> None:
    now, first = np.array([0.0, 0.1, 0.7, 1.0]), np.array([0.0, 0.5, 1.0])
    shares = footprints(now, first, radial=False).toarray()
    assert shares == pytest.approx(np.array([[1.0, 2 / 3, 0.0], [0.0, 1 / 3, 1.0]]))


def test_nodes_of_curved_facets_do_not_slide() -> None:
    with pytest.raises(CaseError, match=r"front\.even_nodes"):
        March(Wave(SLIDING, mesh=f"order = 2\n{Wave.mesh}").text)


@pytest.mark.parametrize("level", ["secondary", "concentrated"])
def test_nodes_that_slide_conserve_metal_and_salt(level: str) -> None:
    march = March(rough(level=level))
    plated, stripped = march.run()
    front = front_of(march)
    assert front.slides > 0
    assert front.unevenness < 1.5 * ALLOWED
    assert front.missed < 1e-4
    assert (front.missed > 0.0) == (level == "concentrated")
    assert max(s.mismatch for each in (plated, stripped) for s in each.samples) < 1e-8
    rows = {row.name: row for row in march.probe.balances(march.stepper.now)}
    grown = rows["front working"]
    assert grown.right == pytest.approx(grown.left, rel=1e-10)
    # The map stays where the surface was made, with all of the metal on it.
    assert rows["deposit working"].mismatch < 1e-12
    area = march.probe.deposits["working"].area
    assert area == pytest.approx(area[0])
    assert area.sum() == pytest.approx(LENGTH / 2)


def test_ten_slides_change_less_than_the_mesh(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of Richardson's estimate of the mesh's error, of second order."""
    monkeypatch.setattr(spacing, "ALLOWED", 1.01)
    meshes = []
    for size in (1.0, 0.5):
        march = March(rough("{}", size))
        march.run()
        meshes.append(roughness(march))
    march = March(rough("{even_nodes = true}"))
    march.run()
    assert front_of(march).slides >= 10
    assert abs(roughness(march) - meshes[0]) < 4 * abs(meshes[1] - meshes[0]) / 3 / 10


def test_a_march_whose_nodes_have_slid_is_saved_and_goes_on(tmp_path: Path) -> None:
    march = March(rough())
    march.run()
    stepper, path = march.stepper, tmp_path / "march.npz"
    state = MarchState(
        stepper.points, march.driver.progress, {}, stepper.memory(), footing=stepper.footing()
    )
    save_march(march.problem, state, path)
    other = March(rough())
    saved = load_march(other.problem, path)
    other.stepper.resume(saved.points, saved.reached, saved.footing)
    assert front_of(other).slides == front_of(march).slides > 0
    nodes = march.problem.domain.mesh.geometry.x
    assert other.problem.domain.mesh.geometry.x == pytest.approx(nodes, abs=1e-18)
    for each in (march, other):
        each.stepper.go_on(march.stepper.drive, 2)
        each.stepper.accept(each.stepper.attempt(60.0))
    rises = (front_of(each).rises["working"] for each in (march, other))
    assert np.abs(np.subtract(*rises)).max() < 1e-18
    assert roughness(other) == pytest.approx(roughness(march), rel=1e-12)


def test_nodes_stay_where_the_mesh_cannot_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    """And are not tried at every step."""
    tried = []

    def fails(*_: object) -> NoReturn:
        tried.append(True)
        raise MeshError("a cell turned over")

    monkeypatch.setattr(sliding, "carried", fails)
    march = March(rough())
    plated, _ = march.run()
    front = front_of(march)
    assert front.slides == 0
    assert front.unevenness > ALLOWED
    assert 0 < len(tried) < len(plated.samples) / 3
    rows = {row.name: row.mismatch for row in march.probe.balances(march.stepper.now)}
    assert rows["front working"] < 1e-10
    footing = march.stepper.footing()
    assert footing is not None
    assert footing.refused == front.refused > ALLOWED


def test_fields_go_back_with_nodes_that_cannot_slide(monkeypatch: pytest.MonkeyPatch) -> None:
    march = March(rough(level="concentrated"))
    march.run()
    front = front_of(march)
    monkeypatch.setattr(spacing, "ALLOWED", 0.0)
    slid, before = type(front._riding).slid, march.problem.state()

    def fails_at_last(riding: Any, there: Any, onto: Any) -> Any:
        if onto is not interpolated:
            raise MeshError("a cell turned over")
        return slid(riding, there, onto)

    monkeypatch.setattr(type(front._riding), "slid", fails_at_last)
    assert not spacing.keep_even(march.stepper, 1.0)
    after = march.problem.state()
    for name, values in before.fields.items():
        assert after.fields[name] == pytest.approx(values, abs=0.0), name


def test_a_stop_amid_a_slide_leaves_what_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Solved for by the next start: saved are the fields and amounts of the nodes as they are."""
    march = March(rough(level="concentrated"))
    march.run()
    stepper, front = march.stepper, front_of(march)
    monkeypatch.setattr(spacing, "ALLOWED", 0.0)

    def stops() -> NoReturn:
        raise KeyboardInterrupt

    slides, swept = front.slides, front.swept("working")
    monkeypatch.setattr(march.problem, "checkpoint", stops)
    with pytest.raises(KeyboardInterrupt):
        spacing.keep_even(stepper, 1.0)
    assert front.slides == slides + 1
    path = tmp_path / "march.npz"
    state = MarchState(
        stepper.points, march.driver.progress, {}, stepper.memory(), footing=stepper.footing()
    )
    save_march(march.problem, state, path)
    other = March(rough(level="concentrated"))
    saved = load_march(other.problem, path)
    other.stepper.resume(saved.points, saved.reached, saved.footing)
    assert front_of(other).swept("working") == pytest.approx(swept, rel=1e-12)
    other.stepper.go_on(stepper.drive, 2)
    other.stepper.accept(other.stepper.attempt(60.0))
    rows = {row.name: row for row in other.probe.balances(other.stepper.now)}
    assert rows["front working"].right == pytest.approx(rows["front working"].left, rel=1e-10)
