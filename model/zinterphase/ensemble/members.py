"""What is kept of one run: numbers, profile and spectrum, in a record that can be stored."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from zinterphase.ensemble.homogenisation import Member
from zinterphase.ensemble.subject import STEADY
from zinterphase.formats import RECORDS
from zinterphase.observe import keys
from zinterphase.observe.spectrum import Spectrum
from zinterphase.observe.surface import SurfaceMap
from zinterphase.output.files import finite
from zinterphase.output.results import quantities
from zinterphase.result import Result


@dataclass(frozen=True, eq=False)
class Record:
    """What is kept of a run, SI units; a run without a solution has only a ``reason``.

    ``metrics`` and ``scalars`` go by the keys of `results.json`, and so do their ``units``.
    ``spectrum`` and ``profile`` (one point a facet) are of the current, or of the deposit, per
    projected area, ``delivered`` says that the caller was given the whole result. ``course`` holds
    columns of equal length for what is reduced later, NaN where a cell is empty.
    """

    key: str
    metrics: dict[str, dict[str, float | None]] = field(default_factory=dict)
    scalars: dict[str, float] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    reason: str | None = None
    spectrum: Spectrum | None = None
    profile: SurfaceMap | None = None
    delivered: bool = False
    course: Mapping[str, npt.NDArray[np.float64]] | None = None

    def numbers(self) -> dict[str, tuple[float, str]]:
        """Every number that is defined, with its unit, by the keys of `results.json`; balances,
        which are rounding, are not among them."""
        found = {
            f"{name}.{metric}": (value, self.units[name] if metric == "mean" else "1")
            for name, metrics in self.metrics.items()
            for metric, value in metrics.items()
            if value is not None
        }
        scalars = {name: (value, self.units[name]) for name, value in self.scalars.items()}
        scalars.pop(keys.LARGEST_MISMATCH, None)
        return found | scalars

    def member(self, label: str, level: str, current: float, seed: int) -> Member:
        """The run as tables take it."""
        return Member(
            case=label,
            label=label,
            seed=seed,
            current=current,
            level=level,
            metrics=self.metrics,
            scalars=self.scalars,
            units=self.units,
            converged=self.reason is None,
            reason=self.reason,
        )

    def to_line(self) -> str:
        """The record as one line of JSON, all digits kept."""
        data: dict[str, Any] = {
            **RECORDS.stamp(),
            "key": self.key,
            "metrics": self.metrics,
            "scalars": self.scalars,
            "units": self.units,
            "reason": self.reason,
            "delivered": self.delivered,
        }
        if self.spectrum is not None:
            data["wavenumber"] = self.spectrum.wavenumber.tolist()
            data["amplitude"] = self.spectrum.amplitude.tolist()
        if self.profile is not None:
            data["profile"] = {
                "position": self.profile.position.tolist(),
                "area": self.profile.area.tolist(),
                **{name: values.tolist() for name, values in self.profile.values.items()},
            }
        if self.course is not None:
            data["course"] = {name: [*map(finite, x)] for name, x in self.course.items()}
        return json.dumps(data, allow_nan=False)

    @classmethod
    def from_line(cls, line: str) -> "Record | None":
        """Inverse of :meth:`to_line`; None for a line that was cut off.

        Raises :class:`FormatError` for one of another format.
        """
        try:
            data = json.loads(line)
            RECORDS.require(data, "a stored run")
            spectrum = profile = course = None
            if "wavenumber" in data:
                spectrum = Spectrum(np.array(data["wavenumber"]), np.array(data["amplitude"]))
            if "profile" in data:
                values = {name: np.array(column) for name, column in data["profile"].items()}
                position, area = values.pop("position"), values.pop("area")
                profile = SurfaceMap(position, area, area, np.arange(len(area)), values)
            if "course" in data:
                course = {name: np.array(x, dtype=np.float64) for name, x in data["course"].items()}
            return cls(
                data["key"],
                data["metrics"],
                data["scalars"],
                data["units"],
                data["reason"],
                spectrum,
                profile,
                data["delivered"],
                course,
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


COMPARED = (
    keys.POTENTIAL,
    "cell.voltage.kinetic",
    "cell.voltage.ohmic",
    "cell.voltage.concentration",
    "cell.voltage.electronic",
    "film.voltage",
    "film.voltage_share",
    "liquid.limiting_current_fraction",
    "cell.wagner_number",
    "liquid.apparent_conductivity",
    "working.mean_concentration_polarisation",
    "film.transference_number",
    "working.mean_ion_flux",
)
"""Numbers of no field that any anode has, whatever its layers are called."""


def record_of(key: str, result: Result, *, delivered: bool) -> Record:
    """What is kept of a result whose surface is a graph."""
    assert result.anode is not None
    fields, scalars = result.homogeneity, _scalars(result)
    units = {name: field.unit for name, field in fields.items()}
    return Record(
        key,
        {name: field.metrics() for name, field in fields.items()},
        {name: value for name, (value, _) in scalars.items()},
        units | {name: unit for name, (_, unit) in scalars.items()},
        None,
        fields[keys.CURRENT_DENSITY].spectrum,
        result.anode.facet_means(STEADY.drawn),
        delivered,
    )


def _scalars(result: Result) -> dict[str, tuple[float, str]]:
    """Values and units of `COMPARED`, and of the reactions where an electrode has several."""
    found = quantities(result)
    asked = [*COMPARED, *(key for key in found if keys.is_rate(key))]
    for electrode in result.problem.cell.electrodes:
        if len(electrode.reaction_names) > 1:
            asked += [
                keys.reaction_key(electrode.name, name, metric)
                for name in electrode.reaction_names
                for metric in ("mean_current_density", "current_share")
            ]
    known = {key: found[key] for key in asked if key in found}
    return {key: (q.value, q.unit) for key, q in known.items() if isinstance(q.value, float)}
