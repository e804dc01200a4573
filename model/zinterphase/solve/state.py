"""The state of a problem: unknown fields and global unknowns by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from zinterphase.solve.system import Array


def mixed(weights: Sequence[float], each: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
    """The sum of some arrays by name, each times its weight."""
    pairs = list(zip(weights, each, strict=True))
    return {name: np.asarray(sum(w * arrays[name] for w, arrays in pairs)) for name in each[0]}


@dataclass(frozen=True, eq=False)
class State:
    """What a solve starts from and ends with.

    ``fields`` are owned values of this rank by field, ``scalars`` the global unknowns, both in
    units of RT/F; ``load`` is the fraction of the drive that is on, ``time`` in s. ``displacement``
    is that of this rank's owned nodes from where the mesh was made (n, dim) [m], None at rest.
    """

    fields: Mapping[str, Array]
    scalars: Mapping[str, float]
    load: float = 0.0
    time: float = 0.0
    displacement: Array | None = None

    @classmethod
    def combined(cls, weights: Sequence[float], states: Sequence["State"]) -> "State":
        """The sum of some states' unknowns, each times its weight; all else is the first's."""
        pairs = list(zip(weights, states, strict=True))
        first = states[0]
        return replace(
            first,
            fields=mixed(weights, [s.fields for s in states]),
            scalars={name: sum(w * s.scalars[name] for w, s in pairs) for name in first.scalars},
        )

    def continued(self, former: "State", ratio: float) -> "State":
        """On the straight line from ``former`` through this state, ``ratio`` times as far on."""
        return State.combined([1 + ratio, -ratio], [self, former])
