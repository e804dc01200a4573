"""A front that may fold goes on with a mesh made anew between its surfaces."""

from __future__ import annotations

import tomllib
from itertools import count
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.errors import CaseError, MeshError, SolveError
from zinterphase.geometry import from_boundary
from zinterphase.march import remeshing
from zinterphase.march.stepper import Stepper
from zinterphase.mesh import Domain
from zinterphase.mesh.cuts import interpolated, kept, lateral_order, parents
from zinterphase.mesh.lines import lengths
from zinterphase.output.march_state import load_march, load_mesh
from zinterphase.solve import cells_anew
from zinterphase.solve.free_front import FreeFront

from .free import HIGH, TALL, UM, WIDE, Free, case_on, mushroom, ring, ring_case
from .marching import March
from .test_front_growth import Wave
from .test_remeshing import saved

ANEW = ", remesh = true"
EARLY = 1.01
"""Of a cell, see :class:`Distortion`."""
STEPS = ("plate at 5 mA/cm^2 for 200 s", "strip at 5 mA/cm^2 for 100 s")


class Watched(Free):
    """Keeps what each surface has swept on either side of every new mesh [m3]."""

    text: str
    swept: list[tuple[list[float], list[float]]]

    def _remesh(self, stepper: Stepper, step: float) -> Stepper | None:
        before = volumes(self.front)
        found = super()._remesh(stepper, step)
        self.swept = [*getattr(self, "swept", []), (before, volumes(self.front))]
        return found


class Resumed(Free):
    """On a mesh that a march has come to."""

    def _domain(self, comm: MPI.Intracomm, kind: str) -> Domain:
        return Domain.create(comm, self.mesh, self.case.geometry.coordinates)


def volumes(front: FreeFront) -> list[float]:
    return [front.swept(name) for name in front.lines]


def fold(tmp_path: Path, level: str, front: str = ANEW, cell: float = 0.4 * UM) -> Watched:
    file = mushroom(tmp_path / "mushroom.msh", cell)
    more = 'counter.type = "electrode"'
    text = case_on(
        file, WIDE, HIGH - TALL, STEPS, level=level, exchange=30.0, front=front, more=more
    )
    march = Watched(text)
    march.text = text
    return march


def wave(front: str, size: str, time: str) -> March:
    """A wave that the potential of the liquid makes a mushroom of."""
    return March(
        Wave(
            f'{{motion = "free", surface_energy = "0.9 J/m^2"{front}}}', amplitude=1e-6,
            exchange=2e5, steps=(f"plate at 1000 A/m^2 for {time}",),
            mesh=f'lateral_size = "{size}"\nfirst_cell = "{size}"\nfar_size = "20 um"',
        ).text
    )  # fmt: skip


def test_what_lies_on_a_line_lies_on_its_parts() -> None:
    line = np.array([[0.0, 0.0], [1.0, 0.5], [0.7, 1.0], [1.5, 1.0]])
    middles = (line[1:] + line[:-1]) / 2
    cut = np.vstack([line[0], middles[0], line[1:3], middles[2], line[3]])
    assert parents(line, cut).tolist() == [0, 0, 1, 2, 2]
    assert kept(line, cut).tolist() == [0, 2, 3, 5]
    values = np.array([[0.0, 2.0], [2.0, 4.0], [1.0, 0.0], [3.0, 1.0]])
    there = interpolated(line, cut, values)
    assert there[kept(line, cut)] == pytest.approx(values, abs=1e-14)
    assert there[[1, 4]] == pytest.approx((values[[0, 2]] + values[[1, 3]]) / 2, abs=1e-14)


@pytest.mark.parametrize("level", ["secondary", "concentrated"])
def test_a_new_mesh_conserves_metal_and_salt(
    level: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remeshing, "SHEAR", EARLY)
    cuts = iter((2, 2))  # of either surface, once
    monkeypatch.setattr(cells_anew, "round", lambda stretch: next(cuts, 1), raising=False)
    march = fold(tmp_path, level)
    facets, before = len(march.front.line("working")), march.probe.amounts()
    first, held = march.front.line("working"), march.stepper.now.stored.liquid.sum()
    passed = march.run()
    front = march.front
    assert front.remeshes > 1
    assert len(front.line("working")) > facets
    for there, here in march.swept:
        assert here == pytest.approx(there, rel=1e-13)
    assert max(s.mismatch for each in passed for s in each.samples) < 1e-9
    assert march.stepper.now.stored.liquid.sum() == pytest.approx(held, rel=1e-12)
    # What Newton leaves open the next step makes up for.
    assert march.probe.amounts() == pytest.approx(before, rel=1e-8)
    assert 0.0 <= front.missed < 1e-4
    assert (front.missed > 0.0) == (level == "concentrated")
    # Where it was made is the same curve, and the map stays on its facets with all of the metal.
    made = front.lines["working"].made
    assert made[kept(first, made)] == pytest.approx(first, abs=1e-12 * WIDE)
    assert lengths(made).sum() == pytest.approx(lengths(first).sum(), rel=1e-12)
    deposit, point = march.probe.deposits["working"], march.stepper.now
    assert deposit.area == pytest.approx(lengths(first)[lateral_order(first)], rel=1e-12)
    mapped = float(point.sums["deposit working"] @ deposit.area)
    assert mapped == pytest.approx(front.swept("working"), rel=1e-9)
    maps = march.probe.front.maps()
    assert all(values.shape == (facets - 1,) for values in maps.values())
    assert np.abs(maps["front_x"] - deposit.position[:, 0]).max() < UM
    assert np.abs(maps["front"] - deposit.position[:, 1]).max() < UM


def test_a_run_goes_on_where_cells_were_used_up() -> None:
    march = wave("", "1 um", "600 s")
    with pytest.raises(SolveError, match="a cell between the surfaces is distorted"):
        march.run()
    end = march.driver.progress.last.time
    march = wave(ANEW, "1 um", f"{1.1 * end!r} s")
    (plated,) = march.run()
    assert plated.why == "time"
    front = march.problem.front
    assert isinstance(front, FreeFront)
    assert front.remeshes > 1
    assert front.distortion() < 3.0
    assert plated.last.mismatch < 1e-9


def test_nothing_jumps_where_the_mesh_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But what meshes differ in, on each of the first facets."""
    asked = count(1)
    monkeypatch.setattr(remeshing, "wear", lambda problem: 2.0 * (next(asked) in (3, 5)))
    monkeypatch.setattr(cells_anew, "round", lambda stretch: 2, raising=False)
    file = mushroom(tmp_path / "mushroom.msh", 0.2 * UM)
    steps = ("plate at 5 mA/cm^2 for 20 s",)
    march = Free(case_on(file, WIDE, HIGH - TALL, steps, exchange=1e4, front=ANEW))
    told = []

    def tell() -> None:
        rate = march.probe.deposits["working"].now().rate
        told.append((rate, march.probe.sample(march.stepper.now)))

    def remesh(stepper: Stepper, step: float) -> Stepper | None:
        tell()
        other = march._remesh(stepper, step)
        tell()
        return other

    march.driver._remesh = remesh
    march.run()
    assert march.front.remeshes == 2
    for before, after in zip(told[::2], told[1::2], strict=True):
        assert before[0].max() > 5 * before[0].min()
        assert np.abs(after[0] - before[0]).max() < 0.05 * before[0].max()
        assert after[1].voltage == pytest.approx(before[1].voltage, rel=2e-3)
        for name in ("thickness_error", "thickness", "thickness_cv", "arc"):
            there, here = getattr(before[1], name), getattr(after[1], name)
            assert here == pytest.approx(there, rel=1e-12), name


@pytest.mark.slow
def test_new_meshes_change_less_than_finer_cells_do() -> None:
    """Length of the surface and voltage of a wave that grows, as finer cells have them."""
    found = []
    for front, size in (("", "1 um"), (ANEW, "1 um"), ("", "0.5 um")):
        march = wave(front, size, "200 s")
        (plated,) = march.run()
        found.append((plated.last.arc, plated.last.voltage))
        assert march.probe.front.remeshes == (2 if front else 0)
    for coarse, anew, fine in zip(*found, strict=True):
        assert abs(anew - fine) < 1.2 * abs(coarse - fine)


def test_a_march_with_a_new_mesh_is_saved_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remeshing, "SHEAR", EARLY)
    march = fold(tmp_path, "concentrated")
    march.run()
    path = saved(march, tmp_path / "march.npz")
    is_remade, mesh = load_mesh(march.problem.domain.comm, path)
    assert is_remade
    other = Resumed(march.text, mesh=mesh)
    state = load_march(other.problem, path)
    other.stepper.resume(state.points, state.reached, state.footing)
    other.probe.recall(state.origins)
    here, there = march.front, other.front
    assert there.remeshes == here.remeshes > 0
    assert there.first_gap == here.first_gap
    for number in ("stretch", "missed", "worn"):
        assert getattr(there, number) == pytest.approx(getattr(here, number), rel=1e-12)
    assert there.distortion() == pytest.approx(here.distortion(), rel=1e-9)
    for each in (march, other):
        each.stepper.go_on(march.stepper.drive, 2)
        each.stepper.accept(each.stepper.attempt(1.0))
    assert there.line("working") == pytest.approx(here.line("working"), abs=1e-12 * WIDE)
    assert volumes(there) == pytest.approx(volumes(here), rel=1e-9)
    one, two = ([b.right for b in m.probe.balances(m.stepper.now)] for m in (march, other))
    assert two == pytest.approx(one, rel=1e-9, abs=1e-9 * max(map(abs, one)))


def test_the_mesh_stays_where_none_can_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> NoReturn:
        raise MeshError("no mesh")

    monkeypatch.setattr(remeshing, "SHEAR", EARLY)
    monkeypatch.setattr(from_boundary, "meshed_between", fails)
    march = fold(tmp_path, "secondary")
    march.run()
    assert march.front.remeshes == 0
    assert march.front.worn > 1.0
    footing = march.stepper.footing()
    assert footing is not None
    assert footing.worn == march.front.worn


def test_ends_that_change_the_area_are_refused(tmp_path: Path) -> None:
    """On a plane across the stack the area that currents are per grows with the surface."""
    text = ring_case(ring(tmp_path / "ring.msh", 8), 8, STEPS, front=ANEW)
    with pytest.raises(MeshError, match="on a plane across the stack"):
        Free(text)


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        (("dimension = 2", 'dimension = 3\ndepth = "10 um"'), "geometry.dimension 2"),
        (('level = "secondary"', 'level = "pnp"'), "double layers"),
    ],
)
def test_what_does_not_go_together_is_refused(change: tuple[str, str], allowed: str) -> None:
    text = Wave('{motion = "free", remesh = true}').text.replace(*change)
    with pytest.raises(CaseError, match=allowed):
        Case.from_dict(tomllib.loads(text))
