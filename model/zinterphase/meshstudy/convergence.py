"""Convergence of every reported quantity over a family of meshes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from zinterphase.meshstudy.meshes import MeshRecord
from zinterphase.observe import keys
from zinterphase.observe.orders import OrderEstimate, estimate

WITHOUT_ORDER = ("p99_over_median", "p1_over_median", "gini", "reversed_fraction")
"""Metrics made of sorted values: they have no expansion in the cell size."""
IRREGULAR = ("max_over_mean", "max")
"""Metrics that jump from facet to facet: where their order is not confirmed but the differences
shrink, they are judged as if they had none, by the cautious error."""
NO_NOISE = 0.0


@dataclass(frozen=True)
class Converged:
    """One quantity over the family.

    Attributes
    ----------
    name, unit : As in `results.json`.
    values : From the coarsest mesh to the finest.
    estimate : What the values say.
    scale : What its error is relative to: its own magnitude, for a part of the voltage that of
        the whole.
    tolerance : Relative error asked for.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    estimate: OrderEstimate
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

    Attributes
    ----------
    meshes : From the coarsest to the finest.
    quantities : By their names.
    tolerance : Relative error asked for.
    stopped : Why there are no more meshes although more were wanted; None else.
    kept : How many of the meshes were solved by an earlier call.
    headline : The field that evenness is told by.
    """

    meshes: tuple[MeshRecord, ...]
    quantities: Mapping[str, Converged]
    tolerance: float
    stopped: str | None = None
    kept: int = 0
    headline: str = keys.CURRENT_DENSITY_TRUE_AREA

    @classmethod
    def of(
        cls,
        meshes: Sequence[MeshRecord],
        *,
        degree: int,
        tolerance: float,
        stopped: str | None = None,
        kept: int = 0,
        headline: str = keys.CURRENT_DENSITY_TRUE_AREA,
    ) -> Convergence:
        """Judge the quantities that all meshes have; ``degree`` is that of the elements."""
        sizes = [mesh.size for mesh in meshes]
        names = [n for n in meshes[-1].values if all(n in mesh.values for mesh in meshes)]
        quantities = {}
        for name in names:
            metric = name.rpartition(".")[2]
            values = tuple(mesh.values[name] for mesh in meshes)
            unit = meshes[-1].units[name]
            found = estimate(
                sizes,
                values,
                degree=degree,
                tolerance=max(mesh.noise.get(unit, NO_NOISE) for mesh in meshes),
                has_order=metric not in WITHOUT_ORDER,
            )
            if metric in IRREGULAR and found.behaviour == "not asymptotic":
                reason = "the largest facet is another one on each mesh"
                found = replace(found, behaviour="difference", order=None, reason=reason)
            quantities[name] = Converged(
                name, unit, values, found, _scale(name, meshes[-1]), tolerance
            )
        return cls(tuple(meshes), quantities, tolerance, stopped, kept, headline)

    @property
    def targets(self) -> tuple[Converged, ...]:
        """The quantities an accuracy is asked of."""
        names = keys.targets(self.headline)
        return tuple(self.quantities[name] for name in names if name in self.quantities)

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


def percent(fraction: float) -> str:
    """A relative error for a reader."""
    return f"{100.0 * fraction:.2g} %"


def _scale(name: str, mesh: MeshRecord) -> float:
    """Of a part of the voltage the whole voltage, else the quantity itself."""
    part_of_voltage = mesh.units[name] == "V"
    whole = mesh.values.get(f"{keys.VOLTAGE}.total", mesh.values[name])
    return abs(whole if part_of_voltage else mesh.values[name])
