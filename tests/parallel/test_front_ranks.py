"""A front moves in the same way on any number of ranks, saved and gone on with as well."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.march import remeshing, spacing
from zinterphase.march.stepper import Stepper
from zinterphase.output.march_state import MarchState, load_march, load_mesh, save_march

from ..march.marching import March
from ..march.walls import PORES, SPREAD, WAVE, on_a_wave
from .test_march_ranks import assert_same

METAL = """
[[layers]]
name = "zinc"
material = "Zn"
thickness = "2 um"
potential = "resolved"
"""
FILM = """
[[layers]]
name = "titania"
material = "TiO2"
thickness = "1 um"
"""
ENERGY = 'front.surface_energy = "library"'
SPACE = 'dimension = 3\nwidth = "4 um"\ndepth = "4 um"'
TURNED = 'dimension = 2\nwidth = "8 um"\ncoordinates = "axisymmetric"'


def moving(geometry: str, layers: str, level: str = "concentrated", order: int = 1) -> str:
    like = "silver" if "silver" in layers else "zinc"
    steps = ("plate at 5 mA/cm^2 for 200 s", "rest for 10 s", "strip at 5 mA/cm^2 for 100 s")
    return on_a_wave(
        like, layers, SPREAD, steps, level, geometry=geometry, order=order, more=ENERGY
    )


@pytest.mark.parallel([2])
@pytest.mark.parametrize("layers", [METAL + FILM, PORES], ids=["metal and film", "silver"])
def test_over_a_wave(layers: str, comm: MPI.Intracomm) -> None:
    assert_same(moving(WAVE, layers), comm, "interfaces")


@pytest.mark.parallel([2])
def test_nodes_that_slide(comm: MPI.Intracomm, monkeypatch: pytest.MonkeyPatch) -> None:
    """Metal and film below the liquid; as often as the surface has moved at all."""
    monkeypatch.setattr(spacing, "ALLOWED", 1.03)
    text = moving(WAVE, METAL + FILM).replace(ENERGY, f"{ENERGY}\nfront.even_nodes = true")
    assert_same(text, comm, "graph")
    march = March(text, comm, "graph")
    march.run()
    assert march.probe.front.slides > 0


@pytest.mark.parallel([2, 3])
def test_a_mesh_that_is_made_anew(comm: MPI.Intracomm, monkeypatch: pytest.MonkeyPatch) -> None:
    """Metal below the liquid, in one step of the protocol."""
    monkeypatch.setattr(remeshing, "STRETCH", 1.03)
    made = 0

    def remesh(march: March, stepper: Stepper, step: float) -> Stepper | None:
        nonlocal made
        made += 1
        return taken(march, stepper, step)

    taken = March._remesh
    monkeypatch.setattr(March, "_remesh", remesh)
    more, steps = f"{ENERGY}\nfront.remesh = true", ("plate at 5 mA/cm^2 for 100 s",)
    text = on_a_wave("zinc", METAL, SPREAD, steps, "concentrated", geometry=WAVE, more=more)
    assert_same(text, comm, "interfaces")
    assert made > 0
    assert made % 2 == 0  # as often on some ranks as alone


@pytest.mark.parallel([2])
def test_a_new_mesh_of_two_ranks_goes_on_alone(
    comm: MPI.Intracomm, shared_tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remeshing, "STRETCH", 1.03)
    text, path = moving(WAVE, METAL + FILM), shared_tmp_path / "remade.npz"
    text = text.replace(ENERGY, f"{ENERGY}\nfront.remesh = true")
    march = March(text, comm, "interfaces")
    march.run()
    stepper = march.stepper
    state = MarchState(
        stepper.points, march.driver.progress, {}, stepper.memory(), footing=stepper.footing(),
        mesh=march.mesh, origins=march.probe.origins(),
    )  # fmt: skip
    save_march(march.problem, state, path)
    is_remade, mesh = load_mesh(MPI.COMM_SELF, path)
    assert is_remade
    alone = March(text, mesh=mesh)
    saved = load_march(alone.problem, path)
    alone.stepper.resume(saved.points, saved.reached, saved.footing)
    alone.probe.recall(saved.origins)
    one, other = march.probe, alone.probe
    assert other.front.remeshes == one.front.remeshes > 0
    assert other.front.relief().root_mean_square == pytest.approx(
        one.front.relief().root_mean_square, rel=1e-12
    )
    assert other.amounts() == pytest.approx(one.amounts(), rel=1e-12)
    rights = ([b.right for b in each.balances(stepper.now)] for each in (one, other))
    assert next(rights) == pytest.approx(next(rights), rel=1e-9, abs=1e-15)


@pytest.mark.parallel([3])
@pytest.mark.parametrize(
    ("geometry", "order"), [(TURNED, 1), (SPACE, 1), (WAVE, 2)], ids=["turned", "space", "curved"]
)
def test_on_three_ranks(geometry: str, order: int, comm: MPI.Intracomm) -> None:
    bare = METAL.replace('potential = "resolved"', "")
    assert_same(moving(geometry, bare, "secondary", order), comm, "graph")


@pytest.mark.parallel([2])
@pytest.mark.parametrize("slides", [False, True])
def test_a_front_of_two_ranks_goes_on_alone(
    slides: bool, comm: MPI.Intracomm, shared_tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spacing, "ALLOWED", 1.03)
    text, path = moving(WAVE, METAL + FILM), shared_tmp_path / f"march{slides}.npz"
    text = text.replace(ENERGY, f"{ENERGY}\nfront.even_nodes = {str(slides).lower()}")
    march = March(text, comm, "interfaces")
    march.run()
    stepper = march.stepper
    state = MarchState(
        stepper.points, march.driver.progress, {}, stepper.memory(), footing=stepper.footing()
    )
    save_march(march.problem, state, path)
    alone = March(text)
    saved = load_march(alone.problem, path)
    alone.stepper.resume(saved.points, saved.reached, saved.footing)
    one, other = (m.problem.storage for m in (march, alone))
    assert one is not None
    assert other is not None
    assert one.front is not None
    assert other.front is not None
    for name, rise in one.front.rises.items():
        assert np.array_equal(other.front.rises[name], rise)
    assert (one.front.slides > 0) == slides
    assert other.front.gap() == pytest.approx(one.front.gap(), rel=1e-14)
    assert other.front.steepest("working") == pytest.approx(one.front.steepest("working"), rel=1e-9)
    wanted = march.probe.amounts()
    assert wanted
    assert alone.probe.amounts() == pytest.approx(wanted, rel=1e-12)
