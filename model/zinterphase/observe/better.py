"""What a user sees at points, from the solution one polynomial order higher."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zinterphase.observe.evaluate import surface_map
from zinterphase.observe.fields import nodal_fields
from zinterphase.observe.profiles import Samples, are_asked, sampled
from zinterphase.observe.recovery import RecoveredSurface
from zinterphase.observe.surface import SurfaceMap
from zinterphase.solve.problem import Problem


@dataclass(frozen=True, eq=False)
class BetterPoints:
    """Means over facets, and fields along the lines and at the probes of a case."""

    surface: SurfaceMap
    lines: tuple[Samples, ...]

    @classmethod
    def of(cls, richer: Problem) -> BetterPoints:
        """At the present state of the richer problem; collective."""
        lines = sampled(richer, nodal_fields(richer)) if are_asked(richer) else []
        return cls(surface_map(richer).by_facet(), tuple(lines))

    def judged(self, facets: RecoveredSurface) -> RecoveredSurface:
        """The surface with the distances to this one as its errors. Not collective."""
        here, there = (m.sorted() for m in (facets.map, self.surface))
        errors = {n: np.abs(there.values[n] - v) for n, v in here.values.items()}
        return RecoveredSurface(here, errors)

    def judged_lines(self, lines: Sequence[Samples]) -> list[Samples]:
        """The same of lines and probes."""
        return [
            replace(line, errors={n: np.abs(better.values[n] - v) for n, v in line.values.items()})
            for line, better in zip(lines, self.lines, strict=True)
        ]
