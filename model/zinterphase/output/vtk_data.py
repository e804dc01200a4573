"""Data sets of VTK from arrays, and their files; loads VTK where one is made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from vtkmodules.vtkCommonDataModel import (
        vtkCellArray,
        vtkDataSetAttributes,
        vtkFieldData,
        vtkPointSet,
        vtkPolyData,
        vtkUnstructuredGrid,
    )

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
TRIANGLE = 5
"""VTK's number for it."""


def polygons(points: Array, cells: Ints) -> vtkPolyData:
    """Vertices, lines or triangles, by the number of columns of ``cells``; points (n, 3)."""
    from vtkmodules.vtkCommonDataModel import vtkPolyData

    data = vtkPolyData()
    _place(data, points)
    table = _cells(np.arange(len(cells) + 1) * cells.shape[1], cells.ravel())
    (data.SetVerts, data.SetLines, data.SetPolys)[cells.shape[1] - 1](table)
    return data


def grid(points: Array, kind: int, cells: Ints) -> vtkUnstructuredGrid:
    """Cells of one of VTK's types, their nodes the rows of ``cells``; points (n, 3)."""
    from vtkmodules.util.numpy_support import numpy_to_vtk
    from vtkmodules.vtkCommonDataModel import vtkUnstructuredGrid

    data = vtkUnstructuredGrid()
    _place(data, points)
    table = _cells(np.arange(len(cells) + 1) * cells.shape[1], cells.ravel())
    data.SetCells(numpy_to_vtk(np.full(len(cells), kind, dtype=np.uint8), deep=True), table)
    return data


def add(attributes: vtkDataSetAttributes, name: str, values: npt.NDArray[np.generic]) -> None:
    """Values of points or cells, shape (n,) or (n, components), under a name."""
    from vtkmodules.util.numpy_support import numpy_to_vtk

    array = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
    array.SetName(name)
    attributes.AddArray(array)


def add_text(attributes: vtkFieldData, name: str, texts: Sequence[str]) -> None:
    """Words under a name."""
    from vtkmodules.vtkCommonCore import vtkStringArray

    array = vtkStringArray()
    array.SetName(name)
    for text in texts:
        array.InsertNextValue(text)
    attributes.AddArray(array)


def on_raster(data: vtkUnstructuredGrid, name: str, low: Array, high: Array, count: int) -> Array:
    """A field of the cells of a plane, averaged at nodes, at ``count`` points along both sides of
    the rectangle between two corners; NaN where there is no cell. Shape (y, x, component)."""
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkCommonDataModel import vtkImageData
    from vtkmodules.vtkFiltersCore import vtkCellDataToPointData, vtkResampleWithDataSet

    image = vtkImageData()
    image.SetDimensions(count, count, 1)
    image.SetSpacing([*((high - low) / (count - 1)).tolist(), 1.0])
    image.SetOrigin([*low.tolist(), 0.0])
    nodal = vtkCellDataToPointData()
    nodal.SetInputData(data)
    probe = vtkResampleWithDataSet()
    probe.SetInputData(image)
    probe.SetSourceConnection(nodal.GetOutputPort())
    probe.Update()
    found = probe.GetOutput().GetPointData()
    valid = vtk_to_numpy(found.GetArray("vtkValidPointMask")).astype(bool)
    values = np.where(valid[:, None], vtk_to_numpy(found.GetArray(name)), np.nan)
    return np.asarray(values.reshape(count, count, -1))


def save(data: vtkPointSet, path: Path) -> None:
    """Write a `.vtp` or `.vtu`, by what the data are."""
    from vtkmodules.vtkIOXML import vtkXMLPolyDataWriter, vtkXMLUnstructuredGridWriter

    surface = data.IsA("vtkPolyData")
    writer = vtkXMLPolyDataWriter() if surface else vtkXMLUnstructuredGridWriter()
    writer.SetFileName(str(path))
    writer.SetInputData(data)
    writer.SetDataModeToBinary()
    writer.Write()


def _place(data: vtkPointSet, points: Array) -> None:
    from vtkmodules.util.numpy_support import numpy_to_vtk
    from vtkmodules.vtkCommonCore import vtkPoints

    places = vtkPoints()
    places.SetData(numpy_to_vtk(np.ascontiguousarray(points), deep=True))
    data.SetPoints(places)


def _cells(offsets: Ints, nodes: Ints) -> vtkCellArray:
    from vtkmodules.util.numpy_support import numpy_to_vtkIdTypeArray
    from vtkmodules.vtkCommonDataModel import vtkCellArray

    table = vtkCellArray()
    parts = (np.asarray(part, dtype=np.int64) for part in (offsets, nodes))
    table.SetData(*(numpy_to_vtkIdTypeArray(part, deep=True) for part in parts))
    return table
