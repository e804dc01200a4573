"""What is kept of one solved mesh of a family."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from zinterphase.formats import KEY, RECORDS, WRITER


@dataclass(frozen=True)
class MeshRecord:
    """One solved mesh of a family, SI.

    Attributes
    ----------
    key : What a stored record is found by.
    refinement : ``mesh.refinement`` of the case.
    size : Edge of a cell of mean volume, (volume/cells)^(1/d) [m].
    cells, unknowns : Counts.
    iterations : Newton iterations of all attempts.
    from_previous : Whether the solve started from the solution on the mesh before.
    seconds : Wall time of mesh, forms, solve and evaluation.
    memory : Growth of the peak memory of all ranks since the study began [bytes].
    values, units : Quantities with a discretisation error.
    noise : By unit, what the solver's tolerance leaves undecided.
    """

    key: str
    refinement: float
    size: float
    cells: int
    unknowns: int
    iterations: int
    from_previous: bool
    seconds: float
    memory: float
    values: Mapping[str, float]
    units: Mapping[str, str]
    noise: Mapping[str, float]

    def to_line(self) -> str:
        """The record as one line of JSON, all digits kept."""
        return json.dumps({**RECORDS.stamp(), **asdict(self)}, allow_nan=False)

    @classmethod
    def from_line(cls, line: str) -> MeshRecord | None:
        """Inverse of :meth:`to_line`; None for a line that was cut off.

        Raises :class:`FormatError` for one of another format.
        """
        try:
            data = json.loads(line)
            RECORDS.require(data, "a stored mesh")
            return cls(**{name: data[name] for name in data.keys() - {KEY, WRITER}})
        except (ValueError, TypeError, AttributeError):
            return None
