"""What was jumped over, among the numbers of a run in time."""

from collections.abc import Mapping
from dataclasses import replace

from zinterphase.march.jump_length import JumpReport
from zinterphase.observe.quantity import Kind, Quantity

SUMS = (
    "end.time",
    "end.charge",
    "end.thickness.mean",
    "end.thickness.min",
    "end.thickness.max",
    "end.dissolved_charge",
    "end.isolated_charge",
    "end.alloyed_charge",
    "end.hydrogen",
    "end.precipitated",
)
"""Numbers since t = 0, which contain what was jumped over."""


def jump_quantities(numbers: Mapping[str, Quantity], report: JumpReport) -> dict[str, Quantity]:
    """Counts and estimated errors of jumps, and the sums of the run as what they are then."""
    found = {
        "run.jumps": Quantity(float(report.jumps), "1", Kind.COUNT),
        "run.refused_jumps": Quantity(float(report.refused), "1", Kind.COUNT),
        "run.jumped_cycles": Quantity(float(report.cycles), "1", Kind.COUNT),
        "run.jump_error.charge": Quantity(report.charge_error, "1", Kind.ESTIMATE),
        "run.jump_error.thickness": Quantity(report.thickness_error, "m", Kind.ESTIMATE),
    }
    if report.cycles:
        why = f"extrapolated over {report.cycles} cycles: run.jump_error... estimate the error"
        known = {key: numbers[key] for key in SUMS if key in numbers}
        found |= {
            key: replace(each, reason=why) for key, each in known.items() if each.value is not None
        }
    return found
