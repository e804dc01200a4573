"""The state of a problem: unknown fields and global unknowns by name."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from zinterphase.solve.system import Array


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

    def continued(self, former: "State", ratio: float) -> "State":
        """On the straight line from ``former`` through this state, ``ratio`` times as far on."""
        fields = {
            name: values + ratio * (values - former.fields[name])
            for name, values in self.fields.items()
        }
        scalars = {
            name: value + ratio * (value - former.scalars[name])
            for name, value in self.scalars.items()
        }
        return replace(self, fields=fields, scalars=scalars)
