"""Fields for ParaView as one named block per layer, each rank writing its own cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
from dolfinx import plot
from mpi4py import MPI

from zinterphase.fem_types import Function
from zinterphase.output.files import is_whole
from zinterphase.output.vtk_data import add, add_text, grid, save

LAYER = "layer"
OWNED = "owned"
TYPES = {np.dtype(np.float64): "Float64", np.dtype(np.int32): "Int32"}


@dataclass(frozen=True, eq=False)
class _Grid:
    """Cells of one of VTK's types with their fields; points (n, 3), cells (c, k)."""

    kind: int
    points: np.ndarray
    cells: np.ndarray
    nodal: dict[str, np.ndarray]
    cellwise: dict[str, np.ndarray]

    def of(self, cells: np.ndarray) -> _Grid:
        """Some of the cells, with their nodes alone."""
        used, nodes = np.unique(self.cells[cells], return_inverse=True)
        return _Grid(
            self.kind,
            self.points[used],
            nodes.reshape(len(cells), -1),
            {name: values[used] for name, values in self.nodal.items()},
            {name: values[cells] for name, values in self.cellwise.items()},
        )

    def save(self, path: Path, layer: str, first: str) -> None:
        """Write a `.vtu` of a layer, of whose fields a viewer shows ``first``."""
        data = grid(self.points, self.kind, self.cells)
        for name, values in self.nodal.items():
            add(data.GetPointData(), name, values)
        for name, values in self.cellwise.items():
            add(data.GetCellData(), name, values)
        add_text(data.GetFieldData(), "layer_name", [layer])
        data.GetPointData().SetActiveScalars(first)
        save(data, path)


def write_layers(
    comm: MPI.Intracomm, path: Path, functions: Sequence[Function], layers: Mapping[str, int]
) -> None:
    """Write a `.pvd` whose blocks carry the names of the layers; collective.

    ``path`` is that file; arguments and errors else as of :func:`write_blocks`.
    """
    parts = write_blocks(comm, path.with_suffix(""), functions, layers)
    if comm.rank == 0:
        path.write_text(collection([("0", parts)]), encoding="utf-8")


def block_file(stem: str, layer: str, rank: int | None = None) -> str:
    """Name of the `.pvtu` file of a layer, or of the part of one rank."""
    name = f"{stem}_{layer.replace(' ', '_')}"
    return f"{name}.pvtu" if rank is None else f"{name}_{rank}.vtu"


def write_blocks(
    comm: MPI.Intracomm, stem: Path, functions: Sequence[Function], layers: Mapping[str, int]
) -> list[tuple[str, str]]:
    """Write one block of files per layer; collective.

    The first nodal function is what a viewer shows first. No cell is written twice. Every block
    names its layer in its field data too (`layer_name`), and its cells carry `layer`, the number.

    Parameters
    ----------
    comm : The ranks.
    stem : Beginning of all files' names: `STEM_LAYER.pvtu` and `STEM_LAYER_RANK.vtu`.
    functions : Fields of one mesh, `layer` and `owned` among them.
    layers : Number of each layer by name, from the metal upwards.

    Returns
    -------
    Name and `.pvtu` file of each layer that has cells.

    Raises
    ------
    RuntimeError
        A file of this rank was cut short.
    """
    first = next(f.name for f in functions if _is_nodal(f))
    topology = functions[0].function_space.mesh.topology
    count = int(topology.index_map(topology.dim).size_local)
    tags = _by_cell(next(f for f in functions if f.name == LAYER), count)
    whole = _grid(functions, count) if count else None
    cells = {name: np.flatnonzero(tags == number) for name, number in layers.items()}
    # all that is collective comes before the first file, which one rank alone may fail to write
    counts = comm.allgather({name: len(own) for name, own in cells.items()})
    parts = []
    for name, own in cells.items():
        writers = [rank for rank, by_layer in enumerate(counts) if by_layer[name]]
        if not writers:
            continue
        files = {rank: block_file(stem.name, name, rank) for rank in writers}
        parts.append((name, block_file(stem.name, name)))
        if whole is None or comm.rank not in files:
            continue
        block = whole.of(own)
        file = stem.with_name(files[comm.rank])
        block.save(file, name, first)
        if not is_whole(file):
            raise RuntimeError(f"{file.name} was cut short")
        if comm.rank == writers[0]:
            text = _pieces(block, list(files.values()), first)
            stem.with_name(parts[-1][1]).write_text(text, encoding="utf-8")
    return parts


def _is_nodal(function: Function) -> bool:
    return bool(function.function_space.ufl_element().degree > 0)


def _grid(functions: Sequence[Function], count: int) -> _Grid:
    """This rank's own cells with all fields but who owns them."""
    space = next(f.function_space for f in functions if _is_nodal(f))
    topology, types, points = plot.vtk_mesh(space)  # type: ignore[arg-type]  # dispatched by type
    # in front of the nodes of each cell stands their number
    cells = np.asarray(topology, dtype=np.int64).reshape(len(types), -1)[:, 1:]
    nodal, cellwise = {}, {}
    for function in functions:
        if _is_nodal(function):
            nodal[function.name] = function.x.array.reshape(len(points), -1).squeeze(axis=1)
        elif function.name != OWNED:
            cellwise[function.name] = _by_cell(function, count)
    return _Grid(int(types[0]), points, cells, nodal, cellwise)


def _by_cell(function: Function, count: int) -> np.ndarray:
    """Values of the first ``count`` cells; vectors with three components, the layer as a number."""
    shape = function.function_space.ufl_element().reference_value_shape
    dofs = function.function_space.dofmap.list[:count, 0]
    table = function.x.array.reshape(-1, max(1, int(np.prod(shape))))[dofs]
    if function.name == LAYER:
        return np.asarray(table[:, 0], dtype=np.int32)
    if not shape:
        return np.asarray(table[:, 0])
    return np.pad(table, ((0, 0), (0, 3 - table.shape[1])))


def _pieces(block: _Grid, names: Sequence[str], first: str) -> str:
    """A `.pvtu` over the pieces of a layer."""
    lines = ['<PUnstructuredGrid GhostLevel="0">', f"<PPointData Scalars={quoteattr(first)}>"]
    lines += [_array(name, values) for name, values in block.nodal.items()]
    lines += ["</PPointData>", "<PCellData>"]
    lines += [_array(name, values) for name, values in block.cellwise.items()]
    lines += [
        "</PCellData>",
        '<PPoints><PDataArray type="Float64" NumberOfComponents="3"/></PPoints>',
    ]
    lines += [f"<Piece Source={quoteattr(name)}/>" for name in names]
    return _file("PUnstructuredGrid", [*lines, "</PUnstructuredGrid>"])


def _array(name: str, values: np.ndarray) -> str:
    components = 1 if values.ndim == 1 else values.shape[1]
    kind = TYPES[values.dtype]
    return f'<PDataArray type="{kind}" Name={quoteattr(name)} NumberOfComponents="{components}"/>'


def collection(times: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> str:
    """A `.pvd`: for each time, as text in s, names and files of its parts."""
    lines = [
        f'<DataSet timestep="{time}" part="{k}" name={quoteattr(name)} file={quoteattr(file)}/>'
        for time, parts in times
        for k, (name, file) in enumerate(parts)
    ]
    return _file("Collection", ["<Collection>", *lines, "</Collection>"])


def _file(kind: str, lines: Sequence[str]) -> str:
    head = f'<?xml version="1.0"?>\n<VTKFile type="{kind}" version="1.0">\n'
    return head + "\n".join(lines) + "\n</VTKFile>\n"
