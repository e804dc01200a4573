"""Cells of any shape, electrodes with walls: read, split and solved like any other mesh."""

from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

from zinterphase import solve
from zinterphase.case import Case
from zinterphase.case.front import Front as FrontOfCase
from zinterphase.errors import CaseError, MeshError
from zinterphase.geometry.raw import signed_volumes
from zinterphase.geometry.source import mesh_of_case
from zinterphase.geometry.user import load_user_mesh
from zinterphase.run import mesh_case
from zinterphase.solve.front import Front
from zinterphase.solve.problem import Problem

from .mesh_samples import UM, Drawing, block, case_of_plane

WIDTH, DEPTH = 1.0, 20.0
KAPPA, BIOT, VOLTAGE = 4.0, 1e-3, -1e-4
FARADAY_OVER_RT = 96485.33212 / (8.314462618 * 298.15)
CONDUCTANCE = BIOT * KAPPA / (WIDTH * UM)
"""Of the linearised kinetics [S/m2]."""


@pytest.mark.parametrize(
    ("cell", "simplices"), [("hexahedron", 6), ("wedge", 3), ("pyramid", 2), ("quad", 2)]
)
def test_cells_are_split_into_simplices_that_match(
    cell: str, simplices: int, tmp_path: Path
) -> None:
    """Nodes numbered at random: the diagonals of common faces must still be the same."""
    axes = (np.linspace(0, 3, 4),) * (2 if cell == "quad" else 3)
    drawing = block(axes, cell)
    order = np.random.default_rng(3).permutation(len(drawing.points))
    place = np.argsort(order)
    drawing.points = drawing.points[order]
    drawing.elements = [
        (kind, group, tuple(int(place[n]) for n in nodes))
        for kind, group, nodes in drawing.elements
    ]
    cells = len(drawing.places("electrolyte"))
    dimension = len(axes)
    last = dimension - 1
    drawing.regroup({f"{last}-": "base", f"{last}+": "counter"})
    mesh = load_user_mesh(drawing.write(tmp_path / "a.msh"), ["electrolyte"], dimension)
    assert len(mesh.cells) == simplices * cells
    assert signed_volumes(mesh.points, mesh.cells).sum() == pytest.approx(3.0**dimension, rel=1e-12)
    assert f"{cells} cells or facets of kind {cell} are split into simplices" in mesh.notes
    assert np.count_nonzero(mesh.facet_tags == mesh.facet_ids["base"]) == (18 if last == 2 else 3)


def pore(path: Path, kind: str, shift: float = 0.0) -> Case:
    """A deep pore whose walls and bottom react, its mouth the counter; an axis at x = 0 if round,
    cells that are no simplices."""
    across, along = np.linspace(0.0, WIDTH, 5) + shift, np.linspace(0.0, DEPTH, 81)
    axes = (across, across, along[::2]) if kind == "square" else (across, along)
    drawing = block(axes, "hexahedron" if kind == "square" else "quad")
    last = len(axes) - 1
    names = {f"{axis}{end}": "wall" for axis in range(last) for end in "-+"}
    if kind == "round":
        names["0-"] = "axis"
    drawing.regroup({**names, f"{last}-": "bottom", f"{last}+": "mouth"})
    geometry = {"dimension": len(axes), "width": f"{WIDTH} um"}
    if kind == "square":
        geometry["depth"] = f"{WIDTH} um"
    if kind == "round":
        geometry["coordinates"] = "axisymmetric"
    rate = CONDUCTANCE / (2.0 * FARADAY_OVER_RT)
    return Case.from_dict(
        {
            "level": "secondary",
            "reference": "Zn",
            "geometry": geometry,
            "layers": [
                {"name": "zinc", "material": "Zn", "thickness": "10 um"},
                {"name": "electrolyte", "material": "electrolyte", "thickness": f"{DEPTH} um"},
            ],
            "electrolyte": {
                "salt": "ZnSO4", "concentration": "2 mol/L", "conductivity": f"{KAPPA} S/m",
            },
            "kinetics": {
                "zinc": {
                    "exchange_current_density": f"{rate} A/m^2", "alpha_a": 1.0, "alpha_c": 1.0,
                    "contact_fraction": 1.0,
                }
            },
            "control": {"potential": f"{VOLTAGE} V"},
            "mesh": {
                "file": str(drawing.write(path)),
                "unit": "1 um",
                "groups": {"base": ["wall", "bottom"], "counter": "mouth"},
            },
            "metrics": {"smoothing_radius": "0.1 um"},
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "perimeter_over_area", "shift"),
    [("trench", 2.0, 0.0), ("trench", 2.0, -7.5), ("round", 2.0, 0.0), ("square", 4.0, 3.0)],
)
def test_pore_electrode_draws_the_current_of_a_fin(
    kind: str, perimeter_over_area: float, shift: float, tmp_path: Path
) -> None:
    """Fin with a tip that reacts (Incropera, table 3.4, case A), exact for small Biot numbers; its
    surface is no graph, so all that needs one says so."""
    result = solve(pore(tmp_path / "pore.msh", kind, shift), errors=True)
    decay = np.sqrt(perimeter_over_area * BIOT) / WIDTH
    tip = BIOT / (decay * WIDTH)
    reach = np.tanh(decay * DEPTH)
    exact = KAPPA * decay / UM * VOLTAGE * (reach + tip) / (1.0 + tip * reach)
    assert result.mean_current_density == pytest.approx(exact, rel=2e-3)
    footprint = {"round": np.pi * WIDTH**2 * UM**2, "square": WIDTH**2 * UM**2}
    total = result.currents.total
    assert result.surface.area @ result.surface.values["current_density"] == pytest.approx(total)
    assert total == pytest.approx(result.mean_current_density * footprint.get(kind, WIDTH * UM))
    assert result.anode is None
    assert "working.current_density" not in result.homogeneity
    even = result.homogeneity["working.current_density_true_area"]
    assert even.cv is not None
    assert even.max_over_mean is None
    assert "no graph" in even.reasons["max_over_mean"]
    assert result.errors is not None
    assert all("no graph" in reason for reason in result.errors.reasons.values())


def film_in_a_trench() -> Drawing:
    """A film of 0.5 um on a land, a wall of 2 um and the bottom beside it; 4 um wide, 5 um high."""
    step, film = 0.25, 0.5
    drawing = block((np.arange(0.0, 4.1, step), np.arange(0.0, 5.1, step)), "quad")
    kept = []
    for kind, _, nodes in drawing.elements:
        x, y, _ = drawing.points[list(nodes)].mean(axis=0)
        if kind == "quad" and not (x < 1.0 and y < 2.0):
            on_film = y < film or (x < 1.0 + film and y < 2.0 + film)
            kept.append((kind, "film" if on_film else "electrolyte", nodes))
    edges = [tuple(sorted((q[n], q[n - 1]))) for _, _, q in kept for n in range(4)]
    for edge in sorted({e for e in edges if edges.count(e) == 1}):
        x, y, _ = drawing.points[list(edge)].mean(axis=0)
        if 0.0 < x < 4.0:
            kept.append(("line", "counter" if y == 5.0 else "base", edge))
    drawing.elements = kept
    return drawing


def test_film_on_a_wall_has_the_thickness_across_it(tmp_path: Path) -> None:
    """Along the stack the film on the wall is 2.5 um thick, which is not its thickness."""
    path = film_in_a_trench().write(tmp_path / "a.msh")
    right = ["layers.film.thickness=0.5 um", "layers.electrolyte.thickness=2.5 um"]
    mesh_of_case(case_of_plane(path, *right))
    for wrong in ("layers.film.thickness=1 um", "layers.electrolyte.thickness=2 um"):
        with pytest.raises(CaseError, match=r"that of the mesh"):
            mesh_of_case(case_of_plane(path, *right, wrong))


def test_axisymmetric_mesh_begins_at_its_axis(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"x from 3e-06 to 4e-06 m.*allowed x from 0 to 1e-06 m"):
        mesh_of_case(pore(tmp_path / "pore.msh", "round", shift=3.0))


def test_electrode_along_the_stack_is_refused(tmp_path: Path) -> None:
    """It has no area seen along the stack, by which currents are told."""
    case = pore(tmp_path / "pore.msh", "trench")
    groups = {"base": ("wall",), "counter": ("mouth",), "sides": ("bottom",)}
    case = case.model_copy(update={"mesh": case.mesh.model_copy(update={"groups": groups})})
    with pytest.raises(CaseError, match="a reacting surface along the stack"):
        solve(case)


def test_walls_have_no_front(tmp_path: Path) -> None:
    given = pore(tmp_path / "pore.msh", "trench")
    moving = given.model_copy(update={"front": FrontOfCase()})
    domain = mesh_case(moving, MPI.COMM_SELF).domain
    with pytest.raises(MeshError, match="front: the working electrode has walls or overhangs"):
        Front(Problem(moving, domain))


def test_second_order_cells_are_named(tmp_path: Path) -> None:
    drawing = block((np.linspace(0, 1, 3),) * 2, "quad")
    path = drawing.write(tmp_path / "a.msh")
    lines = path.read_text().splitlines()
    quad = next(k for k, line in enumerate(lines) if line.split()[1:2] == ["3"] and "2 " in line)
    number, _, *rest = lines[quad].split()
    lines[quad] = " ".join([number, "16", *rest, *rest[-4:]])
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(CaseError, match="simplices of second order, not quad8"):
        load_user_mesh(path, ["electrolyte"], 2)
