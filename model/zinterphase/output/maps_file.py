"""Maps of the working electrode over time in one NetCDF file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy

from zinterphase.output.files import replacing
from zinterphase.output.gallery import Frame

Array = npt.NDArray[np.float64]
MAPS = "maps.nc"
HELD = {
    "coverage": ("1", "share of the substrate that deposit covers"),
    "alloyed": ("1", "plated metal in the host over its capacity, mean over the depth"),
    "front": ("m", "height of the moving surface, mean of the facet's corners"),
    "front_x": ("m", "lateral place of the middle of the facet of a moving surface that may fold"),
    "front_arc": ("m", "way along that surface, from the left, to the middle of the facet"),
}
OFFSETS_OF_64_BITS = 2
"""Version of the format: files beyond 2 GB."""


def write_maps(
    path: Path, position: Array, area: Array, frames: Sequence[Frame], title: str = ""
) -> None:
    """Write thickness, current density and what else the surface holds, of every facet at every
    snapshot; not collective.

    A NetCDF-3 file that `xarray.open_dataset` opens: dimensions `time` (unlimited) and `facet`;
    `cycle` and `step` by time, `x`, `y` (as far as there are), `height` and `area` by facet, all
    in SI units with their meaning beside them. It appears complete or not at all.

    Parameters
    ----------
    path : The file.
    position : Centres of the facets, the height last, shape (f, d) [m].
    area : Of the facets, shape (f,) [m2; m2 per metre of depth in 2D; 1 on a line].
    frames : The snapshots, in the order of time.
    title : What the file calls itself.
    """
    lateral = ("x", "y")[: position.shape[1] - 1]
    facets = {name: position[:, axis] for axis, name in enumerate(lateral)}
    facets["height"] = position[:, -1]
    places = " ".join(["cycle", "step", *facets])
    with replacing(path) as temporary:
        file = scipy.io.netcdf_file(temporary, "w", version=OFFSETS_OF_64_BITS)
        file.Conventions, file.title = "CF-1.8", title or "deposit on the working electrode"
        file.createDimension("time", None)
        file.createDimension("facet", len(area))
        for name, values in facets.items():
            text = f"{name} of the facet's centre"
            _variable(file, name, ("facet",), values, units="m", long_name=text)
        _variable(
            file, "area", ("facet",), area, units="m2", long_name="area of the facet",
            comment="projected onto the electrode's plane; per metre of depth in two dimensions",
        )  # fmt: skip
        _variable(
            file, "time", ("time",), [frame.time for frame in frames], units="s",
            long_name="time since the beginning of the run", axis="T",
        )  # fmt: skip
        for name, text in (("cycle", "cycle, from 1"), ("step", "step of the protocol, from 1")):
            numbers = np.array([getattr(frame, name) for frame in frames], dtype=np.int32)
            _variable(file, name, ("time",), numbers, units="1", long_name=text)
        for name, unit, text in (
            ("thickness", "m", "thickness of the deposit since the beginning of the run"),
            ("current_density", "A m-2", "current density of the metal's own reaction"),
        ):
            _variable(
                file, name, ("time", "facet"),
                np.array([getattr(frame, name) for frame in frames]).reshape(-1, len(area)),
                units=unit, long_name=text, coordinates=places,
            )  # fmt: skip
        for name in frames[0].held if frames else ():
            _variable(
                file, name, ("time", "facet"),
                np.array([frame.held[name] for frame in frames]).reshape(-1, len(area)),
                units=HELD[name][0], long_name=HELD[name][1], coordinates=places,
            )  # fmt: skip
        file.variables["current_density"].comment = "per projected area; negative is deposition"
        file.close()


def _variable(
    file: scipy.io.netcdf_file,
    name: str,
    dimensions: tuple[str, ...],
    values: npt.ArrayLike,
    **attributes: str,
) -> None:
    array = np.asarray(values)
    kind = "i" if array.dtype.kind == "i" and array.dtype.itemsize == 4 else "d"
    variable = file.createVariable(name, kind, dimensions)
    variable[:] = array
    for key, text in attributes.items():
        setattr(variable, key, text)
