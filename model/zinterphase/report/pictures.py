"""Pictures as text within a page, small enough together."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from pathlib import Path

from zinterphase.errors import FileError

LARGEST = 600_000
"""Bytes of a picture; a larger one gets fewer colours, then fewer pixels."""
COLOURS = 128
SMALLEST_WIDTH = 500


@dataclass(frozen=True)
class Picture:
    """A picture with its file's name, as a data address."""

    name: str
    address: str


def picture(path: Path, largest: int = LARGEST) -> Picture:
    """Read a PNG and make it fit. Raises :class:`FileError` where it cannot be read."""
    try:
        data = path.read_bytes()
        if len(data) > largest:
            data = _smaller(data, largest)
    except (OSError, ValueError) as error:
        raise FileError(f"{path}: no picture ({error})") from None
    return Picture(path.name, f"data:image/png;base64,{base64.b64encode(data).decode()}")


def _smaller(data: bytes, largest: int) -> bytes:
    from PIL import Image

    with Image.open(io.BytesIO(data)) as read:
        image = read.convert("RGB")
    while True:
        out = io.BytesIO()
        image.quantize(COLOURS).save(out, "PNG", optimize=True)
        if out.tell() <= largest or image.width <= SMALLEST_WIDTH:
            return out.getvalue()
        image = image.resize((image.width * 3 // 4, image.height * 3 // 4))
