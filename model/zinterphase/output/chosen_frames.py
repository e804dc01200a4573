"""Which of many snapshots a picture shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zinterphase.output.gallery import Frame

MOST = 6
"""Lines in one panel."""
SAME = 1e-6
"""Of the largest thickness: maps closer than that are drawn once."""


def chosen(frames: Sequence[Frame]) -> list[Frame]:
    """Of the first, the middle and the last cycle the thickest deposit and the last map; within a
    single cycle maps at even distances. Each only once where nothing has changed."""
    numbers = sorted({frame.cycle for frame in frames})
    if len(numbers) > 1:
        cycles = dict.fromkeys((numbers[0], numbers[(len(numbers) - 1) // 2], numbers[-1]))
        found = [f for n in cycles for f in _of_cycle([f for f in frames if f.cycle == n])]
    else:
        found = evenly(frames, MOST)
    return _different(found)


def evenly(frames: Sequence[Frame], most: int) -> list[Frame]:
    """At most so many, the first and the last among them."""
    count = min(most, len(frames))
    places = np.round(np.linspace(0, len(frames) - 1, count)).astype(int)
    return [frames[k] for k in places]


def thickest(frames: Sequence[Frame]) -> Frame:
    """The first of those with the largest mean magnitude, but for rounding."""
    sizes = np.array([abs(float(frame.thickness.mean())) for frame in frames])
    return frames[int(np.argmax(sizes >= (1.0 - SAME) * sizes.max()))]


def _of_cycle(frames: Sequence[Frame]) -> list[Frame]:
    most = thickest(frames)
    return [most] if most is frames[-1] else [most, frames[-1]]


def _different(frames: Sequence[Frame]) -> list[Frame]:
    size = max((float(np.abs(frame.thickness).max()) for frame in frames), default=0.0)
    found: list[Frame] = []
    for frame in frames:
        if not found or np.abs(frame.thickness - found[-1].thickness).max() > SAME * size:
            found.append(frame)
    return found
