"""A mesh that is no single body, or not the stack of its case, is refused in one line."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from zinterphase.errors import CaseError, MeshError
from zinterphase.geometry.raw import signed_volumes
from zinterphase.geometry.source import mesh_of_case

from .mesh_samples import UM, Drawing, case_of_plane, plane

Change = Callable[[Drawing], None]


def renamed(**names: str) -> Change:
    return lambda drawing: drawing.regroup(names)


def without(group: str, *numbers: int) -> Change:
    """Leave some elements of a group out."""

    def change(drawing: Drawing) -> None:
        places = drawing.places(group)
        drawing.drop(places[number] for number in numbers)

    return change


def lost_group(group: str, *numbers: int) -> Change:
    """Take some elements out of their group, but leave them in the file."""

    def change(drawing: Drawing) -> None:
        for place in [drawing.places(group)[number] for number in numbers]:
            kind, _, nodes = drawing.elements[place]
            drawing.elements[place] = (kind, "", nodes)

    return change


def hanging_node(drawing: Drawing) -> None:
    """A cell of the film below a cell that is not divided."""
    place = drawing.places("film")[10]
    kind, group, (a, b, c) = drawing.elements[place]
    middle = 0.5 * (drawing.points[a] + drawing.points[c])
    drawing.points = np.vstack([drawing.points, middle])
    new = len(drawing.points) - 1
    drawing.elements[place] = (kind, group, (a, b, new))
    drawing.elements.append((kind, group, (new, b, c)))


def tangled(drawing: Drawing) -> None:
    """An inner node carried over its neighbour."""
    drawing.points[6] += [1.5, 0.0, 0.0]


def flat(drawing: Drawing) -> None:
    """An inner node on the line between two neighbours of a cell."""
    drawing.points[6] = 0.5 * (drawing.points[0] + drawing.points[1])


def doubled(drawing: Drawing) -> None:
    """The electrolyte has nodes of its own where it meets the film."""
    count = len(drawing.points)
    drawing.points = np.vstack([drawing.points, drawing.points])
    for place in [*drawing.places("electrolyte"), *drawing.places("counter")]:
        kind, group, nodes = drawing.elements[place]
        drawing.elements[place] = (kind, group, tuple(node + count for node in nodes))


def floating(drawing: Drawing) -> None:
    """A cell of electrolyte that touches nothing."""
    count = len(drawing.points)
    corners = np.array([[1.1, 1.2, 0.0], [1.3, 1.2, 0.0], [1.2, 1.3, 0.0]])
    drawing.points = np.vstack([drawing.points, corners])
    drawing.elements.append(("triangle", "electrolyte", (count, count + 1, count + 2)))


def squeezed(drawing: Drawing) -> None:
    drawing.points[:, 1] *= 1e-6


def stretched(drawing: Drawing) -> None:
    drawing.points[:, 1] *= 3.0


def twice_in_two_layers(drawing: Drawing) -> None:
    kind, _, nodes = drawing.elements[0]
    drawing.elements.append((kind, "electrolyte", nodes))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (renamed(film="electrolyte", electrolyte="film"), "the last layer, there alone"),
        (renamed(base="counter", counter="base"), "the last layer, there alone"),
        (stretched, r"layers\.film\.thickness = .*that of the mesh"),
        (squeezed, r"layers\.film\.thickness = .*that of the mesh"),
        (without("base", 0, 1), 'neither on a mirror plane nor in "base"'),
        (lost_group("base", 0, 1), 'neither on a mirror plane nor in "base"'),
        (lost_group("counter", 3), 'neither on a mirror plane nor in "base"'),
        (without("film", 4, 5), "neither on a mirror plane|on the outline"),
        (without("electrolyte", 2), "neither on a mirror plane"),
        (lost_group("electrolyte", 2, 3), r"every cell in a layer, not 2 of 32 in none, as at \("),
        (hanging_node, "a hanging node"),
        (tangled, "cells overlap"),
        (flat, "no volume"),
        (doubled, "parts are not connected, as 5 nodes are doubled, one at x = .*, y = 1e-06 m"),
        (floating, "2 parts that share no facet, one of 1 cells at x = 1.2e-06 m, y = 1.2"),
        (twice_in_two_layers, "each cell in one layer only"),
    ],
)  # fmt: skip
def test_mesh_that_contradicts_its_case_is_refused(
    change: Change, said: str, tmp_path: Path
) -> None:
    drawing = plane()
    change(drawing)
    case = case_of_plane(drawing.write(tmp_path / "own.msh"))
    with pytest.raises((CaseError, MeshError), match=said) as caught:
        mesh_of_case(case)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    "change",
    [
        "layers.film.thickness=3 um",
        "layers.film.thickness=0.99 um",
        "layers.electrolyte.thickness=1 um",
        "geometry.width=8 um",
        "mesh.unit=1 nm",
        "geometry.surface={shape='sinusoidal',amplitude='0.1 um',wavelength='8 um'}",
    ],
)
def test_case_that_contradicts_its_mesh_is_refused(change: str, tmp_path: Path) -> None:
    path = plane().write(tmp_path / "own.msh")
    mesh_of_case(case_of_plane(path))
    with pytest.raises(CaseError, match="mesh"):
        mesh_of_case(case_of_plane(path, change))


def test_base_on_two_layers_needs_a_contact_fraction_of_its_own(tmp_path: Path) -> None:
    """A film with a pinhole down to the metal."""
    drawing = plane()
    places = [p for p in drawing.places("film") if 0 in drawing.elements[p][2]]
    places += [p for p in drawing.places("film") if 5 in drawing.elements[p][2]]
    for place in places:
        kind, _, nodes = drawing.elements[place]
        drawing.elements[place] = (kind, "electrolyte", nodes)
    path = drawing.write(tmp_path / "own.msh")
    mesh_of_case(case_of_plane(path))
    with pytest.raises(CaseError, match=r"base on electrolyte and film.*film.*there alone"):
        mesh_of_case(case_of_plane(path, "kinetics.zinc.contact_fraction=0.4"))


def test_groups_of_one_name_are_united_and_a_cell_listed_twice_counts_once(tmp_path: Path) -> None:
    """Also where the file lists a cell once more in a group that is no layer."""
    drawing = plane()
    drawing.elements += [("triangle", "all", e[2]) for e in drawing.elements if e[0] == "triangle"]
    half = drawing.places("electrolyte")[:6]
    for place in half:
        kind, _, nodes = drawing.elements[place]
        drawing.elements[place] = (kind, "other", nodes)
    path = drawing.write(tmp_path / "own.msh")
    text = path.read_text()
    assert text.count('"other"') == 1
    path.write_text(text.replace('"other"', '"electrolyte"'))
    mesh = mesh_of_case(case_of_plane(path))
    areas = np.bincount(mesh.cell_tags, signed_volumes(mesh.points, mesh.cells))[1:]
    np.testing.assert_allclose(areas, np.array([4.0, 8.0]) * UM**2, rtol=1e-12)


def test_second_facet_group_without_a_name_is_seen(tmp_path: Path) -> None:
    """In version 2.2, where Gmsh itself loses it: a number stands for the name."""
    drawing = plane()
    drawing.regroup({"base": "7"})
    for place in drawing.places("7")[2:]:
        kind, _, nodes = drawing.elements[place]
        drawing.elements[place] = (kind, "8", nodes)
    path = drawing.write(tmp_path / "own.msh")
    lines = path.read_text().splitlines()
    numbers = {
        name: line.split()[1] for name in "78" for line in lines if line.endswith(f'"{name}"')
    }
    kept = [line for line in lines if not line.endswith(('"7"', '"8"'))]
    kept[kept.index("$PhysicalNames") + 1] = str(int(lines[lines.index("$PhysicalNames") + 1]) - 2)
    path.write_text("\n".join(kept) + "\n")
    groups = f"mesh.groups.base=['{numbers['7']}', '{numbers['8']}']"
    mesh = mesh_of_case(case_of_plane(path, groups))
    assert np.count_nonzero(mesh.facet_tags == mesh.facet_ids["base"]) == 4
    with pytest.raises(MeshError, match="2 facets of the outline"):
        mesh_of_case(case_of_plane(path, f"mesh.groups.base={numbers['7']}"))
