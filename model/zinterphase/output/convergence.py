"""Convergence of every reported quantity over a family of meshes, and its files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from zinterphase.observe.orders import Estimate, estimate
from zinterphase.output.files import write_json, write_rows

TARGETS = (
    "mean_current_density",
    "potential_against_bulk_equilibrium",
    "current_density.cv",
    "current_density.max_over_mean",
)
"""Quantities an accuracy is asked of."""
WITHOUT_ORDER = ("p99_over_median", "p1_over_median", "gini", "reversed_fraction")
"""Metrics made of sorted values: they have no expansion in the cell size."""
IRREGULAR = ("max_over_mean",)
"""Metrics that jump from facet to facet: where their order is not confirmed but the differences
shrink, they are judged as if they had none, by the cautious error."""
NO_NOISE = 0.0


@dataclass(frozen=True)
class MeshRecord:
    """One solved mesh of a family, SI.

    Attributes:
        key: What a stored record is found by.
        refinement: ``mesh.refinement`` of the case.
        size: Edge of a cell of mean volume, (volume/cells)^(1/d) [m].
        cells, unknowns: Counts.
        iterations: Newton iterations of all attempts.
        from_previous: Whether the solve started from the solution on the mesh before.
        seconds: Wall time of mesh, forms, solve and evaluation.
        memory: Growth of the peak memory of all ranks since the study began [bytes].
        values, units: Quantities with a discretisation error.
        noise: By unit, what the solver's tolerance leaves undecided.
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
        return json.dumps(asdict(self), allow_nan=False)

    @classmethod
    def from_line(cls, line: str) -> MeshRecord | None:
        """Inverse of :meth:`to_line`; None for a line that was cut off."""
        try:
            return cls(**json.loads(line))
        except (ValueError, TypeError):
            return None


@dataclass(frozen=True)
class Converged:
    """One quantity over the family.

    Attributes:
        name, unit: As in `results.json`.
        values: From the coarsest mesh to the finest.
        estimate: What the values say.
        scale: What its error is relative to: its own magnitude, for a part of the voltage that of
            the whole.
        tolerance: Relative error asked for.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    estimate: Estimate
    scale: float
    tolerance: float

    @property
    def relative_error(self) -> float | None:
        """Error estimate over the scale."""
        error = self.estimate.error
        return None if error is None or self.scale == 0.0 else error / self.scale

    @property
    def passed(self) -> bool:
        """Whether it is seen to converge and its error is within the tolerance."""
        if self.estimate.behaviour == "exact":
            return True
        error = self.relative_error
        return self.estimate.confirmed and error is not None and error <= self.tolerance

    @property
    def verdict(self) -> str:
        """One clause for a reader."""
        found, error = self.estimate, self.relative_error
        if found.behaviour == "exact":
            return "exact to the solver's tolerance"
        if not found.confirmed or error is None:
            return f"not converged: {found.reason}"
        size = f"{percent(error)} {'within' if self.passed else 'above'} {percent(self.tolerance)}"
        if found.behaviour == "difference":
            return f"last change {size} (it has no order)"
        word = "converged" if self.passed else "not accurate enough"
        return f"{word}: order {found.order:.2f}, error {size}"

    def entry(self) -> dict[str, object]:
        """All there is, for JSON."""
        return {
            "unit": self.unit,
            "values": list(self.values),
            **asdict(self.estimate),
            "relative_error": self.relative_error,
            "passed": self.passed,
            "verdict": self.verdict,
        }


@dataclass(frozen=True)
class Convergence:
    """A family of meshes and what it says of every quantity.

    Attributes:
        meshes: From the coarsest to the finest.
        quantities: By their names.
        tolerance: Relative error asked for.
        stopped: Why there are no more meshes although more were wanted; None else.
        kept: How many of the meshes were solved by an earlier call.
    """

    meshes: tuple[MeshRecord, ...]
    quantities: Mapping[str, Converged]
    tolerance: float
    stopped: str | None = None
    kept: int = 0

    @classmethod
    def of(
        cls,
        meshes: Sequence[MeshRecord],
        *,
        degree: int,
        tolerance: float,
        stopped: str | None = None,
        kept: int = 0,
    ) -> Convergence:
        """Judge the quantities that all meshes have; ``degree`` is that of the elements."""
        sizes = [mesh.size for mesh in meshes]
        names = [n for n in meshes[-1].values if all(n in mesh.values for mesh in meshes)]
        quantities = {}
        for name in names:
            values = tuple(mesh.values[name] for mesh in meshes)
            unit = meshes[-1].units[name]
            found = estimate(
                sizes,
                values,
                degree=degree,
                tolerance=max(mesh.noise.get(unit, NO_NOISE) for mesh in meshes),
                has_order=not name.endswith(WITHOUT_ORDER),
            )
            if name.endswith(IRREGULAR) and found.behaviour == "not asymptotic":
                reason = "the largest facet is another one on each mesh"
                found = replace(found, behaviour="difference", order=None, reason=reason)
            quantities[name] = Converged(
                name, unit, values, found, _scale(name, meshes[-1].values), tolerance
            )
        return cls(tuple(meshes), quantities, tolerance, stopped, kept)

    @property
    def targets(self) -> tuple[Converged, ...]:
        """The quantities an accuracy is asked of."""
        return tuple(self.quantities[name] for name in TARGETS if name in self.quantities)

    @property
    def met(self) -> bool:
        """Whether all targets are within the tolerance."""
        return all(target.passed for target in self.targets)

    def spent(self) -> dict[str, object]:
        """What was spent, and on what."""
        return {
            "asked": self.tolerance,
            "met": self.met,
            "meshes": len(self.meshes),
            "unknowns": [mesh.unknowns for mesh in self.meshes],
            "seconds": [mesh.seconds for mesh in self.meshes],
            "stopped": self.stopped,
        }


def write_convergence(convergence: Convergence, folder: Path) -> None:
    """Write `convergence.csv` (a row per quantity) and `convergence.json` (everything)."""
    write_rows(folder / "convergence.csv", _rows(convergence))
    meshes = [
        {k: v for k, v in asdict(mesh).items() if k not in ("key", "values", "units", "noise")}
        for mesh in convergence.meshes
    ]
    content = {
        **convergence.spent(),
        "targets": [target.name for target in convergence.targets],
        "family": meshes,
        "quantities": {name: q.entry() for name, q in convergence.quantities.items()},
    }
    write_json(folder / "convergence.json", content)


def percent(fraction: float) -> str:
    """A relative error for a reader."""
    return f"{100.0 * fraction:.2g} %"


def _rows(convergence: Convergence) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for q in convergence.quantities.values():
        found = q.estimate
        values = {f"value_{k}": value for k, value in enumerate(q.values, 1)}
        rows.append(
            {
                "quantity": q.name,
                "unit": q.unit,
                **values,
                "order": found.order,
                "slope": found.slope,
                "extrapolated": found.extrapolated,
                "error": found.error,
                "relative_error": q.relative_error,
                "behaviour": found.behaviour,
                "passed": q.passed,
                "verdict": q.verdict,
            }
        )
    return rows


def _scale(name: str, values: Mapping[str, float]) -> float:
    return abs(values.get("voltage.total", values[name]) if "voltage." in name else values[name])
