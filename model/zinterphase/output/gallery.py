"""Maps of the working electrode at the snapshots of a run, a bounded number of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from zinterphase.output.stride import stride

Array = npt.NDArray[np.float64]
_TIMES, _MAPS, _HELD = ("time", "cycle", "step"), ("thickness", "current_density"), "held/"


@dataclass(frozen=True, eq=False)
class Frame:
    """Maps of the working electrode at one time: thickness [m] and current density [A/m2], and
    what else the surface holds by name, as :meth:`WallStates.maps`."""

    time: float
    cycle: int
    step: int
    thickness: Array
    current_density: Array
    held: Mapping[str, Array] = field(default_factory=dict)

    @property
    def without_maps(self) -> Frame:
        """What ranks keep that write none."""
        return Frame(self.time, self.cycle, self.step, np.zeros(0), np.zeros(0))


class Gallery:
    """Keeps at most :data:`MOST` frames: those whose number, from 0, is a multiple of the smallest
    power of two that leaves so few, and the last."""

    def __init__(self) -> None:
        self.count = 0
        """Frames that have come."""
        self._kept: dict[int, Frame] = {}

    @property
    def frames(self) -> tuple[Frame, ...]:
        """In the order of time."""
        return tuple(self._kept.values())

    def add(self, frame: Frame) -> None:
        """The next one, later than those before."""
        every = stride(self.count)
        self._kept = {n: f for n, f in self._kept.items() if n % every == 0} | {self.count: frame}
        self.count += 1

    def arrays(self) -> dict[str, Array]:
        """All it knows, by names: a row for each frame that is kept."""
        frames = self.frames
        held = frames[0].held if frames else ()
        columns = {
            "number": list(self._kept),
            **{name: [getattr(f, name) for f in frames] for name in (*_TIMES, *_MAPS)},
            **{_HELD + name: [f.held[name] for f in frames] for name in held},
        }
        return {name: np.array(column, dtype=np.float64) for name, column in columns.items()}

    @staticmethod
    def without_maps(arrays: Mapping[str, Array]) -> dict[str, Array]:
        """Of what a gallery gave, that of frames without maps."""
        kept = ("number", *_TIMES, *_MAPS)
        none = {n: np.zeros((len(a), 0)) for n, a in arrays.items() if n in _MAPS}
        return {n: none.get(n, a) for n, a in arrays.items() if n in kept}

    @classmethod
    def recalled(cls, arrays: Mapping[str, Array]) -> Gallery:
        """As it was when it gave these arrays."""
        found = cls()
        held = {n.removeprefix(_HELD): a for n, a in arrays.items() if n.startswith(_HELD)}
        rows = zip(*(arrays[n] for n in ("number", *_TIMES, *_MAPS)), strict=True)
        for k, (number, time, cycle, step, thickness, density) in enumerate(rows):
            own = {name: values[k] for name, values in held.items()}
            frame = Frame(float(time), int(cycle), int(step), thickness, density, own)
            found._kept[int(number)] = frame
        found.count = max(found._kept, default=-1) + 1
        return found
