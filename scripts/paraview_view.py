"""Picture of a run's fields and of its reacting surface, made by ParaView without a screen.

    pvbatch scripts/paraview_view.py RUN_DIRECTORY [PICTURE.png] [--array NAME]

Opens RUN_DIRECTORY/fields.pvd, in 3D RUN_DIRECTORY/surface.vtp with it, colours the last step by
one array (the potential unless named) and writes the picture, by default
RUN_DIRECTORY/paraview.png. Lengths are in um. Without an X server, put `xvfb-run -a` before
pvbatch.
"""

import argparse
from pathlib import Path

from paraview import simple

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
    simple.ColorBy(display, (kind, name))
    display.RescaleTransferFunctionToDataRange(False, True)
    display.SetScalarBarVisibility(view, True)
    colours = simple.GetColorTransferFunction(name)
    colours.ApplyPreset("Viridis (matplotlib)", True)
    bar = simple.GetScalarBar(colours, view)
    unit = UNITS.get(name) or next((u for key, u in UNITS.items() if name.startswith(key)), "SI")
    bar.Title, bar.ComponentTitle = f"{name} ({unit})", ""
    bar.TitleColor, bar.LabelColor = INK, INK
    bar.WindowLocation, bar.Position = "Any Location", [place, 0.3]


main()
