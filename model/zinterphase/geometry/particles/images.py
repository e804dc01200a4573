"""Particles from a segmented image: which pixels are solid. Serial."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from zinterphase.errors import CaseError

LARGEST_FILE = 50_000_000
"""Bytes of a file at most."""
MOST = 4_000_000
"""Pixels at most."""
FEWEST = 4
"""Pixels along a side at least."""
LEAST_ISLAND = 9
"""Pixels of solid, connected by their sides, below which an island is noise."""

_SUFFIXES = (".npy", ".png", ".tif", ".tiff")

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class SegmentedImage:
    """A cross-section in pixels, a part of the key of a mesh.

    Attributes
    ----------
    shape : Rows, the highest first, and columns.
    pixel : Length of a side [m].
    packed : Which pixels are solid, row by row, eight of them in a byte, as base64.
    islands : How many islands of solid were left out as noise.
    """

    shape: tuple[int, int]
    pixel: float
    packed: str
    islands: int

    @classmethod
    def of(cls, solid: Mask, pixel: float) -> SegmentedImage:
        """Of pixels (rows, columns), without small islands."""
        from scipy.ndimage import label

        number, count = label(solid)
        small = np.bincount(number.ravel(), minlength=count + 1) < LEAST_ISLAND
        small[0] = False
        packed = np.packbits(solid & ~small[number]).tobytes()
        rows, columns = solid.shape
        text = base64.b64encode(packed).decode()
        return cls((rows, columns), pixel, text, int(small.sum()))

    @cached_property
    def solid(self) -> Mask:
        """Pixels (columns, rows) of solid, the lowest row first: along x, then along the stack."""
        bits = np.frombuffer(base64.b64decode(self.packed), dtype=np.uint8)
        rows, columns = self.shape
        found = np.unpackbits(bits, count=rows * columns).reshape(rows, columns)
        return np.asarray(found[::-1].T, dtype=bool)

    @property
    def share(self) -> float:
        """Of the solid in the image."""
        return float(self.solid.mean())

    @property
    def sides(self) -> int:
        """Sides of pixels between solid and liquid."""
        return sum(int(np.count_nonzero(np.diff(self.solid, axis=axis))) for axis in (0, 1))


def read_image(path: Path, pixel: float, field: str) -> SegmentedImage:
    """Read a cross-section from a NumPy array (.npy) or a picture (.png, .tif), 0 and black being
    liquid.

    Raises
    ------
    CaseError
        The file cannot be read, has other than two dimensions, is too large, or shows no solid or
        no liquid.
    """
    wanted = f"a .npy array of rows and columns, or a .png or .tif picture, {FEWEST} pixels a side "
    wanted += f"to {MOST:.0e} in all, 0 (black) for liquid, others solid"
    if path.suffix.lower() not in _SUFFIXES:
        raise CaseError(field, str(path), wanted)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise CaseError(field, str(path), f"{wanted}, of at most {LARGEST_FILE:.0e} bytes")
        values = _values(path)
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise CaseError(field, str(path), f"{wanted} ({error.__class__.__name__})") from error
    if values.ndim == 3 and path.suffix == ".npy":
        raise CaseError(field, "a stack", f"one image, as no stack is meshed: {wanted}")
    plane = values.ndim == 2 and values.dtype.kind in "biuf"
    if not plane or min(values.shape) < FEWEST or values.size > MOST:
        raise CaseError(field, str(path), wanted)
    image = SegmentedImage.of(values != 0, pixel)
    if not 0.0 < image.share < 1.0:
        found = "no solid" if image.share == 0.0 else "no liquid"
        raise CaseError(field, found, wanted)
    return image


def _values(path: Path) -> npt.NDArray[Any]:
    """Pixels (rows, columns) of a picture, the brightest of its colours, or an array as it is."""
    if path.suffix == ".npy":
        return np.asarray(np.load(path, allow_pickle=False))
    from matplotlib.image import imread
    from PIL import Image

    try:
        with Image.open(path) as picture:
            several, count = getattr(picture, "n_frames", 1) > 1, picture.width * picture.height
    except Image.DecompressionBombError as error:
        raise ValueError("too many pixels") from error
    if several or count > MOST:
        raise ValueError("a stack, or too many pixels")
    found = np.asarray(imread(path))
    if found.ndim == 3:
        colours = found.shape[2] - (found.shape[2] in (2, 4))
        found = found[:, :, :colours].max(axis=2)
    return found
