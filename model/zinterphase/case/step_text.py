"""A step of a protocol in words, and how long it may take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zinterphase.units import milliampere

if TYPE_CHECKING:
    from zinterphase.case.step import Step


def described(step: Step) -> str:
    """A line that says what the table of a step says."""
    end = [] if step.duration is None else [f"for {step.duration:g} s"]
    if step.until:
        end.append("until " + " or ".join(str(condition) for condition in step.until))
    return " ".join([_drive(step), *end])


def _drive(step: Step) -> str:
    match step.mode:
        case "current":
            return f"current {milliampere(step.current_density or 0.0)}"
        case "voltage":
            return f"voltage {step.voltage:g} V"
        case "pulse":
            on, off = milliampere(step.on or 0.0), milliampere(step.off or 0.0)
            return f"pulse {on} for {step.on_time:g} s, {off} for {step.off_time:g} s"
        case "sweep":
            return f"sweep from {step.start:g} V to {step.stop:g} V at {step.rate:g} V/s"
        case "impedance":
            ends = f" from {step.lowest:g} Hz to {step.highest:g} Hz"
            return "impedance" if step.lowest is None else f"impedance{ends}"
        case "file":
            return f"current of {step.file.name if step.file else ''}"
        case _:
            return "rest"


def longest(step: Step) -> float | None:
    """The time [s] after which a step is over at the latest; None where it is not known."""
    if step.measures:
        return 0.0
    known = [] if step.duration is None else [step.duration]
    if step.mode == "sweep" and step.rate:
        known.append(abs((step.stop or 0.0) - (step.start or 0.0)) / step.rate)
    if step.mode == "file":
        known.append(step.table.times[-1])
    known += [c.value for c in step.until if c.quantity == "time"]
    if step.current_density is not None:
        charges = [c.value for c in step.until if c.quantity == "charge"]
        known += [charge / abs(step.current_density) for charge in charges]
    return min(known, default=None)
