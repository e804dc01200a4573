"""States in files: written on some ranks, read on others, whatever the partition."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase.case import Case
from zinterphase.errors import FileError
from zinterphase.geometry.build import build
from zinterphase.geometry.recipe import recipe_from_case
from zinterphase.mesh import Domain
from zinterphase.output.checkpoint import load_state, save_state
from zinterphase.parallel import on_root
from zinterphase.solve.problem import Problem
from zinterphase.solve.state import State
from zinterphase.verification.ranks import case_called, corrugated, owners

Values = dict[str, np.ndarray]


def problem_on(case: Case, comm: MPI.Intracomm, kind: str) -> Problem:
    raw = build(recipe_from_case(case)) if comm.rank == 0 else None
    partition = None if raw is None else owners(raw, comm.size, kind)
    return Problem(case, Domain.create(comm, raw, case.geometry.coordinates, partition=partition))


def fill(problem: Problem) -> State:
    """Unknowns that are functions of position alone, different in every component."""
    for shift, (name, field) in enumerate(problem.fields.items()):
        x = problem.spaces[name].scalar.tabulate_dof_coordinates()
        values = field.x.array.reshape(len(x), -1)
        for k in range(values.shape[1]):
            values[:, k] = np.sin((k + 1) * 1e6 * x[:, 0]) + (shift + 1) * 1e6 * x[:, 1]
    for k, scalar in enumerate(problem.scalars.values(), 1):
        scalar.value = 0.1 * k
    return problem.state()


def forget(problem: Problem) -> None:
    problem.domain.move(None)
    problem.rest()


def waved(x: np.ndarray) -> np.ndarray:
    shift = np.zeros_like(x)
    shift[:, 1] = 1e-9 * np.sin(1e6 * x[:, 0])
    return shift


def nodes(problem: Problem) -> list[np.ndarray]:
    geometries = [problem.domain.mesh.geometry]
    geometries += [spaces.region.mesh.geometry for spaces in problem.spaces.values()]
    return [geometry.x.copy() for geometry in geometries]


def check_there_and_back(case: Case, comm: MPI.Intracomm, folder: Path) -> None:
    """From these ranks to one and from one to these, the mesh moved."""
    kind = "quarters" if comm.size > 2 else "interfaces"
    together, alone = problem_on(case, comm, kind), problem_on(case, MPI.COMM_SELF, "graph")
    sizes = [s.region.mesh.topology.index_map(2).size_local for s in together.spaces.values()]
    assert all(comm.allreduce(size) for size in sizes)
    for number, (writer, reader) in enumerate([(together, alone), (alone, together)]):
        path = folder / f"state-{number}-{comm.rank if writer is alone else 0}.npz"
        writer.domain.move(waved)
        reader.domain.move(waved)
        wanted, places = fill(reader), nodes(reader)
        written = fill(writer)
        save_state(writer, written, path)
        forget(reader)
        path = folder / f"state-{number}-0.npz"
        comm.barrier()
        found = load_state(reader, path)
        reader.restore(found)
        for name in wanted.fields:
            assert np.allclose(found.fields[name], wanted.fields[name], rtol=0.0, atol=1e-14)
        assert found.scalars == wanted.scalars
        for place, moved in zip(nodes(reader), places, strict=True):
            assert np.allclose(place, moved, rtol=0.0, atol=1e-21)
        again = reader.state()
        assert all(np.array_equal(again.fields[n], found.fields[n]) for n in found.fields)
        forget(writer)


@pytest.mark.parallel([2])
def test_unknowns_go_from_any_ranks_to_any(comm: MPI.Intracomm, shared_tmp_path: Path) -> None:
    check_there_and_back(case_called("pnp-metal-porous-film"), comm, shared_tmp_path)


@pytest.mark.parallel([3])
def test_unknowns_of_second_order_in_a_closed_cell(
    comm: MPI.Intracomm, shared_tmp_path: Path
) -> None:
    mesh = {"order": 2, "lateral_size": "125 nm", "first_cell": "80 nm", "growth": 2.0}
    metal = {"thickness": "200 nm", "potential": "resolved", "electronic_conductivity": "1e-2 S/m"}
    case = corrugated("secondary", counter=True, metal_layer=metal, mesh=mesh)
    check_there_and_back(case, comm, shared_tmp_path)


@pytest.mark.parallel([2])
def test_what_does_not_fit_is_one_line_on_every_rank(
    comm: MPI.Intracomm, shared_tmp_path: Path
) -> None:
    problem = problem_on(case_called("secondary-film"), comm, "graph")
    path = shared_tmp_path / "state.npz"
    save_state(problem, problem.state(), path)
    other = problem_on(case_called("secondary-metal-porous"), comm, "graph")
    with pytest.raises(FileError, match=r"of mesh .* written by zinterphase .* this case has"):
        load_state(other, path)
    with pytest.raises(FileError, match="missing"):
        load_state(problem, shared_tmp_path / "missing.npz")
    comm.barrier()
    on_root(comm, lambda: path.write_bytes(path.read_bytes()[:-200]))
    with pytest.raises(FileError, match="or a damaged one"):
        load_state(problem, path)
