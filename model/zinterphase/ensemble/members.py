"""What is kept of one run: numbers, profile and spectrum, in a record that can be stored."""

import json
from dataclasses import dataclass, field
from math import isnan
from typing import Any

import numpy as np

from zinterphase.ensemble.homogenisation import Member
from zinterphase.observe.spectrum import Spectrum
from zinterphase.observe.surface import SurfaceMap
from zinterphase.observe.voltage import VoltageParts
from zinterphase.result import Result
from zinterphase.solve.problem import Problem

DRAWN = "current_density"
"""Field whose profile and spectrum are kept."""


@dataclass(frozen=True, eq=False)
class Record:
    """What is kept of a run, SI units; a run without a solution has only a ``reason``.

    ``spectrum`` and ``profile`` (one point a facet) are of the current per projected area,
    ``delivered`` says that the caller was given the whole result.
    """

    key: str
    metrics: dict[str, dict[str, float | None]] = field(default_factory=dict)
    scalars: dict[str, float] = field(default_factory=dict)
    reason: str | None = None
    spectrum: Spectrum | None = None
    profile: SurfaceMap | None = None
    delivered: bool = False

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
            converged=self.reason is None,
            reason=self.reason,
        )

    def to_line(self) -> str:
        """The record as one line of JSON, all digits kept."""
        data: dict[str, Any] = {
            "key": self.key,
            "metrics": self.metrics,
            "scalars": self.scalars,
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
                DRAWN: self.profile.values[DRAWN].tolist(),
            }
        return json.dumps(data, allow_nan=False)

    @classmethod
    def from_line(cls, line: str) -> "Record | None":
        """Inverse of :meth:`to_line`; None for a line that was cut off."""
        try:
            data = json.loads(line)
            spectrum = profile = None
            if "wavenumber" in data:
                spectrum = Spectrum(np.array(data["wavenumber"]), np.array(data["amplitude"]))
            if "profile" in data:
                position, area = (np.array(data["profile"][name]) for name in ("position", "area"))
                values = {DRAWN: np.array(data["profile"][DRAWN])}
                profile = SurfaceMap(position, area, area, np.arange(len(area)), values)
            return cls(
                data["key"],
                data["metrics"],
                data["scalars"],
                data["reason"],
                spectrum,
                profile,
                data["delivered"],
            )
        except (ValueError, KeyError, TypeError):
            return None


SCALAR_UNITS = {
    "potential": "V",
    "voltage_kinetic": "V",
    "voltage_ohmic": "V",
    "voltage_concentration": "V",
    "voltage_film": "V",
    "film_share": "1",
    "limiting_fraction": "1",
    "wagner_number": "1",
    "concentration_polarisation": "1",
    "film_transference_number": "1",
    "apparent_conductivity": "S/m",
    "mean_ion_flux": "mol/m2/s",
}
"""Units of ``scalars_of``."""


def scalars_of(result: Result) -> dict[str, float]:
    """Numbers of a run that belong to no field, SI.

    Ohmic and concentration parts are sums over the layers (the diffusion potential belongs to the
    latter), `voltage_film` their sum over the films between metal and free electrolyte and
    `film_share` that over the whole voltage. The mean flux of the plated ion is per projected area,
    towards the metal positive. Without a net current there are no parts of the voltage, without a
    known limiting current no fraction of it.
    """
    problem, share = result.problem, result.limiting_fraction
    return {
        "potential": result.potential,
        **({} if result.voltage is None else _voltage_scalars(result.voltage, problem)),
        **({} if isnan(share) else {"limiting_fraction": share}),
        "wagner_number": result.regime.wagner_number,
        "apparent_conductivity": result.regime.apparent_conductivity,
        **_transport_scalars(result),
        "mean_ion_flux": result.mean_ion_flux,
    }


def _transport_scalars(result: Result) -> dict[str, float]:
    found = {}
    if result.polarisation is not None:
        found["concentration_polarisation"] = result.polarisation.mean
    first = result.problem.stack.liquid[0]
    if len(result.problem.stack.liquid) > 1 and first in result.transference_numbers:
        found["film_transference_number"] = result.transference_numbers[first]
    return found


def _voltage_scalars(parts: VoltageParts, problem: Problem) -> dict[str, float]:
    films = problem.stack.liquid[:-1]
    film = sum(parts.ohmic[name] + parts.concentration[name] for name in films)
    return {
        "voltage_kinetic": parts.kinetic + parts.counter_kinetic,
        "voltage_ohmic": sum(parts.ohmic.values()) + parts.electronic,
        "voltage_concentration": sum(parts.concentration.values()),
        "voltage_film": film,
        "film_share": film / parts.total if parts.total else 0.0,
    }
