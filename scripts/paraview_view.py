"""Picture of a run's fields and of its reacting surface, made by ParaView without a screen.

    pvbatch scripts/paraview_view.py RUN_DIRECTORY [PICTURE.png] [--array NAME]

Opens RUN_DIRECTORY/fields.pvd, in 3D RUN_DIRECTORY/surface.vtp with it, colours the last step by
one array (the potential unless named) and writes the picture, by default
RUN_DIRECTORY/paraview.png. Lengths are in um. Without an X server, put `xvfb-run -a` before
pvbatch.
"""

import argparse
from pathlib import Path

import numpy as np
from paraview import servermanager, simple
from vtkmodules.util.numpy_support import vtk_to_numpy

MICROMETRE = 1e6
FIRST = "potential"
CURRENT = "current_density"
INK = [0.1, 0.1, 0.1]
UNITS = {
    "potential": "V",
    "electronic_potential": "V",
    "overpotential": "V",
    "electric_field": "V/m",
    "current_density": "A/m2",
    "charge_density": "C/m3",
    "layer": "number",
    "c_": "mol/m3",
    "flux_": "mol/m2/s",
}
"""Unit of each array, by name or its beginning."""


def main() -> None:
    """Read the arguments, draw, and write the picture."""
    parser = argparse.ArgumentParser(description="Picture of a run's fields.")
    parser.add_argument("run", type=Path, help="run folder that holds fields.pvd")
    parser.add_argument("picture", type=Path, nargs="?", help="PNG to write")
    parser.add_argument("--array", default=FIRST, help="point or cell array to colour by")
    arguments = parser.parse_args()
    source = arguments.run / "fields.pvd"
    if not source.is_file():
        parser.error(f"{source}: no such file (run the case with output.fields = pvd)")

    reader = simple.PVDReader(FileName=str(source))
    scene = simple.GetAnimationScene()
    scene.UpdateAnimationUsingDataTimeSteps()
    scene.GoToLast()
    reader.UpdatePipeline(scene.AnimationTime)
    arrays = {array.Name: "POINTS" for array in reader.PointData}
    arrays.update({array.Name: "CELLS" for array in reader.CellData if array.Name not in arrays})
    name = arguments.array
    if name not in arrays:
        parser.error(f"--array = {name}: allowed {', '.join(sorted(arrays))}")

    view = _view()
    bounds = reader.GetDataInformation().GetBounds()
    flat = bounds[4] == bounds[5]
    fields = _micrometres(reader)
    if not flat:  # the half behind the middle plane, for the inside to be seen
        height = [0.5 * MICROMETRE * (bounds[2 * k] + bounds[2 * k + 1]) for k in range(3)]
        fields = simple.Clip(Input=fields, ClipType="Plane", Invert=0)
        fields.ClipType.Origin = height
        fields.ClipType.Normal = [0.0, 1.0, 0.0]
    _colour(fields, view, arrays[name], name, 0.9)
    surface = arguments.run / "surface.vtp"
    if not flat and surface.is_file():
        _colour(
            _micrometres(simple.XMLPolyDataReader(FileName=[str(surface)])),
            view,
            "CELLS",
            CURRENT,
            0.05,
        )
        view.CameraPosition = [-1.0, -2.0, 1.2]
        view.CameraFocalPoint = [0.0, 0.0, 0.0]
        view.CameraViewUp = [0.0, 0.0, 1.0]
    view.ResetCamera()
    simple.SaveScreenshot(str(arguments.picture or arguments.run / "paraview.png"), view)


def _view() -> "simple.RenderView":
    """White, with axes in um around the cell."""
    view = simple.GetActiveViewOrCreate("RenderView")
    view.ViewSize = [1400, 900]
    view.OrientationAxesVisibility = 0
    view.UseColorPaletteForBackground = 0
    view.BackgroundColorMode = "Single Color"
    view.Background = [1.0, 1.0, 1.0]
    grid = view.AxesGrid
    grid.Visibility = 1
    grid.XTitle, grid.YTitle, grid.ZTitle = "x (um)", "y (um)", "z (um)"
    for axis in "XYZ":
        setattr(grid, f"{axis}TitleColor", INK)
        setattr(grid, f"{axis}LabelColor", INK)
    grid.GridColor = INK
    return view


def _micrometres(source: "simple.SourceProxy") -> "simple.Transform":
    scaled = simple.Transform(Input=source)
    scaled.Transform.Scale = [MICROMETRE] * 3
    return scaled


def _colour(
    source: "simple.SourceProxy", view: "simple.RenderView", kind: str, name: str, place: float
) -> None:
    """Show a source by one array over its own range, with a scale that names the unit."""
    display = simple.Show(source, view)
    display.Ambient, display.Diffuse = 1.0, 0.0  # the colours of the scale, without shades
    simple.ColorBy(display, (kind, name))
    display.SetScalarBarVisibility(view, True)
    colours = simple.GetColorTransferFunction(name)
    colours.ApplyPreset("Viridis (matplotlib)", True)
    low, high = _seen_range(source, name) or _range_on(source, kind, name)
    colours.RescaleTransferFunction(low, high)
    if high <= 0.0 and name == CURRENT:
        colours.InvertTransferFunction()  # strong deposition is bright
    bar = simple.GetScalarBar(colours, view)
    unit = UNITS.get(name) or next((u for key, u in UNITS.items() if name.startswith(key)), "SI")
    bar.Title, bar.ComponentTitle = f"{name} ({unit})", ""
    bar.TitleColor, bar.LabelColor = INK, INK
    bar.RangeLabelFormat = "%.3g"
    bar.WindowLocation, bar.Position = "Any Location", [place, 0.3]


def _seen_range(source: "simple.SourceProxy", name: str) -> tuple[float, float] | None:
    """Range of an array but for 0.5 % of the volume at each end, for a double layer of nanometres
    not to take all colours; None for a surface, which fills no volume."""
    bounds = source.GetDataInformation().GetBounds()
    if source.GetDataInformation().GetDataSetTypeAsString() == "vtkPolyData":
        return None
    image = simple.ResampleToImage(Input=source)
    image.SamplingDimensions = [300, 300, 1] if bounds[4] == bounds[5] else [60, 60, 60]
    data = servermanager.Fetch(image).GetPointData()
    values = vtk_to_numpy(data.GetArray(name))
    sizes = np.linalg.norm(values, axis=1) if values.ndim == 2 else values
    valid = sizes[vtk_to_numpy(data.GetArray("vtkValidPointMask")).astype(bool)]
    if not valid.size:
        return None
    low, high = np.percentile(valid, [0.5, 99.5])
    return (float(low), float(high)) if high > low else None


def _range_on(source: "simple.SourceProxy", kind: str, name: str) -> tuple[float, float]:
    """The whole range of an array; of the size of a vector."""
    data = source.PointData if kind == "POINTS" else source.CellData
    array = data[name]
    low, high = array.GetRange(-1 if array.GetNumberOfComponents() > 1 else 0)
    return (low, high) if high > low else (low - 1e-12, high + 1e-12)


main()
