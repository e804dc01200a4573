"""Picture of a run's fields, made by ParaView without a screen.

    pvbatch scripts/paraview_view.py RUN_DIRECTORY [PICTURE.png] [--array NAME]

Opens RUN_DIRECTORY/fields.pvd, colours the last step by one array (the first one unless named)
and writes the picture, by default RUN_DIRECTORY/fields.png. Without an X server, put
`xvfb-run -a` before pvbatch.
"""

import argparse
from pathlib import Path

from paraview import simple


def main() -> None:
    """Read the arguments, draw, and write the picture."""
    parser = argparse.ArgumentParser(description="Picture of a run's fields.")
    parser.add_argument("run", type=Path, help="run folder that holds fields.pvd")
    parser.add_argument("picture", type=Path, nargs="?", help="PNG to write")
    parser.add_argument("--array", help="point or cell array to colour by")
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
    drawable = [name for name in arrays if name != "vtkGhostType"]
    name = arguments.array or next(iter(drawable), None)
    if name not in arrays:
        parser.error(f"--array = {name}: allowed {', '.join(drawable) or 'none, no arrays'}")

    view = simple.GetActiveViewOrCreate("RenderView")
    view.ViewSize = [1200, 800]
    view.OrientationAxesVisibility = 0
    display = simple.Show(reader, view)
    simple.ColorBy(display, (arrays[name], name))
    display.RescaleTransferFunctionToDataRange()
    display.SetScalarBarVisibility(view, True)
    if len(set(reader.GetDataInformation().GetBounds()[4:])) > 1:  # a 3D cell: not seen end on
        view.ApplyIsometricView()
    view.ResetCamera()
    simple.SaveScreenshot(str(arguments.picture or arguments.run / "fields.png"), view)


main()
