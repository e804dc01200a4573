"""Field types of what a cell does in time: durations, charges, the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from zinterphase.case.bounds import Bounds, within
from zinterphase.case.quantities import Coordinates, Dimensional, Number, not_allowed

MOST_TIMES = 10_000
"""Times of snapshots at most."""
DURATION = Dimensional("s", "a time", "1 h", Bounds(1e-12, 1e10))
CHARGE = Dimensional("C/m^2", "a charge per area", "1 mAh/cm^2", within(1e9))
EFFICIENCY = Dimensional("", "an efficiency", "99.5 %", within(10.0))
_INSTANT = Dimensional("s", "a time", "1 h", Bounds(0.0, 1e10))
LEVEL = Dimensional("mol/m^3", "a concentration", "0.1 mol/L", Bounds(0.0, 5.5e4))

Duration = Annotated[float, DURATION]
SweepRate = Annotated[float, Dimensional("V/s", "a sweep rate", "1 mV/s", Bounds(1e-9, 1e9))]
AreaResistance = Annotated[
    float, Dimensional("ohm*m^2", "a resistance times area", "0.5 ohm*cm^2", Bounds(0.0, 1e4))
]
Area = Annotated[float, Dimensional("m^2", "an area", "1.13 cm^2", Bounds(1e-18, 1e6))]
DoubleLayerCapacitance = Annotated[
    float,
    Dimensional("F/m^2", '"library", or a capacitance', "0.3 F/m^2", Bounds(1e-6, 1e12)),
]
LevelRange = Annotated[float, LEVEL]
RecordGrowth = Annotated[float, Number(Bounds(1.0001, 1e6))]
FREQUENCY = Dimensional("Hz", "a frequency", "1 kHz", Bounds(1e-9, 1e12))
Frequency = Annotated[float, FREQUENCY]
CurrentChange = Annotated[
    float, Dimensional("A/m^2", "a current density", "0.1 mA/cm^2", Bounds(1e-12, 1e6))
]


@dataclass(frozen=True)
class Snapshots(Coordinates):
    """Marks when fields are kept: "steps", "cycles", or a list of times with units."""

    unit: str = "s"

    def __get_pydantic_core_schema__(self, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.kept)

    def kept(self, value: object) -> str | tuple[float, ...]:
        """Return the word, or the times in s, each once and in order."""
        if value in ("steps", "cycles"):
            return str(value)
        if not isinstance(value, list | tuple) or not 1 <= len(value) <= MOST_TIMES:
            raise not_allowed('"steps", "cycles", or a list of times: ["10 min", "1 h"]')
        return tuple(sorted({_INSTANT.read(time) for time in value}))


SnapshotTimes = Annotated[str | tuple[float, ...], Snapshots()]
