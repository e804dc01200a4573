"""Small meshes from arrays, written as Gmsh 2.2 text, and the case they belong to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from zinterphase.case import Case
from zinterphase.case.load import overridden

UM = 1e-6
KINDS = {"line": 1, "triangle": 2, "quad": 3, "tetra": 4, "hexahedron": 5, "wedge": 6, "pyramid": 7}
"""Gmsh's number of each element."""

DIMENSION = {"line": 1, "triangle": 2, "quad": 2}


@dataclass
class Drawing:
    """Points in um, shape (n, 3), and elements (kind, group, nodes)."""

    points: np.ndarray
    elements: list[tuple[str, str, tuple[int, ...]]] = field(default_factory=list)

    def write(self, path: Path) -> Path:
        """As .msh 2.2; an element of group "" is in none."""
        ids: dict[tuple[int, str], int] = {}
        rows = []
        for number, (kind, group, nodes) in enumerate(self.elements, 1):
            level = DIMENSION.get(kind, 3)
            tag = ids.setdefault((level, group), len(ids) + 1) if group else 0
            corners = " ".join(str(node + 1) for node in nodes)
            rows.append(f"{number} {KINDS[kind]} 2 {tag} 1 {corners}")
        names = [f'{level} {tag} "{group}"' for (level, group), tag in ids.items()]
        nodes = [f"{k} {x!r} {y!r} {z!r}" for k, (x, y, z) in enumerate(self.points.tolist(), 1)]
        sections = {"PhysicalNames": names, "Nodes": nodes, "Elements": rows}
        text = "$MeshFormat\n2.2 0 8\n$EndMeshFormat\n"
        for title, lines in sections.items():
            text += "\n".join([f"${title}", str(len(lines)), *lines, f"$End{title}", ""])
        path.write_text(text)
        return path

    def regroup(self, names: Mapping[str, str]) -> None:
        """Rename groups."""
        self.elements = [(k, names.get(g, g), n) for k, g, n in self.elements]

    def drop(self, which: Iterable[int]) -> None:
        """Leave elements out, by their place in the list."""
        gone = set(which)
        self.elements = [e for k, e in enumerate(self.elements) if k not in gone]

    def places(self, group: str) -> list[int]:
        """Where the elements of a group are in the list."""
        return [k for k, element in enumerate(self.elements) if element[1] == group]


X = np.linspace(0.0, 4.0, 5)
LEVELS = np.array([0.0, 0.5, 1.0, 2.0, 3.0])


def plane(kind: str = "triangle") -> Drawing:
    """1 um of "film" under 2 um of "electrolyte", 4 um wide, of triangles or quadrilaterals."""
    x, y = np.meshgrid(X, LEVELS)
    drawing = Drawing(np.column_stack([x.ravel(), y.ravel(), 0 * x.ravel()]))
    width = len(X)
    for j in range(len(LEVELS) - 1):
        group = "film" if LEVELS[j] < 1.0 else "electrolyte"
        for i in range(width - 1):
            a, b = j * width + i, j * width + i + 1
            d, c = a + width, b + width
            if kind == "quad":
                drawing.elements.append(("quad", group, (a, b, c, d)))
            else:
                drawing.elements += [("triangle", group, (a, b, c)), ("triangle", group, (a, c, d))]
    top = (len(LEVELS) - 1) * width
    for i in range(width - 1):
        drawing.elements.append(("line", "base", (i, i + 1)))
        drawing.elements.append(("line", "counter", (top + i, top + i + 1)))
    return drawing


def case_of_plane(path: Path, *overrides: str) -> Case:
    """Zinc (not meshed) under the film and the electrolyte of `plane`, mesh from a file."""
    tables = {
        "level": "secondary",
        "reference": "Zn",
        "geometry": {"dimension": 2, "width": "4 um"},
        "layers": [
            {"name": "zinc", "material": "Zn", "thickness": "10 um"},
            {
                "name": "film", "material": "TiO2", "thickness": "1 um", "porosity": 0.4,
                "tortuosity_factor": 2.0, "constrictivity": 1.0,
            },
            {"name": "electrolyte", "material": "electrolyte", "thickness": "2 um"},
        ],
        "electrolyte": {
            "salt": "ZnSO4", "concentration": "1 mol/L", "conductivity": "4 S/m",
        },
        "kinetics": {
            "zinc": {
                "exchange_current_density": "1 mA/cm^2", "alpha_a": 1.0, "alpha_c": 1.0,
                "contact_fraction": 1.0,
            }
        },
        "control": {"current_density": "-5 mA/cm^2"},
        "mesh": {"file": str(path), "unit": "1 um"},
        "output": {"fields": "none", "errors": False},
    }  # fmt: skip
    return Case.from_dict(overridden(tables, overrides))


def block(axes: tuple[np.ndarray, ...], cell: str) -> Drawing:
    """A box of quadrilaterals, hexahedra, wedges or pyramids in group "electrolyte", each facet of
    its outline in a group named by axis and end: "0-", "0+", "1-" ... Coordinates in um."""
    count = len(axes)
    shape = tuple(len(axis) for axis in axes)
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, count)
    drawing = Drawing(np.column_stack([grid, np.zeros((len(grid), 3 - count))]))
    number = np.arange(len(grid)).reshape(shape)
    for place in np.ndindex(*(n - 1 for n in shape)):
        steps = ((0, 0), (1, 0), (1, 1), (0, 1))
        if count == 2:
            quad = tuple(int(number[place[0] + a, place[1] + b]) for a, b in steps)
            drawing.elements.append(("quad", "electrolyte", quad))
            continue
        i, j, k = place
        low, high = (tuple(int(number[i + a, j + b, k + c]) for a, b in steps) for c in (0, 1))
        if cell == "hexahedron":
            drawing.elements.append((cell, "electrolyte", (*low, *high)))
        elif cell == "wedge":
            for three in ((0, 1, 2), (0, 2, 3)):
                nodes = (*(low[n] for n in three), *(high[n] for n in three))
                drawing.elements.append((cell, "electrolyte", nodes))
        else:
            centre = len(drawing.points)
            drawing.points = np.vstack([drawing.points, drawing.points[[*low, *high]].mean(axis=0)])
            faces = [low, high, *((low[n], low[n - 1], high[n - 1], high[n]) for n in range(4))]
            drawing.elements += [("pyramid", "electrolyte", (*face, centre)) for face in faces]
    for axis in range(count):
        for end, at in (("-", 0), ("+", shape[axis] - 1)):
            face = np.take(number, at, axis=axis)
            if count == 2:
                lines = zip(face[:-1].tolist(), face[1:].tolist(), strict=True)
                drawing.elements += [("line", f"{axis}{end}", pair) for pair in lines]
                continue
            quads = np.stack([face[:-1, :-1], face[1:, :-1], face[1:, 1:], face[:-1, 1:]], axis=-1)
            if cell == "wedge" and axis == 2:
                split = [
                    q[list(three)] for q in quads.reshape(-1, 4) for three in ((0, 1, 2), (0, 2, 3))
                ]
                drawing.elements += [
                    ("triangle", f"{axis}{end}", tuple(map(int, t))) for t in split
                ]
                continue
            drawing.elements += [
                ("quad", f"{axis}{end}", tuple(map(int, quad))) for quad in quads.reshape(-1, 4)
            ]
    return drawing
